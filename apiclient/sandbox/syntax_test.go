package sandbox

import (
	"strings"
	"testing"

	"countersign/apiclient/catalog"
)

// A refusal names the character that is wrong, not the first of its bytes.
func TestSyntaxFaultNamesTheCharacter(t *testing.T) {
	t.Parallel()
	all := catalog.Builtin()
	pay, err := all.Lookup("v2/payments/pay")
	if err != nil {
		t.Fatal(err)
	}
	a := checkJSON(nil, &request{endpoint: pay, body: []byte("漢{}")})
	if a == nil {
		t.Fatal("not refused")
	}
	if !strings.Contains(a.result.Message, "漢") || !strings.Contains(a.result.Message, "line 1, column 1") {
		t.Errorf("%q", a.result.Message)
	}
}
