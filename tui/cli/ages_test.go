package cli

import (
	"testing"
	"time"
)

// An age that is too long must not become one that is over: prune would remove
// everything.
func TestAges(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30d": 720 * time.Hour, "2w": 336 * time.Hour, "12h": 12 * time.Hour, "0d": 0, "99999d": 99999 * 24 * time.Hour,
	} {
		if got, err := parseAge(text); err != nil || got != want {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"20000w", "106752d", "99999w", "15251w", "-1d", "1.5d", "d", "w", "x", "-3h", "+3d", "3000000h", "1d2h", "９d"} {
		if got, err := parseAge(text); err == nil {
			t.Errorf("%s is %v", text, got)
		}
	}
	for text := range map[string]bool{"15250w": true, "99999d": true} {
		if age, err := parseAge(text); err != nil || age <= 0 || time.Now().Add(-age).After(time.Now()) {
			t.Errorf("%s: %v, %v", text, age, err)
		}
	}
}
