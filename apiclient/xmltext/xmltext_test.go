package xmltext

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJSON(t *testing.T) {
	tests := []struct{ name, xml, want string }{
		{"root is transparent", `<response><result><resultStatus>S</resultStatus></result><paymentId>1</paymentId></response>`,
			`{"result":{"resultStatus":"S"},"paymentId":"1"}`},
		{"root is the result", `<result><resultStatus>S</resultStatus></result>`, `{"result":{"resultStatus":"S"}}`},
		{"root only called so", `<result><result>x</result></result>`, `{"result":"x"}`},
		{"declaration, comments, CDATA", "<?xml version=\"1.0\"?>\n<!-- a -->\n<xml>\n <code><![CDATA[S<>\"]]></code>\n <b><!-- c -->x</b>\n</xml>\n",
			`{"code":"S<>\"","b":"x"}`},
		{"repeated elements", `<r><i>1</i><k/><i><a>2</a></i></r>`, `{"i":["1",{"a":"2"}],"k":""}`},
		{"prefixes", `<s:r xmlns:s="u"><s:a>1</s:a></s:r>`, `{"a":"1"}`},
		{"attributes", `<r><a x="1">text</a><b x="1&amp;"/><c x='1'><d/></c></r>`, `{"a":"text","b":{"@x":"1&"},"c":{"@x":"1","d":""}}`},
		{"no value", `<r xmlns:xsi="u"><a xsi:nil="true"/><b xsi:type="t"/></r>`, `{"a":null,"b":""}`},
		{"mixed", `<r><p>Hello <b>you</b> there</p></r>`, `{"p":{"#text":"Hello  there","b":"you"}}`},
		{"references", "<r><a>&lt;&#65;&#x4e2d;&amp;lt;\r\n</a></r>", `{"a":"<A中&lt;\n"}`},
		{"blanks are kept", "<r><a>  x </a><b> </b></r>", `{"a":"  x ","b":" "}`},
		{"text alone", `<error>refused</error>`, `"refused"`},
		{"empty", `<r/>`, `""`},
		{"quotes of attributes", `<r a="'>'" b='">"'/>`, `{"@a":"'>'","@b":"\">\""}`},
		{"document type", `<!DOCTYPE r [<!-- ' --><!ENTITY a "b>"><?p ]?>]><r>1</r>`, `"1"`},
	}
	for _, tt := range tests {
		got, ok := JSON([]byte(tt.xml))
		if !ok || string(got) != tt.want {
			t.Errorf("%s: %s, %v, %v", tt.name, got, ok, Check([]byte(tt.xml)))
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		xml  string
		at   int
		says string
	}{
		{"<a></b>", 3, "</b> stands where <a> is to be closed"},
		{"<a><b>", 6, "it ends and <b> is not closed"},
		{"<a/>\n<b/>", 5, "there is more than one root element"},
		{"<a/>x", 4, "text stands outside of the root element"},
		{"<a>1 < 2</a>", 5, "< begins no tag here; in text it is written &lt;"},
		{"<a>b & c</a>", 5, "& begins no reference that XML itself has; in text it is written &amp;"},
		{"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 33, "& begins no reference that XML itself has; in text it is written &amp;"},
		{"<a b=c/>", 3, `an attribute is not written name="value"`},
		{"<a b/>", 3, `an attribute is not written name="value"`},
		{"<a b='&c'/>", 3, "& begins no reference that XML itself has; in text it is written &amp;"},
		{"<a>\x01</a>", 3, "it holds the control character 0x01"},
		{"<a>\xff</a>", 3, "it is not UTF-8"},
		{"<a>&#0;</a>", 3, "& begins no reference that XML itself has; in text it is written &amp;"},
		{"<a><!-- -- --></a>", 3, "-- stands in a comment"},
		{"<a>]]></a>", 3, "]]> stands in text"},
		{" <?xml version='1.0'?><a/>", 1, "the XML declaration is not at the beginning"},
		{"<a href='", 0, "it is cut off in the middle of this tag"},
		{"<!-- only -->", 13, "it has no element"},
		{strings.Repeat("<a>", MaxDepth+1), 3 * MaxDepth, "elements nest deeper than 4000"},
	}
	for _, tt := range tests {
		var fault *Error
		if err := Check([]byte(tt.xml)); !errors.As(err, &fault) || fault.Offset != tt.at || fault.Says != tt.says {
			t.Errorf("%.60q: %+v", tt.xml, fault)
		}
	}
	var fault *Error
	if !errors.As(Check([]byte("<a>\n<b>\n</a>")), &fault) || fault.Line != 3 {
		t.Errorf("line %d, not 3", fault.Line)
	}
}

func TestSniff(t *testing.T) {
	tests := []struct {
		text, contentType string
		want              Form
	}{
		{"<response/>", "", XML},
		{"<response/>", "text/html", XML},
		{"\xef\xbb\xbf \n<?xml version='1.0'?><x/>", "", XML},
		{"<xml><result/></xml>", "application/json", XML},
		{"<html><body/></html>", "application/xml", HTML},
		{"<?xml version='1.0'?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\"><html/>", "", HTML},
		{"<!-- a --><!doctype HTML><p>x", "", HTML},
		{"<HTML>\r\n<head><title>502 Bad Gateway</title></head>", "text/html", HTML},
		{"<title>x</title>", "text/html", HTML},
		{"<title>x</title>", "application/xml", XML},
		{"<h1>x</h1>", "", HTML},
		{`{"a":"<b>"}`, "application/xml", Neither},
		{"< 5", "", Neither},
		{"", "application/xml", Neither},
		{"<?xml version='1.0'?", "", XML},
		{"<resp", "", XML},
	}
	for _, tt := range tests {
		if got := Sniff([]byte(tt.text), tt.contentType); got != tt.want {
			t.Errorf("%q as %q: %v, not %v", tt.text, tt.contentType, got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	tests := []struct{ name, body, contentType, text, encoding string }{
		{"UTF-8", "\xef\xbb\xbf<a>中</a>", "", "<a>中</a>", ""},
		{"GBK declared", "<?xml version=\"1.0\" encoding='GBK'?><a>\xd6\xd0</a>", "", "<?xml version=\"1.0\" encoding='GBK'?><a>中</a>", "GBK"},
		{"Latin-1 in the header", "<a>\xe9</a>", "text/xml; charset=ISO-8859-1", "<a>é</a>", "ISO-8859-1"},
		{"UTF-8 that says GBK", "<?xml version=\"1.0\" encoding=\"GBK\"?><a>中</a>", "", "<?xml version=\"1.0\" encoding=\"GBK\"?><a>中</a>", ""},
		{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00", "", "<a/>", "UTF-16"},
		{"UTF-8 that is not", "<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>", "", "<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>", ""},
		{"unknown", "<a>\xe9</a>", "text/xml; charset=x-none", "<a>\xe9</a>", ""},
	}
	for _, tt := range tests {
		text, encoding, ok := Read([]byte(tt.body), tt.contentType)
		if !ok || string(text) != tt.text || encoding != tt.encoding {
			t.Errorf("%s: %q in %q, %v", tt.name, text, encoding, ok)
		}
	}
	if _, _, ok := Read([]byte(`{"a":1}`), "application/xml"); ok {
		t.Error("JSON is read as XML")
	}
}

// FuzzXML: tokens cover every byte; what is well formed here is so for
// encoding/xml too, and its JSON is JSON.
func FuzzXML(f *testing.F) {
	for _, s := range []string{
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE a [<!ENTITY b 'c'>]><a b='c' d=\"&lt;\"><![CDATA[x]]>&#65;<e:f/><!-- g --></a>",
		"<a><b>1</b><b>2</b>c</a>", "<a", "</a>", "<a b='>'>]]></a>", "\xff\xfe<\x00a\x00/\x00>\x00", "<a x:nil='1'/>",
	} {
		f.Add([]byte(s), "text/xml; charset=gbk")
	}
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		at := 0
		for at < len(b) {
			token := Next(b, at)
			if token.From != at || token.To <= at || token.To > len(b) {
				t.Fatalf("%+v at %d", token, at)
			}
			token.Name(b)
			at = token.To
		}
		Read(b, contentType)
		TextOf(b)
		out, ok := JSON(b)
		if ok != (Check(b) == nil) {
			t.Fatal("JSON and Check differ")
		}
		if !ok {
			return
		}
		if !json.Valid(out) || !utf8.Valid(out) {
			t.Fatalf("%q", out)
		}
		if err := other(b); err != nil {
			t.Fatalf("encoding/xml: %v", err)
		}
	})
}

// other reads all of a text with encoding/xml, which knows fewer versions,
// encodings and names than there are.
func other(b []byte) error {
	if bytes.Contains(b, []byte("<!")) || bytes.Contains(b, []byte("<?")) || bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf || r == ':' }) >= 0 {
		return nil
	}
	dec := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestMixedIsLinear(t *testing.T) {
	deep := strings.Repeat("<a>x", MaxDepth) + strings.Repeat("</a>", MaxDepth)
	if _, ok := JSON([]byte(deep)); !ok {
		t.Fatal(Check([]byte(deep)))
	}
}

func items(size int) []byte {
	var b bytes.Buffer
	b.WriteString("<response><items>")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<item n="%d"><id>%d</id><name>name %d &amp; more</name><amount><value>%d</value></amount></item>`, i, i, i, i)
	}
	b.WriteString("</items></response>")
	return b.Bytes()
}

func BenchmarkCheck(b *testing.B) {
	body := items(20 << 20)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := Check(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	body := items(20 << 20)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		JSON(body)
	}
}
