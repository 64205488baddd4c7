#!/usr/bin/env python3
"""Writes what Python's serialisers and HTTP libraries make of objects.json, one JSON object a line:
{"stack", "object", "by", "base64", "type"}. Run where requests, httpx, flask and simplejson are. With --printf it
writes what the printf of bash and of dash makes of formats with no arguments, as bodies/testdata/printf.json has it."""
import base64, datetime, decimal, json, os, random, subprocess, sys

FORMATS = r"""% %% %d %5d %-5d| %05d %+d %.3d %s %5s %.2f %10.1f %E %F %g %e %c %x %#x %X %o %u %i %b %q %ld %lld %z %n %" %2F %20 %C3%A9 %3A
\n \" \u00e9 \/ \t \\ \x41 \101 \b "a" : { } , é 50 off %*d %-10s| %+.2e %a %.0f %.2a %G %hd %+05d %-+5d| %5c %5b \\ %'d %, %é""".split() + ["% o", "% a", "% 5d", "% f"]


def printf():
    random.seed(7)
    texts = [f"x{f} y" for f in FORMATS] + ["".join(random.choice(FORMATS) for _ in range(random.randint(2, 6))) for _ in range(40)]
    env = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    for text in texts:
        for shell in ("bash", "dash"):
            out = subprocess.run([shell, "-c", 'printf "$0"', text], capture_output=True, env=env).stdout
            print(json.dumps({"shell": shell, "format": text, "base64": base64.b64encode(out).decode()}, ensure_ascii=False))


if sys.argv[1:] == ["--printf"]:
    printf()
    sys.exit()
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
