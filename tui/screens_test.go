package tui

import (
	"context"
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
	"syscall"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

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
		{name: "palette", do: typed("refund", "ctrl+p")},
		{name: "prompt", do: pressed("t")},
		{name: "confirm", options: with(confirm), do: pressed("ctrl+r")},
		{name: "notice", do: func(x *world) {
			x.app.open(box.NewNotice(x.app.theme, []string{"private_key: others may read the private key: chmod 600 mends it", "The history was damaged and is set aside as /home/me/.local/share/countersign/history.db.damaged-20261123"}))
		}},
		{name: "paste", options: with(unsignedAnswer(), explained), do: then(pressed("ctrl+r", "d", "p"), typed("POST /a"))},
		{name: "diagnosis", options: with(unsignedAnswer(), explained), do: pressed("ctrl+r", "d")},

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
	all = slices.Concat(all, overlayScenes(), compareScenes(), requestScenes(), stateScenes())
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

// focusOn goes to a pane as a person does, in a screen that is arranged anew.
func (x *world) focusOn(s keymap.Scope) {
	x.app.setFocus(s)
	x.Send(tea.WindowSizeMsg{Width: x.app.layout.Width, Height: x.app.layout.Height})
}

// play opens a world and plays a scene in it.
func (s scene) play(t *testing.T, w, h int, more ...func(*world)) *world {
	t.Helper()
	x := newWorld(t, append(s.options[:len(s.options):len(s.options)], more...)...)
	x.app = New(x.config)
	var held []tuitest.Option
	if s.held {
		held = append(held, tuitest.HoldIf(func(tea.Cmd) bool { return true }))
	}
	x.Driver = tuitest.New(t, x.app, w, h, held...)
	s.do(x)
	x.Exact(t)
	return x
}

// Each scene looks as it did; at the first size, in all colours.
func TestScreens(t *testing.T) {
	used := map[string]bool{}
	for _, s := range scenes() {
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
				x.inAllColours(t)
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

// No overlay is without a scene: a type is one by its keys in the footer.
func TestEveryOverlayHasAScene(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range scenes() {
		x := s.play(t, 60, 20)
		seen[strings.TrimPrefix(fmt.Sprintf("%T", x.app.box), "*box.")] = true
	}
	files, err := filepath.Glob("box/*.go")
	if err != nil {
		t.Fatal(err)
	}
	overlays := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "Keys" || f.Type.Results == nil {
				continue
			}
			star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			overlays++
			if kind := star.X.(*ast.Ident).Name; !seen[kind] {
				t.Errorf("the overlay %s (%s) has no scene at every size", kind, name)
			}
		}
	}
	if overlays < 5 {
		t.Errorf("only %d overlays were found: the test looks in the wrong place", overlays)
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
// without colours too.
func (x *world) inAllColours(t *testing.T) {
	t.Helper()
	for _, code := range escape.FindAllString(x.View(), -1) {
		if !attributes.MatchString(code) {
			t.Fatalf("without colours there is %q", code)
		}
	}
	want := x.Screen()
	for _, name := range []string{ui.ThemeDark, ui.ThemeLight, ui.ThemeHighContrast} {
		for _, p := range []termenv.Profile{termenv.ANSI, termenv.TrueColor} {
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
}
