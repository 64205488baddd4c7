package history

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/s2"

	"countersign/apiclient"
)

// A record is an exchange as apiclient.Exchange.AppendRecord writes it, with its small
// bodies in it, compressed; the others stand beside it. A test fills each field of an
// Exchange by reflection, so that a new one cannot be forgotten in it.
//
// S2 takes 10 µs to make a third of a record, which saves more than that in pages of the
// file. What it makes begins with the length of the JSON, so never with a brace: records
// of earlier builds are JSON as it is.

// maxRecord is the size in bytes of a record, unpacked, at most: one with all that an
// exchange can hold outside its bodies is smaller.
const maxRecord = 512 << 20

var errTooLarge = errors.New("it would be larger than any record")

func pack(record []byte) []byte { return s2.Encode(nil, record) }

func unpack(packed []byte) ([]byte, error) {
	if len(packed) > 0 && packed[0] == '{' {
		return packed, nil
	}
	if n, err := s2.DecodedLen(packed); err != nil || n > maxRecord {
		return nil, cmp.Or(err, errTooLarge)
	}
	return s2.Decode(nil, packed)
}

// smallBody is the size in bytes of a body that stands in the record, at most: a usual
// run then takes one page of the file and two statements.
const smallBody = 2 << 10

// partCount is how many blobs a run has at most.
const partCount = len(apiclient.Bodies{})

// key is where part n of run seq stands in the table of bodies.
func key(seq int64, n int) int64 { return int64(partCount)*seq + int64(n) }

// decode returns the exchange of a record and of the bodies beside it.
func decode(record []byte, bodies apiclient.Bodies) (e apiclient.Exchange, err error) {
	record, err = unpack(record)
	if err == nil {
		err = e.ReadRecord(record, &bodies)
	}
	if err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the record cannot be read: %w", err)
	}
	return e, nil
}

// checksum is Castagnoli's CRC-32 of a record and of the bodies beside it,
// nil and empty told apart. It finds what was changed in the file since: the
// verdicts in a record are about these bytes and no others.
func checksum(record []byte, bodies apiclient.Bodies) int64 {
	sum := crc32.Checksum(record, castagnoli)
	for _, body := range bodies {
		size := int64(-1)
		if body != nil {
			size = int64(len(body))
		}
		sum = crc32.Update(sum, castagnoli, binary.LittleEndian.AppendUint64(nil, uint64(size)))
		sum = crc32.Update(sum, castagnoli, body)
	}
	return int64(sum)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)
