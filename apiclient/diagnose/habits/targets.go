package habits

import (
	"strings"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// Series holds what a part may have been, made while it is tried.
type Series struct {
	search.Sequence
	Changes func(i int) []variant.Change // that its i-th text stands for
}

// How many spellings are tried of a target at most. Each costs one hash.
const (
	maxSpelled  = 100_000 // of the parameters in the order that was sent
	maxArranged = 200_000 // of the parameters in other orders, too
	maxShaped   = 4_000   // of each other style of arrays
	maxTogether = 400     // of each other style of several arrays
	maxPaths    = 60_000
	maxTarget   = 4 << 10 // bytes of a target whose spellings are tried
	maxParams   = 100     // of a query whose spellings are tried
	maxCrossed  = 120_000 // of path and query together
)

// block is a set of texts of one list of pieces: every order of them in every
// spelling.
type block struct {
	kinds  *kinds
	pieces [][]token
	orders [][]uint8
	named  []choice // those of known encoders, which come first
	spell  int      // how many spellings are counted through
}

func newBlock(k *kinds, pieces [][]token, orders [][]uint8, limit int) block {
	b := block{kinds: k, pieces: pieces, orders: orders}
	for _, e := range encoders {
		b.named = append(b.named, chosenBy(e, pieces...))
	}
	b.spell = k.spellings(max(1, limit/len(orders)))
	return b
}

func (b *block) len() int { return len(b.orders) * (len(b.named) + b.spell) }

func (b *block) append(dst []byte, i int) []byte {
	order, at := b.orders[i%len(b.orders)], i/len(b.orders)
	var c choice
	if at < len(b.named) {
		c = b.named[at]
	} else {
		c = b.kinds.choice(at - len(b.named))
	}
	for j, piece := range order {
		if j > 0 {
			dst = append(dst, '&')
		}
		dst = appendTokens(dst, b.pieces[piece], &c)
	}
	return dst
}

// blocks are the sets of texts that one part of a target may have been.
type blocks []block

func (list blocks) len() int {
	n := 0
	for i := range list {
		n += list[i].len()
	}
	return n
}

func (list blocks) append(dst []byte, i int) []byte {
	for b := range list {
		n := list[b].len()
		if i < n {
			return list[b].append(dst, i)
		}
		i -= n
	}
	return dst
}

// queryBlocks returns what may have been signed as the query, where every kind
// of character, the order and the style of arrays may differ.
func queryBlocks(query string) blocks {
	var list blocks
	sent := paramsOf(query)
	if len(sent) > maxParams {
		return nil
	}
	for i, shape := range shapes(sent) {
		k := &kinds{index: map[string]int{}}
		var pieces [][]token
		for at, p := range shape {
			pieces = append(pieces, k.tokens(p, at))
		}
		orders := arrangements(shape)
		if i == 0 {
			list = append(list, newBlock(k, pieces, orders[:1], maxSpelled), newBlock(k, pieces, orders, maxArranged))
			continue
		}
		limit := maxShaped
		if i > len(styles)*len(shape) { // of several arrays together
			limit = maxTogether
		}
		list = append(list, newBlock(k, pieces, orders[:min(len(orders), 24)], limit))
	}
	return list
}

// pathBlocks returns what may have been signed as the path, before a normaliser
// took out slashes, dots and escapes, or after one did.
func pathBlocks(path string) blocks {
	var list blocks
	for i, base := range append([]string{path}, normalised(path)...) {
		k := &kinds{index: map[string]int{}}
		limit := maxPaths
		if i > 0 {
			limit = maxShaped
		}
		list = append(list, newBlock(k, [][]token{k.path(base)}, [][]uint8{{0}}, limit))
	}
	// Behind a prefix that was put in front on the way.
	rest := path
	for range maxPrefixed {
		if len(rest) < 2 {
			break
		}
		next := strings.IndexByte(rest[1:], '/')
		if next < 0 {
			break
		}
		rest = rest[1+next:]
		k := &kinds{index: map[string]int{}}
		list = append(list, newBlock(k, [][]token{k.path(rest)}, [][]uint8{{0}}, maxTogether))
	}
	return list
}

// maxPrefixed is how many segments may have been put in front of a path that was
// written in another way, too.
const maxPrefixed = 3

// maxJoints and maxLetters bound what is varied in a path.
const (
	maxJoints  = 10
	maxLetters = 64
)

// path makes tokens of a path: any one or two of its slashes doubled, one with
// /. behind it, one letter escaped, and all other characters in their forms.
func (k *kinds) path(sent string) []token {
	body, tail := sent, token{[]string{"", "/"}, -1}
	if len(sent) > 1 && strings.HasSuffix(sent, "/") {
		body, tail.forms = sent[:len(sent)-1], []string{"/", ""}
	}
	joints := strings.Count(body, "/")
	letters := len(strings.Trim(body, "/"))
	var list []token
	joint, letter := 0, 0
	for i := 0; i < len(body); {
		n := width(body[i:])
		piece := body[i : i+n]
		i += n
		switch {
		case piece == "/" && joints <= maxJoints:
			list = append(list, k.token("joint", jointForms(joint, joints)...))
			joint++
		case piece == "/":
			list = append(list, token{[]string{piece}, -1})
		case len(piece) == 1 && isAlphanumeric(piece[0]) && letters <= maxLetters:
			forms := make([]string, letters+1)
			for f := range forms {
				forms[f] = piece
			}
			forms[letter+1] = bodies.Percent(piece, "", false)
			list = append(list, k.token("?letter", forms...))
			letter++
		default:
			list = append(list, k.character(piece, ""))
		}
	}
	return append(list, k.token("tail", tail.forms...))
}

// jointForms returns the forms of the j-th of n slashes: alone or beside
// another one doubled, with a dot behind it, escaped.
func jointForms(j, n int) []string {
	forms := []string{"/"}
	add := func(special bool, text string) {
		if !special {
			text = "/"
		}
		forms = append(forms, text)
	}
	for a := range n {
		add(a == j, "//")
		add(a == j, "/./")
		add(a == j, "%2F")
		add(a == j, "%2f")
		for _, word := range dotted[:4] {
			add(a == j, "/"+word+"/../")
		}
	}
	for a := range n {
		for b := a + 1; b < n; b++ {
			add(a == j || b == j, "//")
		}
	}
	return forms
}

// normalised returns what normalisers make of a path, that which they leave as
// it is left out.
func normalised(path string) []string {
	var list []string
	for _, f := range normalisers {
		for _, g := range normalisers {
			if s := f(g(path)); s != path {
				list = formsOf(append(list, s)...)
			}
		}
	}
	return append(list, pathForms(path)...)
}

// normalisers are what servers and clients do to a path, each alone: nginx
// merges slashes and decodes, fasthttp and path.Join clean, a URL class takes
// out dots.
var normalisers = []func(string) string{
	func(s string) string { return s },
	mergeSlashes,
	removeDots,
	func(s string) string { return bodies.PercentDecode(s, false) },
	func(s string) string { return bodies.PercentDecode(s, true) },
	strings.ToLower,
}

func mergeSlashes(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	return s
}

// removeDots removes dot segments (RFC 3986, section 5.2.4).
func removeDots(s string) string {
	parts := strings.Split(s, "/")
	var out []string
	for i, p := range parts {
		last := i == len(parts)-1
		switch {
		case p == "." || p == "..":
			if p == ".." && len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, p)
		}
	}
	return strings.Join(out, "/")
}

// Targets returns the spellings of path and query that encoders and normalisers
// make the same on the wire: first one of the two, then, where both is asked
// for, both together.
func (src *Source) Targets(both bool) []Series {
	sent := src.values().Target
	if len(sent) > maxTarget {
		return nil
	}
	path, query, hasQuery := strings.Cut(sent, "?")
	paths, tail := pathBlocks(path), ""
	if hasQuery {
		tail = "?" + query
	}
	if !both {
		list := []Series{src.series(paths.len(), func(dst []byte, i int) []byte {
			return append(paths.append(dst, i), tail...)
		})}
		if hasQuery {
			queries := queryBlocks(query)
			head := path + "?"
			list = append(list, src.series(queries.len(), func(dst []byte, i int) []byte {
				return queries.append(append(dst, head...), i)
			}))
		}
		return list
	}
	if !hasQuery {
		return nil
	}
	queries := queryBlocks(query)
	inner := min(queries.len(), max(200, maxCrossed/paths.len()))
	return []Series{src.series(min(maxCrossed, inner*paths.len()), func(dst []byte, i int) []byte {
		return queries.append(append(paths.append(dst, i/inner), '?'), i%inner)
	})}
}

// series makes a series of targets whose changes are read from what differs.
func (src *Source) series(n int, write func(dst []byte, i int) []byte) Series {
	sent := src.values().Target
	return Series{
		search.Sequence{Part: search.Target, Len: n, Append: write},
		func(i int) []variant.Change {
			list := targetChanges(string(write(nil, i)), sent)
			if does := src.sender(); does != "" && len(list) > 0 && list[0].Habit != "" &&
				list[0].Cause != "path_other_endpoint" {
				list[0].Habit += "; here, " + does
			}
			return list
		},
	}
}
