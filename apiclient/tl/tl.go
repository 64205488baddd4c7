package tl

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

var start, _ = strconv.ParseInt(os.Getenv("TL"), 10, 64)
var rows []string

func M(s string) {
	if start != 0 {
		rows = append(rows, fmt.Sprintf("%6.1f %s", float64(time.Now().UnixNano()-start)/1e6, s))
	}
}
func Out() {
	if start != 0 {
		M("exit")
		os.Stderr.WriteString(strings.Join(rows, "\n") + "\n")
	}
}
func init() { M("init-tl") }
