// Pack makes the files of a release. It is a module of its own, so that the
// program needs nothing of what writes manual pages. See .ci/release.
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const all = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

var versionForm = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

func run() error {
	top := flag.String("top", "../..", "the `FOLDER` of the repository")
	from := flag.String("from", ".", "the `FOLDER` that --out is relative to")
	out := flag.String("out", "", "write into this `FOLDER`; the default is .ci/dist/VERSION")
	targets := flag.String("targets", all, "make only these, as `OS/ARCH,…`")
	flag.Parse()
	version := flag.Arg(0)
	if flag.NArg() != 1 || !versionForm.MatchString(version) {
		return errors.New("give a VERSION such as 1.2.0 or 1.2.0-rc.1")
	}
	dir := filepath.Join(*top, ".ci", "dist", version)
	if *out != "" {
		if dir = *out; !filepath.IsAbs(dir) {
			dir = filepath.Join(*from, dir)
		}
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s has files already: move them away first", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	r := release{top: *top, version: version, dir: dir}
	return r.make(strings.Split(*targets, ","))
}

// release is what all archives have in common.
type release struct {
	top, version, dir string
	when              time.Time // of everything in the archives: that of the commit
	common            []file
}

// file is one of an archive.
type file struct {
	name string
	data []byte
	mode os.FileMode
}

func (r *release) make(targets []string) error {
	var err error
	if r.when, err = commitTime(r.top); err != nil {
		return err
	}
	licences, err := r.licences(targets)
	if err != nil {
		return err
	}
	if r.common, err = r.texts(); err != nil {
		return err
	}
	r.common = append(r.common, file{"LICENCES.txt", licences, 0o644})
	sums := ""
	write := func(name string, data []byte) error {
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name)
		fmt.Printf("%s  %d bytes\n", name, len(data))
		return os.WriteFile(filepath.Join(r.dir, name), data, 0o644)
	}
	for _, t := range targets {
		goos, arch, ok := strings.Cut(t, "/")
		if !ok || !slices.Contains(strings.Split(all, ","), t) {
			return fmt.Errorf("there is no target %q: use %s", t, all)
		}
		name, data, err := r.archive(goos, arch)
		if err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		if err := write(name, data); err != nil {
			return err
		}
	}
	if err := write("LICENCES.txt", licences); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, "SHA256SUMS"), []byte(sums), 0o644)
}

// commitTime returns the time of the commit, or of SOURCE_DATE_EPOCH where that is set.
func commitTime(top string) (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := command(top, nil, "git", "log", "-1", "--format=%ct")
		if err != nil {
			return time.Time{}, err
		}
		text = strings.TrimSpace(string(out))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(n, 0).UTC(), err
}

// archive builds the program for a target, and packs it with the texts.
func (r *release) archive(goos, arch string) (name string, data []byte, err error) {
	temp, err := os.MkdirTemp("", "countersign-release-")
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	binary := "countersign"
	if goos == "windows" {
		binary += ".exe"
	}
	built := filepath.Join(temp, binary)
	env := []string{"GOOS=" + goos, "GOARCH=" + arch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly"}
	_, err = command(r.top, env, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -buildid= -X countersign/tui/cli.release="+r.version, "-o", built, ".")
	if err != nil {
		return "", nil, err
	}
	program, err := os.ReadFile(built)
	if err != nil {
		return "", nil, err
	}
	files := append([]file{{binary, program, 0o755}}, r.common...)
	folder := fmt.Sprintf("countersign-%s-%s-%s", r.version, goos, arch)
	if goos == "windows" {
		data, err = zipped(folder, files, r.when)
		return folder + ".zip", data, err
	}
	data, err = tarred(folder, files, r.when)
	return folder + ".tar.gz", data, err
}

// command runs a program in a folder, and returns what it prints.
func command(dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), env...), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return out, nil
}
