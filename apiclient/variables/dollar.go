package variables

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
)

// The variables of other REST clients, which begin with a dollar sign:
//
//	{{$guid}} {{$uuid}} {{$random.uuid}}       as {{uuid}}
//	{{$timestamp}} {{$timestamp -1 d}}         seconds since 1970
//	{{$isoTimestamp}}                          ISO 8601 in UTC
//	{{$datetime iso8601 1 h}}                  UTC; also rfc1123, or a format: "YYYY-MM-DD"
//	{{$localDatetime rfc1123}}                 the same in local time
//	{{$randomInt}} {{$randomInt 1 100}}        from the first up to the second, without it
//	{{$processEnv NAME}} {{$env.NAME}}         as {{env.NAME}}
var dollars = map[string]func(x *expansion, args []string) (string, *Error){
	"$guid":          func(x *expansion, args []string) (string, *Error) { return x.id(), none(args) },
	"$uuid":          func(x *expansion, args []string) (string, *Error) { return x.id(), none(args) },
	"$random.uuid":   func(x *expansion, args []string) (string, *Error) { return x.id(), none(args) },
	"$timestamp":     (*expansion).timestamp,
	"$isoTimestamp":  func(x *expansion, args []string) (string, *Error) { return iso(x.moment()), none(args) },
	"$datetime":      func(x *expansion, args []string) (string, *Error) { return x.datetime(args, x.moment().UTC()) },
	"$localDatetime": func(x *expansion, args []string) (string, *Error) { return x.datetime(args, x.moment()) },
	"$randomInt":     (*expansion).randomInt,
	"$processEnv":    (*expansion).processEnv,
}

func none(args []string) *Error {
	if len(args) > 0 {
		return &Error{Says: "takes nothing behind its name", Fix: hint.Fix("leave out " + strings.Join(args, " "))}
	}
	return nil
}

// dollar returns a variable of other REST clients.
func (x *expansion) dollar(name string) (string, *Error) {
	if env, ok := strings.CutPrefix(name, "$env."); ok {
		return x.env(env)
	}
	args := words(name)
	if f, ok := dollars[args[0]]; ok {
		return f(x, args[1:])
	}
	names := make([]string, 0, len(dollars))
	for n := range dollars {
		names = append(names, n)
	}
	e := &Error{Says: "is not known", Fix: "of the variables with a dollar sign there are $guid, $timestamp, $isoTimestamp, " +
		"$datetime, $localDatetime, $randomInt, $processEnv and $env.NAME"}
	if near := english.Nearest(args[0], names); near != "" {
		e.Fix = hint.Fix("did you mean {{" + near + "}}?")
	}
	return "", e
}

// words splits at white space; what is in quotes stays together.
func words(s string) []string {
	var list []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		if q := s[0]; q == '"' || q == '\'' {
			if end := strings.IndexByte(s[1:], q); end >= 0 {
				list, s = append(list, s[1:1+end]), s[end+2:]
				continue
			}
		}
		n := strings.IndexAny(s, " \t")
		if n < 0 {
			n = len(s)
		}
		list, s = append(list, s[:n]), s[n:]
	}
	return list
}

// moment is the time of the request.
func (x *expansion) moment() time.Time {
	if x.now.IsZero() {
		x.now = x.Now()
	}
	return x.now
}

func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (x *expansion) timestamp(args []string) (string, *Error) {
	t, fault := shifted(x.moment(), args)
	return strconv.FormatInt(t.Unix(), 10), fault
}

// shifted adds an offset such as -3 h, as the two words -3 and h.
func shifted(t time.Time, args []string) (time.Time, *Error) {
	if len(args) == 0 {
		return t, nil
	}
	wrong := &Error{Says: fmt.Sprintf("has an unusable offset %q", strings.Join(args, " ")),
		Fix: "write a number and a unit: -3 h; the units are y, Q, M, w, d, h, m, s, ms"}
	if len(args) != 2 {
		return t, wrong
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n > 1e9 || n < -1e9 {
		return t, wrong
	}
	switch args[1] {
	case "y":
		return t.AddDate(n, 0, 0), nil
	case "Q":
		return t.AddDate(0, 3*n, 0), nil
	case "M":
		return t.AddDate(0, n, 0), nil
	case "w":
		return t.AddDate(0, 0, 7*n), nil
	case "d":
		return t.AddDate(0, 0, n), nil
	}
	unit, ok := map[string]time.Duration{"h": time.Hour, "m": time.Minute, "s": time.Second, "ms": time.Millisecond}[args[1]]
	if !ok {
		return t, wrong
	}
	return t.Add(time.Duration(n) * unit), nil
}

func (x *expansion) datetime(args []string, t time.Time) (string, *Error) {
	if len(args) == 0 {
		return "", &Error{Says: "has no format", Fix: `write {{$datetime iso8601}}, {{$datetime rfc1123}} or {{$datetime "YYYY-MM-DD"}}`}
	}
	t, fault := shifted(t, args[1:])
	switch args[0] {
	case "iso8601":
		if t.Location() == time.UTC {
			return iso(t), fault
		}
		return t.Format("2006-01-02T15:04:05.000Z07:00"), fault
	case "rfc1123":
		if t.Location() == time.UTC {
			return t.Format("Mon, 02 Jan 2006 15:04:05 GMT"), fault
		}
		return t.Format("Mon, 02 Jan 2006 15:04:05 -0700"), fault
	}
	return byTokens(args[0], t), fault
}

// tokens are those of Day.js, the longest first, and how Go writes them.
var tokens = []struct{ token, layout string }{
	{"YYYY", "2006"}, {"YY", "06"}, {"MMMM", "January"}, {"MMM", "Jan"}, {"MM", "01"}, {"M", "1"},
	{"DD", "02"}, {"D", "2"}, {"dddd", "Monday"}, {"ddd", "Mon"}, {"HH", "15"}, {"hh", "03"}, {"h", "3"},
	{"mm", "04"}, {"m", "4"}, {"ss", "05"}, {"s", "5"}, {"SSS", ".000"}, {"ZZ", "-0700"}, {"Z", "-07:00"},
	{"A", "PM"}, {"a", "pm"},
}

// byTokens writes a time in a format of Day.js; text in [brackets] stays.
func byTokens(format string, t time.Time) string {
	var out strings.Builder
next:
	for format != "" {
		if text, rest, ok := strings.Cut(format[1:], "]"); ok && format[0] == '[' {
			out.WriteString(text)
			format = rest
			continue
		}
		for _, k := range tokens {
			if rest, ok := strings.CutPrefix(format, k.token); ok {
				out.WriteString(strings.TrimPrefix(t.Format(k.layout), "."))
				format = rest
				continue next
			}
		}
		switch format[0] {
		case 'H':
			out.WriteString(strconv.Itoa(t.Hour()))
		case 'X':
			out.WriteString(strconv.FormatInt(t.Unix(), 10))
		case 'x':
			out.WriteString(strconv.FormatInt(t.UnixMilli(), 10))
		default:
			out.WriteByte(format[0])
		}
		format = format[1:]
	}
	return out.String()
}

func (x *expansion) randomInt(args []string) (string, *Error) {
	low, high := int64(0), int64(1000)
	if len(args) > 0 {
		var err1, err2 error
		if len(args) == 2 {
			low, err1 = strconv.ParseInt(args[0], 10, 64)
			high, err2 = strconv.ParseInt(args[1], 10, 64)
		}
		if len(args) != 2 || err1 != nil || err2 != nil || low >= high || high-low < 0 {
			return "", &Error{Says: "needs two whole numbers, the smaller first", Fix: "write it like {{$randomInt 1 100}}"}
		}
	}
	random := x.Random
	if random == nil {
		random = systemRandom
	}
	return x.made("$randomInt "+strings.Join(args, " "), func() string {
		return strconv.FormatInt(low+random(high-low), 10)
	}), nil
}

func systemRandom(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return v.Int64()
}

func (x *expansion) processEnv(args []string) (string, *Error) {
	if len(args) != 1 || args[0] == "" {
		return "", &Error{Says: "needs the name of an environment variable", Fix: "write it like {{$processEnv NAME}}"}
	}
	if indirect, ok := strings.CutPrefix(args[0], "%"); ok { // %NAME: the name is the value of NAME
		name, fault := x.env(indirect)
		if fault != nil {
			return "", fault
		}
		return x.env(name)
	}
	return x.env(args[0])
}
