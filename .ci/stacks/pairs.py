#!/usr/bin/env python3
"""Pairs what the programs of this folder write of one object: one body that is sent, another that is signed.
  pairs.py SEED COUNT FILE.jsonl... > stacks.json
The form is that of apiclient/diagnose/bodies/testdata/stacks.json, which has those of them that a search can find: a key
that a form drops, or an order that was sorted away, cannot be told any more."""
import base64, json, random, re, sys

# What nobody sends as a body, or what loses too much to be asked for.
NOT_SENT = re.compile(r"sort|ascii|latin|list of|Buffer|Uint8|twice|top keys|replacer|dropped|as empty|strings$|escaped|pairs|values|"
                      r"unicode|xmlchar|of bytes|for HTML|binary|Hash|Tree|float|timestamp|PARTIAL|IGNORE|SUBST|FORCE|NUMERIC|"
                      r"array_filter|toString|strip|utf16|UTF_16|of a JSON string|utf8_encode|gbk|GBK")


def sent(item):
    body = base64.b64decode(item["base64"])
    if NOT_SENT.search(item["by"]) or len(body) < 3:
        return False
    if "json" in item["type"]:
        try:
            return isinstance(json.loads(body), (dict, list))
        except ValueError:
            return False
    return "form" in item["type"]


def text(name, body):
    try:
        return {name: body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


seed, count, files = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
groups = {}
for line in (line for f in files for line in open(f)):
    item = json.loads(line)
    groups.setdefault((item["stack"], item["object"]), []).append(item)
pairs = [(a, b) for group in groups.values() for a in filter(sent, group) for b in group
         if a["base64"] != b["base64"] and not ("form" in b["type"] and ("form" in a["type"] or "multipart" in b["type"]))]
random.seed(seed)
random.shuffle(pairs)
done, lines = set(), []
for a, b in pairs:
    key = (a["stack"], b["by"])
    body, signed = base64.b64decode(a["base64"]), base64.b64decode(b["base64"])
    if key not in done and len(lines) < count and "body" in text("body", body):
        done.add(key)
        by = f"{a['stack']}: {b['by']}; sent {a['by']} ({a['object']})"
        lines.append(json.dumps({"by": by, "type": a["type"], **text("body", body), **text("output", signed)}, ensure_ascii=False))
print("[\n" + ",\n".join(lines) + "\n]")
