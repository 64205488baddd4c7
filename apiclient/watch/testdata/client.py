# A client of Python with its standard library alone; the signature is made by
# openssl, as the library has no RSA.
import base64, http.client, subprocess, sys, time, urllib.parse
base, key, body, count = sys.argv[1:5]
u = urllib.parse.urlsplit(base)
c = http.client.HTTPConnection(u.netloc, timeout=10)
for _ in range(int(count)):
    t = str(int(time.time() * 1000))
    content = ("POST %s\nC1.%s.%s" % (u.path, t, body)).encode()
    sig = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=content, stdout=subprocess.PIPE, check=True).stdout
    value = urllib.parse.quote_plus(base64.b64encode(sig).decode())
    c.request("POST", u.path, body.encode(), {"Content-Type": "application/json", "Client-Id": "C1", "Request-Time": t,
              "Signature": "algorithm=RSA256, keyVersion=1, signature=" + value})
    c.getresponse().read()
