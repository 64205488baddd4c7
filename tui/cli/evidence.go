package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
)

// evidenceOptions are the flags of the commands that look at one signature.
type evidenceOptions struct {
	request, response    string
	content, signature   given
	keys                 []string
	loaded               []apiclient.Key // those of keys
	expectKey            string
	clientID, merchantID given
	side                 string
	entry                int
}

func (o *evidenceOptions) flags(cmd *cobra.Command) {
	evidence, _ := helpText("the evidence of verify and diagnose")
	cmd.Long = "\n" + evidence
	f := cmd.Flags()
	f.StringVar(&o.request, "request", "", "a raw HTTP request in this `FILE`")
	f.StringVar(&o.response, "response", "", "the raw HTTP response to it in this `FILE`")
	f.Var(&o.content, "content", "the signed string in this `FILE`, taken as it is")
	f.Var(&o.signature, "signature", "its signature: a `VALUE`, a whole Signature header, or @FILE")
	f.StringArrayVar(&o.keys, "key", nil, "a key that may have signed: `FILE` or ID=FILE (public key, certificate or "+
		"private key)")
	f.StringVar(&o.expectKey, "expect-key", "", "the `ID` of the key that should have signed")
	f.Var(&o.clientID, "client-id", "the configured client `ID`, where the headers have none")
	f.Var(&o.merchantID, "merchant-id", "the configured merchant `ID`, where the headers have none")
	f.StringVar(&o.side, "side", "", "test the signature of this `SIDE`: request or response")
	f.IntVar(&o.entry, "entry", 0, "take the exchange with this `NUMBER`, of several")
	complete(cmd, "side", oneOf("request", "response"))
}

// gather reads the evidence and chooses the keys.
func (a *app) gather(ctx context.Context, args []string, o evidenceOptions) (diagnose.Evidence, error) {
	given, err := a.givenKeys(ctx, o.keys)
	if err != nil {
		return diagnose.Evidence{}, err
	}
	o.loaded = given
	if len(args) == 0 && o.request+o.response == "" && !o.content.set && !o.signature.set {
		args = []string{"last"}
	}
	if err := o.check(args); err != nil {
		return diagnose.Evidence{}, err
	}
	if o.content.set {
		e, err := a.bareContent(o)
		if err != nil {
			return e, err
		}
		p, err := a.verifier(ctx, len(given) > 0)
		if err != nil {
			return e, err
		}
		if e, err = a.chooseKeys(e, p, given, o); err == nil && len(e.Expected)+len(e.Known) == 0 {
			a.warn("no key is known: give one with --key FILE")
		}
		return e, err
	}
	exchange, saved, err := a.evidence(ctx, args, o)
	if err != nil {
		return diagnose.Evidence{}, err
	}
	return a.gatherOf(ctx, exchange, saved, o)
}

// gatherOf gathers what is known around an exchange. ours says that it is no claim
// of a file: it is a run of this history, or was signed just now.
func (a *app) gatherOf(
	ctx context.Context, exchange apiclient.Exchange, ours bool, o evidenceOptions,
) (diagnose.Evidence, error) {
	given := o.loaded
	side, err := o.wantedSide(exchange)
	if err != nil {
		return diagnose.Evidence{}, err
	}
	p, err := a.verifier(ctx, len(given) > 0)
	if err != nil {
		return diagnose.Evidence{}, err
	}
	o.ids(&exchange)
	claimed := exchange.SignedAs
	if !ours {
		// What a file says of it is a claim, like all else in the file: there
		// the request line counts.
		exchange.SignedAs = ""
	}
	evidence := func(side apiclient.Side) (diagnose.Evidence, error) {
		e, err := diagnose.FromProfile(p, exchange, side)
		if err != nil {
			return e, unreadable(err)
		}
		return a.chooseKeys(e, p, given, o)
	}
	e, err := diagnose.Both(side, &exchange, evidence)
	if err != nil {
		return e, err
	}
	if target := e.Rule.Target(&e.Exchange); !ours && claimed != "" && claimed != target {
		a.claims(claimed, target)
	}
	if e.Side == apiclient.RequestSide && len(exchange.Tampered) > 0 {
		a.warn("this request was tampered with on purpose: " + apiclient.TamperTitles(exchange.Tampered))
	}
	if len(e.Expected)+len(e.Known) == 0 {
		a.warn("no key is known: give one with --key FILE")
	}
	return e, nil
}

// check says which of the flags and arguments are missing, or too many.
func (o evidenceOptions) check(args []string) error {
	sources := 0
	for _, given := range []bool{len(args) > 0, o.request != "", o.content.set} {
		if given {
			sources++
		}
	}
	switch {
	case sources == 0 && o.response != "":
		return usage("give the request too: --request FILE --response FILE",
			"a response alone cannot be verified: its signed string starts with the request's method and path")
	case sources > 1:
		return usage("give one of FILE, --request and --content", "there is more than one piece of evidence")
	case o.response != "" && o.request == "":
		return usage("give the request with --request", "--response goes with --request")
	case o.content.set != o.signature.set:
		return usage("give both: --content FILE --signature VALUE", "--content and --signature go together")
	}
	return nil
}

// ids puts in what the flags say is configured.
func (o evidenceOptions) ids(e *apiclient.Exchange) {
	e.ClientID, e.MerchantID = o.clientID.or(e.ClientID), o.merchantID.or(e.MerchantID)
}

// bareContent is a string and its signature.
func (a *app) bareContent(o evidenceOptions) (diagnose.Evidence, error) {
	content, err := a.readFile(o.content.text, inputContent)
	if err != nil {
		return diagnose.Evidence{}, err
	}
	value := o.signature.text
	if name, ok := strings.CutPrefix(value, "@"); ok {
		data, err := a.readFile(name, inputSignature)
		if err != nil {
			return diagnose.Evidence{}, err
		}
		if value = strings.TrimSpace(string(data)); !printable(data) {
			value = base64.StdEncoding.EncodeToString(data) // as openssl writes signatures
		}
	}
	if !strings.Contains(strings.ToLower(value), "signature=") && !strings.Contains(strings.ToLower(value), "algorithm=") {
		value = "algorithm=RSA256, signature=" + value
	}
	return diagnose.Evidence{Side: apiclient.RequestSide, Content: append([]byte{}, content...),
		Headers: []string{value}}, nil
}

func printable(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool {
		return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0x7f
	})
}

// wantedSide is the side whose signature is to be under test; "" where both are
// judged and the first that fails is: a person who gives two messages as files
// asks about the answer.
func (o evidenceOptions) wantedSide(e apiclient.Exchange) (apiclient.Side, error) {
	side := apiclient.Side(o.side)
	switch {
	case side == apiclient.ResponseSide && e.Response == nil:
		return "", usage("leave out --side", "there is no response")
	case side != "" && side != apiclient.RequestSide && side != apiclient.ResponseSide:
		return "", usage("use --side request or --side response", "--side is %q", o.side)
	case side == "" && o.response != "":
		return apiclient.ResponseSide, nil
	}
	return side, nil
}

// evidence reads the exchange that the arguments name. saved says that it is a
// run of this history.
func (a *app) evidence(ctx context.Context, args []string, o evidenceOptions) (
	e apiclient.Exchange, saved bool, err error,
) {
	if o.request != "" {
		e, err = a.messages(o)
		return e, false, err
	}
	name := args[0]
	if _, err := os.Stat(name); name != "-" && err != nil {
		if strings.ContainsAny(name, "./\\") {
			_, err := a.readFile(name, inputEvidence)
			return e, false, err
		}
		e, err := a.run(ctx, name)
		if err != nil {
			return e, false, &codeError{codeOf(err), err,
				hint.Fix(fmt.Sprintf("%s is neither a file nor a saved run; %s", name, hint.Of(err)))}
		}
		if err := a.useProfileOf(e); err != nil && len(o.keys) == 0 {
			return e, false, err
		}
		return e, true, nil
	}
	data, err := a.readFile(name, inputEvidence)
	if err != nil {
		return e, false, err
	}
	e, err = a.readEvidence(ctx, name, data, o)
	return e, false, err
}

// bodyFiles reads bodies that a command or a request file takes from a file: beside
// the evidence, where people keep both, or else in the current folder.
func (a *app) bodyFiles(evidence string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if beside := filepath.Join(filepath.Dir(evidence), name); evidence != "-" && !filepath.IsAbs(name) {
			if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
				return a.readFile(beside, inputBody)
			}
		}
		return a.readFile(name, inputBody)
	}
}

func (a *app) messages(o evidenceOptions) (apiclient.Exchange, error) {
	request, err := a.readFile(o.request, inputEvidence)
	if err != nil {
		return apiclient.Exchange{}, err
	}
	var response []byte
	if o.response != "" {
		if response, err = a.readFile(o.response, inputEvidence); err != nil {
			return apiclient.Exchange{}, err
		}
		response = append([]byte{}, response...) // an empty file is an empty message, not none
	}
	e, err := evidence.Reader{Names: a.headerNames("")}.Messages(request, response)
	if err != nil {
		return e, unreadable(err)
	}
	return e, nil
}
