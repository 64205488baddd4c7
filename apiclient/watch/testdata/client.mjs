// A client of Node with the habits of the official SDK and of axios: the http
// module, a kept connection, header names in lower case, the body as a Buffer.
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
const [base, keyFile, body, count] = process.argv.slice(2);
const key = fs.readFileSync(keyFile, "utf8");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const once = () => new Promise((done, fail) => {
  const u = new URL(base);
  const time = String(Date.now());
  const sign = crypto.createSign("RSA-SHA256").update(`POST ${u.pathname}\nC1.${time}.${body}`);
  const signature = encodeURIComponent(sign.sign(key, "base64"));
  const r = http.request({ agent, method: "POST", hostname: u.hostname, port: u.port, path: u.pathname, headers: {
    "content-type": "application/json; charset=UTF-8", accept: "application/json, text/plain, */*", "client-id": "C1",
    "request-time": time, signature: `algorithm=RSA256, keyVersion=1, signature=${signature}`,
    "user-agent": "axios/1.7.2", "accept-encoding": "gzip, compress, deflate, br" } }, (a) => {
    const parts = [];
    a.on("data", (p) => parts.push(p));
    a.on("end", () => done(Buffer.concat(parts)));
  });
  r.on("error", fail);
  r.write(body.slice(0, 3)); // no Content-Length: it goes out in chunks
  r.end(body.slice(3));
});
for (let i = 0; i < Number(count); i++) await once();
agent.destroy();
