"""Targets and times of Python stacks: python3 targets.py [rounds]"""
import base64, datetime, json, os, random, sys, time
from urllib.parse import quote, quote_plus, urlencode
import httpx, requests

BASE, rounds = os.environ["STACKS_URL"], int(sys.argv[1]) if len(sys.argv) > 1 else 5
TEXTS = ["a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z", "a@b.c", "$5", "1=1", "a&b", '"q"', "<t>", "^`", "😀"]
OTHERS = ["", None, True, False, 0, 1.5, [1, 2], ["a b", "c"], ("x",), 1e21]
NAMES = ["z", "a", "lang", "ref", "at", "ids", "f", "m.n", "user name"]
PATHS = ["/miniprogram/api/v2/payments/pay", "/v2/qr/café", "/api/v2/qr/a b", "/api//v2/pay", "/api/v2/../v1/pay", "/v2/links/%7Bid%7D", "/v2/a%2Fb", "/v2/%7euser", "/v2/x%c3%bc", f"/v2/{None}/pay", "/v2/[a]|b", "/v2/%61pi"]
b64 = lambda s: base64.b64encode(s.encode("utf-8", "surrogateescape")).decode()
pick = random.choice


def body():
    return json.dumps({"paymentRequestId": "PR_%x" % random.getrandbits(60), "paymentAmount": {"currency": "USD", "value": "10000"}, "n": "Crème"}).encode()


def params(odd=0.35):
    return {n: pick(OTHERS) if random.random() < odd else pick(TEXTS) for n in random.sample(NAMES, 3)}


HAND = {
    "urlencode": urlencode,
    "doseq": lambda p: urlencode(p, doseq=True),
    "quote": lambda p: "&".join(f"{k}={quote(str(v))}" for k, v in p.items()),
    "quoteall": lambda p: "&".join(f"{quote(k, safe='')}={quote(str(v), safe='')}" for k, v in p.items()),
    "plus": lambda p: "&".join(f"{k}={quote_plus(str(v))}" for k, v in p.items()),
    "raw": lambda p: "&".join(f"{k}={v}" for k, v in p.items()),
    "sorted": lambda p: "&".join(f"{k}={v}" for k, v in sorted(p.items())),
    "percent20": lambda p: urlencode(p, quote_via=quote),
    "some": lambda p: urlencode({k: v for k, v in p.items() if v is not None}),
}


def head(stack, target, signed=None, sent=None):
    t = int(time.time() * 1000)
    return {"X-Stack": stack, "X-Target": b64(target), "X-Time": b64(str(signed or t)), "Request-Time": str(sent or t), "Content-Type": "application/json"}


utc = datetime.timezone.utc


def now(form):
    t = datetime.datetime.now(utc)
    return form(t), int(t.timestamp() * 1000)


def floats(form):
    t = time.time()
    return form(t), int(t * 1000)


def nanos(form):
    n = time.time_ns()
    return form(n), n // 1000000


TIMES = {
    "float": lambda: floats(repr), "float1000": lambda: floats(lambda t: str(t * 1000)), "rounded": lambda: floats(lambda t: str(round(t, 3))),
    "isoformat": lambda: now(lambda t: t.replace(tzinfo=None).isoformat()), "isozone": lambda: now(lambda t: t.isoformat()),
    "isolocal": lambda: now(lambda t: t.astimezone(datetime.timezone(datetime.timedelta(hours=pick([1, 7, 8])))).replace(tzinfo=None).isoformat()),
    "str": lambda: now(str), "z": lambda: now(lambda t: t.replace(tzinfo=None).isoformat() + "Z"), "ns": lambda: nanos(str),
    "us": lambda: nanos(lambda n: str(n // 1000)), "ctime": lambda: now(lambda t: t.ctime()), "fixed": lambda: floats(lambda t: "%f" % t),
    "millis": lambda: now(lambda t: t.isoformat(timespec="milliseconds")),
}
for i in range(rounds):
    for lib in (requests, httpx):
        p, h = params(), pick(list(HAND))
        q = HAND[h](p)
        target = PATHS[0] + ("?" + q if q else "")
        try:
            lib.post(BASE + PATHS[0], params=p, data=body(), headers=head(f"py-{lib.__name__}-params-{h}", target)) if lib is requests else \
                lib.post(BASE + PATHS[0], params=p, content=body(), headers=head(f"py-{lib.__name__}-params-{h}", target))
        except Exception as e:
            print(e, file=sys.stderr)
        u = pick(PATHS)
        if random.random() < 0.5:
            u += "?" + pick(NAMES) + "=" + pick(TEXTS).replace("%", "") + "&b=" + pick(["%7E", "%2d1", "x%20y"] + TEXTS).replace("100%", "")
        try:
            (lib.post(BASE + u, data=body(), headers=head(f"py-{lib.__name__}-url", u)) if lib is requests else
             lib.post(BASE + u, content=body(), headers=head(f"py-{lib.__name__}-url", u)))
        except Exception as e:
            print(e, file=sys.stderr)
    for name, f in TIMES.items():
        signed, sent = f()
        requests.post(BASE + PATHS[0], data=body(), headers=head(f"py-time-{name}", PATHS[0], signed, sent))
