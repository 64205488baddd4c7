package cli

import (
	"context"

	"github.com/spf13/cobra"

	"countersign/apiclient/diagnose"
)

const evidenceLong = `The evidence is one of:

  FILE, RUN or -       an exchange as --json prints it, a HAR, a command of curl, wget
                       or PowerShell, a raw HTTP request, a request file and more,
                       recognised by its content; or a saved run. See: countersign help
                       evidence
  --request FILE       a raw HTTP message, with --response FILE its answer
  --content FILE       any signed string, with --signature VALUE or @FILE

Without an argument it is the last run. Both signatures are verified. The first that
fails is reported, the request before the response, and one line is about the other;
--side chooses. With --request and --response together the response is under test. A
request that verifies here, and whose signature the other side refused, counts as
failing: refused. Any key given with --key may have signed; without one, the profile's
keys: our own for a request, the other side's by keyVersion for a response.

Exit code 3 means that a signature does not verify, is missing, or was refused.`

const verifyExample = `  countersign verify last
  countersign verify exchange.har --key superapp=superapp.pub
  countersign verify --request req.txt --key merchant=merchant.pem
  countersign verify --content signed.txt --signature @sig.b64 --key k=key.pub --json`

func (a *app) verifyCommand() *cobra.Command {
	var o evidenceOptions
	cmd := &cobra.Command{
		Use:               "verify [FILE|RUN|-]",
		Short:             "Do this exchange's signatures verify?",
		Long:              "Checks both signatures strictly. " + evidenceLong,
		Example:           verifyExample,
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
