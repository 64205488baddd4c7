package sandbox

import (
	"context"
	"crypto/rsa"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
)

// IsFault reports whether SetFaults takes a name.
func IsFault(name string) bool { return len(faultsNamed(name)) > 0 }

// faultsNamed returns the rows of a name. Case does not matter, and v2 has its own
// spelling of codes about codes.
func faultsNamed(name string) []*Fault {
	var rows []*Fault
	plain := strings.Replace(name, "_AUTHCODE", "_CODE", 1)
	for i := range faults {
		if f := &faults[i]; f.Name != "" && (strings.EqualFold(f.Name, name) || strings.EqualFold(f.Name, plain)) {
			rows = append(rows, f)
		}
	}
	return rows
}

// SetFaults lets the sandbox misbehave in these ways from now on, and in no
// others; none: it behaves. Case does not matter. The error names what is not in
// the table.
func (s *Sandbox) SetFaults(names ...string) error {
	var active []*Fault
	for _, name := range names {
		rows := faultsNamed(name)
		if len(rows) == 0 {
			return hint.Errorf("countersign sandbox --fault list shows them", "there is no fault %q", name)
		}
		active = append(active, rows...)
	}
	s.active.Store(&active)
	return nil
}

// ActiveFaults lists the names of the faults in force.
func (s *Sandbox) ActiveFaults() []string {
	var names []string
	for _, f := range s.faults() {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

func (s *Sandbox) faults() []*Fault {
	if active := s.active.Load(); active != nil {
		return *active
	}
	return nil
}

// forced returns the result that a fault in force gives to all requests of an
// interface. One that an operation has to carry out is left to trigger.
func (s *Sandbox) forced(endpoint string) (Fault, bool) {
	for _, f := range s.faults() {
		if f.Code == "" || f.Field != "" || f.Endpoint != "" && f.Endpoint != endpoint {
			continue
		}
		carried := func(g *Fault) bool { return g.Name == f.Name && g.Endpoint == endpoint && g.Field != "" }
		if !slices.ContainsFunc(s.faults(), carried) {
			return *f, true
		}
	}
	return Fault{}, false
}

// trigger finds what a field of a request provokes: a fault in force, else by its
// value.
func (s *Sandbox) trigger(endpoint, field, value string) (Fault, bool) {
	for _, f := range s.faults() {
		if f.Endpoint == endpoint && f.Field == field {
			by := *f
			by.Field = ""
			return by, true
		}
	}
	for _, f := range faults {
		if f.Endpoint == endpoint && f.Field == field && f.matches(value) {
			return f, true
		}
	}
	return Fault{}, false
}

func (f Fault) matches(value string) bool {
	if prefix, ok := strings.CutSuffix(f.Value, "*"); ok {
		return strings.HasPrefix(value, prefix)
	}
	return value == f.Value
}

// message is what the answer's resultMessage says: where the result comes from
// is said too, so that nobody looks for a fault of their own.
func (f Fault) message() string {
	if f.Field == "" {
		return fmt.Sprintf("%s (The sandbox's fault %s is on.)", f.Says, f.Name)
	}
	return f.Says + " (Provoked by " + f.Field + " " + f.Value + ".)"
}

// refuse is the answer with its result.
func (f Fault) refuse() *answer { return refuse(f.Code, "%s", f.message()) }

// payTrigger finds what a payment provokes: who is party to it comes before
// how much it is.
func (s *Sandbox) payTrigger(r payRequest) (Fault, bool) {
	for _, by := range [][2]string{{"partnerId", r.PartnerID}, {"paymentAuthCode", r.PaymentAuthCode}} {
		if f, ok := s.trigger(payEndpoint, by[0], by[1]); ok {
			return f, true
		}
	}
	return s.trigger(payEndpoint, payValue, r.PaymentAmount.Value)
}

// pause waits, unless the client leaves.
func pause(ctx context.Context, d time.Duration) {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// OldKeyVersion is the keyVersion under which the fault old-key signs.
const OldKeyVersion = "0"

func generateKey() (*rsa.PrivateKey, error) { return keys.Generate(nil, keys.DefaultBits) }

// strangers are keys that are not the sandbox's own. Each is made when it is first
// asked for.
type strangers struct{ wrong, old func() *rsa.PrivateKey }

func newStrangers(generate func() (*rsa.PrivateKey, error)) strangers {
	if generate == nil {
		generate = generateKey
	}
	made := func() *rsa.PrivateKey {
		key, err := generate()
		if err != nil {
			panic(fmt.Errorf("making a key for a fault: %w", err))
		}
		return key
	}
	return strangers{sync.OnceValue(made), sync.OnceValue(made)}
}
