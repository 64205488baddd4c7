package deflate

import (
	"encoding/binary"
	"math/bits"
)

// fillWindow reads input into the window and slides the window down by half
// when it is nearly full (fill_window). The point where it slides matters: a
// string at window index 0 is never matched.
func (s *state) fillWindow() {
	for {
		more := 2*s.windowSize - s.lookahead - s.strstart
		if s.strstart >= s.windowSize+s.maxDist {
			copy(s.window[:s.windowSize-more], s.window[s.windowSize:2*s.windowSize])
			s.matchStart -= s.windowSize
			s.strstart -= s.windowSize
			s.blockStart -= s.windowSize
			s.slideHash()
			more += s.windowSize
		}
		if len(s.in) == 0 {
			s.markEOF()
			return
		}
		end := s.strstart + s.lookahead
		n := copy(s.window[end:end+more], s.in)
		s.in = s.in[n:]
		s.lookahead += n
		if s.lookahead >= minMatch {
			s.rollHash(s.strstart)
		}
		if s.lookahead >= minLookahead {
			return
		}
		if len(s.in) == 0 {
			s.markEOF()
			return
		}
	}
}

// markEOF notes the end of the input. GNU gzip puts zeros there, where the window
// may have old data; zlib never depends on what is there.
func (s *state) markEOF() {
	s.eof = true
	if end := s.strstart + s.lookahead; s.flavour == gnuGzip {
		clear(s.window[end : end+minMatch-1])
	}
}

// slideHash lowers the positions in the hash chains with the window, or drops
// them (slide_hash).
func (s *state) slideHash() {
	w := uint16(s.windowSize) // 32768 fits
	slide := func(table []uint16) {
		for i, m := range table {
			if m >= w {
				table[i] = m - w
			} else {
				table[i] = 0
			}
		}
	}
	slide(s.head[:s.hashMask+1])
	slide(s.prev[:s.windowSize])
}

// rollHash starts the rolling hash with the two bytes at pos.
func (s *state) rollHash(pos int) {
	s.insH = uint32(s.window[pos])
	s.insH = (s.insH<<s.hashShift ^ uint32(s.window[pos+1])) & s.hashMask
}

// insertString puts the string at pos into the dictionary and gives the head of
// its hash chain, the last string with that hash (INSERT_STRING).
func (s *state) insertString(pos int) int {
	if s.flavour == chromium {
		s.insH = chromiumHash(binary.LittleEndian.Uint32(s.window[pos:])) & s.hashMask
	} else {
		s.insH = (s.insH<<s.hashShift ^ uint32(s.window[pos+minMatch-1])) & s.hashMask
	}
	h := uint16(s.insH)
	head := s.head[h]
	s.prev[pos&(s.windowSize-1)] = head
	s.head[h] = uint16(pos)
	return int(head)
}

// chromiumHash is the hash of insert_string in Chromium. It takes four bytes,
// not three, so matches of three are found by chance only. That alone makes the
// output of Node.js differ from zlib's.
func chromiumHash(v uint32) uint32 { return (v*66521 + 66521) >> 16 }

// longestMatch sets matchStart to the longest match of the string at strstart
// and gives its length; matches up to prevLength count as none (longest_match).
// Of equal lengths the nearest wins, as the chain is walked backwards.
func (s *state) longestMatch(cur int) int {
	chain, nice, longest, best := s.maxChain, s.niceLength, maxMatch, s.prevLength
	// zlib compares beyond the lookahead and cuts the length afterwards. It stops
	// at nice, so comparing no more than the lookahead finds the same match. GNU
	// gzip goes on, and may choose a match for what is beyond the input.
	if s.flavour != gnuGzip {
		nice, longest = min(nice, s.lookahead), min(longest, s.lookahead)
	}
	if s.prevLength >= s.goodLength {
		chain >>= 2
	}
	limit := max(0, s.strstart-s.maxDist)
	mask := s.windowSize - 1
	scan := s.window[s.strstart : s.strstart+longest]
	w := s.window[:]
	start := binary.LittleEndian.Uint16(w[s.strstart:])
	end := binary.LittleEndian.Uint16(w[s.strstart+best-1:])
	for {
		if binary.LittleEndian.Uint16(w[cur+best-1:]) == end &&
			binary.LittleEndian.Uint16(w[cur:]) == start {
			if n := matchLen(w[cur:], scan); n > best {
				s.matchStart, best = cur, n
				if n >= nice {
					break
				}
				end = binary.LittleEndian.Uint16(w[s.strstart+best-1:])
			}
		}
		cur = int(s.prev[cur&mask])
		if chain--; cur <= limit || chain == 0 {
			break
		}
	}
	return min(best, s.lookahead)
}

// matchLen gives how many bytes of scan are at the start of w, which is no
// shorter.
func matchLen(w, scan []byte) int {
	n := 0
	for ; n+8 <= len(scan); n += 8 {
		x := binary.LittleEndian.Uint64(w[n:]) ^ binary.LittleEndian.Uint64(scan[n:])
		if x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
	}
	for n < len(scan) && w[n] == scan[n] {
		n++
	}
	return n
}
