// Package junit writes results as JUnit XML, the form that CI servers read.
package junit

import (
	"cmp"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// Suite is a group of cases, such as one file of requests.
type Suite struct {
	Name  string
	Time  time.Duration // that it took; 0: the sum of its cases
	Cases []Case
}

// Case is one thing that was tested. It passed unless Failure or Skipped says
// otherwise; Failure wins.
type Case struct {
	Name    string
	Class   string // groups cases within a suite; "" means the suite's name
	Time    time.Duration
	Failure string // what is wrong, in one sentence
	Detail  string // all that is known about it; shown with a failure only
	Skipped string // why it was not tested
}

// Write writes the suites as one document. Characters that XML cannot hold
// become U+FFFD. The error is w's.
func Write(w io.Writer, suites ...Suite) error {
	doc := xmlSuites{}
	var total time.Duration
	for _, s := range suites {
		x, took := s.xml()
		doc.Suites = append(doc.Suites, x)
		doc.Tests += x.Tests
		doc.Failures += x.Failures
		doc.Skipped += x.Skipped
		total += took
	}
	doc.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s Suite) xml() (xmlSuite, time.Duration) {
	x := xmlSuite{Name: s.Name, Tests: len(s.Cases)}
	var sum time.Duration
	for _, c := range s.Cases {
		y := xmlCase{Class: cmp.Or(c.Class, s.Name), Name: c.Name, Time: seconds(c.Time)}
		switch {
		case c.Failure != "":
			x.Failures++
			y.Failure = &xmlReason{Message: c.Failure, Type: "failure", Detail: text(c.Detail)}
		case c.Skipped != "":
			x.Skipped++
			y.Skipped = &xmlReason{Message: c.Skipped}
		}
		sum += c.Time
		x.Cases = append(x.Cases, y)
	}
	took := cmp.Or(s.Time, sum)
	x.Time = seconds(took)
	return x, took
}

// text replaces what XML cannot hold. The encoder does so in attributes and
// text; "]]>" it escapes. A lone CR would be read as a line feed, so lines end in
// LF at once.
func text(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

type xmlSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Time     string     `xml:"time,attr"`
	Suites   []xmlSuite `xml:"testsuite"`
}

type xmlSuite struct {
	Name     string    `xml:"name,attr"`
	Tests    int       `xml:"tests,attr"`
	Failures int       `xml:"failures,attr"`
	Errors   int       `xml:"errors,attr"`
	Skipped  int       `xml:"skipped,attr"`
	Time     string    `xml:"time,attr"`
	Cases    []xmlCase `xml:"testcase"`
}

type xmlCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    string     `xml:"time,attr"`
	Failure *xmlReason `xml:"failure"`
	Skipped *xmlReason `xml:"skipped"`
}

type xmlReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Detail  string `xml:",chardata"`
}
