#!/usr/bin/env python3
"""Requests through what stands in front of an API, which rewrites and encodes them again:

  front.py ROUNDS nginx | haproxy | apache | caddy | flask | COMMAND

Each writes the target, and some the body, in its own way; what was sent to it is what was signed. COMMAND is a server
that is called like `flask` here: it prints its address, and passes on what it gets below /MODE in the way of that mode."""
import base64, json, logging, os, random, shlex, socket, subprocess, sys, tempfile, threading, time, urllib.parse

UP = os.environ["STACKS_URL"].removeprefix("http://")
PATHS = ["/miniprogram/api/v2/payments/pay"] * 3 + [
    "/miniprogram/api//v2/payments/pay", "/miniprogram/api/v2/./payments/pay", "/miniprogram/api/v2/x/../payments/pay", "/miniprogram/api/v2/qr/caf%c3%a9",
    "/miniprogram/api/v2/qr/a%20b", "/miniprogram/api/v2/%70ay", "/miniprogram/api/v2/it's(ok)", "/miniprogram/api/v2/a%2Bb", "/miniprogram/api/v2/%7euser/"]
QUERIES = ["", "", "?b=2&a=1", "?q=a+b&r=c%20d", "?t=%7euser&u=%e5%92%96", "?x=a%2Bb&x=c", "?empty=&n=1", "?ids%5B%5D=1&ids%5B%5D=2", "?at=2024-01-10T12:00:00%2B01:00"]
BODIES = [{"paymentRequestId": "PR_1", "paymentAmount": {"currency": "USD", "value": "10000"}, "n": "Crème <b>", "z": [1, 2.5, None], "a": True}]

NGINX = {  # a server for each
    "as-is": "location / { proxy_pass http://up; }",
    "uri": "location / { proxy_pass http://up/; }",
    "prefix-off": "location /miniprogram/api/ { proxy_pass http://up/; }",
    "prefix-glued": "location /miniprogram/api { proxy_pass http://up/; }",
    "prefix-other": "location /miniprogram/ { proxy_pass http://up/internal/; }",
    "variable": "location / { proxy_pass http://up$uri$is_args$args; }",
    "request-uri": "location / { proxy_pass http://up$request_uri; }",
    "rewrite": "location / { rewrite ^/miniprogram(/.*)$ $1 break; proxy_pass http://up; }",
    "args": 'location / { set $args "$args&channel=app"; proxy_pass http://up; }',
    "before": "location / { proxy_pass http://up/gateway$request_uri; }",
    "no-query": "location / { proxy_pass http://up$uri; }",
}
HAPROXY = {
    "as-is": "",
    "slashes": "http-request normalize-uri path-merge-slashes",
    "dots": "http-request normalize-uri path-strip-dot\n http-request normalize-uri path-strip-dotdot",
    "upper": "http-request normalize-uri percent-to-uppercase",
    "unreserved": "http-request normalize-uri percent-decode-unreserved",
    "sorted": "http-request normalize-uri query-sort-by-name",
    "prefix-off": "http-request replace-path /miniprogram(/.*) \\1",
    "prefix-on": "http-request set-path /proxy%[path]",
    "prefix-other": "http-request replace-path /miniprogram/api(/.*) /gateway\\1",
    "all": "http-request normalize-uri path-merge-slashes\n http-request normalize-uri percent-to-uppercase\n http-request normalize-uri query-sort-by-name",
}

APACHE = {
    "as-is": "ProxyPass / http://UP/",
    "nocanon": "AllowEncodedSlashes NoDecode\nProxyPass / http://UP/ nocanon",
    "no-decode": "AllowEncodedSlashes NoDecode\nProxyPass / http://UP/",
    "no-merge": "MergeSlashes Off\nProxyPass / http://UP/",
    "prefix-off": "ProxyPass /miniprogram/api/ http://UP/",
    "prefix-other": "ProxyPass /miniprogram/api http://UP/gateway",
    "before": "ProxyPass / http://UP/proxy/",
    "rewrite": "RewriteEngine On\nRewriteRule ^/miniprogram(/.*)$ http://UP$1 [P]",
    "rewrite-qsa": "RewriteEngine On\nRewriteRule ^/(.*)$ http://UP/$1?channel=app [P,QSA]",
    "no-query": "RewriteEngine On\nRewriteRule ^/(.*)$ http://UP/$1 [P,QSD]",
}
CADDY = {
    "as-is": "reverse_proxy UP",
    "prefix-off": "uri strip_prefix /miniprogram\nreverse_proxy UP",
    "handle-path": "handle_path /miniprogram/api/* {\nreverse_proxy UP\n}",
    "before": "rewrite * /gateway{uri}\nreverse_proxy UP",
    "path-only": "rewrite * /gateway{path}\nreverse_proxy UP",
    "replace": "uri replace /miniprogram/api /openapi\nreverse_proxy UP",
    "query": "rewrite * {path}?{query}&channel=app\nreverse_proxy UP",
}


def port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def answers(at, seconds=15):
    end = time.time() + seconds
    while time.time() < end:
        try:
            return socket.create_connection(("127.0.0.1", at), 1).close() or True
        except OSError:
            time.sleep(0.1)
    sys.exit(f"front.py: nothing answers on port {at}")


def nginx(folder):
    ports = {mode: port() for mode in NGINX}
    servers = "\n".join(f"server {{ listen 127.0.0.1:{ports[m]}; {text} }}" for m, text in NGINX.items())
    open(f"{folder}/nginx.conf", "w").write(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{ access_log off; client_body_temp_path {folder}/b; "
        f"proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\nupstream up {{ server {UP}; }}\n{servers}\n}}\n")
    return ports, ["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], ""


def haproxy(folder):
    ports = {mode: port() for mode in HAPROXY}
    fronts = "\n".join(f"frontend {m}\n bind 127.0.0.1:{ports[m]}\n {rules}\n default_backend up" for m, rules in HAPROXY.items())
    open(f"{folder}/haproxy.cfg", "w").write(
        f"global\n expose-experimental-directives\ndefaults\n mode http\n timeout connect 5s\n timeout client 9s\n timeout server 9s\n{fronts}\nbackend up\n server one {UP}\n")
    return ports, ["haproxy", "-db", "-f", f"{folder}/haproxy.cfg"], ""


def apache(folder):
    ports = {mode: port() for mode in APACHE}
    modules = subprocess.run("ls -d /usr/lib/apache2/modules /usr/lib64/httpd/modules 2>/dev/null", shell=True, capture_output=True, text=True).stdout.split()[0]
    names = [n for n in ("mpm_event", "authz_core", "unixd", "proxy", "proxy_http", "rewrite") if os.path.exists(f"{modules}/mod_{n}.so")]
    hosts = "\n".join(f"Listen 127.0.0.1:{ports[m]}\n<VirtualHost 127.0.0.1:{ports[m]}>\n{rules.replace('UP', UP)}\n</VirtualHost>" for m, rules in APACHE.items())
    open(f"{folder}/httpd.conf", "w").write(
        "\n".join(f"LoadModule {n}_module {modules}/mod_{n}.so" for n in names) +
        f"\nServerName localhost\nServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/error.log\nDefaultRuntimeDir {folder}\nDocumentRoot {folder}\n{hosts}\n")
    return ports, ["apache2", "-D", "FOREGROUND", "-f", f"{folder}/httpd.conf"], ""


def caddy(folder):
    ports = {mode: port() for mode in CADDY}
    sites = "\n".join(f"http://:{ports[m]} {{\nbind 127.0.0.1\n{rules.replace('UP', UP)}\n}}" for m, rules in CADDY.items())
    open(f"{folder}/Caddyfile", "w").write(f"{{\nadmin off\nauto_https off\nstorage file_system {folder}\n}}\n{sites}\n")
    return ports, ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"], ""


def flask_modes():
    import requests
    from flask import Flask, request
    from werkzeug.serving import make_server
    app = Flask("front")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    targets = {  # how people pass a request on
        "full-path": lambda: request.full_path, "path-query": lambda: request.path + "?" + request.query_string.decode(), "path": lambda: request.path,
        "args": lambda: (request.path, request.args.to_dict()), "args-lists": lambda: (request.path, request.args.to_dict(flat=False)),
        "url": lambda: urllib.parse.urlparse(request.url).path + ("?" + urllib.parse.urlparse(request.url).query if request.args else ""),
        "raw-uri": lambda: request.environ["RAW_URI"],
    }
    data = {"json": lambda: {"json": request.get_json()}, "dumps": lambda: {"data": json.dumps(request.get_json())},
            "sorted": lambda: {"data": json.dumps(request.get_json(), sort_keys=True)}, "unicode": lambda: {"data": json.dumps(request.get_json(), ensure_ascii=False).encode()},
            "text": lambda: {"data": request.get_data(as_text=True).encode("latin-1", "replace")}}

    @app.route("/", defaults={"rest": ""}, methods=["POST"])
    @app.route("/<path:rest>", methods=["POST"])
    def forward(rest):
        mode = request.headers["X-Mode"]
        target = targets.get(mode, targets["raw-uri"])()
        target, params = target if isinstance(target, tuple) else (target, None)
        body = data[mode]() if mode in data else {"data": request.get_data()}
        keep = {k: v for k, v in request.headers.items() if k not in ("Host", "Content-Length", "X-Mode")}
        return requests.post("http://" + UP + target, params=params, headers=keep, **body).content

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return {m: server.port for m in [*targets, *data]}


LOSSY = ("path", "args", "no-query", "escaped-path", "param")  # they drop what no search can find again
REWRITES = ("json", "dumps", "sorted", "unicode", "text", "map", "encoder", "indent")  # the body: one change at a time


def send(name, mode, at, round):
    target = PATHS[0] if mode in REWRITES or not round else random.choice(PATHS) + ("" if mode in LOSSY else random.choice(QUERIES))
    body = json.dumps(BODIES[0], separators=(",", ":"), ensure_ascii=False).encode()
    b64 = lambda s: base64.b64encode(s if isinstance(s, bytes) else s.encode()).decode()
    head = {"Host": "api.example.com", "X-Mode": mode, "X-Stack": f"{name}-{mode}", "X-Target": b64(target), "X-Body": b64(body), "Request-Time": str(int(time.time() * 1000)),
            "Content-Type": "application/json; charset=UTF-8", "Content-Length": len(body), "Connection": "close"}
    with socket.create_connection(("127.0.0.1", at), 10) as s:
        s.sendall(f"POST {target} HTTP/1.1\r\n".encode() + "".join(f"{k}: {v}\r\n" for k, v in head.items()).encode() + b"\r\n" + body)
        while s.recv(65536):
            pass


rounds, what = int(sys.argv[1]), sys.argv[2]
with tempfile.TemporaryDirectory() as folder:
    process, name = None, shlex.split(what)[0].rsplit("/", 1)[-1]
    if what == "flask":
        ports = flask_modes()
    elif what in ("nginx", "haproxy", "apache", "caddy"):
        ports, command, _ = globals()[what](folder)
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    else:
        process = subprocess.Popen(shlex.split(what), stdout=subprocess.PIPE, text=True)
        said = json.loads(process.stdout.readline())
        ports = {m: said["port"] for m in said["modes"]}
    try:
        for mode, at in ports.items():
            answers(at)
            for i in range(rounds):
                try:
                    send(name, mode, at, i)
                except OSError as e:
                    print(f"{name} {mode}: {e}", file=sys.stderr)
    finally:
        if process:
            process.terminate()
            process.wait(5)
