package history

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"countersign/apiclient"
)

// A record is an exchange as apiclient.Exchange.AppendRecord writes it, with its small
// bodies in it; the others stand beside it. A test fills each field of an Exchange by
// reflection, so that a new one cannot be forgotten in it.

// smallBody is the size in bytes of a body that stands in the record, at most: a usual
// run then takes one page of the file and two statements.
const smallBody = 2 << 10

// partCount is how many blobs a run has at most.
const partCount = len(apiclient.Bodies{})

// key is where part n of run seq stands in the table of bodies.
func key(seq int64, n int) int64 { return int64(partCount)*seq + int64(n) }

// decode returns the exchange of a record and of the bodies beside it.
func decode(record []byte, bodies apiclient.Bodies) (e apiclient.Exchange, err error) {
	if err := e.ReadRecord(record, &bodies); err != nil {
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
