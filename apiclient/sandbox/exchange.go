package sandbox

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// observe hands a served exchange over. Its Sent is the client's signature as
// received with what the sandbox expected it to cover, and SentVerdict says
// how that stands: it is zero where the request was refused before anyone
// looked. Its Received is the sandbox's own signature, verified.
func (s *Sandbox) observe(q *request, a *answer, sent apiclient.Message) {
	if s.config.Observe == nil {
		return
	}
	e := s.exchange(q)
	e.ID, e.Profile, e.Endpoint = s.newID(), ProfileName, q.endpoint.ID
	e.ClientID, e.MerchantID = q.client, q.http.Header.Get(s.rule.Names.Of(apiclient.HeaderMerchantID))
	e.Remote, e.BytesSent = q.http.RemoteAddr, true
	e.Timing.Total = s.config.Now().Sub(q.at)
	s.describeRequest(&e, q, a)
	if e.Outcome, e.Result = apiclient.Answered, a.result; sent.Line == "" {
		e.Outcome, e.Err = apiclient.Lost, "no answer was given, on purpose"
	} else {
		e.Response = &sent
		e.Received = signing.Verify(s.rule.Check(&sent, s.rule.SignersOf(&sent, true), s.rule.Canonical(&e, apiclient.ResponseSide)))
	}
	if names := s.ActiveFaults(); len(names) > 0 {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.ResponseSide, Cause: "sandbox_fault", Severity: apiclient.Note,
			Says: "The sandbox's faults in force: " + strings.Join(names, ", ") + ".",
		})
	}
	s.config.Observe(e)
}

// describeRequest fills in the client's signature and the finding about it.
func (s *Sandbox) describeRequest(e *apiclient.Exchange, q *request, a *answer) {
	v := q.verdict
	if v.Status == "" {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.RequestSide, Field: "Signature", Cause: "signature_not_checked", Severity: apiclient.Note,
			Says: fmt.Sprintf("The signature was not checked: the request was refused before, for its %s.", q.refusedBy),
		})
		return
	}
	e.SentVerdict = v
	e.Sent = signing.Proof{
		Canonical: v.Canonical, Digest: v.Digest, Signature: v.Signature, Value: v.Header.Value,
		Header: q.http.Header.Get(s.rule.Names.Of(signing.HeaderName)), KeyVersion: v.Header.KeyVersion,
	}
	e.SentKey = s.fingerprints[v.Key]
	finding := apiclient.Finding{Side: apiclient.RequestSide, Field: "Signature", Cause: "signature_" + string(v.Status),
		Severity: apiclient.Good, Says: v.Reason}
	if !v.OK() {
		finding.Severity, finding.Hint = apiclient.Problem, v.Hint
	}
	e.Findings = append(e.Findings, finding)
	for _, f := range q.findings {
		severity := apiclient.Warn
		if f.Proven {
			severity = apiclient.Problem
		}
		e.Findings = append(e.Findings, apiclient.Finding{Side: apiclient.RequestSide, Field: "Signature", Cause: f.Cause,
			Severity: severity, Says: f.Says, Hint: f.Fix})
	}
	if q.refusedBy != "" && v.OK() {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.RequestSide, Cause: "refused", Severity: apiclient.Problem, Says: a.result.Message,
		})
	}
}

// newID makes a UUID of version 7: it sorts by time.
func (s *Sandbox) newID() string {
	b := s.random(16)
	ms := uint64(s.config.Now().UnixMilli()) //nolint:gosec // the clock is after 1970
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// random returns n random bytes. A source that fails leaves nothing to go on
// with: the panic becomes UNKNOWN_EXCEPTION.
func (s *Sandbox) random(n int) []byte {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.config.Rand, b); err != nil {
		panic(fmt.Errorf("reading random bytes: %w", err))
	}
	return b
}
