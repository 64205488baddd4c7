package habits

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Layout is an order of the parts with what stands between them, and the
// habits that lead to it.
type Layout struct {
	search.Layout
	Changes []variant.Change
}

// Layouts collects layouts without repeating one.
type Layouts struct {
	List []Layout
	seed maphash.Seed
	seen map[uint64]bool // by hash: two layouts of one hash are taken for one
	key  []byte          // scratch: what a form says, its parts as two bytes

	pieces  []search.Piece   // room for the next ones
	changes []variant.Change // and for these

	least, most int // costs that are asked for
}

// form is a layout that is written with letters for the parts, such as
// "M U\nC.T.B". A ~ stands for the next of the given texts, the last of them
// for all that follow; anything else for itself.
type form struct {
	pattern string
	texts   []string
}

func formOf(pattern string, texts ...string) form { return form{pattern, texts} }

// takes reports whether layouts of that cost are asked for.
func (l *Layouts) takes(cost int) bool { return l.least <= cost && cost <= l.most }

func (l *Layouts) add(cost int, f form, habits ...habit) {
	if !l.takes(cost) {
		return
	}
	l.key = f.appendKey(l.key[:0])
	hash := maphash.Bytes(l.seed, l.key)
	if l.seen[hash] {
		return
	}
	l.seen[hash] = true
	if len(l.pieces) < maxPieces {
		l.pieces = make([]search.Piece, 512)
	}
	if len(l.changes) < len(habits) {
		l.changes = make([]variant.Change, 128)
	}
	pieces := f.appendPieces(l.pieces[:0])
	entry := Layout{Layout: search.Layout{Pieces: slices.Clip(pieces), Cost: cost}}
	l.pieces = l.pieces[min(len(pieces), len(l.pieces)):]
	entry.Changes, l.changes = l.changes[:len(habits):len(habits)], l.changes[len(habits):]
	for i, h := range habits {
		entry.Changes[i] = variant.Change(h)
	}
	l.List = append(l.List, entry)
}

// maxPieces is how many pieces a form makes at most, but for long ones that a profile's
// template makes.
const maxPieces = 16

// letters stand for the parts in a form.
var letters = map[byte]search.Part{
	'M': search.Method, 'U': search.Target, 'C': search.Client, 'T': search.Time, 'B': search.Body,
}

// each calls part for the parts of the form and literal for what stands between
// them, in order; a literal may come in several runs.
func (f form) each(part func(search.Part), literal func(string)) {
	texts := f.texts
	for i := range len(f.pattern) {
		switch p, ok := letters[f.pattern[i]]; {
		case ok:
			part(p)
		case f.pattern[i] != '~':
			literal(f.pattern[i : i+1])
		default:
			literal(texts[0])
			if len(texts) > 1 {
				texts = texts[1:]
			}
		}
	}
}

// appendKey appends what tells the form from others.
func (f form) appendKey(key []byte) []byte {
	f.each(func(p search.Part) { key = append(key, 0xff, byte(p)) }, //nolint:gosec // it is one of the five
		func(s string) { key = append(key, s...) })
	return key
}

// appendPieces reads the form.
func (f form) appendPieces(pieces []search.Piece) []search.Piece {
	var text []byte
	put := func(p search.Part) {
		pieces = append(pieces, search.Piece{Literal: text, Part: p})
		text = nil
	}
	f.each(put, func(s string) { text = append(text, s...) })
	if len(text) > 0 {
		put(search.None)
	}
	return pieces
}

// ruled returns the layout of a content rule. A part that it names twice varies
// only once.
func (src *Source) ruled(t signing.Template) form {
	letters := map[string]string{"method": "M", "uri": "U", "client_id": "C", "time": "T", "body": "B"}
	pattern, texts := "", []string{}
	for _, part := range t.Parts() {
		letter := letters[part.Name]
		if letter == "" || strings.Contains(pattern, letter) {
			letter, texts = "~", append(texts, string(part.Of(src.values())))
		}
		pattern += letter
	}
	return form{pattern, texts}
}

// Layouts adds the rule's layout and what one change of these costs makes of it.
func (src *Source) Layouts(l *Layouts, least, most int) {
	if l.seen == nil {
		l.seed, l.seen, l.List = maphash.MakeSeed(), make(map[uint64]bool, 1024), make([]Layout, 0, 1024)
	}
	l.least, l.most = least, most
	l.add(0, src.ruled(src.template()))
	if src.Side == apiclient.ResponseSide && src.RequestTemplate.String() != src.template().String() {
		l.add(common, src.ruled(src.RequestTemplate), habit{"template_of_request",
			"The response was signed by the rule for requests.", "one rule for both sides: leave response_template out of the profile"})
	}
	if src.template().String() != signing.DefaultTemplate {
		l.add(common, ruleFrame.form(), habit{"template_usual",
			"The usual string was signed, not the one of the profile's template.", "a platform that signs as most do"})
	}
	l.separated()
	l.framed()
	l.reduced()
	l.reordered()
	l.platforms(src)
	l.inserted(src)
}

// reduced leaves parts out.
func (l *Layouts) reduced() {
	const code = "the template of another platform, or a variable that is left out"
	missing := func(cause, says string) habit { return habit{cause, says, code} }
	noLine := missing("method_missing", "The string was signed without method and path.")
	l.add(common, formOf("C.T.B"), noLine)
	l.add(usual, formOf("\nC.T.B"), noLine)
	l.add(common, formOf("U\nC.T.B"), missing("method_missing", "The string was signed without the method."))
	l.add(usual, formOf(" U\nC.T.B"), missing("method_missing", "The string was signed without the method."))
	l.add(common, formOf("M\nC.T.B"), missing("path_empty", "The string was signed without the path."))
	l.add(common, formOf("B"), missing("content_body_only", "The body alone was signed."))
	l.add(usual, formOf("TB"), missing("content_time_and_body", "Time and body alone were signed."))
	noTime := missing("time_omitted", "The string was signed without the time.")
	l.add(common, formOf("M U\nC.B"), noTime)
	noClient := missing("client_id_omitted", "The string was signed without the client id.")
	l.add(common, formOf("M U\nT.B"), noClient)
	l.add(usual, formOf("M U\n.T.B"), noClient)
	noBody := missing("body_omitted", "The string was signed without the body.")
	l.add(common, formOf("M U\nC.T"), noBody)
	l.add(usual, formOf("M U"), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(usual, formOf("M U\n"), missing("content_request_line_only", "Method and path alone were signed."))
	l.add(usual, formOf("M U\nB"), missing("client_id_and_time_omitted", "The string was signed without client id and time."))
	l.add(usual, formOf("M U\nC."), missing("content_truncated", "without time and body"))
	l.add(usual, formOf("M U\nC"), missing("content_truncated", "without time and body"))
	for _, s := range []string{".", "", "\n", " ", "|", ",", ":", "&"} {
		l.add(usual, formOf("C~B", s), habit{"method_missing", "Client id and body alone were signed.", code})
		l.add(usual, formOf("T~B", s), habit{"content_time_and_body", "Time and body alone were signed.", code})
		l.add(usual, formOf("B~T", s), habit{"content_time_and_body", "Body and time alone were signed.", code})
		l.add(usual, formOf("U~B", s), habit{"content_path_and_body", "Path and body alone were signed.", code})
		l.add(usual, formOf("M~U~B", s), habit{"client_id_and_time_omitted", "Method, path and body alone were signed.", code})
		l.add(usual, formOf("C~T", s), habit{"content_client_and_time",
			"Client id and time alone were signed, as for an OAuth token.", code})
		l.add(plausible, formOf("T~C", s), habit{"content_client_and_time", "Time and client id alone were signed.", code})
		l.add(plausible, formOf("C~T~B", s), habit{"method_missing", "Client id, time and body alone were signed.", code})
		l.add(plausible, formOf("B~C~T", s), habit{"method_missing", "Body, client id and time alone were signed.", code})
		l.add(plausible, formOf("U~T~B", s), habit{"content_path_time_body", "Path, time and body alone were signed.", code})
		l.add(plausible, formOf("U~C~T~B", s), habit{"method_missing", "The string was signed without the method.", code})
		l.add(plausible, formOf("T~M~U~B", s), habit{"template_other", "Time, method, path and body were signed.", code})
		l.add(plausible, formOf("M~U~T~B", s), habit{"client_id_omitted", "Method, path, time and body were signed.", code})
		l.add(rare, formOf("C~B~T", s), habit{"method_missing", "Client id, body and time alone were signed.", code})
		l.add(rare, formOf("M~U", s), habit{"content_request_line_only", "Method and path alone were signed.", code})
	}
	l.add(plausible, formOf("C"), habit{"content_client_id_only", "The client id alone was signed.", code})
	l.add(plausible, formOf("T"), habit{"content_time_only", "The time alone was signed.", code})
	l.add(plausible, formOf("U"), habit{"content_path_only", "The path alone was signed.", code})
	l.add(exotic, formOf("M"), habit{"content_method_only", "The method alone was signed.", code})
	l.add(exotic, formOf(""), habit{"content_empty", "An empty string was signed.", "a string to sign that is not set"})
}

// reordered puts the parts in other orders, with the rule's separators.
func (l *Layouts) reordered() {
	const code = "the parts joined in another order than the rule's"
	names := map[byte]string{'C': "client id", 'T': "time", 'B': "body"}
	for i, order := range []string{"T.C.B", "C.B.T", "T.B.C", "B.C.T", "B.T.C"} {
		cause := "order_parts_changed"
		if i == 0 {
			cause = "order_client_time_swapped"
		}
		says := fmt.Sprintf("The string was signed in the order %s, %s, %s.", names[order[0]], names[order[2]], names[order[4]])
		l.add(common+i, formOf("M U\n"+order), habit{cause, says, code})
		l.add(plausible+i/2, formOf(order), habit{cause, says, code},
			habit{"method_missing", "The string was signed without method and path.", code})
	}
	l.permuted()
	first := habit{"order_line_last", "The line with method and path was signed behind the rest.", code}
	l.add(usual, formOf("C.T.B\nM U"), first)
	l.add(usual, formOf("C.T.BM U"), first)
	swapped := habit{"order_method_path_swapped", "The path was signed before the method.", code}
	l.add(usual, formOf("U M\nC.T.B"), swapped)
	l.add(plausible, formOf("UM\nC.T.B"), swapped)
	l.add(plausible, formOf("M U.C.T\nB"),
		habit{"newline_before_body", "The line feed was signed before the body instead of behind the path.", code})
	l.add(usual, formOf("M U\nC.T\nB"), habit{"separator_newline", "A line feed was signed before the body instead of a dot.", code})
	l.add(plausible, formOf("M U\nC\nT.B"),
		habit{"separator_newline", "A line feed was signed behind the client id instead of a dot.", code})
	l.add(usual, formOf("M\nU\nC.T.B"), habit{"method_newline", "The string was signed with a line feed behind the method.", code})
	l.add(usual, formOf("M U\nC.T.B."), habit{"separator_trailing", "with a dot at its end", "a loop that writes a dot behind each part"})
	l.add(plausible, formOf("M U\n.C.T.B"),
		habit{"separator_leading", "with a dot before the client id", "a loop that writes a dot before each part"})
	l.add(plausible, formOf("M U\nC.T.B\n"), habit{"content_trailing_newline",
		"with a line feed at its end", "`println`, `echo` or a text block, which end in one"})
}

// permuted puts the parts in every order, with the separators where they are:
// the line of method and path as one part, and the two on their own.
func (l *Layouts) permuted() {
	h := habit{"order_parts_changed",
		"The parts of the string were signed in another order.", "the parts joined in another order than the rule's"}
	permute([]string{"M U", "C", "T", "B"}, func(p []string) { l.add(rare, formOf(p[0]+"\n"+p[1]+"."+p[2]+"."+p[3]), h) })
	permute([]string{"M", "U", "C", "T", "B"}, func(p []string) {
		l.add(exotic, formOf(p[0]+" "+p[1]+"\n"+p[2]+"."+p[3]+"."+p[4]), h)
	})
}
