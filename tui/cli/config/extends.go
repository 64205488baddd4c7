package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"countersign/apiclient/english"
)

// inherit gives each profile that extends another what it does not set itself. Of
// tables such as vars each name counts for itself.
func (r *reader) inherit(profiles map[string]rawProfile) error {
	done := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		if err := r.inheritOne(profiles, name, done, nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) inheritOne(profiles map[string]rawProfile, name string, done map[string]bool, way []string) error {
	p := profiles[name]
	if done[name] || p.Extends == "" {
		return nil
	}
	at := "profiles." + name + ".extends"
	if way = append(way, name); slices.Contains(way, p.Extends) {
		return r.about(at, "extends leads back to itself: "+strings.Join(append(way, p.Extends), " → "),
			"let one of them extend nothing")
	}
	if _, ok := profiles[p.Extends]; !ok {
		fix := "the profiles of this file are: " + strings.Join(slices.Sorted(maps.Keys(profiles)), ", ")
		if near := english.Nearest(p.Extends, slices.Collect(maps.Keys(profiles))); near != "" {
			fix = fmt.Sprintf("did you mean %q?", near)
		}
		if p.Extends == Sandbox {
			fix = "countersign init --from-sandbox writes its settings as a profile of your own"
		}
		return r.about(at, fmt.Sprintf("extends names %q, which is not a profile of this file", p.Extends), fix)
	}
	if err := r.inheritOne(profiles, p.Extends, done, way); err != nil {
		return err
	}
	base := profiles[p.Extends]
	r.merge("profiles."+name, "profiles."+p.Extends, reflect.ValueOf(&p).Elem(), reflect.ValueOf(base))
	profiles[name], done[name] = p, true
	return nil
}

// merge takes over what a profile does not set, and where it stands: an error
// about it names the line that has it.
func (r *reader) merge(at, from string, into, base reflect.Value) {
	for i := range into.NumField() {
		tag := into.Type().Field(i).Tag.Get("toml")
		if tag == "extends" {
			continue
		}
		own, inherited := join(at, tag), join(from, tag)
		_, set := r.places[own]
		switch {
		case !set:
			into.Field(i).Set(base.Field(i))
		case into.Field(i).Kind() != reflect.Map:
			continue
		default:
			merged := reflect.MakeMap(into.Field(i).Type())
			for _, table := range []reflect.Value{base.Field(i), into.Field(i)} {
				for _, key := range table.MapKeys() {
					merged.SetMapIndex(key, table.MapIndex(key))
				}
			}
			into.Field(i).Set(merged)
		}
		r.takePlaces(own, inherited)
	}
}

// takePlaces says that what a setting, or a name in it, does not have of its own
// stands where the inherited one does.
func (r *reader) takePlaces(own, inherited string) {
	had := maps.Clone(r.places)
	for _, path := range slices.Clone(r.order) {
		below, ok := strings.CutPrefix(path, inherited)
		if !ok || below != "" && below[0] != '.' {
			continue
		}
		first := own
		if below != "" {
			name, _, _ := strings.Cut(below[1:], ".")
			first = join(own, name)
		}
		if _, there := had[first]; !there {
			where := r.places[path]
			r.note(own+below, where.key, where.value)
		}
	}
}
