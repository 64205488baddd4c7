package diagnose

import (
	"fmt"

	"countersign/apiclient/jsontext"
)

// doubled warns of members of the body that stand twice in one object: readers
// differ in which of the two they take, and a signature covers both.
func (e *Evidence) doubled() []Finding {
	if !e.hasExchange() {
		return nil
	}
	t := jsontext.Parse(e.message().Content())
	members := t.Doubled()
	if len(members) == 0 {
		return nil
	}
	says := fmt.Sprintf("The member %s stands twice in the body", t.Path(members[0]))
	if more := len(members) - 1; more > 0 {
		says += fmt.Sprintf(", and so do %d others", more)
	}
	return []Finding{{
		Cause: "body_member_doubled", Family: FamilyWarning, Proven: true,
		Says: says + ": readers differ in which one they take.",
		Fix:  e.toSigner("Send each member once."),
	}}
}
