// Package expect holds expectations of an answer against it: jq expressions over
//
//	{status, headers, body, result: {status, code, message}, schema,
//	 verdict: {request, response}, timing: {totalMs}}
//
// An expectation holds where the last value of its expression is neither false
// nor null. One that fails says what the expression gave and the values in the
// answer at the paths that it names.
package expect
