package sandbox

import (
	"strings"
	"testing"
	"time"

	"countersign/apiclient/catalog"
)

// Each interface of the catalogue is played, its example gets a result that
// the catalogue knows, and the answer follows the catalogue's own schema.
func TestEachExampleOfTheCatalogue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	played := 0
	for _, e := range b.config.Catalog.Endpoints() {
		if e.Direction == catalog.Callback {
			continue
		}
		played++
		want := map[string]string{
			"v1/payments/pay": "ACCEPT", "v2/payments/pay": "ACCEPT",
			"v1/payments/inquiryPayment": "ORDER_NOT_EXIST", "v2/payments/inquiryPayment": "ORDER_NOT_EXIST",
			"v1/payments/refund": "ORDER_NOT_EXIST", "v1/payments/inquiryRefund": "REFUND_NOT_EXIST",
		}[e.ID]
		if want == "" {
			want = "SUCCESS"
		}
		body := strings.NewReplacer("{{uuid}}", b.newID(), "{{now_iso+30m}}", isoTime(b.clock().Add(30*time.Minute))).Replace(string(e.Example))
		r := b.want(t, want, e.Path, body)
		if violations := e.CheckResponse(r.Raw); len(violations) > 0 {
			t.Errorf("%s answers %s: %+v", e.ID, r.Raw, violations)
		}
		if _, ok := e.Code(r.Code); !ok {
			t.Errorf("%s: the catalogue does not know %s", e.ID, r.Code)
		}
	}
	if played != len(operations) {
		t.Errorf("%d interfaces in the catalogue, %d are played", played, len(operations))
	}
}

func TestTriggersGiveCodesOfTheCatalogue(t *testing.T) {
	t.Parallel()
	c := catalog.Builtin()
	for _, tr := range Faults() {
		if tr.Field == "" {
			continue
		}
		e, err := c.Lookup(tr.Endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if v1, ok := c.Match("/v1/" + tr.Endpoint); ok {
			e = v1
		}
		code, ok := e.Code(tr.Code)
		if !ok || !strings.Contains(code.Status, tr.Status) {
			t.Errorf("%s %s: catalogue says %+v, want %s %s", e.ID, tr.Value, code, tr.Status, tr.Code)
		}
	}
	for _, check := range checks {
		e, err := c.Lookup("v2/payments/pay")
		if err != nil {
			t.Fatal(err)
		}
		if code, ok := e.Code(check.Code); !ok || code.Status != "F" {
			t.Errorf("%s: catalogue says %+v", check.Code, code)
		}
	}
}
