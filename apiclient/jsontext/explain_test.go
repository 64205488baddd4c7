package jsontext

import (
	"strings"
	"testing"
)

// A fault says what belongs there, and which member it is about.
func TestFaultWants(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		doc    string
		offset int
		wants  Kind
		name   string
	}{
		{`{"a":1,}`, 7, wantsName, ""},
		{`{"a" 1}`, 5, wantsColon, `"a"`},
		{`{"a":}`, 5, wantsValue, `"a"`},
		{`{"a":`, 5, wantsValue, `"a"`},
		{`{"a":[}`, 6, wantsValue, ""},
		{`{"a":1 "b"`, 7, wantsComma, ""},
		{`{"a":"x`, 7, wantsRest, ""},
		{`{"a`, 3, wantsRest, `"a`},
		{`{} {}`, 3, wantsEnd, ""},
		{`{"a": {{x}}}`, 6, wantsValue, `"a"`},
		{`[1{{x}}]`, 2, wantsComma, ""},
		{`["\{{x}}"]`, 2, wantsRest, ""},
	} {
		tree := &Tree{Doc: []byte(tt.doc)}
		tree.parse(true)
		f := tree.Fault
		if f == nil || f.Offset != tt.offset || f.wants != tt.wants || string(f.name.Of([]byte(tt.doc))) != tt.name {
			t.Errorf("%s: %+v", tt.doc, f)
		}
	}
}

// Faults are told in words, where they were made.
func TestSyntaxFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body   string
		offset int
		want   string
	}{
		{"", 0, "the body is empty; a JSON object is expected"},
		{" \n\t", 3, "the body has nothing but white space; a JSON object is expected"},
		{"{\n  \"a\": 1\n  \"b\": 2\n}", 13, `a comma is missing before "b"`},
		{`{"a": "x" "b": 2}`, 10, `a comma is missing before "b"`},
		{`[1 2]`, 3, `a comma is missing before 2`},
		{`{"a": {} {`, 9, `a comma is missing before {`},
		{`{"a": 1,}`, 7, `the comma before } is one too many`},
		{"[1,\n]", 2, `the comma before ] is one too many`},
		{`[1,,2]`, 3, `two commas follow each other; a value is missing or a comma is one too many`},
		{`[,1]`, 1, `a value is missing, before ,`},
		{`{,}`, 1, `a name and a value are missing before the comma`},
		{`{'a': 1}`, 1, `JSON strings need double quotes, not single ones`},
		{`{"a": 'x'}`, 6, `JSON strings need double quotes, not single ones`},
		{`{“a”: 1}`, 1, `JSON strings need straight double quotes, not “`},
		{`{a: 1}`, 1, `the name a needs double quotes`},
		{`{"a": x1}`, 6, `the text x1 needs double quotes`},
		{`{"a": 2x}`, 6, `2x is not a number; text needs double quotes`},
		{`{"a": True}`, 6, `JSON has no True; write true`},
		{`{"a": None}`, 6, `JSON has no None; write null`},
		{`{"a": undefined}`, 6, `JSON has no undefined; write null`},
		{`{"a": NaN}`, 6, `JSON has no NaN`},
		{`{"a": truex}`, 6, `the text truex needs double quotes`},
		{`{"a": 01}`, 6, `the number 01 starts with a zero; write it without, or as a string in double quotes`},
		{`{"a": +1}`, 6, `a number starts with a digit or a minus sign, not with +`},
		{`{"a": .5}`, 6, `a number starts with a digit or a minus sign, not with .`},
		{`{"a": 1.}`, 6, `the number 1. has no digits after its point`},
		{`{"a": 1e}`, 6, `the number 1e has no digits in its exponent`},
		{`{"a": -}`, 6, `a number has no digits after its minus sign`},
		{`{"a" 1}`, 5, `a colon is missing after the name "a"`},
		{`{"a" = 1}`, 5, `a colon is expected after the name "a", not =`},
		{`{"a"}`, 4, `the name "a" has no value`},
		{`{"a":}`, 5, `a value is missing after the name "a", before }`},
		{`{"a":`, 5, `the text ends where a value is expected after the name "a"`},
		{`{"a"`, 4, `the text ends after the name "a"; a colon and a value are missing`},
		{`{: 1}`, 1, `a name is missing before the colon`},
		{`{{uuid}}`, 1, `a name in double quotes is expected before {`},
		{`{"a": "x`, 6, `the string that starts here is not closed: "x`},
		{`{"a": "x\`, 6, `the string that starts here is not closed: "x\`},
		{"{\"a\": \"x,\n\"b\": 1}", 6, `the string that starts here is not closed on its line: "x,`},
		{"{\"a\": \"x\ny\"}", 8, `a line break stands in a string; write \n`},
		{"{\"a\": \"x\ty\"}", 8, `a tab stands in a string; write \t`},
		{"{\"a\": \"x\x00y\"}", 8, `a NUL byte stands in a string; write \u0000 if it is meant`},
		{"{\"a\": \"x\x1by\"}", 8, `the control character U+001B stands in a string; write \u001b`},
		{"{\"a\": \x00}", 6, `a NUL byte stands where a value is expected`},
		{"{\"a\": 1}\x00", 8, `a NUL byte follows the end of the JSON text`},
		{"\xef\xbb\xbf{}", 0, `a byte order mark stands before the JSON; save the text as UTF-8 without it`},
		{"\xff\xfe{\x00}\x00", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"\x00\x00\x00{\x00\x00\x00}", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"\x00\x01\x02\x03\x04", 0, `a NUL byte stands where a value is expected`},
		{"{\x00}\x00", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"{\"name\": \"Jos\xe9\"}", 13, `the byte 0xE9 is not UTF-8; is the text GBK or Latin-1?`},
		{"{\"a\": \xe9}", 6, `the byte 0xE9 is not UTF-8; is the text GBK or Latin-1?`},
		{"{\"a\":\u00a01}", 5, `the invisible character U+00A0 stands where a value is expected`},
		{`{"a": "\x41"}`, 7, `JSON has no escape \x; a backslash itself is written \\`},
		{`{"a": "\u12g4"}`, 7, `\u needs four hexadecimal digits after it`},
		{`{"a": 1}}`, 8, `one } too many`},
		{`{"a": 1},`, 8, `a comma follows the end of the JSON text`},
		{`{}{}`, 2, `a second JSON text follows the first; a body is one`},
		{`{} x`, 3, `x follows the end of the JSON text`},
		{`{"a": [1, 2}`, 11, `the [ of line 1 ends in }, not in ]`},
		{`{"a": 1]`, 7, `the { of line 1 ends in ], not in }`},
		{`{]`, 1, `the { of line 1 ends in ], not in }`},
		{"{\n \"a\": [1", 10, `the text ends, but the [ of line 2, column 7 is not closed`},
		{`{"a": 1`, 7, `the text ends, but the { of line 1, column 1 is not closed`},
		{`{`, 1, `the text ends, but the { of line 1, column 1 is not closed`},
		{`{"a": 1; "b": 2}`, 7, `values are parted by a comma, not by a semicolon`},
		{`["a": 1]`, 4, `a list has no names; names and values belong in { }`},
		{"{\"a\": 1 // one\n}", 8, `JSON has no comments`},
		{"# x\n{}", 0, `JSON has no comments`},
		{`<?xml version="1.0"?><a/>`, 0, `this is XML or HTML, not JSON`},
		{`orderId=1&amount=100`, 0, `the text orderId needs double quotes`},
		{strings.Repeat("[", 1001), 1000, `the body nests deeper than 1000 levels`},
	}
	for _, tt := range tests {
		got := ParseJSON([]byte(tt.body)).Fault
		if got == nil || got.Offset != tt.offset || got.Says != tt.want {
			t.Errorf("%.60q\n got %+v\nwant %d %s", tt.body, got, tt.offset, tt.want)
			continue
		}
		if line, column := LineColumn([]byte(tt.body), tt.offset); got.Line != line || got.Column != column {
			t.Errorf("%.60q: %+v, want %d:%d", tt.body, got, line, column)
		}
	}
	for _, good := range []string{`{}`, `[]`, `"a"`, `-0.5e+10`, ` true `, `null`, `{"a":[{"b":[]},"\u00e9\n\/ é 💳"],"":{}}`, strings.Repeat("[", 1000) + strings.Repeat("]", 1000)} {
		if fault := ParseJSON([]byte(good)).Fault; fault != nil {
			t.Errorf("%.40s: %+v", good, fault)
		}
	}
}
