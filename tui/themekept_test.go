package tui

import (
	"errors"
	"strings"
	"testing"
)

// The theme that is chosen is remembered.
func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	var kept []string
	x := explore(t, 140, 40, func(x *world) {
		x.config.KeepTheme = func(name string) error { kept = append(kept, name); return nil }
	})
	x.Key("T", "T")
	if got := strings.Join(kept, " "); got != "light high-contrast" {
		t.Errorf("kept %q", got)
	}
	x.shows(t, "Theme high-contrast, from now on")
}

func TestThemeThatCannotBeKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.config.KeepTheme = func(string) error { return errors.New("the disk is full") }
	})
	x.Key("T")
	x.shows(t, "The theme cannot be remembered: the disk is full")
	if x.app.theme.Name != "light" {
		t.Errorf("the theme is %s", x.app.theme.Name)
	}
}
