package capture

import (
	"io"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/wire"
)

// Reply is an answer that is given here, in place of an upstream's.
type Reply struct {
	Message apiclient.Message
	After   time.Duration // how long the client waits for it
	Silent  bool          // the connection is closed without it
}

// answerHere reads the request to its end and answers it.
func (x *passing) answerHere(m *apiclient.Message, framing wire.Framing) (goesOn bool) {
	body := x.record(apiclient.RequestSide, &x.e)
	x.mayContinue()
	trailer, err := framing.Relay(io.Discard, x.client.in, body)
	x.e.Request.Body, x.e.Request.Trailer, x.e.Request.Partial = body.bytes, trailer, body.cut() || err != nil
	if err != nil {
		x.e.Outcome = apiclient.Failed
		x.fail(err)
		return false
	}
	body.done(&x.e)
	reply := x.proxy.config.Reply(&x.e)
	if reply.After > 0 && !x.proxy.pause(reply.After) {
		return false
	}
	x.e.BytesSent = true
	if reply.Silent {
		x.e.Outcome, x.e.Err = apiclient.Lost, "no answer was given, on purpose"
		return false
	}
	x.e.Response, x.e.Outcome = &reply.Message, apiclient.Answered
	_, _ = x.client.out.Write(reply.Message.HeadBytes())
	_, _ = x.client.out.Write(reply.Message.Body)
	if err := x.client.out.Flush(); err != nil {
		x.fail(err)
		return false
	}
	return keepsAlive(m) && keepsAlive(&reply.Message)
}

// pause waits, and reports whether it was not cut short by the end of the proxy.
func (p *Proxy) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.ending:
		return false
	}
}
