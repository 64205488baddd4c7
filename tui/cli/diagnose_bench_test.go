//go:build !windows

package cli

import (
	"errors"
	"os/exec"
	"slices"
	"testing"
	"time"

	"countersign/apiclient/signing/signingtest"
)

// BenchmarkDiagnoseProcess is countersign diagnose as a process, start to exit,
// over the public cases: the median and the longest, of those with one cause
// that can be proven and of all. It is one pass whatever b.N says.
func BenchmarkDiagnoseProcess(b *testing.B) {
	doc := signingtest.Load(b, evidenceFolder)
	program := build(b, "countersign", "../..")
	env := benchHome(b)
	flags, _ := keyFlags(doc)
	dir := b.TempDir()
	var single, all []time.Duration
	for _, m := range doc.Cases {
		args := argsOf(b, m, "diagnose", dir, flags)
		c := exec.Command(program, args...)
		c.Env = env
		start := time.Now()
		err := c.Run()
		took := time.Since(start)
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitUnverified) {
			b.Fatalf("%s: %v", m.ID, err)
		}
		all = append(all, took)
		if len(m.Causes) == 1 && m.Recovers == "exact" {
			single = append(single, took)
		}
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	slices.Sort(single)
	slices.Sort(all)
	b.ReportMetric(ms(single[len(single)/2]), "ms/single-median")
	b.ReportMetric(ms(single[len(single)-1]), "ms/single-max")
	b.ReportMetric(ms(all[len(all)/2]), "ms/all-median")
	b.ReportMetric(ms(all[len(all)-1]), "ms/all-max")
	b.ReportMetric(0, "ns/op")
}
