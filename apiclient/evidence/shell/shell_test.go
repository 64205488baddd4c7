package shell

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// texts returns the words of the last command.
func texts(s Script) []string {
	var list []string
	for _, c := range s.Commands {
		if c.Words[0].Text == "}" {
			continue
		}
		list = nil
		for _, w := range c.Words {
			list = append(list, w.Text)
		}
	}
	return list
}

// scripts are commands for a POSIX shell that end with one of curl.
var scripts = []string{
	`curl a 'b c' "d e" f\ g`, `curl 'it'\''s' "say \"x\"" a"b"'c'd`, `curl "a\nb\\c\$d\` + "`" + `e" '\n' \n`,
	`curl $'a\n\x41\101\u00e9\U0001F4B3\'\q' $"x"`, "curl a \\\n  b \\\n\tc", "curl 'a\nb' \"c\\\nd\"",
	`X=1 Y='a b'; curl "$X" "${Y}z" $X "$Y-"`, `export A=b C="d e"; curl $A "$C"`, `curl "${N:-default}" a$`, `curl a#b '#c' # comment`,
	`curl a; `, `curl a 2>&1 >/dev/null b`, `curl "$(echo "a b")" "x$(printf '%s-%s' 1 2)y"`, "curl `echo a`", "curl \"$(cat <<'EOF'\na\"b'c $x\nEOF\n)\" d",
	`curl ''`, `curl "" 'a'''`, `curl {} [a] '{"a":1}' {"a":1}`, `true && curl a`, `false || curl a`, `(curl a b)`, `{ curl a b; }`, `curl --a=b -c"d" -e'f'`,
	"A=$(cat <<EOF\nx \\$y \\\\ \\z\nEOF\n); curl \"$A\"", `curl "a"$'\t'"b" \"c\" \'d\'`, `curl é 茶 '💳'`, `curl a&`, `curl "!" '!'`, `curl "\'" "\a"`,
	"P='a\nb'\ncurl \"$P\"", `curl '{"a":"b"}' --x '{"a":"it'"'"'s"}'`, `curl ~a a~ =b a=b`,
}

func TestPOSIXAsBashReadsIt(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	all := append([]string{"-c", "curl() { printf '%s\\0' \"$@\"; }\nfor s; do (eval \"$s\"; wait); printf '\\n\\n\\0'; done", "bash"}, scripts...)
	command := exec.CommandContext(t.Context(), bash, all...)
	command.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(string(out), "\n\n\x00")
	for i, script := range scripts {
		got := Read(POSIX, script, nil)
		want := strings.Split(strings.TrimSuffix(answers[i], "\x00"), "\x00")
		if strings.Contains(script, `>/dev/null`) {
			want = []string{"a", "b"}
		}
		if words := texts(got); got.Err != nil || len(words) < 1 || words[0] != "curl" && words[0] != "{" || !slices.Equal(words[slices.Index(words, "curl")+1:], want) {
			t.Errorf("%s\n gave %q, %v\n want %q", script, words, got.Err, want)
		}
	}
}

func TestPOSIXInput(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	inputs := []string{
		"curl <<EOF\na $((1)) \\$b `echo c` $(echo d)\n \"e\" 'f' \\\\ \\g\nEOF", "curl <<'EOF'\na $b \\c\nEOF", "curl <<-EOF\n\ta\n\t\tb\n\tEOF", "curl <<< 'a b'",
		"echo a b | curl", "echo -n 'a' | curl", `echo -e 'a\tb\0101' | curl`, `printf '%s|%b|%%\n' 'a\n' 'b\n' c | curl`, `printf 'a\101\x42\n' | curl`, `printf '%s\n' a b | curl`,
		"cat <<A | curl\nx\nA", "cat <<A <<B | curl\nx\nA\ny\nB", "X=1; curl <<< \"$X\"", "echo a |\n curl", "cat <<A - | curl\nx\nA",
	}
	all := append([]string{"-c", "curl() { cat; }\nfor s; do (eval \"$s\"); printf '\\0'; done", "bash"}, inputs...)
	command := exec.CommandContext(t.Context(), bash, all...)
	command.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	out, err := command.Output()
	answers := bytes.Split(out, []byte{0})
	for i, script := range inputs {
		got, want := Read(POSIX, script, nil), answers[i]
		if err != nil || len(got.Commands) == 0 {
			t.Fatalf("%s: %v, %v", script, err, got)
		}
		in := got.Commands[len(got.Commands)-1].Stdin
		if strings.Contains(script, "$((") {
			if in == nil || in.Unknown != "$((1))" {
				t.Errorf("%s\n gave %+v", script, in)
			}
			continue
		}
		if in == nil || !bytes.Equal(in.Data, want) || in.Unknown != "" {
			t.Errorf("%s\n gave %+v\n want %q", script, in, want)
		}
	}
}

// The rules are those of cmd and of the C runtime of Windows, as they are
// documented; no Windows is asked.
func TestCMD(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		script string
		want   []string
	}{
		{`curl a "b c" d`, []string{"curl", "a", "b c", "d"}},
		{`curl "a\"b" "c\\" "d\\\"e" \f\ g\\h`, []string{"curl", `a"b`, `c\`, `d\"e`, `\f\`, `g\\h`}},
		{`curl "a""b" "{""c"":1}"`, []string{"curl", `a"b`, `{"c":1}`}},
		{"curl a ^\r\n b ^\n c", []string{"curl", "a", "b", "c"}},
		{`curl ^"a^\^"b^\^\^\^"c^"`, []string{"curl", `a"b\"c`}},
		{"curl ^\"a^\n\nb^\r\n\r\nc^\"", []string{"curl", "a\nb\nc"}},
		{`curl ^"a^%^2Bb^%^3D^" "50%" "%2B%2F"`, []string{"curl", "a%2Bb%3D", "50%", "%2B%2F"}},
		{`curl ^"C:\\x\\^"`, []string{"curl", `C:\x\`}},
		{`curl "C:\\x" 'a b'`, []string{"curl", `C:\\x`, "'a", "b'"}},
		{`curl a^&b "c&d^" & dir`, []string{"dir"}},
		{`set A=b c` + "\r\n" + `curl "%A%" %a% %B%`, []string{"curl", "b c", "b", "c", "%B%"}},
		{`curl "a%%2Bb" 100%%`, []string{"curl", "a%2Bb", "100%"}},
		{"curl \"^{^\\^\"a^\\^\":1^}\" b", []string{"curl", `{"a":1}`, "b"}},
		{`curl a > out.txt 2>&1 b`, []string{"curl", "a", "2", "b"}},
		{`curl "{"a":"b c"}"`, []string{"curl", `{"a":"b c"}`}},
		{"curl\u00a0a\u200b b", []string{"curl", "a", "b"}},
	} {
		got := Read(CMD, c.script, nil)
		if words := texts(got); got.Err != nil || !slices.Equal(words, c.want) {
			t.Errorf("%s\n gave %q, %v\n want %q", c.script, words, got.Err, c.want)
		}
	}
}

// The rules are those of about_Quoting_Rules, about_Special_Characters and
// about_Splatting; no PowerShell is asked.
func TestPowerShell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		script string
		want   []string
	}{
		{`curl.exe a 'b c' "d e"`, []string{"curl.exe", "a", "b c", "d e"}},
		{"curl.exe 'it''s' \"say \"\"x\"\" `\"y`\" `$z `n\" a`tb", []string{"curl.exe", "it's", "say \"x\" \"y\" $z \n", "a\tb"}},
		{"curl.exe a `\r\n  -b 'c' `\n  d", []string{"curl.exe", "a", "-b", "c", "d"}},
		{"$x = 'a'\n$y = \"$x-b\"; curl.exe $y \"${x}c\" \"$($x)d\" '$x'", []string{"curl.exe", "a-b", "ac", "ad", "$x"}},
		{"curl.exe @'\na \"b\" 'c' $d\ne\n'@ f", []string{"curl.exe", "a \"b\" 'c' $d\ne", "f"}},
		{"$v = 1\ncurl.exe @\"\r\na \"b\" `$x $v\r\n\"@", []string{"curl.exe", "a \"b\" $x 1"}},
		{"curl.exe “a b” ‘c’ –d", []string{"curl.exe", "a b", "c", "-d"}},
		{`curl.exe "$([char]233)$([char]0xD83D)$([char]56499)"`, []string{"curl.exe", "é💳"}},
		{"# note 'x'\n<# more\n'y' #>\ncurl.exe ('a' + \"b\") # end", []string{"curl.exe", "ab"}},
		{"curl.exe -d '{\\\"a\\\":\\\"b\\\\\\\"c\\\"}'", []string{"curl.exe", "-d", `{"a":"b\"c"}`}},
		{"& 'C:\\x\\curl.exe' -d ([System.Text.Encoding]::UTF8.GetBytes('a'))", []string{`C:\x\curl.exe`, "-d", "a"}},
		{"curl.exe \"`u{e9}`u{1F4B3}\"", []string{"curl.exe", "é💳"}},
		{"$u = @{ Host = 'h' }\ncurl.exe $u.Host \"x\"", []string{"curl.exe", "h", "x"}},
	} {
		got := Read(PowerShell, c.script, nil)
		if words := texts(got); got.Err != nil || !slices.Equal(words, c.want) {
			t.Errorf("%s\n gave %q, %v\n want %q", c.script, words, got.Err, c.want)
		}
	}
	got := Read(PowerShell, "$b = 'x'\nirm h -Headers @{ A = 'b'; \"C-D\" = \"e$b\"\n'F' = $nothing } -Body $b", nil)
	table := got.Commands[0].Words[3].Table
	if len(table) != 3 || table[1].Name != "C-D" || table[1].Value.Text != "ex" || table[2].Value.Unknown != "$nothing" {
		t.Errorf("the table is %+v", table)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"curl\u00a0a":                   "U+00A0",
		"curl “a”":                      "typographic quotes",
		"curl –data a":                  "typographic dashes",
		"curl a\n  -H b":                "read as one command",
		"curl a \\ \n -H b":             "blanks follow",
		`curl -d '{"a":"it's"}'`:        "the ' in line 1, column 18",
		`curl -d "{"a":1}"`:             "the quoting is at fault",
		"curl https://h/x?a=1&b=2 -H c": "an & stands in the address",
	} {
		got := Read(Guess(script), script, nil)
		if got.Err != nil || len(got.Commands) != 1 || !strings.Contains(strings.Join(got.Notes, "; "), want) {
			t.Errorf("%s: %d commands, notes %q, %v; want %q", script, len(got.Commands), got.Notes, got.Err, want)
		}
	}
	for script, want := range map[string]string{
		"curl 'a": "opens in line 1, column 6", "curl\n\n \"é\" \"b": "line 3, column 6", "curl $(a": "$(", "curl “a": "typographic quote", "curl ${a": "${", "curl `a": "`",
	} {
		if got := Read(POSIX, script, nil); got.Err == nil || !strings.Contains(got.Err.Error(), want) {
			t.Errorf("%s: %v, want %q", script, got.Err, want)
		}
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dialect      Dialect
		script, want string
	}{
		{POSIX, `curl "a $B c"`, "$B"}, {POSIX, `curl ${B#x}`, "${B#x}"}, {POSIX, `curl $(date +%s)`, "$(date +%s)"}, {POSIX, "curl `date`", "`date`"},
		{POSIX, `X=$(date); curl "$X"`, "$X"}, {CMD, `curl "%BODY%"`, "%BODY%"}, {CMD, `curl "a%2Bb%DE%AD"`, ""}, {PowerShell, `curl.exe "a $b"`, "$b"},
		{PowerShell, `curl.exe (Get-Date)`, "Get-Date"}, {PowerShell, `curl.exe $env:TOKEN`, "$env:TOKEN"},
	} {
		got := Read(c.dialect, c.script, nil)
		words := got.Commands[len(got.Commands)-1].Words
		if unknown := words[len(words)-1].Unknown; unknown != c.want {
			t.Errorf("%s: unknown is %q, want %q", c.script, unknown, c.want)
		}
	}
}

// Texts that no person writes are read: work that grew with the square of their length
// would not end in minutes.
func TestHostileScripts(t *testing.T) {
	t.Parallel()
	many := func(s string) string { return strings.Repeat(s, 1<<14/len(s)) }
	for _, text := range []string{
		many("'"), many("\""), many("`"), many("$("), many("${"), many("$(("), many("<<a "), many("<<a\n"), many("\\\n"), many("“"), many("x|"), many("a=$b "),
		"curl " + many(`'{"a":"it's" `), "curl " + many(`"{"`), many("(("), many("@{"), many("@{a="), many("[a]::"), many("$a["), many("$($("), many("a,"), many("^"),
		many("^\n"), many("%a"), many("\u00a0"), many(`^\^"`), many("@'\n"), many("<#"), "$x = " + many("('a'+"), many("$a.b("), many("x`\n"), "a " + many("-–"),
		many("curl <<E\nE\n"), "A=xx\n" + many("A=$A$A\n"), "set A=xx\n" + many("set A=%A%%A%\n"), "$a = 'xx'\n" + many("$a = $a + $a\n"), "A=" + strings.Repeat("x", 1<<14) + "\n" + many("echo $A|"),
	} {
		for _, d := range []Dialect{POSIX, CMD, PowerShell} {
			Read(d, text, nil)
			Guess(text)
		}
	}
}

func fuzz(f *testing.F, d Dialect) {
	for _, s := range scripts {
		f.Add(s)
	}
	f.Add("$h = @{ 'a' = \"b$([char]233)\" }\nirm x -Headers $h -Body (@'\nx\n'@)")
	f.Add("curl ^\"a^\\^\"^\" ^\n -d \"^{^\\^\"a^\\^\":1^}\" %A% | more")
	f.Fuzz(func(t *testing.T, text string) {
		got := Read(d, text, nil)
		for _, c := range got.Commands {
			if len(c.Words) == 0 {
				t.Fatal("a command without words")
			}
		}
		if len(got.Notes) > 20 {
			t.Fatal(len(got.Notes))
		}
	})
}

func FuzzPOSIX(f *testing.F)      { fuzz(f, POSIX) }
func FuzzCMD(f *testing.F)        { fuzz(f, CMD) }
func FuzzPowerShell(f *testing.F) { fuzz(f, PowerShell) }
