package terminal

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"runtime"

	"countersign/apiclient/hint"
)

// Browse opens an address in the browser. It takes http and https alone, and no
// shell sees it.
func Browse(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return hint.Errorf("copy it instead", "%.60q is not an http or https address", address)
	}
	command := opener(runtime.GOOS, u.String())
	if _, err := exec.LookPath(command[0]); err != nil {
		return hint.Errorf("copy the address and open it by hand", "%s is not on this machine", command[0])
	}
	c := exec.Command(command[0], command[1:]...) //nolint:gosec // one of three programs, with an address
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}

// opener is the command that opens an address on a system.
func opener(system, address string) []string {
	switch system {
	case "darwin":
		return []string{"open", address}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}
	}
	return []string{"xdg-open", address}
}

// Save writes a new file for this user alone, durably. One that is there stays as
// it is: the error has fs.ErrExist in its chain.
func Save(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the person names it
	switch {
	case errors.Is(err, fs.ErrExist):
		return &hint.Error{Says: name + " is there already", Fix: "type another name", Err: err}
	case err != nil:
		return hint.Errorf("check the folder, and that you may write there", "%w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(name) // half a file is none
	}
	return err
}
