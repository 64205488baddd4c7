// Targets and times of JavaScript stacks: NODE_PATH=… node targets.js [rounds]
const axios = require('axios'), superagent = require('superagent'), qs = require('qs'), querystring = require('querystring');
const { request } = require('undici');
const base = process.env.STACKS_URL, rounds = +process.argv[2] || 5;
const pick = list => list[Math.floor(Math.random() * list.length)];
const b64 = s => Buffer.from(s).toString('base64');
const texts = ["a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z", "a@b.c", "$5", "1=1", "a&b", "\"q\"", "<t>", "^`", "😀", "x-y_z.w"];
const others = ["", null, undefined, true, false, 0, 1.5, [1, 2], ["a b", "c"], { k: "v w", n: 1 }, { a: [1, { b: 2 }] }];
const names = ["z", "a", "lang", "ref", "at", "ids", "f", "m.n", "user name"];
const body = () => JSON.stringify({ paymentRequestId: "PR_" + Math.random().toString(36).slice(2), paymentAmount: { currency: "USD", value: "10000" }, n: "Crème" });
const params = odd => Object.fromEntries([...new Set([pick(names), pick(names), pick(names)])].map(n => [n, Math.random() < odd ? pick(others) : pick(texts)]));
// what people write by hand to make the string to sign
const hand = {
  encodeURIComponent: p => Object.entries(p).map(([k, v]) => encodeURIComponent(k) + '=' + encodeURIComponent(v)).join('&'),
  value: p => Object.entries(p).map(([k, v]) => k + '=' + encodeURIComponent(v)).join('&'),
  raw: p => Object.entries(p).map(([k, v]) => `${k}=${v}`).join('&'),
  URLSearchParams: p => new URLSearchParams(p).toString(),
  querystring: p => querystring.stringify(p),
  qs: p => qs.stringify(p),
  sorted: p => Object.keys(p).sort().map(k => k + '=' + encodeURIComponent(p[k])).join('&'),
};
const paths = ["/miniprogram/api/v2/payments/pay", "/v2/qr/café", "/api/v2/qr/a b", "/api//v2/pay", "/api/v2/../v1/pay", "/api/./v2/pay", "/v2/links/%7Bid%7D", "/v2/a%2Fb", "/v2/it's(ok)", "/v2/x%c3%bc", "/v2/" + undefined + "/pay", "/v2/[a]|b"];
const head = (stack, target, time, sentTime) => ({ 'X-Stack': stack, 'X-Target': b64(target), 'X-Time': b64(String(time)), 'Request-Time': String(sentTime), 'Content-Type': 'application/json' });
const now = () => { const t = Date.now(); return [t, t]; };
const got = import('got').then(m => m.default);
const send = {
  got: async (path, p, h) => (await got).post(base + path, { searchParams: Object.fromEntries(Object.entries(p).map(([k, v]) => [k, v !== null && typeof v === 'object' ? String(v) : v])), headers: h, body: body(), retry: { limit: 0 }, throwHttpErrors: false }),
  axios: (path, p, h) => axios.post(base + path, body(), { params: p, headers: h, validateStatus: null }),
  superagent: (path, p, h) => superagent.post(base + path).set(h).query(p).send(body()).catch(() => 0),
  fetch: (path, p, h) => fetch(base + path + '?' + new URLSearchParams(p), { method: 'POST', headers: h, body: body() }),
  undici: (path, p, h) => request(base + path, { method: 'POST', headers: h, query: p, body: body() }),
};
const url = {
  got: async (u, h) => (await got).post(base + u, { headers: h, body: body(), retry: { limit: 0 }, throwHttpErrors: false }),
  fetch: (u, h) => fetch(base + u, { method: 'POST', headers: h, body: body() }),
  axios: (u, h) => axios.post(base + u, body(), { headers: h, validateStatus: null }),
  undici: (u, h) => request(base + u, { method: 'POST', headers: h, body: body() }),
};
const times = {
  performance: () => { const t = performance.timeOrigin + performance.now(); return [t, Math.floor(t)]; },
  seconds: () => { const t = Date.now(); return [t / 1000, t]; },
  string: () => { const t = new Date(); return [String(t), t.getTime()]; },
  iso: () => { const t = new Date(); return [t.toISOString(), t.getTime()]; },
  locale: () => { const t = new Date(); return [t.toLocaleString(), t.getTime()]; },
  json: () => { const t = new Date(); return [JSON.stringify(t), t.getTime()]; },
  utc: () => { const t = new Date(); return [t.toUTCString(), t.getTime()]; },
  hrtime: () => { const n = BigInt(Date.now()) * 1000000n + process.hrtime.bigint() % 1000000n; return [n, n / 1000000n]; },
};
(async () => {
  for (let i = 0; i < rounds; i++) for (const [lib, f] of Object.entries(send)) {
    const p = params(0.35), h = pick(Object.keys(hand));
    const q = hand[h](p), path = paths[0];
    await f(path, p, head(`js-${lib}-params-${h}`, path + (q ? '?' + q : ''), ...now())).catch(e => 0);
  }
  for (let i = 0; i < rounds; i++) for (const [lib, f] of Object.entries(url)) {
    const q = Math.random() < 0.5 ? '' : '?' + pick(names) + '=' + pick(texts).replace(/[%#]/g, '') + '&b=' + pick(texts).replace(/[%#]/g, '');
    const u = pick(paths) + q;
    await f(u, head(`js-${lib}-url`, u, ...now())).catch(e => 0);
  }
  for (let i = 0; i < rounds; i++) for (const [k, f] of Object.entries(times)) {
    await url.axios(paths[0], head(`js-time-${k}`, paths[0], ...f())).catch(e => 0);
  }
})();
