package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"countersign/tui/cli"
)

// texts are what an archive has beside the program: documents, completions and
// manual pages.
func (r *release) texts() ([]file, error) {
	var files []file
	for name, from := range map[string]string{"README.md": "README.md", "CHANGELOG.md": ".dev/CHANGELOG.md",
		"config.toml.example": "config.toml.example"} {
		data, err := os.ReadFile(filepath.Join(r.top, from))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, data, 0o644})
	}
	root := cli.Root()
	root.DisableAutoGenTag = true
	for name, write := range map[string]func(*bytes.Buffer) error{
		"completions/countersign.bash": func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) },
		"completions/_countersign":     func(b *bytes.Buffer) error { return root.GenZshCompletion(b) },
		"completions/countersign.fish": func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) },
		"completions/countersign.ps1":  func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, err
		}
		files = append(files, file{name, b.Bytes(), 0o644})
	}
	pages, err := r.manual(root)
	files = append(files, pages...)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// manual writes a manual page for each command.
func (r *release) manual(cmd *cobra.Command) ([]file, error) {
	header := &doc.GenManHeader{Section: "1", Date: &r.when, Source: "Countersign " + r.version, Manual: "Countersign"}
	cmd.DisableAutoGenTag = true
	var b bytes.Buffer
	if err := doc.GenMan(cmd, header, &b); err != nil {
		return nil, fmt.Errorf("%s: %w", cmd.CommandPath(), err)
	}
	files := []file{{"man/man1/" + strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1", b.Bytes(), 0o644}}
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			continue
		}
		more, err := r.manual(c)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}
