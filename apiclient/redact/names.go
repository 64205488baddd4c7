package redact

import (
	"strings"
	"sync"
)

// Why a value is masked.
const (
	credential = "gives access"
	personal   = "is personal data"
	configured = "is named in the configuration"
)

// headerWords are parts of the names of headers whose values give access to
// something.
var headerWords = []string{"authorization", "cookie", "token", "secret", "password", "passwd", "api-key", "apikey",
	"credential", "session"}

// Secret reports whether a header of this name is masked by what is built in.
func Secret(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, word := range headerWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// members are the names of JSON members, XML elements and parameters whose values
// are masked, without capitals, "_" and "-". Ids that mean nothing to others
// (userId, paymentId, referenceBuyerId) are not among them: nobody could debug
// without them. What a name leads to is masked with all that is in it.
var members = []struct {
	names string // "*word": names that end so
	why   string
}{
	{"*token apikey appkey", credential},                               // accessToken, refreshToken, id_token, cancelToken
	{"*authcode authorizationcode authstate codeverifier", credential}, // once, but whoever is first has the account
	{"authorization proxyauthorization cookie setcookie sessionid sessionkey jsessionid", credential},
	{"*password passwd passphrase pwd *secret *privatekey secretkey *credential credentials", credential},
	{"otp pin pincode verifycode verificationcode smscode captcha cvv cvc cvv2 securitycode", credential},
	{"*cardno *cardnumber pan iban accountno bankaccount accountnumber bankaccountno", credential},
	{"userinfo username realname fullname firstname middlename lastname givenname familyname nickname", personal},
	{"*email emailaddress mail loginid hashloginid contactno contactnumber", personal},
	{"*phone *phonenumber *phoneno *mobile *mobileno *mobilenumber *telephone msisdn", personal},
	{"*birthday *birthdate dateofbirth gender avatar", personal},
	{"idno idnumber idcard idcardno certno certificateno passportno passport taxid nationalid ssn", personal},
	{"address address1 address2 street shippingaddress billingaddress homeaddress zipcode postalcode ipaddress clientip", personal},
}

// nameTable is members as they are looked up.
type nameTable struct {
	whole   map[string]string // name to reason
	endings []ending
}

var table = sync.OnceValue(func() *nameTable {
	t := &nameTable{whole: map[string]string{}}
	for _, m := range members {
		for _, name := range strings.Fields(m.names) {
			if end, ok := strings.CutPrefix(name, "*"); ok {
				t.endings = append(t.endings, ending{end, m.why})
			} else {
				t.whole[name] = m.why
			}
		}
	}
	return t
})

type ending struct{ ends, why string }

// why returns the reason why the value of a name is masked; "" where it is not.
func (t *nameTable) why(name string) string {
	if len(name) > maxName {
		return ""
	}
	name = plainName(name)
	if why, ok := t.whole[name]; ok {
		return why
	}
	for _, e := range t.endings {
		if strings.HasSuffix(name, e.ends) {
			return e.why
		}
	}
	return ""
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
