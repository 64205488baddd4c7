package tui

import (
	"context"
	"errors"

	"countersign/apiclient/variables"
)

// pressed and typed are what a scene does: keys are pressed, a text is typed.
func pressed(names ...string) func(*world) { return func(x *world) { x.Key(names...) } }

func typed(text string, names ...string) func(*world) {
	return func(x *world) { x.Key(names...); x.Type(text) }
}

func then(parts ...func(*world)) func(*world) {
	return func(x *world) {
		for _, p := range parts {
			p(x)
		}
	}
}

// foldableAnswer has objects and lists to fold and to filter.
func foldableAnswer() func(*world) { return answering(200, asJSON, foldable) }

func newcomer(x *world) { x.config.Hints = true }

// asking is a profile that asks before it sends.
func asking(x *world) { x.profile.Name, x.profile.Confirm = "production", true }

// tampered chooses in the chooser, which is left open.
func tampered(names ...string) func(*world) {
	return func(x *world) {
		x.Key("3", "s")
		for _, name := range names {
			x.choose(x.t, name)
		}
	}
}

// knownVariables are the same on every machine.
func knownVariables(x *world) {
	x.known = func(context.Context, string) ([]variables.Known, error) {
		return []variables.Known{
			{Name: "uuid", Value: "019aaaaa-0000-7000-8000-000000000001"},
			{Name: "now", Value: "1795435391199"},
			{Name: "env.HOME", Value: "/home/me"},
			{Name: "profile.merchant_id", Value: "2171000000000001"},
		}, nil
	}
}

// faultyConfig is a configuration that was damaged while the explorer ran.
func faultyConfig(x *world) {
	x.config.Reload = func(context.Context) (*Settings, error) {
		return nil, errors.New(`config.toml:12:1: unknown key "thme": did you mean "theme"?`)
	}
}

// overlayScenes are the boxes over the screen: each at every size.
func overlayScenes() []scene {
	return []scene{
		{name: "tamper", do: tampered("wrong_key", "path_trailing_slash")},
		{name: "runs-filter", options: with(recordedRuns), do: pressed("6", "f", "down", "space")},
		{name: "what-next", do: pressed("ctrl+r", "5", "a")},
		{name: "jump", do: pressed("ctrl+r", "'")},
		{name: "profiles", options: with(elsewhere), do: pressed("P", "down")},
		{name: "header-whole", do: pressed("ctrl+r", "3", "v")},
		{name: "stage-whole", do: pressed("ctrl+r", "4", "enter")},
		{name: "stage-search", do: typed("pay", "ctrl+r", "4", "enter", "/")},
		{name: "confirm-production", options: with(asking), do: pressed("ctrl+r")},
	}
}

// recordedRuns is a history of nine runs.
func recordedRuns(x *world) { recorded(x.t, 9)(x) }

// compareScenes are the comparison of two runs, part by part.
func compareScenes() []scene {
	open := pressed("6", "down", "c")
	tamperedPair := then(pressed("ctrl+r"), tampered("wrong_key", "path_trailing_slash"), pressed("esc", "ctrl+r", "6", "g", "c"))
	return []scene{
		{name: "compare", options: with(recordedRuns), do: open},
		{name: "compare-headers", do: then(tamperedPair, pressed("2"))},
		{name: "compare-canonical", do: then(tamperedPair, pressed("3"))},
		{name: "compare-response", do: then(tamperedPair, pressed("4"))},
		{name: "compare-folded", do: then(tamperedPair, pressed("4", "f"))},
		{name: "compare-same", options: with(recordedRuns), do: then(open, pressed("4"))},
		{name: "compare-none", options: with(recordedRuns), do: pressed("6", "G", "c")},
		{name: "runs-marked", options: with(recordedRuns), do: pressed("6", "space", "down", "down", "space", "p")},
	}
}

// requestScenes are the request while it is edited, as text and as a form.
func requestScenes() []scene {
	return []scene{
		{name: "form", do: pressed("2", "]", "down", "down")},
		{name: "form-editing", do: then(pressed("2", "]", "enter"), typed("x"))},
		{name: "form-filter", do: typed("amount", "2", "]", "/")},
		{name: "editing", do: pressed("e")},
		{name: "editing-find", do: typed("value", "e", "ctrl+f")},
		{name: "editing-replace", do: typed("value", "e", "alt+r")},
		{name: "editing-selection", do: pressed("e", "down", "shift+down", "shift+down", "shift+right")},
		{name: "editing-beside", do: pressed("2", "z", "e", "alt+v")},
		{name: "variables", options: with(knownVariables), do: then(pressed("e", "down", "end", "left", "left"), typed("{{"))},
	}
}

// stateScenes are the states of everything else.
func stateScenes() []scene {
	wrongKey := then(tampered("wrong_key"), pressed("esc"))
	return []scene{
		{name: "folded", options: with(foldableAnswer()), do: pressed("ctrl+r", "5", "-")},
		{name: "jq", options: with(foldableAnswer()), do: typed(".items[].id", "ctrl+r", "5", "|")},
		{name: "jq-fault", options: with(foldableAnswer()), do: typed(".items[", "ctrl+r", "5", "|")},
		{name: "hint", options: with(newcomer), do: func(*world) {}},
		{name: "hint-tamper", options: with(newcomer), do: pressed("ctrl+r")},
		{name: "config-fault", options: with(faultyConfig), do: func(x *world) { x.Send(watchDue{}) }},
		{name: "production", options: with(asking), do: func(*world) {}},
		{name: "tampered-draft", do: wrongKey},
		{name: "tampered-request", do: then(wrongKey, pressed("ctrl+r", "2"))},
		{name: "tampered-headers", do: then(wrongKey, pressed("ctrl+r", "3"))},
		{name: "tampered-signature", do: then(wrongKey, pressed("ctrl+r", "4"))},
		{name: "tampered-response", do: then(wrongKey, pressed("ctrl+r", "5"))},
		{name: "tampered-runs", do: then(wrongKey, pressed("ctrl+r", "6"))},
		{name: "tampered-diagnosis", do: then(wrongKey, pressed("ctrl+r", "d"))},
		{name: "load-failed-runs", options: with(func(x *world) { x.profile.BaseURL = "ftp://nowhere" }), do: pressed("6")},
		{name: "load-failed-signature", options: with(func(x *world) { x.profile.BaseURL = "ftp://nowhere" }), do: pressed("4")},
		{name: "cancelling", do: func(x *world) {
			x.begin("ctrl+r")
			x.begin("esc")
		}},
	}
}
