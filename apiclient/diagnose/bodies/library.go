package bodies

import (
	"strings"

	"countersign/apiclient/diagnose/variant"
)

// library is what a JSON library makes of a body that it parses and writes
// again: several aspects at once, which is still one habit.
type library struct {
	name    string
	orders  shaper
	shape   shaper
	numbers speller
	escapes *escaping
	style   *style
	tail    string // behind the text
}

// Library is the cost of what a whole library does to a body: more than a
// single change, less than two that have nothing to do with each other.
const Library = variant.Exotic + 2

var (
	sortedKeys = reorder(true, by(strings.Compare))
	javaOrder  = reorder(true, hashMap)
	jsOrder    = reorder(true, ecmaOrder)
	sortedJS   = func(root *value) *value { return jsOrder(sortedKeys(root)) }
	noNulls    = drop(true, isNull)
	phpArrays  = replace(isEmptyObject, func(*value) *value { return &value{kind: array} })
	plainText  = &escaping{}
	asciiText  = &escaping{nonASCII: lowerUnits}
	goText     = &escaping{ascii: goHTML, lines: true}
	slashText  = &escaping{slash: true}
	phpText    = &escaping{slash: true, nonASCII: lowerUnits}
	gsonText   = &escaping{ascii: gsonHTML, lines: true}
	netText    = &escaping{ascii: netHTML, nonASCII: upperUnits, upper: true, lines: true, bare: true}
	railsText  = &escaping{ascii: goHTML, lines: true}
)

// libraries lists what common libraries do, each with the forms that it has.
func libraries() []library {
	var all []library
	add := func(name string, orders, shape shaper, numbers speller, escapes *escaping, tail string, styles ...style) {
		if len(styles) == 0 {
			styles = []style{compact}
		}
		for _, s := range styles {
			all = append(all, library{name, orders, shape, numbers, escapes, &s, tail})
		}
	}
	two, four, tab := pretty("  "), pretty("    "), pretty("\t")
	for _, tail := range []string{"", "\n"} {
		for _, text := range []*escaping{goText, plainText} {
			add("encoding/json of Go", sortedKeys, nil, double(goFloat, true), text, tail, compact, two, four, tab)
			add("encoding/json of Go with UseNumber", sortedKeys, nil, nil, text, tail, compact, two, four, tab)
			add("encoding/json of Go with a struct", nil, nil, nil, text, tail, compact, two, four, tab)
		}
	}
	for _, text := range []*escaping{asciiText, plainText, {nonASCII: lowerUnits, bare: true}} {
		for _, order := range []shaper{nil, sortedKeys} {
			add("json.dumps of Python", order, nil, double(python, false), text, "", spaced, compact, two, four, pretty(""), tab)
			add("json.dumps of Python with Decimal", order, nil, nil, text, "", spaced, compact, two, four)
		}
		add("json.dumps of Python", nil, nil, double(python, false), text, "\n", spaced, two, four)
	}
	for _, number := range []speller{double(ecma, true), nil} {
		add("JSON.stringify of JavaScript", jsOrder, nil, number, plainText, "", compact, two, four, tab, spaced)
		add("JSON.stringify of JavaScript", sortedKeys, nil, number, plainText, "", compact, two)
		add("JSON.stringify of JavaScript", sortedJS, nil, number, plainText, "", compact, two, four, tab)
	}
	for _, text := range []*escaping{phpText, {slash: true, lines: true}, asciiText, {lines: true}, plainText} {
		for _, number := range []speller{mixed(phpFloat), mixed(phpFlat), mixed(phpOld)} {
			for _, shape := range []shaper{phpArrays, nil} {
				add("json_encode of PHP", nil, shape, number, text, "", compact, four)
			}
		}
		add("json_encode of PHP", nil, nil, nil, text, "", compact, four)
		for _, number := range []speller{nil, mixed(phpFloat), mixed(phpFlat)} {
			add("json_encode of PHP after ksort", reorder(false, by(strings.Compare)), nil, number, text, "")
			add("json_encode of PHP after a recursive ksort", sortedKeys, phpArrays, number, text, "")
		}
	}
	for _, text := range []escaping{{}, {slash: true}, {nonASCII: lowerUnits}, {slash: true, nonASCII: lowerUnits}} {
		text.ascii, text.upper = phpHTML, true
		for _, number := range []speller{nil, mixed(phpFloat), mixed(phpFlat)} {
			for _, shape := range []shaper{phpArrays, nil} {
				add("json_encode of PHP with JSON_HEX flags", nil, shape, number, &text, "", compact, four)
			}
		}
	}
	for _, shape := range []shaper{nil, noNulls} {
		add("Jackson", nil, shape, nil, plainText, "", compact, jackson)
		add("Jackson on its UTF-8 generator", nil, shape, nil, &escaping{planes: true, upper: true}, "", compact)
		add("Jackson with Double", nil, shape, mixed(java), plainText, "", compact, jackson)
		add("Jackson with Double", nil, shape, double(java, false), plainText, "", compact, jackson)
		add("Jackson with sorted keys", sortedKeys, shape, nil, plainText, "", compact, jackson)
		add("Jackson with sorted keys", sortedKeys, shape, double(java, false), plainText, "", compact, jackson)
		add("Jackson with a HashMap", javaOrder, shape, double(java, false), plainText, "")
		add("Jackson with BigDecimal", nil, shape, bigDecimal, plainText, "", compact, jackson)
		add("Jackson in ASCII", nil, shape, double(java, false), &escaping{nonASCII: upperUnits, upper: true}, "", compact)
		for _, text := range []*escaping{gsonText, plainText} {
			for _, order := range []shaper{nil, javaOrder, sortedKeys} {
				add("Gson into a Map", order, shape, double(java, true), text, "", compact, two)
				add("Gson", order, shape, nil, text, "", compact, two)
			}
		}
	}
	for _, text := range []*escaping{plainText, slashText, {blocks: true, tags: true},
		{blocks: true, slash: true, upper: true, bare: true}, {slash: true, blocks: true}} {
		for _, number := range []speller{nil, double(java, false), double(ecma, false),
			mixed(java), double(java, true), stripped} {
			add("org.json, json-simple or fastjson", javaOrder, nil, number, text, "", compact, two, four)
			add("org.json, json-simple or fastjson", javaOrder, noNulls, number, text, "", compact, two, four)
			add("org.json of Android", nil, nil, number, text, "", compact, two, four)
		}
	}
	for _, number := range []speller{nil, double(python, false), mixed(python)} {
		add("System.Text.Json of .NET", nil, nil, number, netText, "", compact, two, two.crlf())
		add("System.Text.Json of .NET", nil, noNulls, number, netText, "", compact)
		add("Newtonsoft.Json of .NET", nil, nil, number, plainText, "", compact, two, two.crlf())
		add("Newtonsoft.Json of .NET", nil, noNulls, number, plainText, "", compact, two, two.crlf())
		add("to_json of Ruby", nil, nil, double(ruby, false), plainText, "", compact, two)
		add("to_json of Rails", nil, nil, number, railsText, "", compact)
		add("to_json of Ruby in ASCII", nil, nil, number, asciiText, "", compact, two)
	}
	perl := style{newline: "\n", indent: "   ", colon: " : ", comma: ","}
	for _, number := range []speller{nil, double(ecma, false), mixed(perlNumber)} {
		for _, text := range []*escaping{plainText, asciiText} {
			add("JSON::PP of Perl", sortedKeys, nil, number, text, "", compact)
			add("JSON::PP of Perl", sortedKeys, nil, number, text, "\n", perl)
			add("JSON::PP of Perl", nil, nil, number, text, "\n", perl)
		}
	}
	for _, number := range []speller{nil, double(jqNumber, true), double(ecma, true), mixed(ecma),
		double(goFloat, true)} {
		for _, tail := range []string{"", "\n"} {
			for _, order := range []shaper{nil, sortedKeys} {
				add("jq", order, nil, number, &escaping{bare: true}, tail, compact, two, tab)
				add("jq -a", order, nil, number, &escaping{nonASCII: lowerUnits, bare: true}, tail, compact, two)
			}
		}
	}
	cpp := style{newline: "\n", indent: "\t", colon: " : ", comma: ","}
	add("jsoncpp", sortedKeys, nil, nil, plainText, "", cpp, compact)
	add("NSJSONSerialization", nil, nil, nil, slashText, "", style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, compact)
	add("NSJSONSerialization", sortedKeys, nil, nil, slashText, "", style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, compact)
	return all
}
