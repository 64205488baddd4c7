package cli

import (
	"context"

	"github.com/spf13/cobra"

	"countersign/apiclient/diagnose"
)

func (a *app) verifyCommand() *cobra.Command {
	var o evidenceOptions
	cmd := &cobra.Command{
		Use:               "verify [FILE|RUN|-]",
		Short:             "Do this exchange's signatures verify?",
		Args:              args(0, 1, "one FILE, RUN or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.verify(cmd.Context(), args, o.given(cmd))
		},
	}
	o.flags(cmd)
	return cmd
}

// verify checks the signatures and reports the one that decides.
func (a *app) verify(ctx context.Context, args []string, o evidenceOptions) error {
	e, err := a.gather(ctx, args, o)
	if err != nil {
		return err
	}
	return a.report(diagnose.Verify(e), e)
}

// report prints a report in the form that is asked for.
func (a *app) report(r diagnose.Report, e diagnose.Evidence) error {
	var err error
	if a.flags.json {
		err = a.printJSON(newDocument(r))
	} else {
		err = a.printReport(r, e)
	}
	if err != nil {
		return err
	}
	return verdictCode(r)
}
