package shell

import (
	"fmt"
	"strings"
)

// produce returns what a command prints, where the text has it: that of echo,
// printf and cat.
func produce(c Command, files Files, out *Script) *Input {
	for _, w := range c.Words[1:] {
		if w.Unknown != "" {
			return &Input{Unknown: w.Unknown}
		}
	}
	args := c.Words[1:]
	switch name := c.Words[0].Text; name {
	case "echo":
		return echo(args)
	case "printf":
		if data, ok := printf(args); ok {
			return &Input{Data: data}
		}
	case "cat", "type", "Get-Content":
		return concatenate(c, files, out)
	}
	return &Input{Unknown: "what " + clip(c.Words[0].Text) + " prints"}
}

func echo(args []Word) *Input {
	end, escapes := "\n", false
	for len(args) > 0 && len(args[0].Text) > 1 && args[0].Text[0] == '-' && strings.Trim(args[0].Text[1:], "neE") == "" {
		if strings.Contains(args[0].Text, "n") {
			end = ""
		}
		escapes = strings.Contains(args[0].Text, "e")
		args = args[1:]
	}
	text := join(args)
	if escapes {
		text = escaped(text)
	}
	return &Input{Data: []byte(text + end)}
}

func join(words []Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

// escaped reads the escapes of echo -e and of printf.
func escaped(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '\\' && i+1 < len(s) {
			i += escape(&b, s[i:], true)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// printf returns what printf prints with %s, %b and %%; ok is false for other
// directives, and for no format at all.
func printf(args []Word) (data []byte, ok bool) {
	if len(args) > 0 && args[0].Text == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return nil, false
	}
	format, args := args[0].Text, args[1:]
	var b strings.Builder
	for {
		before := len(args)
		for i := 0; i < len(format); {
			rest := format[i:]
			switch {
			case strings.HasPrefix(rest, "%%"):
				b.WriteByte('%')
				i += 2
			case strings.HasPrefix(rest, "%s") || strings.HasPrefix(rest, "%b"):
				if i += 2; len(args) > 0 {
					text := args[0].Text
					if rest[1] == 'b' {
						text = escaped(text)
					}
					b.WriteString(text)
					args = args[1:]
				}
			case rest[0] == '%':
				return nil, false
			case rest[0] == '\\' && len(rest) > 1:
				i += escape(&b, rest, false)
			default:
				b.WriteByte(rest[0])
				i++
			}
		}
		if len(args) == 0 || len(args) == before {
			return []byte(b.String()), true
		}
	}
}

// concatenate returns the files that cat prints, or what it reads.
func concatenate(c Command, files Files, out *Script) *Input {
	var all []byte
	names := 0
	for _, w := range c.Words[1:] {
		if strings.HasPrefix(w.Text, "-") && w.Text != "-" {
			continue // an option
		}
		names++
		in := c.Stdin
		if w.Text != "-" {
			in = out.open(w.Text, files)
		}
		if in == nil || in.Unknown != "" {
			return &Input{Unknown: fmt.Sprintf("the file %q", w.Text)}
		}
		if names == 1 && len(c.Words) == 2 {
			return in // a here-document may still be to come
		}
		all = append(all, in.Data...)
	}
	switch {
	case names > 0:
		return &Input{Data: all}
	case c.Stdin != nil:
		return c.Stdin
	}
	return &Input{Unknown: "what is typed"}
}
