package tui

import (
	"strings"
	"testing"
)

// Where there is no room beside the body, the expanded one stands below it, and
// one goes on typing above it.
func TestExpandedBelow(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `{"a":"{{profile.client_id}}"}`)
	x.Key("alt+v")
	x.shows(t, `"{{profile.client_id}}"`, "── expanded, as signed", `"2188487325442931042"}`, "editing 1:")
	x.Key("end")
	x.Type("z")
	x.shows(t, `}"}z`, `"2188487325442931042"}z`)
	rows := strings.Split(x.Screen(), "\n")
	above, below := -1, -1
	for y, row := range rows {
		if strings.Contains(row, `}"}z`) {
			above = y
		}
		if below < 0 && strings.Contains(row, `2"}z`) {
			below = y
		}
	}
	if above < 0 || below <= above {
		t.Fatalf("the expanded body is in row %d, the body in %d:\n%s", below, above, x.Screen())
	}
	// A click below is none on the text that is typed.
	x.Click(40, below)
	x.Type("y")
	x.shows(t, `}"}zy`)
	x.Click(34, above)
	x.Type("x")
	x.lacks(t, `}"}zyx`)
	x.Key("alt+v")
	x.lacks(t, "expanded, as signed")
}

// In a low pane it takes the place of the body, as before.
func TestExpandedInPlaceOfALowBody(t *testing.T) {
	t.Parallel()
	x := writing(t, 100, 30, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "v")
	x.shows(t, "expanded, as signed", `"2188487325442931042"`)
	x.lacks(t, "{{profile.client_id}}")
}

// Both show the same place.
func TestExpandedBelowFollows(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("z", "v", "z") // wide, and narrow again
	x.shows(t, ` 2   "productCode": "CASHIER_PAYMENT"`)
	if n := strings.Count(x.Screen(), `"productCode": "CASHIER_PAYMENT",`); n != 2 {
		t.Errorf("the line is %d times on the screen:\n%s", n, x.Screen())
	}
	x.Key("e", "alt+v")
	x.Key("alt+v", "ctrl+end")
	if n := strings.Count(x.Screen(), `"extendInfo"`); n < 2 {
		t.Errorf("the end is %d times on the screen:\n%s", n, x.Screen())
	}
}
