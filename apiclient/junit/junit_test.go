package junit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/junit"
)

func write(t *testing.T, suites ...junit.Suite) string {
	t.Helper()
	var out bytes.Buffer
	if err := junit.Write(&out, suites...); err != nil {
		t.Fatal(err)
	}
	for _, fault := range validate(t, out.Bytes()) {
		t.Errorf("by testdata/junit.xsd: %s\n%s", fault, out.String())
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	got := write(t, junit.Suite{Name: "orders.http", Cases: []junit.Case{
		{Name: "pay", Time: 1500 * time.Millisecond},
		{Name: "refund", Class: "money", Time: time.Millisecond, Failure: `status is "F" & not "S"`, Detail: "line 1\r\nline <2>\n]]>"},
		{Name: "later", Skipped: "bailed out"},
	}}, junit.Suite{Name: "empty", Time: 2 * time.Second})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" skipped="1" time="3.501">
  <testsuite name="orders.http" tests="3" failures="1" errors="0" skipped="1" time="1.501">
    <testcase classname="orders.http" name="pay" time="1.500"></testcase>
    <testcase classname="money" name="refund" time="0.001">
      <failure message="status is &#34;F&#34; &amp; not &#34;S&#34;" type="failure">line 1&#xA;line &lt;2&gt;&#xA;]]&gt;</failure>
    </testcase>
    <testcase classname="orders.http" name="later" time="0.000">
      <skipped message="bailed out"></skipped>
    </testcase>
  </testsuite>
  <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="2.000"></testsuite>
</testsuites>
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWriteWhatXMLCannotHold(t *testing.T) {
	got := write(t, junit.Suite{Name: "a\x00b", Cases: []junit.Case{
		{Name: "\x1b[31m", Class: "\xff", Failure: "\ufffe", Detail: "bell\a, tab\t"}}})
	for _, want := range []string{`name="a` + "\uFFFD" + `b"`, `name="` + "\uFFFD" + `[31m"`, `classname="` + "\uFFFD" + `"`,
		`message="` + "\uFFFD" + `"`, "bell\uFFFD, tab&#x9;"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s:\n%s", want, got)
		}
	}
}

func TestWriteTellsTheWritersError(t *testing.T) {
	full := errors.New("no room")
	for n := range 3 {
		if err := junit.Write(&fullAfter{n, full}, junit.Suite{Name: strings.Repeat("x", 10000)}); n < 2 && !errors.Is(err, full) {
			t.Errorf("after %d writes: %v", n, err)
		}
	}
}

type fullAfter struct {
	n   int
	err error
}

func (w *fullAfter) Write(b []byte) (int, error) {
	if w.n--; w.n < 0 {
		return 0, w.err
	}
	return len(b), nil
}

// The checker refuses what the schema does not allow; else it would prove nothing.
func TestValidate(t *testing.T) {
	for _, bad := range []string{
		`<testsuite/>`,
		`<testsuites><testcase name="a" classname="b"/></testsuites>`,
		`<testsuites tests="-1"/>`,
		`<testsuites time="1s"/>`,
		`<testsuites color="red"/>`,
		`<testsuites>text</testsuites>`,
		`<testsuites><testsuite name="a" tests="1" failures="0" errors="0" time="0"><testcase name="a" classname="b"><failure type="f"/><failure type="f"/></testcase></testsuite></testsuites>`,
		`<testsuites><testsuite name="a" tests="1" failures="0" errors="0" time="0"><testcase name="a" classname="b"><skipped/><failure type="f"/></testcase></testsuite></testsuites>`,
	} {
		if len(validate(t, []byte(bad))) == 0 {
			t.Errorf("valid: %s", bad)
		}
	}
}

// What follows reads the part of XML Schema that testdata/junit.xsd uses.

type schema struct {
	Elements []struct {
		Name string `xml:"name,attr"`
		Type struct {
			Mixed    bool `xml:"mixed,attr"`
			Sequence []struct {
				Ref string `xml:"ref,attr"`
				Max string `xml:"maxOccurs,attr"`
			} `xml:"sequence>element"`
			Attributes []struct {
				Name string `xml:"name,attr"`
				Type string `xml:"type,attr"`
				Use  string `xml:"use,attr"`
			} `xml:"attribute"`
		} `xml:"complexType"`
	} `xml:"element"`
}

type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

var types = map[string]*regexp.Regexp{
	"xs:string":             regexp.MustCompile(`(?s)^.*$`),
	"xs:decimal":            regexp.MustCompile(`^-?\d+(\.\d+)?$`),
	"xs:nonNegativeInteger": regexp.MustCompile(`^\d+$`),
}

func validate(t *testing.T, document []byte) []string {
	t.Helper()
	file, err := os.ReadFile("testdata/junit.xsd")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := xml.Unmarshal(file, &s); err != nil {
		t.Fatal(err)
	}
	var root node
	if err := xml.Unmarshal(document, &root); err != nil {
		return []string{err.Error()}
	}
	if root.XMLName.Local != "testsuites" {
		return []string{"the root is " + root.XMLName.Local}
	}
	return s.check(root)
}

func (s schema) check(n node) (faults []string) {
	for _, e := range s.Elements {
		if e.Name != n.XMLName.Local {
			continue
		}
		given := map[string]string{}
		for _, a := range n.Attrs {
			given[a.Name.Local] = a.Value
		}
		for _, a := range e.Type.Attributes {
			value, ok := given[a.Name]
			delete(given, a.Name)
			if !ok && a.Use == "required" || ok && !types[a.Type].MatchString(value) {
				faults = append(faults, e.Name+"/@"+a.Name+" = "+strconv.Quote(value))
			}
		}
		for name := range given {
			faults = append(faults, e.Name+" has no attribute "+name)
		}
		if !e.Type.Mixed && strings.TrimSpace(n.Text) != "" {
			faults = append(faults, e.Name+" has text")
		}
		rest := n.Children
		for _, allowed := range e.Type.Sequence {
			for i := 0; len(rest) > 0 && rest[0].XMLName.Local == allowed.Ref && (i == 0 || allowed.Max == "unbounded"); i++ {
				faults = append(faults, s.check(rest[0])...)
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			faults = append(faults, rest[0].XMLName.Local+" in "+e.Name)
		}
		return faults
	}
	return []string{n.XMLName.Local + " is not in the schema"}
}
