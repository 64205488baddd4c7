package history

import (
	"crypto"

	"countersign/apiclient/signing"
)

// The part of a record that is about signatures.

type proof struct {
	Canonical  quote  `json:"canonical,omitzero"`
	Digest     digest `json:"digest,omitzero"`
	Signature  []byte `json:"signature,omitzero"`
	Value      text   `json:"value,omitzero"`
	Header     text   `json:"header,omitzero"`
	KeyVersion text   `json:"key_version,omitzero"`
}

type verdict struct {
	Status    text            `json:"status,omitzero"`
	Reason    text            `json:"reason,omitzero"`
	Hint      text            `json:"hint,omitzero"`
	Canonical quote           `json:"canonical,omitzero"`
	Digest    digest          `json:"digest,omitzero"`
	Header    signatureHeader `json:"header,omitzero"`
	Encoding  text            `json:"encoding,omitzero"`
	Signature []byte          `json:"signature,omitzero"`
	Key       text            `json:"key,omitzero"`
	Recovered *recovered      `json:"recovered,omitzero"`
	Repaired  *reading        `json:"repaired,omitzero"`
	Warnings  []warning       `json:"warnings,omitzero"`
	NoKey     bool            `json:"no_key,omitzero"`
}

type signatureHeader struct {
	Algorithm     text      `json:"algorithm,omitzero"`
	KeyVersion    text      `json:"key_version,omitzero"`
	HasKeyVersion bool      `json:"has_key_version,omitzero"`
	Value         text      `json:"value,omitzero"`
	Pairs         []field   `json:"pairs,omitzero"`
	Warnings      []warning `json:"warnings,omitzero"`
}

type recovered struct {
	Key     text     `json:"key,omitzero"`
	Hash    uint     `json:"hash,omitzero"` // a crypto.Hash, whose numbers are fixed
	Padding text     `json:"padding,omitzero"`
	Digest  []byte   `json:"digest,omitzero"`
	Raw     []byte   `json:"raw,omitzero"`
	PSS     *pss     `json:"pss,omitzero"`
	Fault   *warning `json:"fault,omitzero"`
}

type pss struct {
	Hash    uint   `json:"hash,omitzero"`
	MGF     uint   `json:"mgf,omitzero"`
	H       []byte `json:"h,omitzero"`
	Salt    []byte `json:"salt,omitzero"`
	Certain bool   `json:"certain,omitzero"`
}

type reading struct {
	Causes    []text `json:"causes,omitzero"`
	Says      text   `json:"says,omitzero"`
	Fix       text   `json:"fix,omitzero"`
	Signature []byte `json:"signature,omitzero"`
}

type warning struct {
	Cause text `json:"cause,omitzero"`
	Says  text `json:"says,omitzero"`
}

func proofOf(p signing.Proof, bodies parts) proof {
	return proof{quoteOf(p.Canonical, bodies), digest(p.Digest), p.Signature, text(p.Value), text(p.Header), text(p.KeyVersion)}
}

func (p proof) proof(bodies parts) signing.Proof {
	return signing.Proof{Canonical: p.Canonical.bytes(bodies), Digest: p.Digest, Signature: p.Signature,
		Value: string(p.Value), Header: string(p.Header), KeyVersion: string(p.KeyVersion)}
}

func verdictOf(v signing.Verdict, bodies parts) verdict {
	out := verdict{
		Status: text(v.Status), Reason: text(v.Reason), Hint: text(v.Hint),
		Canonical: quoteOf(v.Canonical, bodies), Digest: v.Digest,
		Header:   signatureHeaderOf(v.Header),
		Encoding: text(v.Encoding), Signature: v.Signature, Key: text(v.Key), Warnings: warningsOf(v.Warnings), NoKey: v.NoKey,
	}
	out.Recovered = recoveredOf(v.Recovered)
	if r := v.Repaired; r != nil {
		out.Repaired = &reading{each(r.Causes, func(s string) text { return text(s) }), text(r.Says), text(r.Fix), r.Signature}
	}
	return out
}

func (v verdict) verdict(bodies parts) signing.Verdict {
	out := signing.Verdict{
		Status: signing.Status(v.Status), Reason: string(v.Reason), Hint: string(v.Hint),
		Canonical: v.Canonical.bytes(bodies), Digest: v.Digest,
		Header:   v.Header.header(),
		Encoding: signing.Encoding(v.Encoding), Signature: v.Signature, Key: string(v.Key), Warnings: signingWarnings(v.Warnings), NoKey: v.NoKey,
	}
	out.Recovered = v.Recovered.recovered()
	if r := v.Repaired; r != nil {
		out.Repaired = &signing.Reading{Causes: each(r.Causes, func(t text) string { return string(t) }),
			Says: string(r.Says), Fix: string(r.Fix), Signature: r.Signature}
	}
	return out
}

func recoveredOf(r *signing.Recovered) *recovered {
	if r == nil {
		return nil
	}
	out := &recovered{Key: text(r.Key), Hash: uint(r.Hash), Padding: text(r.Padding), Digest: r.Digest, Raw: r.Raw}
	if p := r.PSS; p != nil {
		out.PSS = &pss{uint(p.Hash), uint(p.MGF), p.H, p.Salt, p.Certain}
	}
	if f := r.Fault; f != nil {
		out.Fault = &warning{text(f.Cause), text(f.Says)}
	}
	return out
}

func (r *recovered) recovered() *signing.Recovered {
	if r == nil {
		return nil
	}
	out := &signing.Recovered{Key: string(r.Key), Hash: crypto.Hash(r.Hash), Padding: signing.Padding(r.Padding),
		Digest: r.Digest, Raw: r.Raw}
	if p := r.PSS; p != nil {
		out.PSS = &signing.PSSBlock{Hash: crypto.Hash(p.Hash), MGF: crypto.Hash(p.MGF), H: p.H, Salt: p.Salt, Certain: p.Certain}
	}
	if f := r.Fault; f != nil {
		out.Fault = &signing.Warning{Cause: string(f.Cause), Says: string(f.Says)}
	}
	return out
}

func signatureHeaderOf(h signing.Header) signatureHeader {
	return signatureHeader{
		text(h.Algorithm), text(h.KeyVersion), h.HasKeyVersion, text(h.Value),
		each(h.Pairs, func(p signing.Pair) field { return field{text(p.Key), text(p.Value)} }),
		warningsOf(h.Warnings),
	}
}

func (h signatureHeader) header() signing.Header {
	return signing.Header{
		Algorithm: string(h.Algorithm), KeyVersion: string(h.KeyVersion), HasKeyVersion: h.HasKeyVersion, Value: string(h.Value),
		Pairs:    each(h.Pairs, func(f field) signing.Pair { return signing.Pair{Key: string(f[0]), Value: string(f[1])} }),
		Warnings: signingWarnings(h.Warnings),
	}
}

func warningsOf(in []signing.Warning) []warning {
	return each(in, func(w signing.Warning) warning { return warning{text(w.Cause), text(w.Says)} })
}

func signingWarnings(in []warning) []signing.Warning {
	return each(in, func(w warning) signing.Warning {
		return signing.Warning{Cause: string(w.Cause), Says: string(w.Says)}
	})
}
