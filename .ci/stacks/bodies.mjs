// Writes what JavaScript's serialisers and HTTP libraries make of objects.json, as bodies.py does.
// Run in a folder with axios, qs, superagent, express, node-forge (npm), with this file's folder as argument.
import fs from 'fs';
import util from 'util';
import http from 'http';
import path from 'path';
const here = process.argv[2] || '.';
const objects = JSON.parse(fs.readFileSync(path.join(here, 'objects.json'), 'utf8'));
const when = new Date(1700000000123);
objects.dates = { id: 'A1', at: when, end: new Date(1700000000000) };
const put = (object, by, body, type = 'application/json') => {
  if (body === undefined || body === null) return;
  console.log(JSON.stringify({ stack: 'javascript', object, by, base64: Buffer.from(body).toString('base64'), type }));
};
const tried = async (object, by, f, type) => { try { put(object, by, await f(), type); } catch (e) { console.error(object, by, e.message); } };
const sorted = (v) => Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' && !(v instanceof Date)
  ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v;
const listen = () => new Promise((done) => {
  const s = http.createServer((q, r) => { const c = []; q.on('data', (d) => c.push(d)); q.on('end', () => { s.last = Buffer.concat(c); s.type = q.headers['content-type']; r.end('{}'); }); });
  s.listen(0, '127.0.0.1', () => done(s));
});
const server = await listen();
const url = `http://127.0.0.1:${server.address().port}/a`;
const sent = async (object, by, f) => { try { server.last = null; await f(); if (server.last) put(object, by, server.last, server.type || ''); } catch (e) { console.error(object, by, e.message); } };
const axios = (await import('axios')).default, qs = (await import('qs')).default, superagent = (await import('superagent')).default;
const express = (await import('express')).default;
for (const [name, o] of Object.entries(objects)) {
  const json = JSON.stringify(o);
  put(name, 'JSON.stringify', json);
  put(name, 'JSON.stringify 2', JSON.stringify(o, null, 2));
  put(name, 'JSON.stringify 4', JSON.stringify(o, null, 4));
  put(name, 'JSON.stringify tab', JSON.stringify(o, null, '\t'));
  put(name, 'JSON.stringify sorted', JSON.stringify(sorted(o)));
  put(name, 'JSON.stringify top keys sorted', JSON.stringify(Object.fromEntries(Object.entries(o).sort())));
  put(name, 'JSON.stringify array replacer', JSON.stringify(o, Object.keys(o).sort()));
  put(name, 'JSON.stringify nulls dropped', JSON.stringify(o, (k, v) => v === null ? undefined : v));
  put(name, 'JSON.stringify null as empty', JSON.stringify(o, (k, v) => v === null ? '' : v));
  put(name, 'JSON.stringify strings', JSON.stringify(o, (k, v) => typeof v === 'number' || typeof v === 'boolean' ? String(v) : v));
  put(name, 'JSON.stringify twice', JSON.stringify(json));
  put(name, 'escaped', json.replace(/[\u0080-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')));
  put(name, 'util.inspect', util.inspect(o), 'text/plain');
  put(name, 'util.inspect deep', util.inspect(o, { depth: null }), 'text/plain');
  put(name, 'template', `${o}`, 'text/plain');
  put(name, 'JSON of Buffer', JSON.stringify(Buffer.from(json)));
  put(name, 'JSON of Uint8Array', JSON.stringify(new Uint8Array(Buffer.from(json))));
  put(name, 'String of Uint8Array', String(new Uint8Array(Buffer.from(json))), 'text/plain');
  put(name, 'latin1', Buffer.from(json, 'latin1'));
  put(name, 'ascii', Buffer.from(json, 'ascii'));
  put(name, 'utf16le', Buffer.from(json, 'utf16le'));
  put(name, 'binary read as utf8', Buffer.from(Buffer.from(json).toString('latin1')));
  put(name, 'encodeURIComponent', encodeURIComponent(json), 'text/plain');
  put(name, 'escape', escape(json), 'text/plain');
  put(name, 'Object.values', Object.values(o).join(','), 'text/plain');
  put(name, 'pairs', Object.keys(o).sort().map((k) => `${k}=${typeof o[k] === 'object' ? JSON.stringify(o[k]) : o[k]}`).join('&'), 'text/plain');
  put(name, 'URLSearchParams', new URLSearchParams(o).toString(), 'application/x-www-form-urlencoded');
  for (const arrayFormat of ['indices', 'brackets', 'repeat', 'comma']) put(name, 'qs ' + arrayFormat, qs.stringify(o, { arrayFormat }), 'application/x-www-form-urlencoded');
  put(name, 'qs unencoded', qs.stringify(o, { encode: false }), 'application/x-www-form-urlencoded');
  put(name, 'qs dots', qs.stringify(o, { allowDots: true }), 'application/x-www-form-urlencoded');
  put(name, 'qs skipNulls', qs.stringify(o, { skipNulls: true }), 'application/x-www-form-urlencoded');
  await sent(name, 'axios', () => axios.post(url, o));
  await sent(name, 'axios form', () => axios.post(url, o, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }));
  await sent(name, 'axios multipart', () => axios.post(url, o, { headers: { 'Content-Type': 'multipart/form-data' } }));
  await sent(name, 'superagent form', () => superagent.post(url).type('form').send(o));
  await sent(name, 'fetch URLSearchParams', () => fetch(url, { method: 'POST', body: new URLSearchParams(o) }));
  await sent(name, 'fetch FormData', () => { const f = new FormData(); for (const [k, v] of Object.entries(o)) f.set(k, typeof v === 'object' ? JSON.stringify(v) : v); return fetch(url, { method: 'POST', body: f }); });
  await sent(name, 'fetch FormData of JSON', () => { const f = new FormData(); f.set('request', json); return fetch(url, { method: 'POST', body: f }); });
  await sent(name, 'axios of a JSON string', () => axios.post(url, { request: json }));
}
// A gateway that parses and forwards, with text as other programs write it.
const app = express(); app.use(express.json({ strict: false })); app.use(express.urlencoded({ extended: true }));
let seen; app.post('/a', (q, r) => { seen = JSON.stringify(q.body); r.end(); });
const gateway = await new Promise((done) => { const s = app.listen(0, '127.0.0.1', () => done(s)); });
const raw = {
  dup: '{"a":1,"b":2,"a":3}', ints: '{"b":1,"10":"x","2":{"z":1,"1":0}}', lone: '{"a":"cut \\uD83D here","b":"\\uDE00"}',
  numbers: '{"a":1.0,"b":1e3,"c":1.10,"d":12345678901234567890,"e":-0,"f":0.0000001}', spaces: '{ "a" : 1,\n "b":[ 1, 2 ] }',
  slashes: '{"u":"https:\\/\\/a\\/b","e":"\\u00e9\\u00E9\\u003c"}', nested: '{"s":"{\\"x\\": 1.0}","v": 2.50}', proto: '{"a":{"__proto__":1,"b":2}}',
};
for (const [name, body] of Object.entries(raw)) {
  await fetch(`http://127.0.0.1:${gateway.address().port}/a`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  put('gateway ' + name, 'raw', body); put('gateway ' + name, 'express', seen);
}
server.close(); gateway.close(); server.closeAllConnections(); gateway.closeAllConnections();
