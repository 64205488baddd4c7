package apiclient

import (
	"fmt"

	"countersign/apiclient/hint"
)

// problemf makes an error of a sentence that may hold what others wrote.
func problemf(fix, format string, args ...any) *hint.Error {
	return &hint.Error{Says: clip(fmt.Sprintf(format, args...)), Fix: fix}
}
