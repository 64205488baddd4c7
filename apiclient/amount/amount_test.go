package amount

import (
	"fmt"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"paymentAmount":{"currency":"USD","value":"10000"}}`:                                         "[paymentAmount=USD 100.00]",
		`{"a":{"value":"5","currency":"JPY"},"list":[{"currency":"KWD","value":"5"}]}`:                 "[a=JPY 5 =KWD 0.005]",
		`{"order":{"orderAmount":{"currency":"EUR","value":"\u0037","x":1}}}`:                          "[orderAmount=EUR 0.07]",
		`{"a":{"currency":"USD","value":12.5}}`:                                                        "[a=USD 12.5]",
		`{"a":{"currency":"USD","value":"-5"},"b":{"currency":"USD"},"c":{"currency":"","value":"1"}}`: "[a=USD -5]",
		`{"a":{"currency":"USD","value":"{{x}}"}`:                                                      "[a=USD {{x}}]",
		`{"a":{"currency":"USD","value":"1"},`:                                                         "[a=USD 0.01]",
		``:                                                                                             "[]",
		`<xml/>`:                                                                                       "[]",
		`{"a":{"currency":null,"value":{}}}`:                                                           "[]",
	} {
		list := []string{}
		for _, a := range Find([]byte(body)) {
			list = append(list, a.Name+"="+a.String())
		}
		if got := fmt.Sprint(list); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestFindIsBounded(t *testing.T) {
	t.Parallel()
	one := `{"currency":"USD","value":"1"},`
	if n := len(Find([]byte("[" + strings.Repeat(one, 1000)))); n != most {
		t.Errorf("%d found", n)
	}
	if n := len(Find([]byte("[" + strings.Repeat(one, MaxBody/len(one)+1)))); n != 0 {
		t.Errorf("%d found in a large body", n)
	}
}
