package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
	"countersign/tui/ui"
)

type signOptions struct {
	uri, body, method, key            string
	time, clientID, merchantID, keyID given
	force                             bool
}

func (a *app) signCommand() *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use: "sign --uri PATH", Short: "Sign a request and show every step",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.sign(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.uri, "uri", "", "the `PATH` in the signed string, with its query")
	f.StringVarP(&o.body, "data", "d", "", "the `BODY`, @FILE, or - for stdin")
	f.Var(&o.time, "time", "the `TIME` exactly as in Request-Time (default: now)")
	f.StringVarP(&o.method, "method", "X", "POST", "the `METHOD`")
	f.Var(&o.clientID, "client-id", "the `ID` in Client-Id (default: the profile's)")
	f.Var(&o.merchantID, "merchant-id", "the `ID` in Merchant-Id (default: the profile's)")
	f.Var(&o.keyID, "key-version", "the keyVersion `N` in the header (default: the profile's)")
	f.BoolVar(&o.force, "force", false, "sign the body even where it holds a private key")
	f.StringVar(&o.key, "key", "", "sign with the private key in this `FILE` (default: the profile's)")
	return cmd
}

// signed is the document of sign --json.
type signed struct {
	Method          string      `json:"method"`
	URI             string      `json:"uri"`
	ClientID        string      `json:"clientId"`
	Time            string      `json:"time"`
	Canonical       *string     `json:"canonical,omitempty"`
	CanonicalBase64 []byte      `json:"canonicalBase64,omitempty"` // where it is not UTF-8
	SHA256          string      `json:"sha256"`
	Signature       []byte      `json:"signature"`
	Value           string      `json:"value"`
	Header          string      `json:"header"`
	Key             string      `json:"key"`
	Headers         [][2]string `json:"headers"`
}

func (a *app) sign(ctx context.Context, o signOptions) error {
	if o.uri == "" {
		return usage(`add --uri with the path, such as --uri /v2/payments/pay`, "sign needs --uri")
	}
	o.uri = wire.PathOf(o.uri)
	if err := checkSigned(o); err != nil {
		return err
	}
	body, err := a.readBody(o.body, inputBody)
	if err != nil {
		return err
	}
	if err := refuseKey(body, o.force); err != nil {
		return err
	}
	p, err := a.signer(ctx, o)
	if err != nil {
		return err
	}
	at := o.time.or(apiclient.FormatTime(a.now(), p.TimeFormat))
	names := p.HeaderNames
	fields := []apiclient.Field{
		{Name: "Content-Type", Value: "application/json; charset=UTF-8"},
		{Name: names.Of(apiclient.HeaderClientID), Value: p.ClientID},
	}
	if p.MerchantID != "" {
		fields = append(fields, apiclient.Field{Name: names.Of(apiclient.HeaderMerchantID), Value: p.MerchantID})
	}
	if p.SignsRequestID() {
		fields = append(fields, apiclient.Field{Name: names.Of(apiclient.HeaderRequestID), Value: a.newID()})
	}
	fields = append(fields, apiclient.Field{Name: names.Of(apiclient.HeaderRequestTime), Value: at})
	request := apiclient.Exchange{
		Request:  apiclient.Message{Line: o.method + " " + o.uri + " HTTP/1.1", Header: fields, Body: body},
		SignedAs: o.uri, // a path as it is to be signed
	}
	rule, err := p.Rule()
	if err != nil {
		return err
	}
	proof, err := signing.Sign(p.Key, rule.Canonical(&request, apiclient.RequestSide),
		signing.Style{Compact: p.CompactHeader, KeyVersion: p.KeyVersion, Encoding: p.Encoding})
	if err != nil {
		return err
	}
	fields = append(fields, apiclient.Field{Name: names.Of(signing.HeaderName), Value: proof.Header})
	return a.printSigned(rule.Content(&request, apiclient.RequestSide), proof, keys.Fingerprint(&p.Key.PublicKey), fields)
}

// checkSigned refuses what no request could carry: what is signed here is to
// be sent by somebody.
func checkSigned(o signOptions) error {
	if err := wire.CheckMethod(o.method); err != nil {
		return unreadable(err)
	}
	if !strings.HasPrefix(o.uri, "/") {
		return usage("write it like --uri /v2/payments/pay", "--uri %q does not start with /", o.uri)
	}
	if err := wire.CheckTarget(o.uri); err != nil {
		return unreadable(fmt.Errorf("--uri: %w", err))
	}
	blank := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }
	if i := strings.IndexFunc(o.time.text, blank); i >= 0 {
		return usage("write it as it stands in Request-Time, such as 1682060290199",
			"--time has a space or control character at byte %d", i+1)
	}
	return nil
}

// signer returns the profile with the flags in it. With --key and --client-id no
// profile's keys are needed, so none is loaded.
func (a *app) signer(ctx context.Context, o signOptions) (apiclient.Profile, error) {
	var p apiclient.Profile
	name, chosen, err := a.profileName()
	if err != nil {
		return p, err
	}
	if o.key == "" || chosen || !o.clientID.set {
		if p, err = a.namedProfile(ctx, name); err != nil {
			return p, err
		}
	}
	if o.key != "" {
		key, err := a.keyLoader("").Private(ctx, keys.Source{File: o.key})
		if err != nil {
			return p, unreadable(err)
		}
		for _, w := range key.Warnings {
			a.warn(w)
		}
		p.Key, p.KeyName = key.Key, filepath.Base(o.key)
	}
	if p.Name == "" {
		p.KeyVersion = "1"
	}
	p.ClientID, p.MerchantID = o.clientID.or(p.ClientID), o.merchantID.or(p.MerchantID)
	p.KeyVersion = o.keyID.or(p.KeyVersion)
	if p.Key == nil {
		return p, failed("set private_key in the profile, or give --key FILE",
			"the profile %q has no private key to sign with", p.Name)
	}
	return p, nil
}

func (a *app) printSigned(c signing.Content, proof signing.Proof, key string, header []apiclient.Field) error {
	if a.flags.json {
		doc := signed{
			Method: c.Method, URI: c.Target, ClientID: c.ClientID, Time: c.Time, SHA256: hex.EncodeToString(proof.Digest[:]),
			Signature: proof.Signature, Value: proof.Value, Header: proof.Header, Key: key,
		}
		for _, f := range header {
			doc.Headers = append(doc.Headers, [2]string{f.Name, f.Value})
		}
		if utf8.Valid(proof.Canonical) {
			text := string(proof.Canonical)
			doc.Canonical = &text
		} else {
			doc.CanonicalBase64 = proof.Canonical
		}
		return a.printJSON(doc)
	}
	var out printer
	a.proof(&out, apiclient.Exchange{Sent: proof, SentKey: key})
	a.heading(&out, "headers")
	for _, f := range header {
		out.line("  %s", ui.Safe(f.Name+": "+f.Value))
	}
	return a.print(&out)
}
