package cli

import (
	"net/url"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/watch"
	"countersign/tui"
	"countersign/tui/cli/config"
)

// wishesFile of the data folder remembers how capture and listen were started last
// from the explorer: a line for each, KIND?KEY=VALUE&…
const wishesFile = "traffic"

// explorerTraffic starts capture and listen from the explorer, with a profile.
type explorerTraffic struct {
	app     *app
	profile apiclient.Profile
}

// Last implements traffic.Starter. What was last is of any profile, but for the
// upstream: that is the profile's own, unless it was chosen with it.
func (t explorerTraffic) Last(kind apiclient.Origin) tui.Wish {
	w := tui.Wish{Kind: kind, Listen: "127.0.0.1:0", Reply: watch.Replies[0].Name}
	if u, err := url.Parse(t.profile.BaseURL); err == nil {
		w.Upstream = (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	}
	for _, line := range t.app.remembered(wishesFile) {
		name, query, _ := strings.Cut(line, "?")
		v, err := url.ParseQuery(query)
		if name != string(kind) || err != nil {
			continue
		}
		w.Listen, w.StripPrefix, w.AddPrefix = v.Get("listen"), v.Get("strip"), v.Get("add")
		w.ForwardTo, w.Reply, w.Resign = v.Get("forward"), v.Get("reply"), v.Get("resign") != ""
		if v.Get("profile") == t.profile.Name && t.profile.Name != config.Sandbox { // whose port is another each time
			w.Upstream = v.Get("upstream")
		}
	}
	return w
}

// keep remembers a wish beside that of the other kind.
func (t explorerTraffic) keep(w tui.Wish) {
	v := url.Values{"listen": {w.Listen}, "strip": {w.StripPrefix}, "add": {w.AddPrefix}, "forward": {w.ForwardTo},
		"reply": {w.Reply}, "upstream": {w.Upstream}, "profile": {t.profile.Name}}
	if w.Resign {
		v.Set("resign", "yes")
	}
	lines := []string{string(w.Kind) + "?" + v.Encode()}
	for _, line := range t.app.remembered(wishesFile) {
		if !strings.HasPrefix(line, string(w.Kind)+"?") {
			lines = append(lines, line)
		}
	}
	_ = t.app.remember(wishesFile, lines) // else it is asked for once more
}

// Start implements traffic.Starter.
func (t explorerTraffic) Start(w tui.Wish, tell func(watch.Seen), unspoken func(error)) (
	*watch.Running, watch.SetUp, error,
) {
	o := watchOptions{Wish: w, keep: defaultKeep, keepMB: defaultKeepMB}
	r, setUp, err := t.app.startTraffic(t.profile, o, tell, unspoken)
	if err == nil {
		t.keep(w)
	}
	return r, setUp, err
}
