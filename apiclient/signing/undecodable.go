package signing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// refuseHeader returns the verdict where no value could be found.
func (v *Verdict) refuseHeader(c Check, err error) {
	h, _ := errors.AsType[*SpellingError](err) // the only kind there is
	if h.Cause == headerTooLong || h.Cause == headersTooMany {
		v.undecodable(h.Cause, h.Says, h.Fix)
		return
	}
	if h.Cause == "signature_missing" &&
		slices.ContainsFunc(c.Headers, func(s string) bool { return len(s) >= minSignature }) {
		// A header without its pair may still hold a signature in another form.
		v.undecodable(h.Cause, h.Says, h.Fix)
		found := v.tryDeep(c, c.Headers)
		v.Warnings = slices.DeleteFunc(v.Warnings, func(w Warning) bool { return w.Cause == h.Cause })
		if found {
			return
		}
	}
	if h.Cause == "signature_missing" || h.Cause == "signature_empty" {
		v.Status, v.Reason, v.Hint = Unsigned, sentence(h.Says), sentence(h.Fix)
		v.addWarning(h.Cause, h.Says)
		return
	}
	v.undecodable(h.Cause, h.Says, h.Fix)
	if h.Meant == "" {
		if h.Cause != "signature_header_pair_repeated" && h.Cause != "signature_header_repeated" {
			v.tryDeep(c, c.Headers) // of two that differ, none is meant
		}
		return
	}
	read := Reading{}.with(h.Cause, h.Says, h.Fix)
	if sig, _, err := DecodeValue(h.Meant); err == nil {
		v.tryReading(c, read.found(sig))
		return
	}
	for _, r := range Readings(h.Meant) {
		both := read
		for _, cause := range r.Causes {
			both = both.with(cause, r.Says, r.Fix)
		}
		if v.tryReading(c, both.found(r.Signature)) {
			return
		}
	}
	v.tryDeep(c, c.Headers)
}

// refuseValue returns the verdict where the value cannot be read.
func (v *Verdict) refuseValue(c Check, value string, err error) {
	e, _ := errors.AsType[*SpellingError](err) // the only kind there is
	if caseFolded(value) {
		v.undecodable(foldedCause, foldedSays, foldedFix)
		if !v.tryDeep(c, []string{value}) {
			v.noSignature(c)
		}
		return
	}
	v.undecodable(e.Cause, e.Says, e.Fix)
	for _, r := range Readings(value) {
		if v.tryReading(c, r) {
			return
		}
	}
	if v.tryDeep(c, append([]string{value}, c.Headers...)) || v.noSignature(c) || len(c.Expected) == 0 ||
		!usable(c.Expected[0].Public) {
		return
	}
	// What is far too short was cut, whatever else that broke.
	if sig, ok := (Reading{}).looseBase64(cutPercent(value)); ok && len(sig) < c.Expected[0].Public.Size()-2 {
		v.undecodable("signature_truncated", fmt.Sprintf("the value has %d bytes where %s needs %d: it was cut",
			len(sig), c.Expected[0].ID, c.Expected[0].Public.Size()),
			"look for a length limit or for a line break that ends the value")
	}
}

// noSignature names a value that is something else than a signature.
func (v *Verdict) noSignature(c Check) bool {
	values := []string{v.Header.Value}
	for _, h := range c.Headers {
		// A comma may have cut what is printed there.
		if i := indexPair(h); i >= 0 {
			values = append(values, h[i+len("signature="):])
		}
	}
	for _, value := range values {
		if f, ok := identify(value, c.Canonical); ok {
			v.Warnings = slices.DeleteFunc(v.Warnings,
				func(w Warning) bool { return strings.HasPrefix(w.Cause, "signature_") })
			v.undecodable(f.cause, f.says, f.fix)
			return true
		}
	}
	return false
}

// cutPercent undoes percent-encoding up to a broken escape.
func cutPercent(value string) string {
	if i := strings.LastIndexByte(value, '%'); i >= 0 && len(value)-i < 3 {
		value = value[:i]
	}
	text, _, err := percentDecode(value)
	if err != nil {
		return value
	}
	text = strings.TrimRight(text, "=")
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	return text
}

func (v *Verdict) undecodable(cause, says, fix string) {
	v.Status, v.Reason, v.Hint = Undecodable, sentence(says), sentence(fix)
	v.addWarning(cause, says)
}

func (v *Verdict) addWarning(cause, says string) {
	for _, w := range v.Warnings {
		if w.Cause == cause {
			return
		}
	}
	v.Warnings = append(v.Warnings, Warning{cause, sentence(says)})
}
