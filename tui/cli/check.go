package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Is this profile usable?",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd.Context()) },
	}
}

// checked is one line of the report.
type checked struct {
	Name  string `json:"name"`
	State string `json:"state"` // "ok", "warning", "problem" or "skipped"
	Says  string `json:"says"`
	Hint  string `json:"hint,omitempty"`
}

// checkReport is the document of check --json.
type checkReport struct {
	Profile string    `json:"profile"` // "" where the configuration cannot be read
	OK      bool      `json:"ok"`
	Run     string    `json:"run,omitempty"`
	Checks  []checked `json:"checks"`

	code  int
	first checked // the first problem
}

func (r *checkReport) add(name, state, hint, format string, args ...any) {
	r.Checks = append(r.Checks, checked{name, state, fmt.Sprintf(format, args...), hint})
}

// fail adds a problem. The first one decides the exit code.
func (r *checkReport) fail(code int, name, hint, format string, args ...any) {
	r.add(name, "problem", hint, format, args...)
	if r.code == exitDone {
		r.code, r.first = code, r.Checks[len(r.Checks)-1]
	}
}

func (a *app) check(ctx context.Context) error {
	r := &checkReport{Profile: cmp.Or(a.flags.profile, a.getenv("COUNTERSIGN_PROFILE"))}
	a.checkAll(ctx, r)
	r.OK = r.code == exitDone
	if err := a.printChecks(r); err != nil || r.OK {
		return err
	}
	subject := "the profile " + r.Profile
	if slices.Contains([]string{"config", "catalogue", "fill in"}, r.first.Name) {
		subject = "the configuration"
	}
	return &codeError{r.code, fmt.Errorf("%s cannot be used: %s: %s", subject, r.first.Name, r.first.Says),
		hint.Fix(r.first.Hint)}
}

// checkAll stops at the first problem that makes the rest pointless.
func (a *app) checkAll(ctx context.Context, r *checkReport) {
	c, err := a.config()
	if err != nil {
		r.fail(exitFailed, "config", hint.Of(err), "%v", err)
		return
	}
	name, chosen, err := a.profileName()
	if err != nil {
		at := "config"
		if chosen {
			at = "profile" // by name: the configuration is right
		}
		r.fail(codeOf(err), at, hint.Of(err), "%v", err)
		return
	}
	r.Profile = name
	from := cmp.Or(c.File, "no file; built-in defaults")
	if c.Project != "" {
		from = c.Project + " and " + from
	}
	r.add("config", "ok", "", "%s", from)
	if !checkCatalogs(r, c) && name == config.Sandbox {
		return // its Super App would answer by them
	}
	var unfilled []*config.Error
	if settings, ok := c.Profile(name); ok {
		unfilled = settings.Unfilled
	}
	for _, e := range unfilled {
		r.fail(exitFailed, "fill in", e.Hint(), "%v", e)
	}
	before := len(a.noticed())
	p, err := a.connected(ctx)
	if len(unfilled) > 0 && errors.Is(err, unfilled[0]) {
		return // told above
	}
	if err != nil {
		r.fail(codeOf(err), "keys", hint.Of(err), "%v", err)
		return
	}
	checkKeys(r, p, a.noticed()[before:])
	if err := p.Validate(); err != nil {
		r.fail(exitFailed, "profile", hint.Of(err), "%v", err)
		return
	}
	r.add("profile", "ok", "", "%s as client %s", p.BaseURL, p.ClientID)
	if p.MerchantID == "" {
		r.add("merchant id", "warning", "set merchant_id; the protocol requires Merchant-Id on each request", "is not set")
	}
	if p.Key == nil {
		r.add("round trip", "skipped", "", "there is no private key to sign with")
		return
	}
	a.roundTrip(ctx, r, p)
}

// checkCatalogs loads each catalogue of the configuration by itself, so that all
// faults are told. It reports whether there was none.
func checkCatalogs(r *checkReport, c *config.Config) bool {
	fine := true
	for i, file := range c.Catalogs {
		all := &catalog.Catalog{}
		if err := loadDocument(c, all, i); err != nil {
			r.fail(exitFailed, "catalogue", hint.Of(err), "%v", err)
			fine = false
			continue
		}
		for i, f := range all.Faults() {
			if i == maxFaultLines {
				r.add("catalogue", "warning", "", "%s: and %d more", file, len(all.Faults())-i)
				break
			}
			r.add("catalogue", "warning", f.Hint(), "%v", f)
		}
		n := len(all.Endpoints())
		if n == 0 {
			r.add("catalogue", "warning", "an OpenAPI document has them under paths", "%s: no interfaces", file)
			continue
		}
		r.add("catalogue", "ok", "", "%s: %d %s", file, n, map[bool]string{true: "interface", false: "interfaces"}[n == 1])
	}
	for _, e := range c.Endpoints {
		if err := (&catalog.Catalog{}).Add(e); err != nil {
			r.fail(exitFailed, "catalogue", hint.Of(err), "%v", err)
			fine = false
		}
	}
	return fine
}

// maxFaultLines is how many faults of one catalogue are told.
const maxFaultLines = 20

func checkKeys(r *checkReport, p apiclient.Profile, notes []string) {
	if p.Key == nil {
		r.fail(exitFailed, "private key", "set private_key in the profile", "is not set")
	} else {
		r.add("private key", "ok", "", "%s, RSA-%d, %s, keyVersion %s", p.KeyName, p.Key.N.BitLen(),
			keys.Short(keys.Fingerprint(&p.Key.PublicKey)), word(p.KeyVersion))
	}
	if len(p.PeerKeys) == 0 {
		r.fail(exitFailed, "peer keys", `set peer_keys = { "1" = { file = "superapp.pub" } } to the Super App's public key`,
			"are not set: no answer can be verified")
	}
	for version, key := range p.PeerKeys {
		if p.Key != nil && key.Equal(&p.Key.PublicKey) {
			r.fail(exitFailed, "peer keys", "the Super App's public key belongs there: it is shown in its portal",
				"keyVersion %s is our own public key", version)
			continue
		}
		r.add("peer key", "ok", "", "keyVersion %s, RSA-%d, %s", version, key.N.BitLen(), keys.Short(keys.Fingerprint(key)))
	}
	if k := p.PlatformKey; k != nil && p.Knows(k) {
		r.add("platform key", "ok", "", "%s, %s, keyVersion %s: notify and probe sign with it", p.PlatformKeyName,
			keys.Short(keys.Fingerprint(&k.PublicKey)), word(p.PlatformVersion()))
	} else if k != nil {
		r.add("platform key", "warning", "give your server its public half, or set platform_key to the private half of "+
			"a peer key",
			"%s, %s, is the private half of none of peer_keys", p.PlatformKeyName, keys.Short(keys.Fingerprint(&k.PublicKey)))
	}
	for _, note := range notes {
		name := "keys"
		if strings.HasPrefix(note, "base_url") {
			name = "base URL"
		}
		r.add(name, "warning", "", "%s", note)
	}
}

// harmless asks for a payment that cannot exist.
const harmless = `{"partnerId":"{{profile.merchant_id}}","paymentRequestId":"countersign-check-{{uuid}}"}`

func (a *app) roundTrip(ctx context.Context, r *checkReport, p apiclient.Profile) {
	target, endpoint := "/v2/payments/inquiryPayment", ""
	if e, _, err := a.endpoint("payments/inquiryPayment"); err == nil {
		target, endpoint = e.Path, e.ID
	}
	unsaved := false
	client, err := a.client(p, false)
	if err != nil {
		r.add("history", "warning", hint.Of(err), "%v", err)
		unsaved = true
		if client, err = a.client(p, true); err != nil {
			r.fail(exitFailed, "profile", hint.Of(err), "%v", err)
			return
		}
	}
	withMerchant := p
	withMerchant.MerchantID = cmp.Or(p.MerchantID, p.ClientID)
	body, err := a.resolver(withMerchant).Expand(ctx, []byte(harmless))
	if err != nil {
		r.fail(exitFailed, "round trip", hint.Of(err), "%v", err)
		return
	}
	done := a.waiting("waiting for " + p.BaseURL)
	e := client.Send(ctx, apiclient.Draft{Endpoint: endpoint, Target: target, Body: body}, apiclient.FromCLI)
	done()
	if !unsaved {
		r.Run = e.ID
	}
	if e.Response == nil {
		r.fail(exitFailed, "host", e.Hint, "%s", e.Err)
		return
	}
	r.add("host", "ok", "", "%s answered in %s", e.Remote, ui.Millis(e.Timing.Total))
	a.checkClock(r, p, e)
	a.checkAnswer(r, e)
}

// checkClock compares this clock with the other side's: its Response-Time, or
// the Date header, which is to the second.
func (a *app) checkClock(r *checkReport, p apiclient.Profile, e apiclient.Exchange) {
	arrived := e.StartedAt.Add(e.Timing.Total)
	source := p.HeaderNames.Of(apiclient.HeaderResponseTime)
	theirs, _, err := p.TimeFormat.Parse(e.Response.Get(source))
	precision := e.Timing.Total + time.Millisecond
	if err != nil {
		source = "Date"
		if theirs, err = http.ParseTime(e.Response.Get(source)); err != nil {
			r.add("clock", "skipped", "", "the answer has neither %s nor Date", p.HeaderNames.Of(apiclient.HeaderResponseTime))
			return
		}
		precision = e.Timing.Total + time.Second
	}
	skew, limit, where := arrived.Sub(theirs), cmp.Or(p.MaxSkew, apiclient.DefaultMaxSkew), "behind"
	if skew > 0 {
		where = "ahead of"
	}
	says := fmt.Sprintf("this clock is %s the other side's by %s (%s)", where, skew.Abs().Round(time.Millisecond), source)
	switch off := skew.Abs(); {
	case off > limit:
		r.fail(exitFailed, "clock", "set the clock: requests are refused outside a window around the real time", "%s", says)
	case off > precision && off > 30*time.Second:
		r.add("clock", "warning", "set the clock before it drifts out of the window", "%s", says)
	default:
		r.add("clock", "ok", "", "%s", says)
	}
}

// accepted are the codes that an inquiry about a payment that is not there
// gets only once the request itself has been accepted.
var accepted = map[string]bool{"ORDER_NOT_EXIST": true, "PAYMENT_NOT_EXIST": true, "TRADE_NOT_EXIST": true}

// refusals are what to look at for the codes that refuse the request itself.
var refusals = map[string]string{
	"INVALID_SIGNATURE": "register the public key of private_key in the portal; check signed_path and key_version",
	"INVALID_CLIENT":    "check client_id",
	"ACCESS_DENIED": "check client_id, merchant_id, the clock and the keys: some platforms say this for a wrong " +
		"signature",
	"INVALID_API": "check the path of base_url",
	"PARAM_ILLEGAL": "look at the message: time_format, ids and headers; some platforms say this for a wrong " +
		"signature",
	"PROCESS_FAIL": "some platforms say this for a wrong signature: check the keys, signed_path and the clock",
}

func (a *app) checkAnswer(r *checkReport, e apiclient.Exchange) {
	result := ui.Safe(e.Result.Status + " " + e.Result.Code + " " + e.Result.Message)
	switch {
	case e.Result.Status == "":
		r.fail(exitFailed, "request", "check base_url: another server may answer there", "the answer has no result: %s",
			ui.Safe(e.Response.Line))
	case e.Result.Status == "S" || accepted[e.Result.Code]:
		r.add("request", "ok", "", "accepted: %s", result)
	case e.Result.Status == "U" || e.Result.Status == "A":
		r.add("request", "warning", "try again in a while", "neither accepted nor refused: %s", result)
	default:
		r.fail(exitUnverified, "request", cmp.Or(refusals[e.Result.Code], "look the code up in the platform's documentation"),
			"refused: %s", result)
	}
	if e.Received.OK() {
		r.add("response", "ok", "", "verified with %s", e.Received.Key)
		return
	}
	r.fail(exitUnverified, "response", e.Received.Hint, "%s", e.Received.Reason)
}

func (a *app) printChecks(r *checkReport) error {
	marks := map[string]string{
		"ok": a.paint(good, "✓"), "warning": a.paint(worse, "!"), "problem": a.paint(bad, "✗"),
		"skipped": a.paint(faint, "–"),
	}
	var out printer
	if r.Profile != "" {
		out.line("profile %s", a.paint(bold, ui.Safe(r.Profile)))
	}
	for _, c := range r.Checks {
		out.line("%s %-12s %s", marks[c.State], c.Name, ui.Safe(c.Says))
		if c.Hint != "" && c.State != "ok" {
			out.line("  %-12s hint: %s", "", ui.Safe(c.Hint))
		}
	}
	if r.Run != "" {
		out.line("%s", a.paint(faint, "run "+r.Run))
	}
	return a.tell(r, &out)
}
