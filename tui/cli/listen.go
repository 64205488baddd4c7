package cli

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

const listenLong = `Is the address that the Super App calls back: it verifies each notification and
answers it, or hands it byte for byte to your own handler and checks what that
answers. ctrl+c ends it.`

const listenExample = `  countersign listen
  countersign listen --reply U                                    # not yet: it should come again
  countersign listen --forward-to http://127.0.0.1:3000/hooks     # your handler answers`

// replies are what listen answers.
var replies = []struct{ name, does string }{
	{"S", "success, signed"},
	{"F", "failure, signed"},
	{"U", "unknown, signed: the Super App should send it again"},
	{"slow", "success, signed, after ten seconds"},
	{"unsigned", "success, without a signature"},
	{"wrong-key", "success, signed with a key that nobody knows"},
	{"html", "the page of a gateway"},
	{"500", "an error of the server, without a body"},
	{"silent", "nothing: the connection is closed"},
}

type listenOptions struct {
	watchOptions
	reply, forwardTo string
}

func (a *app) listenCommand() *cobra.Command {
	var o listenOptions
	var names []string
	long := listenLong + "\n\n--reply NAME answers:\n"
	for _, r := range replies {
		names = append(names, r.name)
		long += fmt.Sprintf("  %-10s %s\n", r.name, r.does)
	}
	cmd := &cobra.Command{
		Use: "listen", Short: "Receive the Super App's callbacks, and check them", Long: long, Example: listenExample,
		Args: args(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listen(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.reply, "reply", "S", "answer with this `NAME`: "+strings.Join(names, ", "))
	f.StringVar(&o.forwardTo, "forward-to", "", "hand each request to the handler at this `URL`, and its answer back")
	o.flags(f)
	complete(cmd, "reply", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) listen(ctx context.Context, o listenOptions) error {
	name, _, err := a.profileName()
	if err != nil {
		return err
	}
	p, err := a.namedProfile(ctx, name)
	if err != nil {
		return err
	}
	c := capture.Config{Origin: apiclient.FromListen}
	if o.forwardTo != "" {
		if c.Upstream, err = url.Parse(o.forwardTo); err != nil {
			return usage("write it like http://127.0.0.1:3000/hooks", "--forward-to %q is no URL", o.forwardTo)
		}
		c.Mapping.Path = c.Upstream.EscapedPath()
	} else if c.Reply, err = a.replier(p, o.reply); err != nil {
		return err
	}
	return a.watchTraffic(ctx, p, o.watchOptions, c, func(at string) [][2]string {
		return [][2]string{{"notify URL", at + "/"}, {"from a container", inContainer(at) + "/"}}
	})
}

// replier makes the answers of a name, signed by the rule of the profile.
func (a *app) replier(p apiclient.Profile, name string) (func(*apiclient.Exchange) capture.Reply, error) {
	rule, err := p.Rule()
	if err != nil {
		return nil, err
	}
	key := p.Key
	if name == "wrong-key" {
		if key, err = keys.Generate(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	result := apiclient.Result{Status: "S", Code: "SUCCESS", Message: "success"}
	reply := capture.Reply{Message: apiclient.Message{Line: "HTTP/1.1 200 OK"}}
	switch name {
	case "S", "wrong-key":
	case "unsigned":
		key = nil
	case "slow":
		reply.After = 10 * time.Second
	case "F":
		result = apiclient.Result{Status: "F", Code: "PROCESS_FAIL", Message: "the notification was not processed"}
	case "U":
		result = apiclient.Result{Status: "U", Code: "UNKNOWN_EXCEPTION", Message: "not processed yet: send it again"}
	case "silent":
		return func(*apiclient.Exchange) capture.Reply { return capture.Reply{Silent: true} }, nil
	case "html":
		return plain("HTTP/1.1 502 Bad Gateway", "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"), nil
	case "500":
		return plain("HTTP/1.1 500 Internal Server Error", "text/plain", ""), nil
	default:
		return nil, usage("choose one of S, F, U, slow, unsigned, wrong-key, html, 500, silent", "there is no reply %q", name)
	}
	if key == nil && name != "unsigned" {
		return nil, failed("set private_key, or use --reply unsigned", "the profile %s has no private key to sign answers with", p.Name)
	}
	body := fmt.Appendf(nil, `{"result":{"resultCode":%q,"resultStatus":%q,"resultMessage":%q}}`, result.Code, result.Status, result.Message)
	return func(e *apiclient.Exchange) capture.Reply {
		r := reply
		r.Message = a.signedAnswer(p, rule, key, e, body)
		return r
	}, nil
}

func plain(line, media, body string) func(*apiclient.Exchange) capture.Reply {
	m := apiclient.Message{Line: line, Body: []byte(body), Header: []apiclient.Field{
		{Name: "Content-Type", Value: media}, {Name: "Content-Length", Value: strconv.Itoa(len(body))}}}
	return func(*apiclient.Exchange) capture.Reply { return capture.Reply{Message: m} }
}

// signedAnswer is an answer of ours; without a key, it is unsigned.
func (a *app) signedAnswer(p apiclient.Profile, rule apiclient.Rule, key *rsa.PrivateKey, e *apiclient.Exchange, body []byte) apiclient.Message {
	names := p.HeaderNames
	m := apiclient.Message{Line: "HTTP/1.1 200 OK", Body: body, Header: []apiclient.Field{
		{Name: "Content-Type", Value: "application/json; charset=UTF-8"}, {Name: "Content-Length", Value: strconv.Itoa(len(body))},
		{Name: names.Of(apiclient.HeaderClientID), Value: p.ClientID},
		{Name: names.Of(apiclient.HeaderResponseTime), Value: apiclient.FormatTime(a.now(), p.TimeFormat)},
	}}
	if key == nil {
		return m
	}
	answered := *e
	answered.Response = &m
	proof, err := signing.Sign(key, rule.Canonical(&answered, apiclient.ResponseSide), signing.Style{Compact: p.CompactHeader, KeyVersion: p.KeyVersion,
		Encoding: p.Encoding})
	if err != nil {
		a.warn("the answer is not signed: " + err.Error())
		return m
	}
	m.Header = append(m.Header, apiclient.Field{Name: names.Of(signing.HeaderName), Value: proof.Header})
	return m
}
