package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/requests"
)

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func text(t testing.TB, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func paths(s *Snapshot) []string {
	var list []string
	for _, f := range s.Files {
		list = append(list, f.Path)
	}
	return list
}

const pay = "### pay\nPOST /v2/payments/pay\n\n{\"a\": 1}\n\n### query\nPOST /v1/payments/inquiryPayment\n\n{}\n"

func TestLookReadsWhatIsThereAndWhatChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "b.http", pay)
	write(t, dir, "refunds/a.rest", "GET /x\n")
	write(t, dir, "payments/z.http", pay)
	write(t, dir, ".git/no.http", pay)
	write(t, dir, "node_modules/no.http", pay)
	write(t, dir, "readme.md", "no")
	w, all := New(Place{Dir: dir}), catalog.Builtin()
	s, changed := w.Look(t.Context(), all)
	if want := []string{"b.http", "payments/z.http", "refunds/a.rest"}; !changed || !slices.Equal(paths(s), want) {
		t.Fatalf("%v %v, want %v", changed, paths(s), want)
	}
	if _, changed := w.Look(t.Context(), all); changed {
		t.Error("nothing changed, and it says so")
	}
	write(t, dir, "b.http", strings.Replace(pay, "1", "2", 1)) // of the same size, within the same tick
	again, changed := w.Look(t.Context(), all)
	if !changed || !bytes.Contains(again.Find("b.http").Text, []byte(`"a": 2`)) {
		t.Error("a change was not read")
	}
	if again.Find("payments/z.http").File != s.Find("payments/z.http").File {
		t.Error("a file that did not change was read again")
	}
	if err := os.Remove(filepath.Join(dir, "b.http")); err != nil {
		t.Fatal(err)
	}
	if s, changed := w.Look(t.Context(), all); !changed || s.Find("b.http") != nil {
		t.Error("a file that is gone is still there")
	}
}

func TestFaultsStandAtTheirFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "bad.http", "### a\n# @endpoint v9/none\nPOST /x\n\n### b\n# @expect .bdoy == 1\nPOST /y\n")
	write(t, dir, "good.http", pay)
	s, _ := New(Place{Dir: dir}).Look(t.Context(), catalog.Builtin())
	if bad := s.Find("bad.http"); len(bad.Faults) != 2 || bad.Faults[1].Line != 6 || len(bad.Requests) != 2 {
		t.Errorf("faults %v of %d requests", bad.Faults, len(bad.Requests))
	}
	if good := s.Find("good.http"); len(good.Faults) > 0 || len(good.Requests) != 2 {
		t.Errorf("%v", good.Faults)
	}
}

// put makes a request say another body.
func put(id, body string) Edit {
	return func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
		r := Find(f, id)
		if r == nil {
			return requests.Change{}, errors.New("gone")
		}
		c, err := f.Content(r, read)
		if err != nil {
			return requests.Change{}, err
		}
		c.Body = []byte(body)
		return f.Put(r, c, read)
	}
}

// Of two people who edit different requests of one file at the same moment, each
// from a workspace of their own, neither loses anything.
func TestTwoWhoEditOneFileLoseNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var file strings.Builder
	const each = 8
	for i := range 2 * each {
		fmt.Fprintf(&file, "### r%d\nPOST /x\n\n{}\n\n", i)
	}
	write(t, dir, "all.http", file.String())
	var both sync.WaitGroup
	for person := range 2 {
		w := New(Place{Dir: dir})
		both.Go(func() {
			for i := range each {
				n := 2*i + person
				if _, err := w.Edit(t.Context(), "all.http", put(fmt.Sprintf("r%d", n), fmt.Sprintf(`{"n": %d}`, n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	got := text(t, dir, "all.http")
	for i := range 2 * each {
		if !strings.Contains(got, fmt.Sprintf("### r%d\nPOST /x\n\n{\"n\": %d}\n", i, i)) {
			t.Errorf("the edit of r%d is lost", i)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// An editor that writes while an edit is made is not written over.
func TestAnEditIsMadeOfWhatIsOnTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "a.http", pay)
	first := true
	_, err := New(Place{Dir: dir}).Edit(t.Context(), "a.http", func(f *requests.File, read requests.ReadFile) (requests.Change, error) {
		if first {
			first = false
			write(t, dir, "a.http", "# theirs\n"+pay)
		}
		return put("query", "[]")(f, read)
	})
	want := "# theirs\n" + strings.Replace(pay, "{}", "[]", 1)
	if got := text(t, dir, "a.http"); err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestEditKeepsModeAndLinkAndEveryOtherByte(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	odd := "\ufeff# a note\r\n@x = 1\r\n### pay\r\n# @prompt y\r\nPOST /v2/payments/pay\r\n\r\n{\"a\":1}\r\n\r\n> {% test() %}\r\n"
	write(t, dir, "real.http", odd)
	if err := os.Chmod(filepath.Join(dir, "real.http"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.http", filepath.Join(dir, "link.http")); err != nil {
		t.Skip(err)
	}
	if _, err := New(Place{Dir: dir}).Edit(t.Context(), "link.http", put("pay", `{"a":2}`)); err != nil {
		t.Fatal(err)
	}
	if got, want := text(t, dir, "real.http"), strings.Replace(odd, ":1}", ":2}", 1); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	info, err := os.Lstat(filepath.Join(dir, "real.http"))
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if link, err := os.Lstat(filepath.Join(dir, "link.http")); err != nil || link.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is a file now")
	}
}

// A body that cannot stand in the file goes beside it, and never out of the folder.
func TestBodiesBesideTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "w/a.http", pay)
	w := New(Place{Dir: filepath.Join(dir, "w")})
	if _, err := w.Edit(t.Context(), "a.http", put("pay", "{}\n")); err != nil {
		t.Fatal(err)
	}
	if got := text(t, dir, "w/pay.bin"); got != "{}\n" || !strings.Contains(text(t, dir, "w/a.http"), "< ./pay.bin") {
		t.Errorf("%q %s", got, text(t, dir, "w/a.http"))
	}
	write(t, dir, "w/a.http", "### pay\nPOST /x\n\n< ../out.bin\n")
	if _, err := w.Edit(t.Context(), "a.http", put("pay", "x\n")); err == nil {
		t.Error("it was written out of the folder")
	}
	if _, err := os.Stat(filepath.Join(dir, "out.bin")); err == nil {
		t.Error("it was written out of the folder")
	}
}

func TestPathsBelowTheFolder(t *testing.T) {
	t.Parallel()
	w := New(Place{Dir: t.TempDir()})
	for name, want := range map[string]string{
		"pay": "pay.http", "a/b.http": "a/b.http", " ./x.rest ": "x.rest", "../up.http": "", "/etc/x.http": "", "": "", ".git/x": "",
		"a/.http": "",
	} {
		got, err := w.Path(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if _, err := New(Place{}).Path("x"); err == nil {
		t.Error("no folder, and no error")
	}
}

func TestMoveAndRemoveLoseNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "a.http", pay)
	write(t, dir, "b.http", "GET /b\n")
	w := New(Place{Dir: dir})
	if _, err := w.Move(t.Context(), "a.http", "b.http"); err == nil {
		t.Error("a file was written over")
	}
	if to, err := w.Move(t.Context(), "a.http", "new/c"); err != nil || to != "new/c.http" || text(t, dir, to) != pay {
		t.Errorf("%q %v", to, err)
	}
	if err := w.Remove(t.Context(), "b.http", []byte("GET /old\n")); err == nil {
		t.Error("a file that has changed was removed")
	}
	if err := w.Remove(t.Context(), "b.http", []byte("GET /b\n")); err != nil {
		t.Error(err)
	}
}

// A lock that a crash has left does not last.
func TestStaleLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "a.http", pay)
	write(t, dir, ".a.http.lock", "")
	old := time.Now().Add(-time.Minute)
	if err := os.Chtimes(filepath.Join(dir, ".a.http.lock"), old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Place{Dir: dir}).Edit(t.Context(), "a.http", put("pay", "{}")); err != nil {
		t.Error(err)
	}
	write(t, dir, ".a.http.lock", "")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := New(Place{Dir: dir}).Edit(ctx, "a.http", put("pay", "[]")); err == nil {
		t.Error("the lock of another was passed over")
	}
}

func TestContentOfADraft(t *testing.T) {
	t.Parallel()
	c := requests.Content{Method: "POST", Target: "{{host}}/v2/x", Directives: []requests.Setting{{Name: "tamper", Value: "a, b"}, {Name: "no-sign"},
		{Name: "expect", Value: ".status == 200"}}}
	var names apiclient.HeaderNames
	d := c.Draft(names)
	if !slices.Equal(d.Tamper, []string{"a", "b"}) || !slices.Equal(d.Omit, []string{"Signature"}) {
		t.Errorf("%+v", d)
	}
	if same, lost := c.With(d, names); !same.Equal(c) || len(lost) > 0 {
		t.Errorf("%+v %v", same, lost)
	}
	d.Tamper, d.Omit, d.Target = []string{"b"}, []string{"Client-Id"}, "/v2/{id}/x?q=1"
	d.Params = []apiclient.Param{{Name: "id", Value: "a/b"}, {Name: "p", Value: "{{uuid}}"}}
	got, lost := c.With(d, names)
	want := []requests.Setting{{Name: "expect", Value: ".status == 200"}, {Name: "tamper", Value: "b"}}
	if !slices.Equal(got.Directives, want) || got.Target != "/v2/a%2Fb/x?q=1&p={{uuid}}" || len(lost) != 1 {
		t.Errorf("%+v %v", got, lost)
	}
}

// thousand writes 1,000 files of one request each, in ten folders.
func thousand(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for i := range 1000 {
		write(t, dir, fmt.Sprintf("group%d/request%03d.http", i%10, i), fmt.Sprintf("### request %d\n# @expect .result.status == \"S\"\n"+
			"POST /v2/payments/pay\nContent-Type: application/json\n\n{\"paymentRequestId\": \"{{uuid}}\", \"n\": %d}\n", i, i))
	}
	return dir
}

func BenchmarkLookAtThousandFiles(b *testing.B) {
	dir := thousand(b)
	for b.Loop() {
		New(Place{Dir: dir}).Look(b.Context(), catalog.Builtin())
	}
}

// BenchmarkLookAgain is what is done every two seconds.
func BenchmarkLookAgain(b *testing.B) {
	dir := thousand(b)
	w := New(Place{Dir: dir})
	old := time.Now().Add(-time.Hour)
	_ = filepath.WalkDir(dir, func(at string, d os.DirEntry, _ error) error {
		if !d.IsDir() {
			return os.Chtimes(at, old, old)
		}
		return nil
	})
	all := catalog.Builtin()
	w.Look(b.Context(), all)
	for b.Loop() {
		w.Look(b.Context(), all)
	}
}
