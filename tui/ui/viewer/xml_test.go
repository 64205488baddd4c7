package viewer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
	"countersign/tui/tuitest"
)

const answerXML = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
	`<response xmlns:a="u"><result><resultStatus>S</resultStatus><resultCode><![CDATA[SUCCESS]]></resultCode></result>` +
	`<!-- two --><items><item id="1"><name> one &amp; only </name></item><item id="2"><name/></item></items><a:note>x<b>y</b> z</a:note></response>`

func TestPrettyXML(t *testing.T) {
	got, ok := xmlLanguage.pretty([]byte(answerXML))
	want := `<?xml version="1.0" encoding="UTF-8"?>
<response xmlns:a="u">
  <result>
    <resultStatus>S</resultStatus>
    <resultCode><![CDATA[SUCCESS]]></resultCode>
  </result>
  <!-- two -->
  <items>
    <item id="1">
      <name> one &amp; only </name>
    </item>
    <item id="2">
      <name/>
    </item>
  </items>
  <a:note>x<b>y</b> z</a:note>
</response>`
	tuitest.Must(t, "indented", ok, true)
	tuitest.Must(t, "text", string(got), want)
	for _, same := range []string{
		`<a> </a>`, "<a>\r\n</a>", `<a></a>`, `<a xml:space="preserve"><b/> <c/></a>`, `<a><!-- x -->y</a>`, "<a>x<b/>\n</a>", "\xef\xbb\xbf<a>x</a>",
	} {
		got, ok := xmlLanguage.pretty([]byte(same))
		tuitest.Must(t, same, ok, true)
		tuitest.Must(t, same, string(got), same)
	}
	if got, ok := xmlLanguage.pretty([]byte("<a><b></a>")); ok || got != nil {
		t.Errorf("%q", got)
	}
}

func xmlViewer(text string) *Viewer {
	v := New(plainTheme())
	v.SetFolding(true)
	v.SetCursor(true)
	v.Resize(70, 30)
	v.SetContent([]byte(text), XML)
	return v
}

func TestXMLPaths(t *testing.T) {
	v := xmlViewer(answerXML)
	tuitest.Must(t, "indented", v.Indented(), true)
	want := []struct{ path, says string }{
		{"", ""}, {"", ""}, {"result", ""}, {"result.resultStatus", "S"}, {"result.resultCode", "SUCCESS"}, {"result", ""},
		{"", ""}, {"items", ""}, {"items.item[0]", ""}, {"items.item[0].name", " one & only "}, {"items.item[0]", ""},
		{"items.item[1]", ""}, {"items.item[1].name", ""}, {"items.item[1]", ""}, {"items", ""}, {"note", "<a:note>x<b>y</b> z</a:note>"}, {"", ""},
	}
	for i, w := range want {
		value, path, ok := v.Value()
		tuitest.Must(t, fmt.Sprintf("path of line %d", i+1), path, w.path)
		if w.says != "" {
			tuitest.Must(t, w.path, v.Mode().Says(value), w.says)
		}
		tuitest.Must(t, fmt.Sprintf("value in line %d", i+1), ok, i > 0)
		v.Step(1)
	}
	v = xmlViewer(`<result><resultStatus>S</resultStatus></result>`)
	v.Step(1)
	tuitest.Must(t, "root that is the result", v.Path(), "result.resultStatus")
}

func TestXMLFolds(t *testing.T) {
	v := xmlViewer(answerXML)
	v.FoldAll()
	view := ansi.Strip(v.View())
	for _, has := range []string{"3▸   <result> … 2 elements, 87 B </result>", "<items> … 2 elements, ", "2▾ <response", "<a:note>x<b>y</b> z</a:note>"} {
		if !strings.Contains(view, has) {
			t.Errorf("no %q in\n%s", has, view)
		}
	}
	v.Search("only")
	if !strings.Contains(ansi.Strip(v.View()), "one &amp; only") {
		t.Error("what is found in a fold is not opened")
	}
}

// Paths do not depend on how far from a mark one is.
func TestXMLPathsInLargeText(t *testing.T) {
	text, _ := xmlLanguage.pretty(manyElements(400 << 10))
	o := newOutline(&xmlLanguage, text, nil)
	at := 0
	for i := 0; ; i++ {
		n := bytes.Index(text[at:], []byte("<name>"))
		if n < 0 {
			break
		}
		at += n
		if i%97 == 0 {
			tuitest.Must(t, "path", o.at(at, at+20).path, fmt.Sprintf("items.item[%d].name", i))
		}
		at++
	}
}

func manyElements(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`<response><items>`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<item><id>%d</id><name>name %d</name><amount><value>%d</value></amount></item>`, i, i, i)
	}
	b.WriteString("</items></response>")
	return b.Bytes()
}

// FuzzPrettyXML: indented is the same but for blanks between tags, and says the
// same where elements hold text or elements.
func FuzzPrettyXML(f *testing.F) {
	f.Add([]byte(answerXML))
	f.Add([]byte("<a><b/> <!--c--> <d> </d><?e f?>\n<g>h<i/></g></a>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		pretty, ok := xmlLanguage.pretty(b)
		if !ok {
			return
		}
		if got, want := tight(pretty), tight(b); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		again, ok := xmlLanguage.pretty(pretty)
		if !ok || !bytes.Equal(again, pretty) {
			t.Fatalf("%q becomes %q", pretty, again)
		}
		before, _ := xmltext.JSON(b)
		after, ok := xmltext.JSON(pretty)
		if !ok || !bytes.Contains(before, []byte("#text")) && !bytes.Equal(before, after) {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

// tight leaves out blanks between tags.
func tight(b []byte) string {
	var out strings.Builder
	for at := 0; at < len(b); {
		t := xmltext.Next(b, at)
		if t.Kind != xmltext.Text || jsontext.SkipSpace(b, t.From) < t.To {
			out.Write(b[t.From:t.To])
		}
		at = t.To
	}
	return out.String()
}

// FuzzXMLViewer is FuzzViewer for XML.
func FuzzXMLViewer(f *testing.F) {
	f.Add([]byte(answerXML), uint8(40), uint8(8), []byte{0, 20, 3, 21, 5, 22, 6, 23, 30, 1})
	f.Add([]byte("<a>\n<b>\n<c>1\n2</c></b></x></a>\n"), uint8(12), uint8(3), []byte{24, 20, 24, 10, 1, 20, 25})
	f.Add([]byte("<a b='\x1b[2J'><!-- \u202e <c/> <![CDATA["), uint8(7), uint8(2), []byte{9, 8, 12, 13, 14, 25})
	f.Fuzz(func(t *testing.T, content []byte, w, h uint8, keys []byte) {
		v := New(plainTheme())
		v.SetFolding(true)
		v.SetCursor(true)
		v.Resize(int(w), int(h))
		v.SetContent(content, XML)
		for i, key := range keys[:min(len(keys), 200)] {
			next := 0
			if i+1 < len(keys) {
				next = int(keys[i+1])
			}
			pressViewer(v, key, next, content)
			if value, _, ok := v.Value(); ok {
				v.Mode().Says(value)
			}
			finish(v, v.Work())
			checkViewer(t, v)
		}
	})
}
