// Package localcert makes the certificate of a server on this machine, and the
// authority that a client must trust to talk to it.
package localcert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// names are what clients call this machine, those in a container too.
var (
	names     = []string{"localhost", "*.localhost", "host.docker.internal", "host.containers.internal"}
	addresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
)

// Lifetimes. A server's certificate is made new at each start; clients are told
// of the authority once.
const (
	authorityLife = 5 * 365 * 24 * time.Hour
	serverLife    = 90 * 24 * time.Hour
)

// Server returns a certificate for a server on this machine, and the file with the
// authority that signed it, in PEM. The authority is kept in dir, its private key
// with mode 0600; whoever has that file can pose as any of the names of this
// machine to those that trust it, and as no other.
func Server(dir string, now time.Time) (cert tls.Certificate, caFile string, err error) {
	caFile, keyFile := filepath.Join(dir, authorityFile), filepath.Join(dir, "localhost-ca.key")
	ca, err := tls.LoadX509KeyPair(caFile, keyFile)
	if err == nil && ca.Leaf != nil && now.Before(ca.Leaf.NotAfter.Add(-serverLife)) {
		cert, err = issue(ca, now)
		return cert, caFile, err
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cert, caFile, fmt.Errorf("the certificate authority of this machine cannot be read: %w", err)
	}
	if ca, err = makeAuthority(now); err != nil {
		return cert, caFile, err
	}
	if err := save(ca, caFile, keyFile); err != nil {
		return cert, caFile, fmt.Errorf("the certificate authority of this machine cannot be kept: %w", err)
	}
	cert, err = issue(ca, now)
	return cert, caFile, err
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return n
}

func makeAuthority(now time.Time) (tls.Certificate, error) {
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Countersign on this machine"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"localhost", "host.docker.internal", "host.containers.internal"},
		PermittedIPRanges: []*net.IPNet{
			{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}, {IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
		},
	}
	return sign(t, nil, nil)
}

func issue(ca tls.Certificate, now time.Time) (tls.Certificate, error) {
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: names, IPAddresses: addresses,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(serverLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := sign(t, ca.Leaf, ca.PrivateKey)
	cert.Certificate = append(cert.Certificate, ca.Certificate...)
	return cert, err
}

// sign makes a certificate with a key of its own; nil: by itself.
func sign(t, parent *x509.Certificate, by any) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	if parent == nil {
		parent, by = t, key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, by)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// save writes the key first: an authority without its key is made again.
func save(ca tls.Certificate, caFile, keyFile string) error {
	der, err := x509.MarshalPKCS8PrivateKey(ca.PrivateKey)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(caFile), 0o700); err != nil {
		return err
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := os.WriteFile(keyFile, key, 0o600); err != nil {
		return err
	}
	return os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Certificate[0]}),
		0o644) //nolint:gosec // public
}

// Trusted returns the system's authorities with the one that Server keeps in dir, if
// there is one; nil where it cannot be read, which means the system's.
func Trusted(dir string) *x509.CertPool {
	pem, err := os.ReadFile(filepath.Join(dir, authorityFile)) //nolint:gosec // the caller's folder
	if err != nil {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pool.AppendCertsFromPEM(pem)
	return pool
}

const authorityFile = "localhost-ca.pem"
