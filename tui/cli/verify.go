package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/signing"
)

const verifyLong = `Checks one signature strictly. The evidence is one of:

  FILE, RUN or -       an exchange as --json prints it, a HAR, a curl command or a
                       raw HTTP request, told apart by looking; or a saved run
  --request FILE       a raw HTTP message, with --response FILE its answer
  --content FILE       any signed string, with --signature VALUE or @FILE

Where there is a response its signature is under test, else the request's; --side
chooses. Any key given with --key may have signed, else the profile's: our own for
a request, the other side's by keyVersion for a response.

Exit code 3 means that the signature does not verify, or is missing.`

const verifyExample = `  countersign verify last
  countersign verify exchange.har --key superapp=superapp.pub
  countersign verify --request req.txt --key merchant=merchant.pem
  countersign verify --content signed.txt --signature @sig.b64 --key k=key.pub --json`

type verifyOptions struct {
	request, response      string
	content, signature     string
	hasContent, hasSig     bool
	keys                   []string
	expectKey              string
	clientID, merchantID   string
	hasClient, hasMerchant bool
	side                   string
	entry                  int
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use: "verify [FILE|RUN|-]", Short: "Does this exchange's signature verify?", Long: verifyLong, Example: verifyExample,
		Args:              args(0, 1, "one FILE, RUN or -"),
		ValidArgsFunction: a.completeEvidence,
		RunE: func(cmd *cobra.Command, args []string) error {
			changed := cmd.Flags().Changed
			o.hasContent, o.hasSig, o.hasClient, o.hasMerchant = changed("content"), changed("signature"), changed("client-id"), changed("merchant-id")
			return a.verify(cmd.Context(), args, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.request, "request", "", "a raw HTTP request in this `FILE`")
	f.StringVar(&o.response, "response", "", "the raw HTTP response to it in this `FILE`")
	f.StringVar(&o.content, "content", "", "the signed string in this `FILE`, taken as it is")
	f.StringVar(&o.signature, "signature", "", "its signature: a `VALUE`, a whole Signature header, or @FILE")
	f.StringArrayVar(&o.keys, "key", nil, "a key that may have signed: `ID=FILE` (public key, certificate or private key)")
	f.StringVar(&o.expectKey, "expect-key", "", "the `ID` of the key that should have signed")
	f.StringVar(&o.clientID, "client-id", "", "the configured client `ID`, where the headers have none")
	f.StringVar(&o.merchantID, "merchant-id", "", "the configured merchant `ID`, where the headers have none")
	f.StringVar(&o.side, "side", "", "test the signature of this `SIDE`: request or response")
	f.IntVar(&o.entry, "entry", 0, "take the exchange with this `NUMBER`, of several")
	complete(cmd, "side", cobra.FixedCompletions([]string{"request", "response"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// verify checks one signature and reports it.
func (a *app) verify(ctx context.Context, args []string, o verifyOptions) error {
	start := time.Now() //nolint:forbidigo // a duration for the report, not a time
	given, err := a.givenKeys(ctx, o.keys)
	if err != nil {
		return err
	}
	t, err := a.test(ctx, args, o)
	if err != nil {
		return err
	}
	if err := a.chooseKeys(ctx, &t, given, o); err != nil {
		return err
	}
	verdict := t.verify()
	r := newReport(t, verdict)
	r.ElapsedMs = float64(time.Since(start).Microseconds()) / 1000
	if a.flags.json {
		err = a.printJSON(r)
	} else {
		err = a.printVerdict(t, verdict, r)
	}
	if err != nil {
		return err
	}
	if !verdict.OK() {
		return said(exitUnverified)
	}
	return nil
}

// test is one signature to be checked and what it is checked against.
type test struct {
	side      apiclient.Side      // whose signature
	exchange  *apiclient.Exchange // nil for --content
	saved     bool                // exchange is a run of this history
	canonical []byte              // what the rule gives, or the content itself
	headers   []string            // values of the Signature header
	expected  []signing.Key
	known     []signing.Key
	profile   apiclient.Profile // for its rules: template, signed path
	template  signing.Template
}

// test reads the evidence.
func (a *app) test(ctx context.Context, args []string, o verifyOptions) (test, error) {
	sources := 0
	for _, given := range []bool{len(args) > 0, o.request != "", o.hasContent} {
		if given {
			sources++
		}
	}
	switch {
	case sources == 0 && o.response != "":
		return test{}, usage("give the request too: --request FILE --response FILE", "a response alone cannot be verified: its signed string starts with the request's method and path")
	case sources == 0:
		return test{}, usage(`run "countersign verify --help"`, "verify wants evidence: FILE, RUN, -, --request or --content")
	case sources > 1:
		return test{}, usage("give one of FILE, --request and --content", "there is more than one piece of evidence")
	case o.response != "" && o.request == "":
		return test{}, usage("give the request with --request", "--response goes with --request")
	case o.hasContent != o.hasSig:
		return test{}, usage("give both: --content FILE --signature VALUE", "--content and --signature go together")
	case o.hasContent:
		return a.contentTest(o)
	}
	e, saved, err := a.evidence(ctx, args, o)
	if err != nil {
		return test{}, err
	}
	t, err := a.exchangeTest(e, o)
	t.saved = saved
	return t, err
}

func (a *app) contentTest(o verifyOptions) (test, error) {
	content, err := a.readFile(o.content)
	if err != nil {
		return test{}, err
	}
	value := o.signature
	if name, ok := strings.CutPrefix(value, "@"); ok {
		data, err := a.readFile(name)
		if err != nil {
			return test{}, err
		}
		if value = strings.TrimSpace(string(data)); !printable(data) {
			value = base64.StdEncoding.EncodeToString(data) // as openssl writes signatures
		}
	}
	if !strings.Contains(strings.ToLower(value), "signature=") && !strings.Contains(strings.ToLower(value), "algorithm=") {
		value = "algorithm=RSA256, signature=" + value
	}
	return test{side: apiclient.RequestSide, canonical: content, headers: []string{value}}, nil
}

func printable(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0x7f })
}

// evidence reads the exchange that the arguments name. saved says that it is a
// run of this history.
func (a *app) evidence(ctx context.Context, args []string, o verifyOptions) (e apiclient.Exchange, saved bool, err error) {
	if o.request != "" {
		e, err = a.messages(o)
		return e, false, err
	}
	name := args[0]
	if _, err := os.Stat(name); name != "-" && err != nil {
		if strings.ContainsAny(name, "./\\") {
			_, err := a.readFile(name)
			return e, false, err
		}
		e, err := a.run(ctx, name)
		if err != nil {
			return e, false, &codeError{codeOf(err), err, fmt.Sprintf("%s is neither a file nor a saved run; %s", name, hintOf(err))}
		}
		if err := a.useProfileOf(e); err != nil && len(o.keys) == 0 {
			return e, false, err
		}
		return e, true, nil
	}
	data, err := a.readFile(name)
	if err != nil {
		return e, false, err
	}
	read, err := evidence.Reader{ReadFile: os.ReadFile}.Read(data)
	if err != nil {
		return e, false, unreadable(fmt.Errorf("%s: %w", name, err))
	}
	for _, note := range read.Notes {
		a.warn(note)
	}
	n := len(read.Exchanges)
	switch {
	case o.entry < 0 || o.entry > n:
		return e, false, usage(fmt.Sprintf("give a number from 1 to %d", n), "there is no exchange %d in %s", o.entry, name)
	case o.entry == 0 && n > 1:
		return e, false, usage(fmt.Sprintf("choose one with --entry, from 1 to %d", n), "%s has %d exchanges", name, n)
	}
	e = read.Exchanges[max(0, o.entry-1)]
	if e.Profile != "" {
		// It may come from another machine, whose profiles are not here.
		_ = a.useProfileOf(e)
	}
	return e, false, nil
}

func (a *app) messages(o verifyOptions) (apiclient.Exchange, error) {
	request, err := a.readFile(o.request)
	if err != nil {
		return apiclient.Exchange{}, err
	}
	var response []byte
	if o.response != "" {
		if response, err = a.readFile(o.response); err != nil {
			return apiclient.Exchange{}, err
		}
		response = append([]byte{}, response...) // an empty file is an empty message, not none
	}
	e, err := evidence.Messages(request, response)
	if err != nil {
		return e, unreadable(err)
	}
	return e, nil
}

// exchangeTest takes the signature of one side of an exchange.
func (a *app) exchangeTest(e apiclient.Exchange, o verifyOptions) (test, error) {
	t := test{exchange: &e, side: apiclient.RequestSide}
	switch {
	case o.side == "response" && e.Response == nil:
		return t, usage("leave out --side", "there is no response")
	case o.side != "" && o.side != "request" && o.side != "response":
		return t, usage("use --side request or --side response", "--side is %q", o.side)
	case e.Response != nil && o.side != "request":
		t.side = apiclient.ResponseSide
	}
	if o.hasClient || e.ClientID == "" {
		e.ClientID = o.clientID
	}
	if o.hasMerchant || e.MerchantID == "" {
		e.MerchantID = o.merchantID
	}
	t.headers = e.Request.Values("Signature")
	if t.side == apiclient.ResponseSide {
		t.headers = e.Response.Values("Signature")
	}
	return t, nil
}

// content is what the rule signs on the side under test: the message's own
// Client-Id, time and body, with the request's method and path (the protocol,
// section 3).
func (t test) content() signing.Content {
	e := t.exchange
	c := signing.Content{
		Method: e.Request.Method(), Target: t.target(), ClientID: e.ClientID, Time: e.Request.Get("Request-Time"), Body: e.Request.Body,
		RequestID: e.Request.Get("Request-Id"), MerchantID: e.MerchantID,
	}
	if e.Request.Has("Client-Id") {
		c.ClientID = e.Request.Get("Client-Id")
	}
	if e.Request.Has("Merchant-Id") {
		c.MerchantID = e.Request.Get("Merchant-Id")
	}
	if t.side == apiclient.ResponseSide {
		if e.Response.Has("Client-Id") {
			c.ClientID = e.Response.Get("Client-Id")
		}
		c.Time, c.Body = e.Response.Get("Response-Time"), e.Response.Body
	}
	return c
}

// target is the path in the signed string. A run of this history knows it. What
// a file says of it is a claim, like all else in the file: there the request
// line counts, as the profile's signed_path reads it.
func (t test) target() string {
	path := t.exchange.Request.Path()
	if signedAs := t.exchange.SignedAs; t.saved && signedAs != "" && signedAs != path {
		return signedAs
	}
	return t.profile.SignedFromRequested(t.exchange.Request.Target())
}

func (t *test) verify() signing.Verdict {
	if t.exchange != nil {
		t.canonical = t.template.Canonical(t.content())
	}
	return signing.Verify(signing.Check{Canonical: t.canonical, Headers: t.headers, Expected: t.expected, Known: t.known})
}
