package wire

import "io"

// Room is how many bytes are free before a large body, so that a signed
// string, which is a short head and the body, can be made without a copy of it.
const Room = 4 << 10

// Sizes of the buffer for a body, in bytes.
const (
	firstRead = 512
	largeBody = 1 << 20  // from here on there is Room, and the buffer grows no more in steps
	reserve   = 64 << 20 // what is reserved at most before it arrives; untouched, it takes no memory
)

// readBody reads all of src, of which limit bytes or fewer are expected, and
// want where the length is announced. The body begins after room bytes.
//
// The buffer grows in steps only while it is small. After that it is made once:
// copies on the way would take several times the memory of the body.
func readBody(src io.Reader, limit, want int64) (buffer []byte, room int, err error) {
	if want >= largeBody {
		room = Room
	}
	b := make([]byte, room, room+firstRead+int(min(want, limit, reserve)))
	for {
		if len(b) == cap(b) {
			b, room = grow(b, room, limit)
		}
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF: //nolint:errorlint // as io.Reader promises it
			return b, room, nil
		case err != nil:
			return b, room, err
		}
	}
}

func grow(b []byte, room int, limit int64) ([]byte, int) {
	body := b[room:]
	size := 2 * cap(b)
	if size >= largeBody {
		size = max(size, int(min(limit, reserve))+firstRead)
		room = Room
	}
	bigger := make([]byte, room+len(body), room+size)
	copy(bigger[room:], body)
	return bigger, room
}
