package jsontext

import "testing"

// A fault says what belongs there, and which member it is about.
func TestFaultWants(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		doc    string
		offset int
		wants  Kind
		name   string
	}{
		{`{"a":1,}`, 7, WantsName, ""},
		{`{"a" 1}`, 5, WantsColon, `"a"`},
		{`{"a":}`, 5, WantsValue, `"a"`},
		{`{"a":`, 5, WantsValue, `"a"`},
		{`{"a":[}`, 6, WantsValue, ""},
		{`{"a":1 "b"`, 7, WantsComma, ""},
		{`{"a":"x`, 7, WantsRest, ""},
		{`{"a`, 3, WantsRest, `"a`},
		{`{} {}`, 3, WantsEnd, ""},
		{`{"a": {{x}}}`, 6, WantsValue, `"a"`},
		{`[1{{x}}]`, 2, WantsComma, ""},
		{`["\{{x}}"]`, 2, WantsRest, ""},
	} {
		f := ParseJSON([]byte(tt.doc)).Fault
		if f == nil || f.Offset != tt.offset || f.Wants != tt.wants || string(f.Name.Of([]byte(tt.doc))) != tt.name {
			t.Errorf("%s: %+v", tt.doc, f)
		}
	}
}
