package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/pflag"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/hint"
	"countersign/apiclient/localcert"
	"countersign/apiclient/signing"
	"countersign/apiclient/watch"
	"countersign/apiclient/wire"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// watchOptions are of the commands that listen, and show what passes.
type watchOptions struct {
	listen       string
	noSave, fail bool
	secure       tlsOptions
}

func (o *watchOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "listen on this `ADDRESS`; port 0 takes a free one")
	o.secure.flags(f)
	f.BoolVar(&o.noSave, "no-save", false, "do not keep the exchanges in the history")
	f.BoolVar(&o.fail, "fail", false, "end with exit code 3 if a signature failed")
}

// tlsOptions are of a command that listens.
type tlsOptions struct {
	made      bool // with a certificate that is made for this machine
	cert, key string
}

func (o *tlsOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.made, "tls", false, "listen for HTTPS, with a certificate that is made for this machine")
	f.StringVar(&o.cert, "tls-cert", "", "listen for HTTPS, with the certificate in this `FILE`")
	f.StringVar(&o.key, "tls-key", "", "the private key of --tls-cert in this `FILE`")
}

func (o tlsOptions) scheme() string {
	if o.made || o.cert != "" {
		return "https"
	}
	return "http"
}

// listenOn opens a port. caFile is what clients must trust, where the certificate
// was made here.
func (a *app) listenOn(address string, o tlsOptions) (l net.Listener, caFile string, err error) {
	var cert tls.Certificate
	switch {
	case (o.cert == "") != (o.key == ""):
		return nil, "", usage("give both: --tls-cert FILE --tls-key FILE", "--tls-cert and --tls-key go together")
	case o.cert != "":
		if cert, err = tls.LoadX509KeyPair(o.cert, o.key); err != nil {
			return nil, "", &codeError{exitUsage, fmt.Errorf("the certificate cannot be used: %w", err),
				"give a certificate and its private key, both in PEM"}
		}
	case o.made:
		dir, err := config.DataDir(a.env)
		if err != nil {
			return nil, "", err
		}
		if cert, caFile, err = localcert.Server(dir, a.now()); err != nil {
			return nil, "", err
		}
	}
	if l, err = net.Listen("tcp", address); err != nil {
		return nil, "", failed("choose another --listen, such as 127.0.0.1:8090", "it cannot listen on %s: %v", address, err)
	}
	if cert.Certificate != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12,
			NextProtos: []string{"http/1.1"}})
	}
	return l, caFile, nil
}

// shutdownLimit is how long exchanges in flight may take once the command ends.
const shutdownLimit = 10 * time.Second

// explainLimit is how long what failed last is still explained after that.
const explainLimit = 5 * time.Second

// watchTraffic serves until ctx is done, and prints what passes. setUp says what to
// change elsewhere, for the address where it listens.
func (a *app) watchTraffic(ctx context.Context, p apiclient.Profile, o watchOptions, c capture.Config,
	setUp func(at string) [][2]string,
) error {
	w, err := a.watcher(p, o.noSave)
	if err != nil {
		return err
	}
	c.Observe, c.Profile, c.Now = w.Take, p.Name, a.now
	c.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	proxy, err := capture.New(c)
	if err != nil {
		return unreadable(err)
	}
	l, caFile, err := a.listenOn(o.listen, o.secure)
	if err != nil {
		return err
	}
	rows := setUp(a.reachedAt(l.Addr(), o.secure))
	if caFile != "" {
		rows = append(rows, [2]string{"it must trust", caFile})
	}
	var out printer
	out.line("Listening. ctrl+c ends it.")
	out.line("")
	for _, row := range rows {
		out.line("  %-25s-> %s", row[0], row[1])
	}
	_, _ = fmt.Fprintln(a.err, out.String())
	started()
	err = proxy.Serve(ctx, l, shutdownLimit)
	counts := w.Close(explainLimit)
	a.saysCounts(counts)
	switch {
	case err != nil:
		return failed("", "%v", err)
	case o.fail && counts.Failed > 0:
		return said(exitUnverified)
	}
	return nil
}

// reachedAt is the URL of a listener, as programs of this machine reach it.
func (a *app) reachedAt(addr net.Addr, secure tlsOptions) string {
	host, port, _ := net.SplitHostPort(addr.String())
	ip := net.ParseIP(host)
	if !ip.IsLoopback() {
		a.warn(fmt.Sprintf("it listens on %s: whoever reaches this machine can talk to it", addr))
	}
	if ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return secure.scheme() + "://" + net.JoinHostPort(host, port)
}

// inContainer is a URL of this machine as a container sees it.
func inContainer(at string) string {
	for _, host := range []string{"127.0.0.1", "[::1]", "localhost"} {
		at = strings.Replace(at, "//"+host, "//host.docker.internal", 1)
	}
	return at
}

func (a *app) saysCounts(c watch.Counts) {
	text := fmt.Sprintf("%s passed, %s failed", ui.Thousands(int(c.Passed)), ui.Thousands(int(c.Failed)))
	if c.Unexplained > 0 {
		text += fmt.Sprintf(", %s of these without an explanation here: countersign diagnose gives it", ui.Thousands(int(c.Unexplained)))
	}
	if c.Unsaved > 0 {
		text += fmt.Sprintf(", %s are not in the history: it could not keep up", ui.Thousands(int(c.Unsaved)))
	}
	_, _ = fmt.Fprintln(a.err, text)
}

// watcher judges, records, explains and prints what passes.
func (a *app) watcher(p apiclient.Profile, noSave bool) (*watch.Watch, error) {
	client, err := apiclient.New(p, apiclient.Options{Now: a.now})
	if err != nil {
		return nil, err
	}
	c, err := a.catalog()
	if err != nil {
		return nil, err
	}
	config := watch.Config{
		Judge: func(e *apiclient.Exchange) {
			e.SignedAs = e.Request.Path()
			if e.Origin == apiclient.FromCapture && e.URL != "" {
				e.SignedAs = wire.PathOf(e.URL) // which is what the Super App is asked for
			}
			defer mappedAway(client, e)
			if endpoint, ok := c.Match(e.Request.Path()); ok {
				e.Endpoint = endpoint.ID
			}
			client.Verify(e)
		},
		Explain: func(ctx context.Context, e apiclient.Exchange) (diagnose.Report, error) {
			evidence, err := a.evidenceOf(ctx, p, e, e.Sides().Decides())
			if err != nil {
				return diagnose.Report{}, err
			}
			return diagnose.Diagnose(ctx, evidence, diagnose.Options{Workers: 1}), nil
		},
		Tell: a.tellSeen,
	}
	if !noSave {
		store, err := a.store()
		if err != nil {
			return nil, err
		}
		config.Record = store.Record
	}
	return watch.New(config), nil
}

// mappedAway says of a request that does not verify when it would, had its path
// not been mapped on the way.
func mappedAway(client *apiclient.Client, e *apiclient.Exchange) {
	asSent := *e
	asSent.SignedAs = e.Request.Path()
	if e.SentVerdict.OK() || asSent.SignedAs == e.SignedAs {
		return
	}
	if client.Verify(&asSent); asSent.SentVerdict.OK() {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.RequestSide, Field: signing.HeaderName, Cause: "path_mapped_by_capture", Severity: apiclient.Problem,
			Says: fmt.Sprintf("It is signed for %s, and this proxy asks for %s: the mapping breaks the signature.", asSent.SignedAs,
				e.SignedAs),
			Hint: "Give your client the path that the Super App is asked for, or leave --strip-prefix and --add-prefix out.",
		})
	}
}

// tellSeen prints an exchange that passed: a line with, where it fails, why.
func (a *app) tellSeen(s watch.Seen) {
	if a.flags.json {
		_ = a.printLine(s)
		return
	}
	var out printer
	out.line("%s  %s  %s", s.StartedAt.Local().Format(time.TimeOnly), ui.Safe(s.Request.Method()+" "+a.maskedLine(s.Request.Target())),
		a.summary(s.Exchange))
	for _, f := range s.Findings {
		if f.Cause == "path_mapped_by_capture" {
			out.line("          %s %s", a.paint(bad, "●"), ui.Safe(f.Says))
			out.line("            %s", ui.Safe(f.Hint))
			s.Report = nil
		}
	}
	if s.Report != nil {
		for _, f := range s.Report.Findings {
			if f.Family == diagnose.FamilyWarning {
				continue
			}
			mark := a.paint(bad, "●")
			if !f.Proven {
				mark = a.paint(worse, "?")
			}
			out.line("          %s %s", mark, ui.Safe(f.Says))
			if f.Fix != "" {
				out.line("            %s", ui.Safe(f.Fix))
			}
			break
		}
		if s.Unsaved == nil && s.ID != "" {
			out.line("          %s", a.paint(faint, "countersign diagnose "+s.ID))
		}
	}
	if s.Unsaved != nil && !errors.Is(s.Unsaved, context.Canceled) {
		a.warn("not kept: " + hint.Sentence(s.Unsaved))
	}
	_ = a.write([]byte(out.String()))
}

// printLine prints an exchange and what explains it as one line of JSON.
func (a *app) printLine(s watch.Seen) error {
	line, err := json.Marshal(s.Exchange)
	if err != nil {
		return err
	}
	if s.Report != nil {
		report, err := json.Marshal(newDocument(*s.Report))
		if err != nil {
			return err
		}
		line = append(append(line[:len(line)-1], `,"diagnosis":`...), report...)
		line = append(line, '}')
	}
	return a.write(append(line, '\n'))
}
