package deflate

import "sync"

// Limits of the format, under the names that zlib gives them.
const (
	minMatch     = 3
	maxMatch     = 258
	minLookahead = maxMatch + minMatch + 1
	maxStored    = 65535
	tooFar       = 4096 // TOO_FAR: matches of length 3 farther away are dropped

	maxWindow  = 1 << 15
	maxHash    = 1 << 16
	maxSymbols = 1 << 15
)

// flavour says which compressor of the family is meant.
type flavour uint8

const (
	madler   flavour = iota // madler/zlib
	chromium                // the zlib of Chromium, in Node.js
	gnuGzip                 // GNU gzip
	golang                  // the standard library; never here
)

// params is what decides over the stream: the arguments of deflateInit2.
type params struct {
	level      int
	memLevel   int
	windowBits int
	flavour    flavour
	// syncFlush flushes once after all data (Z_SYNC_FLUSH), before the end.
	syncFlush bool
}

// tuning is a row of zlib's configuration_table.
type tuning struct {
	goodLength, maxLazy, niceLength, maxChain int
}

var configurationTable = [10]tuning{
	1: {4, 4, 8, 4}, // levels 1 to 3: deflate_fast, maxLazy is max_insert_length
	2: {4, 5, 16, 8},
	3: {4, 6, 32, 32},
	4: {4, 4, 16, 16}, // levels 4 to 9: deflate_slow
	5: {8, 16, 32, 32},
	6: {8, 16, 128, 128},
	7: {8, 32, 128, 256},
	8: {32, 128, 258, 1024},
	9: {32, 258, 258, 4096},
}

// state is zlib's deflate_state for one stream that gets all its input at once.
type state struct {
	tuning
	in      []byte // what has not been read into the window
	eof     bool   // reading found the end of in
	level   int
	flavour flavour

	windowSize int // w_size
	maxDist    int // MAX_DIST
	hashMask   uint32
	hashShift  uint
	symEnd     int // a block ends with so many symbols

	insH        uint32
	strstart    int
	matchStart  int
	matchLength int
	prevLength  int
	prevMatch   int
	lookahead   int
	blockStart  int // below 0 when the window slid past it
	matchAvail  bool

	trees

	windowUsed int // how much of window has been written to

	// window has a few bytes more than zlib gives it, as Chromium's has: its hash
	// reads four bytes where three are left.
	window [2*maxWindow + 8]byte
	prev   [maxWindow]uint16
	head   [maxHash]uint16
}

var pool = sync.Pool{New: func() any { return new(state) }}

// Raw gives the DEFLATE stream that zlib makes of data in one call with
// Z_FINISH, with the default strategy and a window of 32 KB. The level is 1 to
// 9, or -1 for 6, or 0 for stored blocks; memLevel is 8 by default in zlib and 9
// in PHP and Apache, and values out of range count as 8.
func Raw(data []byte, level, memLevel int) []byte {
	if level < 0 || level > 9 {
		level = 6
	}
	if memLevel < 1 || memLevel > 9 {
		memLevel = 8
	}
	return appendStream(nil, data, params{level: level, memLevel: memLevel, windowBits: 15})
}

// appendStream adds the stream of data to dst.
func appendStream(dst, data []byte, p params) []byte {
	if p.level == 0 {
		return appendStored(dst, data)
	}
	s := pool.Get().(*state)
	defer pool.Put(s)
	s.reset(data, p)
	s.out = dst
	if s.out == nil {
		s.out = make([]byte, 0, len(data)/3+64)
	}
	if p.level <= 3 {
		s.deflateFast()
	} else {
		s.deflateSlow()
	}
	s.finish(p.syncFlush)
	out := s.out
	s.out, s.in = nil, nil // the pool must not hold what is the caller's
	return out
}

// reset is deflateInit2, deflateResetKeep and lm_init in one.
func (s *state) reset(data []byte, p params) {
	s.tuning = configurationTable[p.level]
	s.in, s.eof, s.level, s.flavour = data, false, p.level, p.flavour
	s.windowSize = 1 << p.windowBits
	s.maxDist = s.windowSize - minLookahead
	hashBits, bufBits := p.memLevel+7, p.memLevel+6
	if p.flavour == chromium {
		hashBits = max(hashBits, 15)
	}
	if p.flavour == gnuGzip {
		hashBits, bufBits = 15, 15 // HASH_BITS and LIT_BUFSIZE
	}
	s.hashMask = 1<<hashBits - 1
	s.hashShift = uint(hashBits+minMatch-1) / minMatch
	s.symEnd = 1<<bufBits - 1
	s.strstart, s.blockStart, s.lookahead, s.insH = 0, 0, 0, 0
	s.matchStart, s.prevMatch, s.matchAvail = 0, 0, false
	s.matchLength, s.prevLength = minMatch-1, minMatch-1
	clear(s.head[:1<<hashBits])
	// Chromium's hash reads past the input, where a fresh window has zeros.
	clear(s.window[:s.windowUsed])
	s.windowUsed = min(2*s.windowSize, len(data))
	s.bits, s.nbits = 0, 0
	s.initBlock()
}

// finish ends the stream as deflate does with Z_FINISH, after a flush with
// Z_SYNC_FLUSH when one is asked for.
func (s *state) finish(syncFlush bool) {
	if syncFlush {
		if s.nsyms > 0 {
			s.flushBlock(false)
		}
		s.storedBlock(nil, false)
	}
	s.flushBlock(true)
}

// appendStored is deflate_stored with room for all output: blocks as long as
// they can be.
func appendStored(dst, data []byte) []byte {
	for {
		n := min(len(data), maxStored)
		last := byte(0)
		if n == len(data) {
			last = 1
		}
		dst = append(dst, last, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		dst = append(dst, data[:n]...)
		data = data[n:]
		if last == 1 {
			return dst
		}
	}
}
