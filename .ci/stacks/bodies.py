#!/usr/bin/env python3
"""Writes what Python's serialisers and HTTP libraries make of objects.json, one JSON object a line:
{"stack", "object", "by", "base64", "type"}. Run where requests, httpx and simplejson are."""
import ast, base64, datetime, decimal, json, os, pprint, sys

here = os.path.dirname(os.path.abspath(__file__))
objects = json.load(open(os.path.join(here, "objects.json")))
when = datetime.datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=datetime.timezone.utc)
NATIVE = {"dates": {"id": "A1", "at": when, "end": when.replace(microsecond=0)},
          "decimals": {"id": "A1", "amount": decimal.Decimal("100.10"), "fee": decimal.Decimal("1E+3"), "n": 1}}


def put(name, by, body, kind="application/json"):
    if body is None:
        return
    if isinstance(body, str):
        try:
            body = body.encode()
        except UnicodeEncodeError:
            return
    print(json.dumps({"stack": "python", "object": name, "by": by, "base64": base64.b64encode(body).decode(), "type": kind}))


def tried(name, by, f, kind="application/json"):
    try:
        put(name, by, f(), kind)
    except Exception as e:  # a library that refuses this object, or is not here
        print(f"{name} {by}: {type(e).__name__} {e}", file=sys.stderr)


def libraries():
    import simplejson
    return simplejson


for name, o in list(objects.items()) + list(NATIVE.items()):
    native = name in NATIVE
    plain = {"default": str} if native else {}
    tried(name, "json.dumps", lambda: json.dumps(o, **plain))
    tried(name, "json.dumps compact", lambda: json.dumps(o, separators=(",", ":"), **plain))
    tried(name, "json.dumps ensure_ascii=False", lambda: json.dumps(o, ensure_ascii=False, **plain))
    tried(name, "json.dumps compact ensure_ascii=False", lambda: json.dumps(o, separators=(",", ":"), ensure_ascii=False, **plain))
    tried(name, "json.dumps sort_keys", lambda: json.dumps(o, sort_keys=True, **plain))
    tried(name, "json.dumps sort_keys compact", lambda: json.dumps(o, sort_keys=True, separators=(",", ":"), **plain))
    tried(name, "json.dumps indent=4", lambda: json.dumps(o, indent=4, **plain))
    tried(name, "json.dumps indent=2 sort_keys", lambda: json.dumps(o, indent=2, sort_keys=True, ensure_ascii=False, **plain))
    tried(name, "str", lambda: str(o))
    tried(name, "repr of JSON", lambda: repr(json.dumps(o, **plain)))
    tried(name, "str of bytes", lambda: str(json.dumps(o, **plain).encode()))
    tried(name, "list of bytes", lambda: str(list(json.dumps(o, **plain).encode())))
    tried(name, "unicode_escape", lambda: json.dumps(o, ensure_ascii=False, **plain).encode("unicode_escape"))
    tried(name, "ascii ignore", lambda: json.dumps(o, ensure_ascii=False, **plain).encode("ascii", "ignore"))
    tried(name, "ascii replace", lambda: json.dumps(o, ensure_ascii=False, **plain).encode("ascii", "replace"))
    tried(name, "latin-1 replace", lambda: json.dumps(o, ensure_ascii=False, **plain).encode("latin-1", "replace"))
    tried(name, "ascii xmlcharrefreplace", lambda: json.dumps(o, ensure_ascii=False, **plain).encode("ascii", "xmlcharrefreplace"))
    tried(name, "dumps twice", lambda: json.dumps(json.dumps(o, **plain)))
    tried(name, "simplejson", lambda: libraries().dumps(o, **plain))
    tried(name, "simplejson for HTML", lambda: libraries().dumps(o, for_json=True, cls=libraries().JSONEncoderForHTML, **plain))
    if native:
        tried(name, "isoformat", lambda: json.dumps(o, default=lambda x: x.isoformat()))
        tried(name, "timestamp", lambda: json.dumps(o, default=lambda x: x.timestamp()))
        tried(name, "int timestamp", lambda: json.dumps(o, default=lambda x: int(x.timestamp())))
        tried(name, "float", lambda: json.dumps(o, default=float))
        continue

    def requests_of(**k):
        import requests
        r = requests.Request("POST", "https://x.example/a", **k).prepare()
        put(name, "requests " + next(iter(k)), r.body, r.headers.get("Content-Type", ""))

    def httpx_of(**k):
        import httpx
        r = httpx.Request("POST", "https://x.example/a", **k)
        put(name, "httpx " + next(iter(k)), r.read(), r.headers.get("Content-Type", ""))

    for of in (requests_of, httpx_of):
        for k in ({"data": o}, {"json": o}, {"files": {"request": (None, json.dumps(o))}}, {"data": {"biz_content": json.dumps(o)}}):
            try:
                of(**k)
            except Exception as e:
                print(f"{name} {of.__name__}: {e}", file=sys.stderr)
    from urllib.parse import quote, quote_plus, urlencode
    tried(name, "urlencode", lambda: urlencode(o), "application/x-www-form-urlencoded")
    tried(name, "urlencode doseq", lambda: urlencode(o, doseq=True), "application/x-www-form-urlencoded")
    tried(name, "urlencode sorted", lambda: urlencode(sorted(o.items())), "application/x-www-form-urlencoded")
    tried(name, "sorted pairs", lambda: "&".join(f"{k}={o[k]}" for k in sorted(o)), "text/plain")
    tried(name, "quote", lambda: quote(json.dumps(o)), "text/plain")
    tried(name, "quote_plus", lambda: quote_plus(json.dumps(o, ensure_ascii=False)), "text/plain")


def flask_json(o):
    import flask
    app = flask.Flask("x")
    with app.app_context():
        return flask.jsonify(o).get_data()


tried("dates", "flask jsonify", lambda: flask_json(NATIVE["dates"]))
tried("order", "flask jsonify", lambda: flask_json(objects["order"]))
tried("marks", "flask jsonify", lambda: flask_json(objects["marks"]))
tried("decimals", "flask jsonify", lambda: flask_json(NATIVE["decimals"]))
