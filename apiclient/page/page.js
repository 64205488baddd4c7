
"use strict";
// Checks each claim of the page with what is in the page, in this browser.
(() => {
  const proof = JSON.parse(document.getElementById("data").textContent);
  const subtle = globalThis.crypto && crypto.subtle;
  const bytesOf = base64 => base64 == null ? null : Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, "0")).join("");
  const encode = text => new TextEncoder().encode(text);
  const equal = (a, b) => hex(a) === hex(b);

  const keys = proof.keys.map(k => ({ id: k.id, spki: bytesOf(k.spki) }));
  const signature = bytesOf(proof.signature || "");
  const messages = (proof.messages || []).map(m => ({ line: m.line, headers: m.headers, body: bytesOf(m.body) }));
  const original = proof.strings.map(s => bytesOf(s.bytes));
  const strings = original.slice(); // as the reader has edited them

  class Unchecked extends Error {} // a claim that cannot be checked here, and why

  const need = n => {
    if (!strings[n]) throw new Unchecked(proof.strings[n].why);
    return strings[n];
  };

  // SHA-256 without Web Cryptography, which pages over plain http do not have.
  const round = (() => {
    const k = [];
    for (let n = 2; k.length < 64; n++) {
      let prime = true;
      for (let i = 2; i * i <= n; i++) if (n % i === 0) prime = false;
      if (prime) k.push(Math.floor((Math.cbrt(n) % 1) * 2 ** 32) | 0);
    }
    return k;
  })();
  const start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
  const ownSHA256 = data => {
    const padded = new Uint8Array(((data.length + 8) >> 6 << 6) + 64);
    padded.set(data);
    padded[data.length] = 0x80;
    const view = new DataView(padded.buffer), w = new Int32Array(64), h = Int32Array.from(start);
    view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
    view.setUint32(padded.length - 4, data.length << 3);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 64; i++) {
        if (i < 16) { w[i] = view.getInt32(at + 4 * i); continue; }
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, x] = h;
      for (let i = 0; i < 64; i++) {
        const one = (x + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + round[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [x, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, x].forEach((n, i) => { h[i] += n; });
    }
    const out = new DataView(new ArrayBuffer(32));
    h.forEach((n, i) => out.setInt32(4 * i, n));
    return new Uint8Array(out.buffer);
  };

  const digest = async (hash, bytes) => {
    if (!["SHA-1", "SHA-256", "SHA-384", "SHA-512"].includes(hash)) throw new Unchecked("browsers have no " + hash);
    if (subtle) return new Uint8Array(await subtle.digest(hash, bytes));
    if (hash === "SHA-256") return ownSHA256(bytes);
    throw new Unchecked("this browser offers no " + hash + " here");
  };

  // The modulus and the exponent in a public key: SEQUENCE { algorithm, BIT STRING { SEQUENCE { n, e } } }.
  const numbersOf = spki => {
    const read = at => {
      let length = spki[at + 1], from = at + 2;
      if (length & 0x80) {
        const count = length & 0x7f;
        length = 0;
        for (let i = 0; i < count; i++) length = length * 256 + spki[from++];
      }
      return { from, to: from + length };
    };
    const algorithm = read(read(0).from), bits = read(algorithm.to);
    const n = read(read(bits.from + 1).from), e = read(n.to);
    const number = p => BigInt("0x" + hex(spki.subarray(p.from, p.to)));
    return { n: number(n), e: number(e) };
  };

  // The signature to the power of e, modulo n: the padded block with the digest in it.
  const open = key => {
    const { n, e } = numbersOf(keys[key].spki);
    let base = BigInt("0x" + hex(signature)) % n, result = 1n;
    for (let left = e; left > 0n; left >>= 1n) {
      if (left & 1n) result = result * base % n;
      base = base * base % n;
    }
    const size = 2 * Math.ceil(n.toString(2).length / 8);
    return result.toString(16).padStart(size, "0");
  };

  const infos = {
    "SHA-1": "3021300906052b0e03021a05000414", "SHA-256": "3031300d060960864801650304020105000420",
    "SHA-384": "3041300d060960864801650304020205000430", "SHA-512": "3051300d060960864801650304020305000440",
  };
  const verify = async (c, bytes) => {
    if (subtle) {
      try {
        const name = c.scheme === "PSS" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
        const key = await subtle.importKey("spki", keys[c.key].spki, { name, hash: c.hash }, false, ["verify"]);
        return await subtle.verify({ name, saltLength: c.salt }, key, signature, bytes);
      } catch (e) { // a key or hash that it does not take
        if (c.scheme === "PSS") throw new Unchecked("this browser cannot verify it: " + e.message);
      }
    }
    if (c.scheme === "PSS") throw new Unchecked("this browser cannot verify PSS here");
    const inside = infos[c.hash] + hex(await digest(c.hash, bytes)), block = open(c.key);
    return block === "0001" + "f".repeat(block.length - inside.length - 6) + "00" + inside;
  };

  const header = (m, name) => (m.headers.find(h => h[0].toLowerCase() === name.toLowerCase()) || [])[1];
  const piece = o => {
    if (!o.from) return encode(o.literal || "");
    const m = messages[o.message], line = messages[0].line;
    if (o.from === "method") return encode(line.split(" ")[0]);
    if (o.from === "target") return encode(line.split(" ")[1].replace(/^https?:\/\/[^/?]*/i, ""));
    if (o.from !== "body") return encode(header(m, o.from));
    if (!m.body) throw new Unchecked("the body is not in this page whole");
    return m.body;
  };

  const checks = {
    fingerprint: async c => hex(await digest("SHA-256", keys[c.key].spki)) === c.want,
    digest: async c => hex(await digest(c.hash, need(c.string))) === c.want,
    opens: async c => open(c.key).slice(2 * c.at, 2 * c.at + c.want.length) === c.want,
    covers: async c => (hex(await digest(c.hash, need(c.string))) === c.want) === c.holds,
    same: async c => hex(need(c.string)) === c.want,
    verify: async c => await verify(c, need(c.string)) === c.holds,
    unsigned: async c => header(messages[c.from], c.want) === undefined,
    built: async c => hex(need(c.string)) === c.of.map(o => hex(piece(o))).join(""),
  };

  const items = Array.from(document.querySelectorAll(".claim"));
  const show = (item, state, tick, text) => {
    item.className = "claim " + state;
    item.querySelector(".tick").textContent = tick;
    item.querySelector(".state").textContent = text;
  };
  let latest = 0; // an answer to what was edited since is dropped
  const checkAll = async () => {
    const turn = ++latest, count = { holds: 0, fails: 0, open: 0 };
    const results = await Promise.all(proof.claims.map(async c => {
      try {
        return await checks[c.kind](c) ? ["holds", "✓", "holds"] : ["fails", "✗", "does not hold"];
      } catch (e) {
        return ["open", "–", (e instanceof Unchecked ? "not checked: " : "cannot be checked: ") + e.message];
      }
    }));
    if (turn !== latest) return;
    results.forEach((r, i) => { count[r[0]]++; show(items[i], ...r); });
    const summary = document.getElementById("summary"), all = results.length;
    const edited = strings.some((s, i) => s !== original[i]);
    summary.className = "summary " + (count.fails ? "fails" : count.holds ? "holds" : "");
    summary.textContent = `Checked in this browser just now: ${count.holds} of ${all} claims hold` +
      (count.fails ? `, ${count.fails} ${count.fails === 1 ? "does" : "do"} not` : "") +
      (count.open ? `, ${count.open} cannot be checked here` : "") + (edited ? ". A copy below is edited." : ".");
    document.documentElement.dataset.checked = `${count.holds} ${count.fails} ${count.open}`;
  };

  // A copy is text: bytes that are no legible UTF-8 stand in it as ⟨0D⟩.
  const escaped = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|⟨(?=[0-9A-F]{2}⟩)/g;
  const escape = bytes => Array.from(bytes, b => "⟨" + b.toString(16).toUpperCase().padStart(2, "0") + "⟩").join("");
  const toText = bytes => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return text.replace(escaped, c => escape(encode(c)));
    } catch {
      return Array.from(bytes, b => b === 10 || b === 9 || b >= 32 && b < 127 ? String.fromCharCode(b) : escape([b])).join("");
    }
  };
  const toBytes = text => {
    const out = [];
    text.split(/⟨([0-9A-F]{2})⟩/).forEach((s, i) => {
      if (i % 2) out.push(parseInt(s, 16)); else for (const b of encode(s)) out.push(b);
    });
    return Uint8Array.from(out);
  };

  const tell = async n => {
    const now = document.getElementById("now" + n), bytes = strings[n];
    const changed = bytes !== original[n];
    now.textContent = `${changed ? "Edited: " : ""}${bytes.length} bytes, SHA-256 ${hex(await digest("SHA-256", bytes))}`;
    document.getElementById("restore" + n).disabled = !changed;
  };
  document.querySelectorAll("textarea[data-string]").forEach(area => {
    const n = Number(area.dataset.string);
    const reset = () => { area.value = toText(original[n]); strings[n] = original[n]; };
    const follow = () => { tell(n); checkAll(); };
    reset();
    if (!equal(toBytes(area.value), original[n])) { // never edit what is not the string
      area.value = Array.from(original[n], b => escape([b])).join("");
    }
    area.rows = Math.min(14, 2 + Math.ceil(area.value.length / 90));
    area.disabled = false;
    area.addEventListener("input", () => {
      const bytes = toBytes(area.value);
      strings[n] = equal(bytes, original[n]) ? original[n] : bytes;
      follow();
    });
    document.getElementById("restore" + n).addEventListener("click", () => { reset(); follow(); });
    tell(n);
  });
  document.documentElement.classList.add("scripts");
  checkAll();
})();
