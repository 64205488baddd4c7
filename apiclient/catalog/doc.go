// Package catalog turns OpenAPI documents into endpoints. The built-in
// document is embedded; a team's own go the same way. An endpoint knows how
// its bodies should look and what its result codes mean.
package catalog
