package expect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

func answer() *apiclient.Exchange {
	return &apiclient.Exchange{
		Request: apiclient.Message{Line: "POST /v2/payments/pay HTTP/1.1"},
		Response: &apiclient.Message{
			Line: "HTTP/1.1 200 OK",
			Header: []apiclient.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "X-A", Value: "1"}, {Name: "x-a", Value: "2"},
				{Name: "Authorization", Value: "Bearer s3cret"}},
			Body: []byte(`{"result":{"resultStatus":"F"},"amount":10.00,"list":[{"id":1},{"id":2}],"accessToken":"s3cret","id":null}`),
		},
		SentVerdict: signing.Verdict{Status: signing.Verified},
		Received:    signing.Verdict{Status: signing.Mismatch},
		Result:      apiclient.Result{Status: "F", Code: "ORDER_NOT_EXIST", Message: "no such order"},
		Timing:      apiclient.Timing{Total: 41 * time.Millisecond},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	value := Value(answer(), []string{"/id: is null"})
	for _, c := range []struct{ expression, want string }{
		{`.status == 200`, ""},
		{`.headers["x-a"] == "1, 2"`, ""},
		{`.body.amount == 10`, ""},
		{`.body.list | length == 2`, ""},
		{`.verdict.request == "verified"`, ""},
		{`.timing.totalMs < 50`, ""},
		{`.schema | length == 1`, ""},
		{`false, 0`, ""},
		{`.result.status == "S"`, `gave false; .result.status is "F"`},
		{`.result | .status == "S"`, `gave false; .result.status is "F"`},
		{`.result.status == "S" and .result.code == "SUCCESS"`, `gave false; .result.status is "F"; .result.code is "ORDER_NOT_EXIST"`},
		{`.body.id`, `gave null; .body.id is null`},
		{`.body.payment.id`, `gave null; .body.payment.id is not there (.body has accessToken, amount, id, list, result)`},
		{`.body.list[5].id == 1`, `gave false; .body.list[5].id is not there (.body.list has 2 elements)`},
		{`.body.list | map(.id) | contains([3])`, `gave false; .body.list is [{"id":1},{"id":2}]`},
		{`any(.body.list[]; .id == 3)`, `gave false; .body.list is [{"id":1},{"id":2}]`},
		{`.body.amount as $a | .body.list[0].id == $a`, `gave false; .body.amount is 10.00; .body.list[0].id is 1`},
		{`empty`, `gave nothing`},
		{`.body.amount | keys`, `keys cannot be applied to: number (10.00); .body.amount is 10.00`},
		{`if .status == 200 then .result.code == "SUCCESS" else true end`, `gave false; .status is 200; .result.code is "ORDER_NOT_EXIST"`},
	} {
		x, err := Compile(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		r := x.Check(context.Background(), value)
		if want := c.expression + ": " + c.want; r.Holds != (c.want == "") || !r.Holds && r.String() != want {
			t.Errorf("%s\n got %s\nwant %s", c.expression, r, want)
		}
	}
}

// What is masked is masked before it is cut.
func TestMasked(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s3cret", 100)
	e := answer()
	e.Response.Body = []byte(`{"token":"` + secret + `"}`)
	mask := func(s string) string { return strings.ReplaceAll(s, secret, "***") }
	for expression, want := range map[string]string{
		`.body.token == "x"`:           `gave false; .body.token is "***"`,
		`.body.token.x`:                `expected an object but got: string; .body.token.x is not there (.body.token is text)`,
		`.body.token | tonumber`:       `tonumber cannot be applied to "…": invalid number; .body.token is "***"`,
		`[.body.token] | .[0] | empty`: `gave nothing; .body.token is "***"`,
	} {
		x, err := Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		r := x.Check(context.Background(), Value(e, nil)).Masked(mask)
		if got := r.String(); got != expression+": "+want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expression, says, hint string
		column                 int
	}{
		{`.result.status = = "S"`, `"=" is not expected at column 18`, "write a jq expression", 18},
		{`.result.status ==`, "it is not complete at column 18", "write a jq", 18},
		{`.reslt.status == "S"`, `"reslt" is nothing that an answer has at column 2`, "did you mean result?", 2},
		{`.result.resultStatus == "S"`, `"resultStatus" is nothing`, ".result has code, message, status", 9},
		{`.paymentId != null`, `"paymentId" is nothing`, "a value of the answer's body is .body.paymentId", 2},
		{`.headers["Content-Type"]`, `"Content-Type" is nothing`, `lower case: .headers["content-type"]`, 11},
		{`.status | nosuch`, "function not defined: nosuch/0 at column 11", "write a jq", 11},
		{strings.Repeat("1+", 40_000) + "1", "it is longer than 64 kB", "write a jq", 0},
		{"\xff", "it is not UTF-8", "write a jq", 0},
	} {
		_, err := Compile(c.expression)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Hint(), c.hint) || e.Column != c.column {
			t.Errorf("%.40s: %v; %+v", c.expression, err, e)
		}
	}
}

// An answer that is missing, or no JSON, can be looked at too.
func TestOtherAnswers(t *testing.T) {
	t.Parallel()
	check := func(e *apiclient.Exchange, expression string) {
		t.Helper()
		x, err := Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		if r := x.Check(context.Background(), Value(e, nil)); !r.Holds {
			t.Error(r)
		}
	}
	check(&apiclient.Exchange{}, `.status == null and .headers == {} and .body == null and .schema == []`)
	xml := answer()
	xml.Response.Body = []byte(`<r><a>1</a></r>`)
	xml.Response.Header = nil
	check(xml, `.body.a == "1"`)
	text := answer()
	text.Response.Body = []byte("Bad \xff Gateway")
	check(text, `.body | startswith("Bad ")`)
}

// Expressions without an end are stopped.
func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	x, err := Compile("repeat(1)")
	if err != nil {
		t.Fatal(err)
	}
	if r := x.Check(context.Background(), Value(answer(), nil)); r.Holds || r.Err == nil {
		t.Errorf("repeat: %+v", r)
	}
	if x, err = Compile("last(range(1e12))"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	if r := x.Check(ctx, Value(answer(), nil)); r.Holds || r.Err == nil {
		t.Errorf("range: %+v", r)
	}
}

func ExampleExpectation_Check() {
	x, _ := Compile(`.result.status == "S"`)
	fmt.Println(x.Check(context.Background(), Value(answer(), nil)))
	// Output: .result.status == "S": gave false; .result.status is "F"
}
