package redact

import (
	"slices"
	"strings"
	"sync"
)

// headerWords are parts of the names of headers whose values give access to
// something.
var headerWords = []string{"authorization", "cookie", "token", "secret", "password", "passwd", "api-key", "apikey",
	"credential", "session"}

// Secret reports whether a header of this name is masked by what is built in.
func Secret(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	return slices.ContainsFunc(headerWords, func(word string) bool { return strings.Contains(name, word) })
}

// members are the names of JSON members, XML elements and parameters whose values
// are masked, since they give access or are personal data: without capitals, "_" and "-",
// and with an asterisk before the end of many names. Ids that mean nothing to others
// (userId, paymentId, referenceBuyerId) are not among them: nobody could debug
// without them. What a name leads to is masked with all that is in it.
const members = `
	*token apikey appkey
	*authcode authorizationcode authstate codeverifier
	authorization proxyauthorization cookie setcookie sessionid sessionkey jsessionid
	*password passwd passphrase pwd *secret *privatekey secretkey *credential credentials
	otp pin pincode verifycode verificationcode smscode captcha cvv cvc cvv2 securitycode
	*cardno *cardnumber pan iban accountno bankaccount accountnumber bankaccountno
	userinfo username realname fullname firstname middlename lastname givenname familyname nickname
	*email emailaddress mail loginid hashloginid contactno contactnumber
	*phone *phonenumber *phoneno *mobile *mobileno *mobilenumber *telephone msisdn
	*birthday *birthdate dateofbirth gender avatar
	idno idnumber idcard idcardno certno certificateno passportno passport taxid nationalid ssn
	address address1 address2 street shippingaddress billingaddress homeaddress zipcode postalcode ipaddress clientip`

// nameTable is members as they are looked up.
type nameTable struct {
	whole   map[string]bool
	endings []string
}

var table = sync.OnceValue(func() *nameTable {
	t := &nameTable{whole: map[string]bool{}}
	for name := range strings.FieldsSeq(members) {
		if end, ok := strings.CutPrefix(name, "*"); ok {
			t.endings = append(t.endings, end)
		} else {
			t.whole[name] = true
		}
	}
	return t
})

// secretMember reports whether the value of a member, an element or a parameter of this
// name is masked by what is built in.
func secretMember(name string) bool {
	if len(name) > maxName {
		return false
	}
	name = plainName(name)
	return table().whole[name] ||
		slices.ContainsFunc(table().endings, func(end string) bool { return strings.HasSuffix(name, end) })
}

const maxName = 100 // bytes of a name that is looked up

var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

// plainName is a name as it is compared.
func plainName(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:] // the prefix of an XML name
	}
	return separators.Replace(strings.ToLower(name))
}
