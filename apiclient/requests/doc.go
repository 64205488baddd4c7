// Package requests reads and writes request files, .http, as the REST clients of
// VS Code and JetBrains, httpyac and kulala read them.
//
// A File keeps every byte and knows where its parts stand. An edit replaces
// exactly the bytes of what it changes, so that what other tools know and this
// one does not stays as it is. That is listed in NotRun.
//
//	@host = https://superapp.example.com/miniprogram/api
//
//	### pay
//	# @endpoint v2/payments/pay
//	# @expect .result.status == "S"
//	# @set paymentId = .body.paymentId
//	POST {{host}}/v2/payments/pay
//	Content-Type: application/json
//
//	{"paymentRequestId":"{{$guid}}"}
//
// Line breaks between the last character of a body and the next ### or the end
// are not part of the body; every other byte is. A body that cannot stand in the
// file, as one that ends in a line break, has a file of its own: < ./NAME.bin
package requests
