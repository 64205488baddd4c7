package jsonedit

import "testing"

func TestFind(t *testing.T) {
	doc := []byte(`{ "a" : {"b": [1, "two"]}, "a": {"b": [3, 44]} }`)
	for _, c := range []struct{ path, want string }{
		{"/a/b/1", "44"}, {"/a/b", "[3, 44]"}, {"a.b.0", "3"}, {"/a/c", ""}, {"/a/b/9", ""},
	} {
		path, err := ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		start, end, ok := Find(doc, path)
		if got := string(doc[start:end]); ok != (c.want != "") || got != c.want {
			t.Errorf("Find(%s) = %q, %v, want %q", c.path, got, ok, c.want)
		}
	}
	if _, _, ok := Find([]byte("{"), nil); ok {
		t.Error("found something in what is not JSON")
	}
}
