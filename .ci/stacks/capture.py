#!/usr/bin/env python3
"""Records what real HTTP stacks put on the wire, as cases that score_diagnose reads.

  capture.py KEY.pem OUT.json COMMAND...

Runs each COMMAND with the address to send to in STACKS_URL. A request says in
X-Stack what made it, and in X-Target, X-Time and X-Body (base64) what its own
code would have signed; these headers are taken out, and the rest is signed.
"""
import base64, hashlib, json, os, shlex, socket, subprocess, sys, threading

CLIENT = "2021062571598628737253"
HIDDEN = {"x-stack", "x-target", "x-time", "x-body", "x-mode"}
key, out, commands = sys.argv[1], sys.argv[2], sys.argv[3:]
cases, lock = [], threading.Lock()


def sign(content):
    p = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=content, capture_output=True, check=True)
    return base64.b64encode(p.stdout).decode()


def read(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        data += conn.recv(65536) or sys.exit("a head that ends early")
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    headers = [[n.strip(), v.strip()] for n, _, v in (l.partition(":") for l in lines[1:])]
    length = int(next((v for n, v in headers if n.lower() == "content-length"), 0))
    while len(body) < length:
        body += conn.recv(65536)
    return lines[0], headers, body


def take(conn):
    with conn:
        line, headers, body = read(conn)
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    said = {n.lower(): v for n, v in headers}
    if "x-stack" not in said:
        return
    sent = line.split(" ", 1)[1].rsplit(" ", 1)[0]
    when = said["request-time"]
    told = lambda name, other: base64.b64decode(said[name]).decode() if name in said else other
    string = lambda target, at, body: f"POST {target}\n{CLIENT}.{at}.".encode("utf-8", "surrogateescape") + body
    target, at = told("x-target", sent), told("x-time", when)
    original = base64.b64decode(said["x-body"]) if "x-body" in said else body
    signed, due = string(target, at, original), string(sent, when, body)
    same = signed == due
    kept = [h for h in headers if h[0].lower() not in HIDDEN]
    kept += [["Client-Id", CLIENT], ["Signature", "algorithm=RSA256, keyVersion=1, signature=" + sign(signed)]]
    part = "time" if at != when else "body" if original != body else "query" if target.partition("?")[2] != sent.partition("?")[2] else "path"
    url = sent if "://" in sent else sent
    with lock:
        cases.append({
            "id": f"{len(cases):03d}-{said['x-stack']}", "family": "decoy" if same else part, "causes": ["none" if same else part],
            "n_causes": 1, "accept_causes": [], "recoverability": "exact", "strict_only": False, "detail": f"{target} {at}",
            "case": {"exchange": {"kind": "request", "request": {"method": line.split(" ")[0], "url": url, "headers": kept,
                                                                "body_b64": base64.b64encode(body).decode()}},
                     "verify_with_key": "client2048", "configured_client_id": CLIENT, "configured_merchant_id": ""},
            "truth": {"signed_content_b64": base64.b64encode(signed).decode(), "signed_content_sha256": hashlib.sha256(signed).hexdigest(),
                      "expected_content_b64": base64.b64encode(due).decode(), "signing_key": "client2048", "hash": "SHA-256", "padding": "PKCS1v15"},
        })


server = socket.create_server(("127.0.0.1", 0), backlog=64)


def serve():
    while True:
        conn, _ = server.accept()
        threading.Thread(target=take, args=(conn,), daemon=True).start()


threading.Thread(target=serve, daemon=True).start()
os.environ["STACKS_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}"
for command in commands:
    subprocess.run(shlex.split(command), check=False)
with lock:
    json.dump({"keyring": [{"key_id": "client2048", "public": "client2048.pub.spki.pem"}], "cases": cases}, open(out, "w"), indent=1)
print(len(cases), "exchanges in", out)
