package tui

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient/variables"
	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/runs"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// refusing answers that the signature is wrong, whatever comes.
var refusing = answering(http.StatusOK, asJSON, `{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"The signature is invalid."}}`)

// A request that verifies here and is refused there says so at every size, with
// the key that explains it.
func TestARefusedSignatureIsSaidAtEverySize(t *testing.T) {
	t.Parallel()
	for w, want := range map[int]string{
		140: "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side · d explains",
		100: "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side · d explains",
		80:  "200 · F INVALID_SIGNATURE · signed with our key, refused · d explains",
		60:  "F INVALID_SIGNATURE · verifies here, refused · d explains",
	} {
		x := explore(t, w, 30, refusing)
		x.Key("ctrl+r")
		x.shows(t, want)
		x.Key("4")
		x.shows(t, "✗ refused by them d explains")
		x.Key("d")
		for range 8 {
			x.lacks(t, "Both strings")
			if strings.Contains(x.Screen(), "Our string, which verifies here; compare theirs") {
				break
			}
			x.Key("pgdown")
		}
		x.shows(t, "Our string, which verifies here; compare theirs")
		x.Key("p")
		x.shows(t, "The string that the other side built")
	}
}

// A rule of the profile's own is told where its string is shown, for either side.
func TestTheSignaturePaneTellsTheRuleOfTheProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.profile.ContentTemplate, x.profile.ResponseTemplate = "{client_id}.{time}.{body}", "{body}.{time}"
	})
	x.Key("ctrl+r", "4", "enter")
	x.shows(t, "by the profile's rule \"{client_id}.{time}.{body}\"")
	x.Key("esc", "right", "right", "right", "right", "enter")
	x.shows(t, "by the profile's rule \"{body}.{time}\"")
	e := *x.app.desk.Shown()
	e.Profile = "production"
	x.app.panes.signature.Show(&e, &e, false, nil)
	x.Key("esc", "left", "left", "left", "left", "enter")
	x.shows(t, "by the rule of profile production")
}

// brokenStore cannot restore, once.
type brokenStore struct {
	runs.Store
	fails *bool
}

func (s brokenStore) Restore(ctx context.Context, ids ...string) (int, error) {
	if *s.fails {
		*s.fails = false
		return 0, errors.New("the disk is full")
	}
	return s.Store.Restore(ctx, ids...)
}

// pressed and typed are what a scene does: keys are pressed, a text is typed.
func pressed(names ...string) func(*world) { return func(x *world) { x.Key(names...) } }

func typed(text string, names ...string) func(*world) {
	return func(x *world) { x.Key(names...); x.Type(text) }
}

func then(parts ...func(*world)) func(*world) {
	return func(x *world) {
		for _, p := range parts {
			p(x)
		}
	}
}

// foldableAnswer has objects and lists to fold and to filter.
func foldableAnswer() func(*world) { return answering(200, asJSON, foldable) }

func newcomer(x *world) { x.config.Hints = true }

// asking is a profile that asks before it sends.
func asking(x *world) { x.profile.Name, x.profile.Confirm = "production", true }

// tampered chooses in the chooser, which is left open.
func tampered(names ...string) func(*world) {
	return func(x *world) {
		x.Key("3", "s")
		for _, name := range names {
			x.choose(x.t, name)
		}
	}
}

// knownVariables are the same on every machine.
func knownVariables(x *world) {
	x.known = func(context.Context, string) ([]variables.Known, error) {
		return []variables.Known{
			{Name: "uuid", Value: "019aaaaa-0000-7000-8000-000000000001"},
			{Name: "now", Value: "1795435391199"},
			{Name: "env.HOME", Value: "/home/me"},
			{Name: "profile.merchant_id", Value: "2171000000000001"},
		}, nil
	}
}

// faultyConfig is a configuration that was damaged while the explorer ran.
func faultyConfig(x *world) {
	x.config.Reload = func(context.Context) (*Settings, error) {
		return nil, errors.New(`config.toml:12:1: unknown key "thme": did you mean "theme"?`)
	}
}

// overlayScenes are the boxes over the screen: each at every size.
func overlayScenes() []scene {
	return []scene{
		{name: "tamper", do: tampered("wrong_key", "path_trailing_slash")},
		{name: "faults", do: pressed("B", "down", " ", "down", " ")},
		{name: "runs-filter", options: with(recordedRuns), do: pressed("6", "f", "down", "space")},
		{name: "what-next", do: pressed("ctrl+r", "5", "a")},
		{name: "jump", do: pressed("ctrl+r", "'")},
		{name: "profiles", options: with(elsewhere), do: pressed("P", "down")},
		{name: "header-whole", do: pressed("ctrl+r", "3", "v")},
		{name: "stage-whole", do: pressed("ctrl+r", "4", "enter")},
		{name: "stage-search", do: typed("pay", "ctrl+r", "4", "enter", "/")},
		{name: "confirm-production", options: with(asking), do: pressed("ctrl+r")},
	}
}

// recordedRuns is a history of nine runs.
func recordedRuns(x *world) { recorded(x.t, 9)(x) }

// compareScenes are the comparison of two runs, part by part.
func compareScenes() []scene {
	open := pressed("6", "down", "c")
	tamperedPair := then(pressed("ctrl+r"), tampered("wrong_key", "path_trailing_slash"), pressed("esc", "ctrl+r", "6", "g", "c"))
	return []scene{
		{name: "compare", options: with(recordedRuns), do: open},
		{name: "compare-headers", do: then(tamperedPair, pressed("2"))},
		{name: "compare-canonical", do: then(tamperedPair, pressed("3"))},
		{name: "compare-response", do: then(tamperedPair, pressed("4"))},
		{name: "compare-folded", do: then(tamperedPair, pressed("4", "f"))},
		{name: "compare-same", options: with(recordedRuns), do: then(open, pressed("4"))},
		{name: "compare-none", options: with(recordedRuns), do: pressed("6", "G", "c")},
		{name: "runs-marked", options: with(recordedRuns), do: pressed("6", "space", "down", "down", "space", "p")},
	}
}

// requestScenes are the request while it is edited, as text and as a form.
func requestScenes() []scene {
	return []scene{
		{name: "form", do: pressed("2", "]", "down", "down")},
		{name: "form-editing", do: then(pressed("2", "]", "enter"), typed("x"))},
		{name: "form-filter", do: typed("amount", "2", "]", "/")},
		{name: "editing", do: pressed("e")},
		{name: "editing-find", do: typed("value", "e", "ctrl+f")},
		{name: "editing-replace", do: typed("value", "e", "alt+r")},
		{name: "editing-selection", do: pressed("e", "down", "shift+down", "shift+down", "shift+right")},
		{name: "editing-beside", do: pressed("2", "z", "e", "alt+v")},
		{name: "variables", options: with(knownVariables), do: then(pressed("e", "down", "end", "left", "left"), typed("{{"))},
	}
}

// stateScenes are the states of everything else.
func stateScenes() []scene {
	wrongKey := then(tampered("wrong_key"), pressed("esc"))
	return []scene{
		{name: "folded", options: with(foldableAnswer()), do: pressed("ctrl+r", "5", "-")},
		{name: "jq", options: with(foldableAnswer()), do: typed(".items[].id", "ctrl+r", "5", "|")},
		{name: "jq-fault", options: with(foldableAnswer()), do: typed(".items[", "ctrl+r", "5", "|")},
		{name: "hint", options: with(newcomer), do: func(*world) {}},
		{name: "hint-tamper", options: with(newcomer), do: pressed("ctrl+r")},
		{name: "config-fault", options: with(faultyConfig), do: func(x *world) { x.Send(watchDue{}) }},
		{name: "production", options: with(asking), do: func(*world) {}},
		{name: "tampered-draft", do: wrongKey},
		{name: "tampered-request", do: then(wrongKey, pressed("ctrl+r", "2"))},
		{name: "tampered-headers", do: then(wrongKey, pressed("ctrl+r", "3"))},
		{name: "tampered-signature", do: then(wrongKey, pressed("ctrl+r", "4"))},
		{name: "tampered-response", do: then(wrongKey, pressed("ctrl+r", "5"))},
		{name: "tampered-runs", do: then(wrongKey, pressed("ctrl+r", "6"))},
		{name: "tampered-diagnosis", do: then(wrongKey, pressed("ctrl+r", "d"))},
		{name: "load-failed-runs", options: with(func(x *world) { x.profile.BaseURL = "ftp://nowhere" }), do: pressed("6")},
		{name: "load-failed-signature", options: with(func(x *world) { x.profile.BaseURL = "ftp://nowhere" }), do: pressed("4")},
		{name: "cancelling", do: func(x *world) {
			x.begin("ctrl+r")
			x.begin("esc")
		}},
	}
}

// What a person sees, pane by pane, overlay by overlay, state by state. A new
// one is a row of scenes; its pictures are testdata/screens/NAME-WxH.golden:
//
//	go test ./tui -run Screens -update
//
// They are kept where there are three columns and where there is one; at every
// size a scene has exactly its cells.
type scene struct {
	name    string
	options []func(*world)
	do      func(x *world)
	held    bool // no command runs: nothing is loaded yet
}

var (
	drawnSizes = [][2]int{{140, 40}, {60, 20}}
	otherSizes = [][2]int{{200, 60}, {100, 30}, {80, 24}}
)

// scenes are all screens. Each pane is there by itself, after a request that
// was answered.
func scenes() []scene {
	confirm := func(x *world) { x.profile.Confirm = true }
	explained := func(x *world) {
		(&explaining{signed: "POST /miniprogram/api/v2/payments/pay\nother"}).option(x)
	}
	all := []scene{
		{name: "help", do: pressed("?")},
		{name: "formats", do: pressed("ctrl+r", "Y", "down", "down", "r")},
		{name: "masked", options: with(answering(200, map[string]string{"Content-Type": "application/json", "Set-Cookie": "sid=0123456789"},
			`{"result":{"resultStatus":"S"},"accessToken":"TOKEN-0123456789","userInfo":{"userName":"Ann Example"}}`)), do: pressed("ctrl+r", "5", "M")},
		{name: "palette", do: typed("refund", "ctrl+p")},
		{name: "prompt", do: pressed("t")},
		{name: "confirm", options: with(confirm), do: pressed("ctrl+r")},
		{name: "notice", do: func(x *world) {
			x.app.open(box.NewNotice(x.app.theme, []string{"private_key: others may read the private key: chmod 600 fixes it", "The history was damaged and is set aside as /home/me/.local/share/countersign/history.db.damaged-20261123"}))
		}},
		{name: "paste", options: with(unsignedAnswer(), explained), do: then(pressed("ctrl+r", "d", "p"), typed("POST /a"))},
		{name: "diagnosis", options: with(unsignedAnswer(), explained), do: pressed("ctrl+r", "d")},

		{name: "requests", options: with(someFiles), do: pressed("g")},
		{name: "request-held", options: with(someFiles), do: pressed("g", "down", "enter", "ctrl+r", "5")},
		{name: "run-file", options: with(someFiles), do: pressed("g", "r")},
		{name: "conflict", options: with(someFiles), do: func(x *world) {
			pressed("g", "down", "enter", "e", "ctrl+home", "space", "esc")(x)
			theirs(x.t, x.config.Requests.Dir, "AUTH-CODE-1", "AUTH-CODE-2")
			x.Key("ctrl+s")
		}},
		{name: "paste-request", do: func(x *world) { x.Key("V"); x.Paste(pastedCurl) }},

		{name: "loading", held: true, do: func(*world) {}},
		{name: "load-failed", options: with(func(x *world) { x.profile.BaseURL = "ftp://nowhere" }), do: func(*world) {}},
		{name: "no-key", options: with(func(x *world) { x.profile.Key = nil }), do: func(*world) {}},
		{name: "start", do: func(*world) {}},
		{name: "start-response", do: pressed("5")},
		{name: "start-signature", do: pressed("4")},
		{name: "no-runs", do: pressed("6")},
		{name: "waiting", do: then(pressed("5"), func(x *world) { x.begin("ctrl+r") })},
		{name: "sent", do: pressed("ctrl+r")},
		{name: "refused", options: with(dialing(refuse)), do: pressed("ctrl+r", "5")},
		{name: "lost", options: with(hangingUp), do: pressed("ctrl+r", "5")},
		{name: "unsigned", options: with(unsignedAnswer()), do: pressed("ctrl+r", "5")},
		{name: "unsigned-signature", options: with(unsignedAnswer()), do: pressed("ctrl+r", "4")},
		{name: "empty-body", options: with(answering(200, map[string]string{"Content-Type": "application/json"}, "")), do: pressed("ctrl+r", "5")},
		{name: "gateway", options: with(answering(502, map[string]string{"Content-Type": "text/html"}, "<html><body>Bad Gateway</body></html>\n")), do: pressed("ctrl+r", "5")},
		{name: "hostile", options: with(answering(200, map[string]string{"X-Odd": "a\u202Eb"}, hostileText)), do: pressed("ctrl+r", "5")},
		{name: "raw", options: with(unsignedAnswer()), do: pressed("ctrl+r", "5", "]")},
		{name: "hex", options: with(unsignedAnswer()), do: pressed("ctrl+r", "5", "]", "]")},
		{name: "response-search", do: then(pressed("ctrl+r", "5", "/"), typed("result"))},
		{name: "response-no-match", do: then(pressed("ctrl+r", "5", "/"), typed("nowhere"))},
		{name: "endpoints-filter", do: then(pressed("1", "/"), typed("refund"))},
		{name: "endpoints-no-match", do: then(pressed("1", "/"), typed("zzz"))},
		{name: "runs-no-match", do: then(pressed("ctrl+r", "6", "/"), typed("nowhere"))},
		{name: "palette-no-match", do: typed("qqqq", "ctrl+p")},
		{name: "prompt-refused", do: then(pressed("3", "a"), typed("no colon\n"))},
		{name: "fields", do: pressed("]")},
		{name: "docs", do: pressed("]", "]")},
		{name: "expanded", do: pressed("v")},
		{name: "editing-fault", do: then(pressed("e"), typed("Z"))},
		{name: "no-variable", do: then(pressed("e", "down", "end", "left", "left"), typed("{{env.NOPE_NOT_SET}}"))},
		{name: "run-loaded", do: pressed("ctrl+r", "6", "enter")},
		{name: "quit", do: then(pressed("e"), typed("Z"), pressed("esc", "q"))},
		{name: "zoomed", do: pressed("ctrl+r", "5", "z")},
	}
	all = slices.Concat(all, overlayScenes(), compareScenes(), requestScenes(), stateScenes(), trafficScenes())
	for _, s := range layout.Order {
		all = append(all, scene{name: string(s), do: func(x *world) { x.Key("ctrl+r"); x.focusOn(s) }})
	}
	return all
}

func with(options ...func(*world)) []func(*world) { return options }

// dialing replaces the way to the other side.
func dialing(dial func(context.Context, string, string) (net.Conn, error)) func(*world) {
	return func(x *world) { x.dial = dial }
}

func refuse(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}

// hangingUp reads the request and says nothing.
func hangingUp(x *world) {
	x.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// focusOn goes to a pane as a person does, in a screen that is arranged again.
func (x *world) focusOn(s keymap.Scope) {
	x.app.setFocus(s)
	x.Send(tea.WindowSizeMsg{Width: x.app.layout.Width, Height: x.app.layout.Height})
}

// play opens a world and plays a scene in it.
func (s scene) play(t *testing.T, w, h int, more ...func(*world)) *world {
	t.Helper()
	x := newWorld(t, append(s.options[:len(s.options):len(s.options)], more...)...)
	x.app = New(x.config)
	drive := []tuitest.Option{tuitest.Each}
	if s.held {
		drive = append(drive, tuitest.HoldIf(func(tea.Cmd) bool { return true }))
	}
	x.Driver = tuitest.New(t, x.app, w, h, drive...)
	s.do(x)
	x.Exact(t)
	return x
}

// Each scene looks as it did; at the first size, in all colours.
func TestScreens(t *testing.T) {
	used := map[string]bool{}
	var played overlays
	t.Cleanup(func() { played.check(t) })
	for n, s := range scenes() {
		for i, size := range drawnSizes {
			name := fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1])
			used[name+".golden"] = true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				x := s.play(t, size[0], size[1])
				x.Golden(t, filepath.Join("screens", name))
				if i > 0 {
					return
				}
				played.add(x)
				x.inAllColours(t, n)
				for _, size := range otherSizes {
					x.Resize(size[0], size[1])
					x.Exact(t)
				}
			})
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", "screens", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used[filepath.Base(f)] {
			t.Errorf("no scene draws %s", f)
		}
	}
}

// overlays are those that scenes have open.
type overlays struct {
	sync.Mutex
	scenes int
	seen   map[string]bool
}

func (o *overlays) add(x *world) {
	o.Lock()
	defer o.Unlock()
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	o.scenes++
	o.seen[strings.TrimPrefix(fmt.Sprintf("%T", x.app.box), "*box.")] = true
}

// check finds overlays without a scene, once all were played: a type is one by its
// keys in the footer, or those of what it embeds.
func (o *overlays) check(t *testing.T) {
	if o.scenes < len(scenes()) {
		return // -run chose some
	}
	keyed, embeds := map[string]bool{}, map[string][]string{}
	files, err := filepath.Glob("box/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil && n.Name.Name == "Keys" {
					if star, ok := n.Recv.List[0].Type.(*ast.StarExpr); ok {
						keyed[star.X.(*ast.Ident).Name] = true
					}
				}
			case *ast.TypeSpec:
				if of, ok := n.Type.(*ast.StructType); ok && n.Name.IsExported() {
					embeds[n.Name.Name] = []string{n.Name.Name}
					for _, f := range of.Fields.List {
						if in, ok := f.Type.(*ast.Ident); ok && len(f.Names) == 0 {
							embeds[n.Name.Name] = append(embeds[n.Name.Name], in.Name)
						}
					}
				}
			}
			return true
		})
	}
	all := 0
	for kind, of := range embeds {
		if slices.ContainsFunc(of, func(name string) bool { return keyed[name] }) {
			if all++; !o.seen[kind] {
				t.Errorf("the overlay %s has no scene at every size", kind)
			}
		}
	}
	if all < 5 {
		t.Errorf("only %d overlays were found: the test looks in the wrong place", all)
	}
}

var (
	escape     = regexp.MustCompile("\x1b[^a-zA-Z]*[a-zA-Z]")
	attributes = regexp.MustCompile("^\x1b\\[[0-9]?(?:;[0-9])*m$")
	sixteen    = regexp.MustCompile("^\x1b\\[(?:[0-9]|2[1-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7])?(?:;(?:[0-9]|2[1-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7]))*m$")
)

// inAllColours checks what colours do to a screen. Without any (NO_COLOR) there
// are only attributes: bold, underlined, reversed, without which cursor and
// selection could not be seen. With 16 there are only those, which the terminal's own
// palette draws. And no theme changes a text: what says something says it
// without colours too. Scenes take turns with the themes that have only 16.
func (x *world) inAllColours(t *testing.T, scene int) {
	t.Helper()
	for _, code := range escape.FindAllString(x.View(), -1) {
		if !attributes.MatchString(code) {
			t.Fatalf("without colours there is %q", code)
		}
	}
	want := x.Screen()
	for i, name := range []string{ui.ThemeDark, ui.ThemeLight, ui.ThemeHighContrast} {
		p := []termenv.Profile{termenv.ANSI, termenv.TrueColor}[(i+scene)%2]
		*x.app.theme = *ui.NewTheme(name, p)
		x.app.theme.SetKeys(x.app.keys)
		x.app.restyle()
		view := x.View()
		found := escape.FindAllString(view, -1)
		if len(found) == 0 {
			t.Errorf("%s: the colours are none", name)
		}
		for _, code := range found {
			if p == termenv.ANSI && !sixteen.MatchString(code) {
				t.Fatalf("%s: with 16 colours there is %q", name, code)
			}
		}
		if got := tuitest.Plain(view); got != want {
			t.Errorf("the theme %s says\n%s\nnot\n%s", name, got, want)
		}
	}
}

// A title without room for all of the path keeps its end: what is requested,
// not the prefix that all requests have.
func TestTitleNamesTheEndpoint(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "2")
	x.shows(t, "2 Request  run 12:03:11  POST …/v2/payments/pay ")
	x.Key("2", "e")
	x.Type("Z")
	x.shows(t, "your copy  POST …yments/pay ")
	x.Key("esc", "t")
	x.Type("?page=1&size=200&sort=descending")
	x.Key("enter")
	x.shows(t, "POST …yments/pay ")
}

// Where the whole address has no room the host stands in the head line: where
// requests go is what one must not be wrong about.
func TestHeadLineNamesTheHost(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}} {
		x := explore(t, size[0], size[1], elsewhere)
		x.Send(chosenProfile{"production"})
		head, _, _ := strings.Cut(x.Screen(), "\n")
		if !strings.Contains(head, "superapp.example.com") {
			t.Errorf("%d columns: %s", size[0], head)
		}
	}
}

// A key that could do nothing says so until the next key; then the outcome
// stands there again, as long as it is of what is on the screen.
func TestOutcomeComesBack(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	outcome := "200 · A ACCEPT · request verified"
	x.Key("ctrl+r")
	x.shows(t, "✓ "+outcome)
	x.Key("alt+n")
	x.shows(t, "No fault was found in the body")
	x.lacks(t, outcome)
	x.Key("tab")
	x.shows(t, "✓ "+outcome)
	x.Key("2", "x")
	x.shows(t, "Nothing was edited")
	x.Key("e")
	x.Type("Z")
	x.shows(t, "  "+outcome) // no longer a tick: it is of the request before
	x.Key("esc", "1", "down", "enter")
	x.lacks(t, outcome)
	x.Key("alt+n", "tab", "tab")
	x.lacks(t, outcome)
}

// What a pane has no room for is never cut without a sign.
func TestTextWithoutRoomShowsItsCut(t *testing.T) {
	t.Parallel()
	x := explore(t, 80, 24)
	x.shows(t, "No response yet. ctrl+r signs this request and sends …")
}
