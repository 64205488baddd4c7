// Countersign is a terminal explorer for signed Mini Program OpenAPIs.
package main

import (
	"os"

	"countersign/tui/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
