package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
	"time"
)

// TestArchives holds that an archive is the same each time, and has its files with
// their modes.
func TestArchives(t *testing.T) {
	t.Parallel()
	files := []file{{"countersign.exe", []byte("program"), 0o755}, {"man/man1/x.1", []byte("page"), 0o644}}
	when := time.Unix(1_796_000_000, 0).UTC()
	for name, pack := range map[string]func(string, []file, time.Time) ([]byte, error){"tar": tarred, "zip": zipped} {
		a, errA := pack("f", files, when)
		b, errB := pack("f", files, when)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Fatalf("%s: not the same twice: %v %v", name, errA, errB)
		}
		got := map[string]string{}
		if name == "zip" {
			r, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.File {
				in, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				data, _ := io.ReadAll(in)
				got[f.Name+f.Mode().String()] = string(data)
			}
		} else {
			unpacked, err := gzip.NewReader(bytes.NewReader(a))
			if err != nil {
				t.Fatal(err)
			}
			for r := tar.NewReader(unpacked); ; {
				h, err := r.Next()
				if err != nil {
					break
				}
				data, _ := io.ReadAll(r)
				got[h.Name+h.FileInfo().Mode().String()] = string(data)
			}
		}
		if len(got) != 2 || got["f/countersign.exe-rwxr-xr-x"] != "program" || got["f/man/man1/x.1-rw-r--r--"] != "page" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestKinds holds that a licence is told from its text.
func TestKinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Permission is hereby granted, free of charge, to any person":                              "MIT",
		"Redistribution and use in source and binary\nforms, with or without. Neither the name of": "BSD-3-Clause",
		"Redistribution and use in source and binary forms":                                        "BSD-2-Clause",
		"Apache License\n  Version 2.0, January 2004":                                              "Apache-2.0",
		"You may look at it": "",
	} {
		if got := kindOf(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}
