package jsliteral

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// literals are expressions whose String and JSON.stringify are those of
// JavaScript; node itself is asked where it is there.
var literals = []struct{ source, text, json string }{
	{`"a\n\x41\u00e9\u{1F4B3}\'\q"`, "a\nAé💳'q", `"a\nAé💳'q"`},
	{`'it\'s "x" \
joined'`, `it's "x" joined`, `"it's \"x\" joined"`},
	{"`a\n${1 + 1 === 2 ? '' : ''}`", "", ""},
	{"`line\n\\`two\\` \\${x}`", "line\n`two` ${x}", `"line\n` + "`two`" + ` ${x}"`},
	{`'\ud83d\udcb3 \ud83d'`, "💳 \xed\xa0\xbd", `"💳 \ud83d"`},
	{`1e21`, "1e+21", "1e+21"}, {`1.0`, "1", "1"}, {`0.1e-6`, "1e-7", "1e-7"}, {`123456789012345680000`, "123456789012345680000", "123456789012345680000"},
	{`-0`, "0", "0"}, {`0x1F`, "31", "31"}, {`1_000.50`, "1000.5", "1000.5"}, {`12345678901234567890`, "12345678901234567000", "12345678901234567000"},
	{`[1, , "b", null, undefined, [2]]`, "1,,b,,,2", `[1,null,"b",null,null,[2]]`},
	{`{b: 1, 'a': 2, "10": 3, 2: 4, b: 5, c: undefined, ['d' + 1]: true,}`, "[object Object]", `{"2":4,"10":3,"b":5,"a":2,"d1":true}`},
	{`JSON.stringify({a: "x", b: [1.50, {}]}, null, 2)`, "{\n  \"a\": \"x\",\n  \"b\": [\n    1.5,\n    {}\n  ]\n}", ""},
	{`JSON.stringify({a: [], b: "\u2028\u007f\u0001"}, null, "\t")`, "{\n\t\"a\": [],\n\t\"b\": \"\u2028\u007f\\u0001\"\n}", ""},
	{`"a" + 1 + 'b' + true + null`, "a1btruenull", ""},
	{`new URLSearchParams({a: "x y*~é", b: 1}).toString()`, "a=x+y*%7E%C3%A9&b=1", ""},
	{`encodeURIComponent("a b!'()*~/é")`, "a%20b!'()*~%2F%C3%A9", ""},
	{`/* c */ ("x") // d`, "x", `"x"`},
	{`{...{a: 1, b: 2}, a: 3}`, "[object Object]", `{"a":3,"b":2}`},
	{`{f() { return {} }, g: (a, b) => a + b, h: function (x) { return "}" }, i: async x => 1, j: 2}`, "", `{"j":2}`},
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	for _, c := range literals {
		v, _, ok := parse(c.source)
		if !ok {
			t.Errorf("%s cannot be read", c.source)
			continue
		}
		if c.text != "" && v.String() != c.text {
			t.Errorf("%s is %q, want %q", c.source, v.String(), c.text)
		}
		if text, _ := v.Stringify(""); c.json != "" && text != c.json {
			t.Errorf("%s as JSON is %s, want %s", c.source, text, c.json)
		}
	}
}

func TestLiteralsAsNodeReadsThem(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	var script strings.Builder
	script.WriteString("const all = [];\n")
	for _, c := range literals {
		fmt.Fprintf(&script, "{ const v = (%s\n); all.push([String(v), JSON.stringify(v)]); }\n", c.source)
	}
	script.WriteString("console.log(JSON.stringify(all))")
	out, err := exec.CommandContext(t.Context(), node, "-e", script.String()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var all [][2]string
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	for i, c := range literals {
		if text := UTF8(c.text); text != "" && all[i][0] != text {
			t.Errorf("%s is %q in node, want %q", c.source, all[i][0], c.text)
		}
		if c.json != "" && all[i][1] != c.json {
			t.Errorf("%s as JSON is %s in node, want %s", c.source, all[i][1], c.json)
		}
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"`a${id}b`":             "`a${id}b`",
		`"a" + order.id`:        `"a" + order.id`,
		`{a: 1, b: {c: [x()]}}`: "x()",
		`a ? "b" : "c"`:         `a ? "b" : "c"`,
		`process.env["KEY"]`:    "process.env",
	} {
		v, _, ok := parse(source)
		if got := v.FirstUnknown(); !ok || got != want {
			t.Errorf("%s: unknown %q, want %q", source, got, want)
		}
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ source, want string }{
		{`fetch("u", {"method": "POST"});`, `fetch("u",{"method":"POST"})`},
		{"// a 'comment'\nconst url = 'u', x = 1;\nconst body = JSON.stringify({a: 1});\nasync function pay() {\n  const r = await fetch(`${url}/x`, { method: 'POST', body });\n  return r.json();\n}",
			`fetch("u/x",{"method":"POST","body":"{\"a\":1}"}) r.json()`},
		{`const h = new Headers(); h.append("A", "b"); h.append("A", "c"); const o = {method: "PUT"}; o.headers = h;
			fetch("u", o).then((r) => r.text()).then(t => console.log(t)).catch(console.error)`, `fetch("u",{"method":"PUT","headers":{"A":"c"}})`},
		{`axios.post("u", {a: 1}, {headers: {b: "c"}, validateStatus: () => true})`, `axios.post("u",{"a":1},{"headers":{"b":"c"}})`},
		{`it("works", async () => { await fetch("u"); })`, `fetch("u") it("works")`},
		{`const x = new XMLHttpRequest(); x.open("POST", "u"); x.send("b")`, `XMLHttpRequest() x.open("POST","u") x.send("b")`},
	} {
		var got []string
		for _, call := range Calls(c.source) {
			var args []string
			for _, a := range call.Args {
				if text, ok := a.Stringify(""); ok {
					args = append(args, text)
				}
			}
			got = append(got, call.Name+"("+strings.Join(args, ",")+")")
		}
		if text := strings.Join(got, " "); !strings.Contains(text, c.want) {
			t.Errorf("%s\n gave %s\n want %s", c.source, text, c.want)
		}
	}
}

// Sources that make a reader go back again and again are read: work that grew with the
// square of their length would not end in minutes.
func TestHostileSources(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<19)
	for _, source := range []string{
		strings.Repeat("(", 1<<19) + `"` + long + `"`, strings.Repeat("(()=>", 1<<17), strings.Repeat("a(", 1<<19) + "'" + long,
		strings.Repeat("{a:", 1<<18), strings.Repeat("a=", 1<<18), strings.Repeat("`${", 1<<18), "x" + strings.Repeat(".a()", 1<<18),
		strings.Repeat("/*", 1<<19), strings.Repeat("function f(", 1<<17), "a='x';" + strings.Repeat("a=a+a;", 1<<10), "a=[1];" + strings.Repeat("a=[a,a];", 1<<10) + "fetch(JSON.stringify(a))",
	} {
		Calls(source)
	}
}

func FuzzCalls(f *testing.F) {
	for _, c := range literals {
		f.Add(c.source)
	}
	f.Add(`const a = {b}; fetch(a.b["c"], {...a, f() {}}).then(x => y)`)
	f.Fuzz(func(t *testing.T, source string) {
		if v, n, ok := parse(source); ok {
			if n > len(source) {
				t.Fatalf("%d of %d bytes", n, len(source))
			}
			if text, ok := v.Stringify(""); ok && !json.Valid([]byte(text)) && v.FirstUnknown() == "" {
				t.Fatalf("%q is written as %q", source, text)
			}
		}
		for _, call := range Calls(source) {
			if call.At > len(source) {
				t.Fatal(call)
			}
		}
	})
}

// parse reads the expression that src begins with, and returns how many bytes
// it takes; ok is false where src begins with none, or it has no end.
func parse(src string) (v Value, length int, ok bool) {
	p := newParser(src)
	v, ok = p.expression()
	return v, p.at, ok
}
