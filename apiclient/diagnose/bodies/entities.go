package bodies

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"countersign/apiclient/lazyregexp"
)

var markup = lazyregexp.New(`<[^<>]*>`)

// entities writes the characters of ascii as HTML entities, an apostrophe as it
// says, and what is not ASCII as high does.
func entities(ascii, apostrophe string, high func(r rune) string) rewriter {
	return onText(func(s string) string {
		var b strings.Builder
		for _, r := range s {
			switch {
			case r >= utf8.RuneSelf:
				b.WriteString(high(r))
			case strings.ContainsRune(ascii, r):
				b.WriteString(entityOf(r, apostrophe))
			default:
				b.WriteRune(r)
			}
		}
		return b.String()
	})
}

// entityOf returns the entity of an ASCII character that HTML gives a meaning.
func entityOf(r rune, apostrophe string) string {
	switch r {
	case '"':
		return "&quot;"
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return apostrophe
}

// entityNames are the letters and signs that have an entity in HTML 4, by the
// character: those of package html with one short name each.
var entityNames = sync.OnceValue(func() map[rune]string {
	names := map[rune]string{}
	for name := range strings.FieldsSeq(htmlNames) {
		r, _ := utf8.DecodeRuneInString(html.UnescapeString("&" + name + ";"))
		names[r] = "&" + name + ";"
	}
	return names
})

// htmlNames are the names of HTML 4 for Latin-1, and for the signs that texts have.
const htmlNames = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para
middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave
Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc
atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash
ugrave uacute ucirc uuml yacute thorn yuml OElig oelig Scaron scaron Yuml fnof circ tilde ensp emsp thinsp ndash mdash lsquo rsquo sbquo
ldquo rdquo bdquo dagger Dagger bull hellip permil prime Prime lsaquo rsaquo euro trade larr uarr rarr darr harr minus infin ne le ge`

// named writes the characters that have an entity by its name, and others as orElse does.
func named(orElse func(r rune) string) func(r rune) string {
	return func(r rune) string {
		if name := entityNames()[r]; name != "" {
			return name
		}
		return orElse(r)
	}
}

func asRune(r rune) string { return string(r) }

func numericEntities(r rune) string { return fmt.Sprintf("&#%d;", r) }

func hexEntities(r rune) string { return fmt.Sprintf("&#x%X;", r) }

// unitNumbers writes the UTF-16 units of a character by number.
func unitNumbers(r rune) string {
	if r < 0x10000 {
		return numericEntities(r)
	}
	a, b := utf16.EncodeRune(r)
	return numericEntities(a) + numericEntities(b)
}

// latinEntities writes by number what .NET does: Latin-1, and what is beyond U+FFFF.
func latinEntities(r rune) string {
	if r >= 0xa0 && r < 0x100 || r > 0xffff {
		return numericEntities(r)
	}
	return string(r)
}
