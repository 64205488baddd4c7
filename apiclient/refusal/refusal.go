// Package refusal reads codes and sentences in which somebody refuses a message for
// its signature.
package refusal

import (
	"slices"
	"strings"
	"unicode"
)

// Fault is what the other side says is wrong with a signature.
type Fault string

// Faults of a signature.
const (
	Invalid Fault = "invalid" // it does not verify there
	Missing Fault = "missing" // none arrived there
	Expired Fault = "expired" // it is too old there
)

// MaxText bounds what is read to find a refusal, in bytes: a refusal is short.
const MaxText = 64 << 10

// faultWords say what is wrong, in codes and messages.
var faultWords = map[Fault][]string{
	Invalid: {"invalid", "invalidated", "illegal", "incorrect", "wrong", "bad", "error", "err", "fail", "fails", "failed", "failure",
		"mismatch", "mismatched", "mismatches", "unmatched",
		"unverified", "denied", "rejected", "refused", "forged", "tampered", "corrupt", "corrupted", "malformed", "nomatch",
		"notmatch", "unmatch"},
	Missing: {"missing", "absent", "empty", "required", "null", "blank"},
	Expired: {"expired", "outdated", "stale"},
}

// negated are the words that are a fault behind "not" or "cannot".
var negated = []string{"match", "matched", "matching", "valid", "correct", "right", "verified", "verify", "validated",
	"pass", "passed", "accepted", "trusted", "verifiable",
	"present", "found", "provided", "supplied", "given", "exist"}

// filler may stand between the signature and its fault.
var filler = []string{"is", "was", "are", "be", "has", "have", "been", "the", "a", "an", "of", "in", "for", "to",
	"this", "your", "request", "requests", "message", "header", "value", "data", "string", "digital",
	"verification", "verify", "verifying", "verified", "validation", "validate", "validating", "check", "checking",
	"checked", "auth", "authentication", "authenticate", "rsa", "rsa256", "sha256", "code",
	"does", "did", "do", "could", "can", "t", "doesn", "isn", "wasn", "couldn", "param", "parameter", "field", "not",
	"cannot", "unable", "http"}

// FaultOf reads a code or a sentence: it names a fault of the signature
// where a word for the signature and one for a fault stand together, with
// nothing but filler between them. So "INVALID_SIGNATURE", "sign check fail" and
// "could not verify the signature" do, and "signature ok, amount invalid" and
// "contract not signed" do not.
func FaultOf(text string) (Fault, bool) {
	if len(text) > MaxText {
		return "", false
	}
	lower := strings.ToLower(text)
	if slices.ContainsFunc(foreignFaults, func(phrase string) bool { return strings.Contains(lower, phrase) }) {
		return Invalid, true
	}
	words := wordsOf(text)
	for i, w := range words {
		if !isSignature(words, i) {
			continue
		}
		if fault, ok := faultBehind(words[i+1:]); ok {
			return fault, true
		}
		before := slices.Clone(words[max(0, i-maxBefore):i])
		slices.Reverse(before)
		if fault, ok := faultBefore(before, w); ok {
			return fault, true
		}
	}
	return "", false
}

// maxBefore is how many words in front of the signature are looked at.
const maxBefore = 8

// foreignFaults are what platforms of other languages say. Lower case.
var foreignFaults = []string{
	"验签失败", "验签错误", "验签不通过", "验签未通过", "验签异常", "签名错误", "签名无效", "签名失败", "签名不正确", "签名不匹配", "签名不一致", "签名有误", "签名非法", "无效签名",
	"无效的签名", "非法签名",
	"签名验证失败", "签名校验失败", "签名验证不通过", "签名校验不通过", "簽名錯誤", "簽名無效", "驗簽失敗", "簽名驗證失敗",
	"chữ ký không hợp lệ", "sai chữ ký", "chữ ký không đúng", "tanda tangan tidak valid", "tanda tangan tidak sah",
	"signature tidak valid", "firma inválida", "firma no válida", "assinatura inválida",
	"signature invalide", "ungültige signatur",
}

// isSignature reports whether the word is the signature: "sign" is as well a
// verb, and "sign in" something else.
func isSignature(words []string, i int) bool {
	switch words[i] {
	case "signature", "signatures":
		return true
	case "sign", "sig":
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		return !slices.Contains([]string{"in", "up", "on", "out", "off", "the", "a", "an", "this", "your", "response"}, next)
	}
	return false
}

// faultBehind looks for a fault behind the signature.
func faultBehind(words []string) (Fault, bool) {
	not := false
	for i, w := range words {
		if i > 8 {
			return "", false
		}
		if fault, ok := faultOf(w); ok {
			return fault, !not // "signature is not wrong"
		}
		if slices.Contains(negated, w) && (not || !slices.Contains(filler, w)) {
			return faultOfNot(w), not
		}
		if !slices.Contains(filler, w) {
			return "", false
		}
		not = not || w == "not" || w == "cannot" || w == "unable" || w == "t"
	}
	return "", false
}

// faultBefore looks for a fault in front of the signature; words are reversed.
// A bare "sign" behind "failed to" is a verb: their own signing failed.
func faultBefore(words []string, signature string) (Fault, bool) {
	checks := false
	for i, w := range words {
		if i > 6 {
			return "", false
		}
		checks = checks || containsAny(w, "verif", "valid", "check", "auth") && w != "invalid"
		switch fault, ok := faultOf(w); {
		case ok && i > 0 && words[0] == "to" && !checks:
			return "", false
		case ok:
			return fault, true
		case w == "no" && i == 0 && signature != "sign":
			return Missing, true
		case (w == "not" || w == "cannot" || w == "unable" || w == "t") && checks:
			return Invalid, true
		case !slices.Contains(filler, w):
			return "", false
		}
	}
	return "", false
}

func faultOf(word string) (Fault, bool) {
	for fault, words := range faultWords {
		if slices.Contains(words, word) {
			return fault, true
		}
	}
	return "", false
}

// faultOfNot is what a word means behind "not".
func faultOfNot(word string) Fault {
	if slices.Contains([]string{"present", "found", "provided", "supplied", "given", "exist"}, word) {
		return Missing
	}
	return Invalid
}

// maxWords is how many words of a text are looked at.
const maxWords = 4000

// wordsOf cuts a code or a sentence into words, in lower case: at what is no
// letter or digit, and where small letters become capitals. The end of a
// clause is a word too.
func wordsOf(text string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	small, stop := false, ""
	for _, r := range text {
		if len(words) > maxWords {
			break
		}
		if stop != "" && unicode.IsSpace(r) {
			words = append(words, stop)
		}
		stop = ""
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !letter || small && unicode.IsUpper(r) {
			flush()
		}
		if letter {
			word = append(word, r)
		} else if strings.ContainsRune(".,;!?", r) {
			stop = string(r) // of a sentence, where a blank follows
		}
		small = unicode.IsLower(r)
	}
	flush()
	return words
}

// SentenceAbout returns the first line or sentence of a text that names a fault of
// the signature; "" where none does.
func SentenceAbout(text string) string {
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".\n!?;", r) }) {
		if _, ok := FaultOf(s); ok {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}
