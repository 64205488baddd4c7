#!/usr/bin/env python3
"""Runs `diagnose` on exchanges of capture.py: score.py BINARY CASES.json PUBLIC.pem LEAST

Prints, for each stack, how often the signed bytes were found, and which were not. It fails where an exchange that is right is
not verified, one that is wrong is, or less than the share LEAST was found. After two minutes it judges by what was run."""
import base64, collections, concurrent.futures, json, os, random, subprocess, sys, tempfile, time

binary, cases, public, least = sys.argv[1], json.load(open(sys.argv[2]))["cases"], sys.argv[3], float(sys.argv[4])


random.shuffle(cases)
end = time.time() + 120


def run(case):
    if time.time() > end:
        return case, None, False, ""
    r = case["case"]["exchange"]["request"]
    raw = f"{r['method']} {r['url']} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in r["headers"])
    with tempfile.TemporaryDirectory() as home:
        open(f"{home}/r.http", "wb").write(raw.encode("utf-8", "surrogateescape") + b"\r\n" + base64.b64decode(r["body_b64"]))
        p = subprocess.run([binary, "diagnose", "--json", "--budget", "4s", f"{home}/r.http", "--key", "k=" + public], capture_output=True, env={**os.environ, "HOME": home})
    try:
        d = json.loads(p.stdout)
    except ValueError:
        return case, "error", False, p.stderr.decode()[:200]
    found = base64.b64decode(d.get("signedContent") or "") == base64.b64decode(case["truth"]["signed_content_b64"])
    return case, d["verdict"], found, (d.get("findings") or [{}])[0].get("cause", "")


by, bad, late = collections.defaultdict(lambda: [0, 0]), [], 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for case, verdict, found, cause in pool.map(run, cases):
        if verdict is None:
            late += 1
            continue
        right = case["family"] == "decoy"
        if verdict == "error" or right != (verdict == "verified"):
            bad.append(f"{case['id']}: {verdict} {cause}")
        if right:
            continue
        stack = "-".join(case["id"].split("-")[1:3])
        by[stack][1] += 1
        by[stack][0] += found
        if not found:
            print("not found:", case["id"], case["detail"][:160], "|", case["case"]["exchange"]["request"]["url"][:160], "|", cause)
for stack, (n, of) in sorted(by.items()):
    print(f"{stack:24} {n} of {of}")
n, of = sum(v[0] for v in by.values()), sum(v[1] for v in by.values())
print(f"signed bytes found: {n} of {of}; false verdicts: {len(bad)}" + (f"; not run in time: {late}" if late else ""))
print("\n".join(bad))
sys.exit(bool(bad) or of == 0 or n < least * of)
