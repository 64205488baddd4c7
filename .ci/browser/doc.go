// Package browser drives the evidence page in a real browser. It is a module of
// its own, so that the program needs none of what drives a browser.
package browser
