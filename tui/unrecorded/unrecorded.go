// Package unrecorded keeps the exchanges whose record could not be completed, as on
// a full disk: only the explorer has them. They are recorded once there is room.
package unrecorded

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
)

// List holds them. The zero value is empty.
type List struct {
	exchanges []apiclient.Exchange
	trying    bool // they are being recorded once more
	given     bool // the person leaves without them
}

// Retried says which were recorded after all.
type Retried struct {
	ids     []string
	Err     error // of the last that was not
	Leaving bool  // the person wants to leave
}

// Len returns how many there are that the person has not given up.
func (l *List) Len() int {
	if l.given {
		return 0
	}
	return len(l.exchanges)
}

// Add keeps an exchange.
func (l *List) Add(e apiclient.Exchange) { l.exchanges = append(l.exchanges, e) }

// GiveUp lets the person leave without them.
func (l *List) GiveUp() { l.given = true }

// Retry records them once more; the answer is for Take.
func (l *List) Retry(h *history.Store, leaving bool) tea.Cmd {
	if l.trying {
		return nil
	}
	l.trying = true
	list := slices.Clone(l.exchanges)
	return func() tea.Msg {
		ids, err := record(h, list)
		return Retried{ids, err, leaving}
	}
}

func record(h *history.Store, list []apiclient.Exchange) (ids []string, err error) {
	for _, e := range list {
		e = e.Recorded()
		if wrong := h.Complete(context.Background(), &e); wrong != nil {
			err = wrong
			continue
		}
		ids = append(ids, e.ID)
	}
	return ids, err
}

// Take returns the exchanges that were recorded, as they are now.
func (l *List) Take(msg Retried) (recorded []apiclient.Exchange) {
	l.trying = false
	l.exchanges = slices.DeleteFunc(l.exchanges, func(e apiclient.Exchange) bool {
		done := slices.Contains(msg.ids, e.ID)
		if done {
			recorded = append(recorded, e.Recorded())
		}
		return done
	})
	return recorded
}

// Flush tries once more where the program ends without asking: by a signal, or
// with its terminal.
func (l *List) Flush(h *history.Store) error {
	if l.Len() == 0 {
		return nil
	}
	_, err := record(h, l.exchanges)
	return err
}
