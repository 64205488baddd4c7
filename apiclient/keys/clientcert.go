package keys

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"

	"countersign/apiclient/hint"
)

// ClientCert loads the certificate that a client shows in TLS, with its chain, and
// the private key that belongs to it: RSA in any spelling, or another kind in
// PKCS#8 or SEC 1. Both may come from the same place.
func (l Loader) ClientCert(ctx context.Context, cert, key Source) (tls.Certificate, error) {
	var c tls.Certificate
	if err := cert.Validate(); err != nil {
		return c, err
	}
	data, err := l.read(ctx, cert)
	if err != nil {
		return c, at(cert.String(), err)
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			c.Certificate = append(c.Certificate, block.Bytes)
		}
	}
	if len(c.Certificate) == 0 {
		return c, at(cert.String(), &hint.Error{Says: "there is no certificate in PEM",
			Fix: "it must have -----BEGIN CERTIFICATE-----, the client's own first"})
	}
	if c.Leaf, err = x509.ParseCertificate(c.Certificate[0]); err != nil {
		return c, at(cert.String(), &hint.Error{Says: "the certificate cannot be read: " + err.Error(), Fix: "export it again as PEM"})
	}
	if c.PrivateKey, err = l.clientKey(ctx, key); err != nil {
		return c, err
	}
	own, ok := c.PrivateKey.(crypto.Signer)
	public, comparable := c.Leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !comparable || !public.Equal(own.Public()) {
		return c, at(key.String(), &hint.Error{Says: "the private key does not belong to the certificate of " + cert.String(),
			Fix: "give the key that the certificate was requested with"})
	}
	return c, nil
}

// clientKey reads the private key of a certificate.
func (l Loader) clientKey(ctx context.Context, key Source) (crypto.PrivateKey, error) {
	if err := key.Validate(); err != nil {
		return nil, err
	}
	data, err := l.read(ctx, key)
	defer clear(data)
	if err != nil {
		return nil, at(key.String(), err)
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if !bytes.Contains([]byte(block.Type), []byte("PRIVATE KEY")) {
			continue
		}
		if k, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			return k, nil
		}
		if k, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return k, nil
		}
	}
	private, err := l.Private(ctx, key)
	if err != nil {
		return nil, err
	}
	return private.Key, nil
}
