package habits

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// Times adds what may have been signed in place of the time.
func (src *Source) Times(set *variant.Set) {
	sent, p := src.values().Time, part{set}
	own := readStamp(sent)
	p.stamps(own, "", "")
	if src.Side == apiclient.ResponseSide && src.Exchange.Response != nil {
		request := src.Exchange.Request.Get(src.Names.Of(apiclient.HeaderRequestTime))
		if request != "" && request != sent {
			p.add(request, common, habit{"response_signed_with_request_time",
				"The response was signed with the Request-Time where the Response-Time belongs.",
				"`headers.get(\"Request-Time\")` copied from the request's code"})
			p.stamps(readStamp(request), "response_signed_with_request_time", "The response was signed with the Request-Time")
		}
	}
	for _, m := range []*apiclient.Message{&src.Exchange.Request, src.Exchange.Response} {
		if m == nil {
			continue
		}
		for _, name := range []string{"Date", "X-Request-Time", "X-Response-Time", "Timestamp", "X-Timestamp", "Time",
			"Request-Time", "Response-Time",
			"Last-Modified", src.Names.Of(apiclient.HeaderRequestTime), src.Names.Of(apiclient.HeaderResponseTime)} {
			if v := m.Get(name); v != "" && v != sent {
				p.add(v, plausible, habit{"time_other_header",
					"The value of the header " + name + " was signed as the time.", "reading the time from another header"})
				p.stamps(readStamp(v), "time_other_header", "The value of the header "+name+" was signed as the time")
			}
		}
	}
	if sent != "" {
		p.add("", common, habit{"time_empty", "An empty time was signed.", "a header that is set after signing"})
		p.quotings(sent, "time", "time_whitespace", "time_quoted", "time_urlencoded")
		p.add(strings.ToLower(sent), rare, habit{"time_case", "in lower case", "`toLowerCase()` on the string to sign"})
		p.add(strings.ReplaceAll(sent, "+", " "), usual,
			habit{"time_urldecoded", "with a space for its plus sign", "decoding it as a form"})
		p.add(strings.ReplaceAll(sent, " ", "+"), usual,
			habit{"time_urldecoded", "with a plus sign for its space", "decoding it as a form, on the other side"})
		p.add(strings.TrimSpace(sent), usual, habit{"time_whitespace", "without the blanks around it", "trimming on one side"})
	}
	for _, w := range placeholders {
		p.add(w.text, w.cost, habit{"time_undefined",
			"Instead of the time, " + w.word + " was signed.", "a variable that is not set when the string is built"})
	}
}

// stamps adds the ways to write a time, and times near it. cause and says name
// whose time it is, where it is not the one that the rule wants.
func (p part) stamps(s stamp, cause, says string) {
	if s.format == "" {
		return
	}
	takes := p.takes
	if cause != "" {
		takes = func(cost int) bool { return p.Takes(common + min(cost, exotic)) }
		if !p.Takes(2*common) && !p.Takes(common+exotic) {
			return
		}
	}
	add := func(text string, cost int, h habit) {
		if cause != "" {
			p.add2(text, common+min(cost, exotic), habit{cause, says + ".", ""}, h)
			return
		}
		p.add(text, cost, h)
	}
	p.epochs(s, add)
	p.formatted(s, takes, add)
	p.shifted(s, takes, add)
	p.wallClocks(s, add)
}

// shifted adds times near the header's, in its own form: a clock that was read
// twice, another zone, rounding.
func (p part) shifted(s stamp, takes func(cost int) bool, add func(string, int, habit)) {
	for _, d := range shifts {
		if !takes(shiftCost(d)) {
			continue
		}
		if s.format != apiclient.Millis && s.format != apiclient.Micros && d%time.Second != 0 {
			continue
		}
		add(s.rewrite(s.at.Add(d)), shiftCost(d), differs(d))
	}
}

// stamp is a point in time that the exchange names, and how it was written.
type stamp struct {
	text   string
	at     time.Time
	format apiclient.TimeFormat // "" where it cannot be read
}

func readStamp(text string) stamp {
	at, format, err := apiclient.ParseTime(text)
	if err != nil {
		for _, layout := range []string{iso, "2006-01-02 15:04:05", http.TimeFormat, "20060102150405"} {
			if at, err := time.Parse(layout, text); err == nil {
				return stamp{text, at, apiclient.ISOFraction}
			}
		}
		return stamp{text: text}
	}
	return stamp{text, at, format}
}

func (s stamp) epoch() bool {
	return s.format == apiclient.Millis || s.format == apiclient.Seconds || s.format == apiclient.Micros
}

var shifts = func() []time.Duration {
	var list []time.Duration
	add := func(unit time.Duration, amounts ...int) {
		for _, n := range amounts {
			list = append(list, time.Duration(n)*unit, -time.Duration(n)*unit)
		}
	}
	for _, r := range []struct {
		unit     time.Duration
		from, to int
	}{{time.Millisecond, 1, 50}, {time.Second, 1, 60}, {time.Minute, 2, 15}, {time.Hour, 1, 14}} {
		for n := r.from; n <= r.to; n++ {
			add(r.unit, n)
		}
	}
	add(time.Minute, 330, 345, 390, 570, 210, 270)
	add(time.Hour, 24)
	add(time.Second, 37)
	return list
}()

func shiftCost(d time.Duration) int {
	switch d = d.Abs(); {
	case d <= 3*time.Millisecond:
		return common
	case d < time.Second:
		return plausible
	case d <= 3*time.Second, d == 8*time.Hour:
		return usual
	case d%time.Hour == 0, d == time.Minute, d == 5*time.Minute:
		return plausible
	}
	return rare
}

// differs returns the change of a time that is not the header's.
func differs(d time.Duration) habit {
	if d.Abs() >= time.Hour && d%(15*time.Minute) == 0 {
		return habit{"time_zone_shifted", "The signed time is " + offsetWords(d) + " the header's: a time zone apart.",
			"local time taken for UTC, or the reverse"}
	}
	return habit{"time_differs_from_header", "The signed time is " + offsetWords(d) + " the header's.",
		"reading the clock once for the header and once for the string to sign; read it once"}
}

func offsetWords(d time.Duration) string {
	side := "after"
	if d < 0 {
		side = "before"
	}
	if d = d.Abs(); d < time.Minute && d%time.Second != 0 || d < time.Second {
		return fmt.Sprintf("%d ms %s", d.Milliseconds(), side)
	}
	return strings.TrimSuffix(d.String(), "0s") + " " + side
}

// rewrite returns another time in the form of this one.
func (s stamp) rewrite(at time.Time) string { return string(s.appendAt(nil, at)) }

// appendAt appends another time in the form of this one.
func (s stamp) appendAt(dst []byte, at time.Time) []byte {
	switch s.format {
	case apiclient.Millis:
		return strconv.AppendInt(dst, at.UnixMilli(), 10)
	case apiclient.Seconds:
		return strconv.AppendInt(dst, at.Unix(), 10)
	case apiclient.Micros:
		return strconv.AppendInt(dst, at.UnixMicro(), 10)
	}
	return at.In(s.at.Location()).AppendFormat(dst, s.layout())
}

// layout returns Go's reference time in the form of this one.
func (s stamp) layout() string {
	if len(s.text) < len(iso) || s.text[10] != 'T' {
		return "2006-01-02 15:04:05"
	}
	rest := s.text[len(iso):]
	layout := iso
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		layout += rest[:1] + strings.Repeat("0", n-1)
		rest = rest[n:]
	}
	switch {
	case rest == "":
		return layout
	case rest == "Z":
		return layout + "Z07:00"
	case strings.Contains(rest, ":"):
		return layout + "-07:00"
	case len(rest) == 3:
		return layout + "-07"
	}
	return layout + "-0700"
}

// Sweeps returns the times at most reach away from those that the exchange
// names, in their own forms, the nearest first. A form without milliseconds is
// swept in seconds.
func (src *Source) Sweeps(step, reach time.Duration) []Series {
	own := readStamp(src.values().Time)
	var list []Series
	for _, s := range src.anchors(own) {
		step, from := step, s.at
		if s.format == apiclient.Micros {
			from = from.Truncate(time.Millisecond)
		}
		if s.format != apiclient.Millis && s.format != apiclient.Micros {
			step = max(step, time.Second)
		}
		far := func(i int) time.Duration {
			d := time.Duration(i/2+1) * step
			if i%2 == 1 {
				return -d
			}
			return d
		}
		list = append(list, Series{
			search.Sequence{
				Part: search.Time, Len: 2 * int(max(reach, 2*time.Second)/step),
				Append: func(dst []byte, i int) []byte { return s.appendAt(dst, from.Add(far(i))) },
			},
			func(i int) []variant.Change { return []variant.Change{variant.Change(src.swept(own, s, far(i)))} },
		})
	}
	return list
}

// anchors returns the times around which the signed one may lie.
func (src *Source) anchors(own stamp) []stamp {
	var list []stamp
	header := func(m *apiclient.Message, name string) {
		if s := readStamp(m.Get(src.Names.Of(name))); s.format != "" {
			list = append(list, s)
		}
	}
	if own.format != "" {
		list = append(list, own)
		if !own.epoch() {
			// A date hides the milliseconds.
			list = append(list, stamp{text: own.text, at: own.at, format: apiclient.Millis})
		}
	}
	if src.Side == apiclient.ResponseSide {
		header(&src.Exchange.Request, apiclient.HeaderRequestTime)
	}
	if own.text != "" || len(list) > 0 {
		return list
	}
	if r := src.Exchange.Response; r != nil {
		header(r, apiclient.HeaderResponseTime)
	}
	if at := src.Exchange.StartedAt; !at.IsZero() {
		list = append(list, stamp{text: "the start of the exchange", at: at, format: apiclient.Millis})
	}
	return list
}

// swept returns the change that a time so far from an anchor stands for.
func (src *Source) swept(own, anchor stamp, d time.Duration) habit {
	switch {
	case anchor.text == own.text && anchor.format != own.format:
		return habit{"time_epoch_signed", "as epoch milliseconds where the header has a date; they are " +
			offsetWords(d) + " the header's second", "`System.currentTimeMillis()` for the string and a date for the header"}
	case anchor.text == own.text:
		return differs(d)
	case own.text == "" && src.Side == apiclient.RequestSide:
		return habit{"request_time_missing", "The request has no Request-Time; it was signed with one that is " + offsetWords(d) + " " +
			anchor.text + ".", "a header that is set on another request object than the one that is sent"}
	case own.text == "":
		return habit{"response_time_missing", "The response has no Response-Time; it was signed with one that is " + offsetWords(d) +
			" the Request-Time.", "a header that is lost on error responses"}
	}
	return habit{"time_differs_from_header",
		"The signed time is " + offsetWords(d) + " the Request-Time, and is not that of the header.", "reading the clock twice"}
}

// TimeDiffers returns the change from our time to theirs; false where one of
// them cannot be read or they are written in different forms.
func TimeDiffers(theirs, ours string) (variant.Change, bool) {
	a, b := readStamp(theirs), readStamp(ours)
	return variant.Change(differs(a.at.Sub(b.at))), a.format != "" && a.format == b.format
}
