package history

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient"
)

func entryOf(n int, body string) Entry {
	return Entry{Exchange: apiclient.Exchange{ID: fmt.Sprintf("0193f2ab-0000-7000-8000-%012d", n), Profile: "p", Origin: apiclient.FromCLI,
		Outcome: apiclient.Answered, Request: apiclient.Message{Line: "POST /pay HTTP/1.1", Body: []byte(body)}}, Name: fmt.Sprint("run ", n)}
}

func TestImportKeepsWhatIsHere(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), openNew(t)
	first := entryOf(1, "first")
	first.Pinned = true
	if n, err := s.Import(ctx, []Entry{first, entryOf(2, "second")}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := s.Delete(ctx, entryOf(2, "").Exchange.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Import(ctx, []Entry{entryOf(1, "other"), entryOf(2, "other"), entryOf(3, "third"), entryOf(3, "twice")}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	got, err := s.Get(ctx, first.Exchange.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, first.Exchange)
	runs, err := s.List(ctx, Query{})
	if err != nil || len(runs) != 2 || runs[0].Name != "run 3" || runs[1].Name != "run 1" || !runs[1].Pinned || runs[0].Pinned {
		t.Errorf("%+v %v", runs, err)
	}
	if found, err := s.List(ctx, Query{Search: "third"}); err != nil || len(found) != 1 {
		t.Errorf("what was imported is not found: %v %v", found, err)
	}
	if _, err := s.Import(ctx, []Entry{entryOf(4, ""), {}}); err == nil {
		t.Error("a run without an ID is taken")
	}
	if n, err := s.Count(ctx); n != 2 || err != nil {
		t.Errorf("%d runs: half of what was refused is here", n)
	}
}

func TestCheckFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), openNew(t)
	if _, err := s.Import(ctx, []Entry{entryOf(1, "first"), entryOf(2, "second"), entryOf(3, "third")}); err != nil {
		t.Fatal(err)
	}
	read := 0
	h, err := s.Check(ctx, func(n int) { read = n })
	if err != nil || !h.Sound() || h.Runs != 3 || read != 3 {
		t.Fatalf("%+v %v, %d read", h, err, read)
	}
	if _, err := s.db().Exec("UPDATE records SET record = CAST(replace(CAST(record AS TEXT), 'second', 'Second') AS BLOB) WHERE seq = 2"); err != nil {
		t.Fatal(err)
	}
	h, err = s.Check(ctx, nil)
	if err != nil || h.Sound() || h.Bad != 1 || len(h.Damaged) != 1 || h.Damaged[0] != entryOf(2, "").Exchange.ID || h.Runs != 3 {
		t.Errorf("%+v %v", h, err)
	}
}

func TestCompactGivesSpaceBack(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), openNew(t)
	var list []Entry
	for n := range 40 {
		list = append(list, entryOf(n, fmt.Sprint(n, strings.Repeat(" words of body", 2000))))
	}
	if _, err := s.Import(ctx, list); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db().Exec("DELETE FROM runs WHERE seq > 2"); err != nil {
		t.Fatal(err)
	}
	before, after, err := s.Compact(ctx)
	if err != nil || after >= before/2 {
		t.Errorf("%d bytes, then %d: %v", before, after, err)
	}
	if h, err := s.Check(ctx, nil); err != nil || !h.Sound() || h.Runs != 2 {
		t.Errorf("%+v %v", h, err)
	}
	if found, err := s.List(ctx, Query{Search: "words"}); err != nil || len(found) != 2 {
		t.Errorf("%d are found: %v", len(found), err)
	}
}
