package evidence

import (
	"encoding/base64"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// byteList is a list of bytes in decimal, as Go, Java, Python and JavaScript
// print it; Java's may be less than zero.
var byteList = lazyregexp.New(`\[ ?-?\d{1,3}(?:[ ,]{1,2}-?\d{1,3}){15,} ?\]`)

// decoded returns the message that a text has in base64 or as a list of bytes.
func decoded(text []byte) ([]byte, bool) {
	bare := strings.Join(strings.Fields(string(text)), "")
	if plain, err := base64.StdEncoding.DecodeString(bare); err == nil && isMessage(plain) {
		return plain, true
	}
	var plain []byte
	for _, list := range byteList.FindAllStringSubmatch(string(text), maxExchanges) {
		for _, number := range strings.FieldsFunc(list[0], func(c rune) bool { return strings.ContainsRune("[], ", c) }) {
			n, err := strconv.Atoi(number)
			if err != nil || n < -128 || n > 255 {
				return nil, false
			}
			plain = append(plain, byte(n)) //nolint:gosec // two's complement is meant
		}
	}
	return plain, isMessage(plain)
}
