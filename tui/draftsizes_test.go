package tui

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"countersign/apiclient"
)

// What was typed is there after a crash, byte for byte, at any size, and means
// the same: its variables have the values that they would have had.
func TestDraftsOfManySizesComeBack(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 2, 511, 4095, 4096, 4097, 65_535, 65_537, 1 << 20, 5<<20 + 1}
	random := rand.New(rand.NewPCG(5, 6))
	for i, size := range sizes {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(random.Uint32())
		}
		if i%2 == 1 {
			body = append(body, `{"a":"\{{x}} \\{{now}}","b":"{{'\{{'}}{{uuid}}{{profile.name}}"}`...)
		}
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody(body)
		if _, err := x.app.panes.request.SetTarget(fmt.Sprintf("/v2/payments/pay?a={{now}}&n=\xff%d", i)); err != nil {
			t.Fatal(err)
		}
		c := x.app.panes.headers.Changes()
		c.Set = append(c.Set, apiclient.Field{Name: "Memo", Value: "{{uuid}} \\{{ \xff"})
		x.app.panes.headers.SetChanges(c)
		x.Run(x.app.markEdited())
		x.Send(saveDue{}) // the saveDelay is over; then the program is killed
		before := x.app.draft()
		y := explore(t, 140, 40, func(y *world) { y.history = x.history })
		after := y.app.draft()
		if !bytes.Equal(after.Body, before.Body) || !bytes.Equal(after.Body, body) || after.Target != before.Target || fmt.Sprint(after.Header) != fmt.Sprint(before.Header) {
			t.Errorf("of %d bytes it comes back as %.60q, %q, %q", size, after.Body, after.Target, after.Header)
		}
		want, errX := x.app.services.Expand(context.Background(), before)
		x.app.services.Renew()
		got, errY := y.app.services.Expand(context.Background(), after)
		if (errX == nil) != (errY == nil) || len(got.Body) != len(want.Body) {
			t.Errorf("of %d bytes the variables stand for something else: %v, %v", size, errX, errY)
		}
	}
}
