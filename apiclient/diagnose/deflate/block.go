package deflate

import "encoding/binary"

// The types of blocks, as they are sent.
const (
	blockStored  = 0
	blockFixed   = 1
	blockDynamic = 2
)

// trees is what zlib's trees.c works on: the symbols of the current block, their
// statistics, and the output.
type trees struct {
	huffman
	lDesc, dDesc, blDesc treeDesc

	lTree  [heapSize]node
	dTree  [2*dCodes + 1]node
	blTree [2*blCodes + 1]node

	nsyms   int
	matches int                // symbols that are matches, for gnuGzip
	syms    [maxSymbols]uint32 // distance<<8 | length or literal, zlib's sym_buf

	out   []byte
	bits  uint64 // bi_buf
	nbits uint   // bi_valid
}

// initBlock empties the block (init_block, and the part of _tr_init that sets
// the descriptors).
func (t *trees) initBlock() {
	t.lDesc.tree, t.lDesc.static = t.lTree[:], &staticL
	t.dDesc.tree, t.dDesc.static = t.dTree[:], &staticD
	t.blDesc.tree, t.blDesc.static = t.blTree[:], &staticBL
	for n := range lCodes {
		t.lTree[n].fc = 0
	}
	for n := range dCodes {
		t.dTree[n].fc = 0
	}
	for n := range blCodes {
		t.blTree[n].fc = 0
	}
	t.lTree[endBlock].fc = 1
	t.optLen, t.staticLen, t.nsyms, t.matches = 0, 0, 0, 0
}

// tallyLit notes a literal and says whether the block is full (_tr_tally).
func (s *state) tallyLit(c byte) bool {
	s.syms[s.nsyms] = uint32(c)
	s.nsyms++
	s.lTree[c].fc++
	return s.full()
}

// tallyDist notes a match of length+minMatch at distance dist.
func (s *state) tallyDist(dist, length int) bool {
	s.syms[s.nsyms] = uint32(dist)<<8 | uint32(length)
	s.nsyms++
	s.matches++
	s.lTree[int(lengthCode[length&0xff])+literals+1].fc++
	s.dTree[dCode(uint(dist-1))].fc++
	return s.full()
}

// full says whether the block must end after so many symbols.
func (s *state) full() bool {
	if s.flavour == gnuGzip && s.nsyms&0xfff == 0 && s.level > 2 {
		return s.worthEnding()
	}
	return s.nsyms == s.symEnd
}

// worthEnding guesses whether a block that compresses well should end here. zlib
// has this behind TRUNCATE_BLOCK, off and with a step of 8192; GNU gzip has it on.
func (s *state) worthEnding() bool {
	bits := s.nsyms * 8
	for n, extra := range extraDBits {
		bits += int(s.dTree[n].fc) * (5 + int(extra))
	}
	return s.matches < s.nsyms/2 && bits>>3 < (s.strstart-s.blockStart)/2
}

// flushBlock writes the block in its shortest form (_tr_flush_block). A stored
// block is possible only while the window still has its data.
func (s *state) flushBlock(last bool) {
	s.buildTree(&s.lDesc)
	s.buildTree(&s.dDesc)
	lastBL := s.buildBLTree()
	opt, static := (s.optLen+3+7)>>3, (s.staticLen+3+7)>>3
	if static <= opt {
		opt = static
	}
	size := s.strstart - s.blockStart
	switch {
	case size+4 <= opt && s.blockStart >= 0:
		s.storedBlock(s.window[s.blockStart:s.strstart], last)
	case static == opt:
		s.blockHead(blockFixed, last)
		s.compressBlock(staticLTree[:], staticDTree[:])
	default:
		s.blockHead(blockDynamic, last)
		s.sendAllTrees(lastBL)
		s.compressBlock(s.lTree[:], s.dTree[:])
	}
	s.initBlock()
	if last {
		s.windup()
	}
	s.blockStart = s.strstart
}

// storedBlock writes data as it is (_tr_stored_block).
func (t *trees) storedBlock(data []byte, last bool) {
	t.blockHead(blockStored, last)
	t.windup()
	n := len(data)
	t.out = append(t.out, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
	t.out = append(t.out, data...)
}

// blockHead writes the three bits before a block.
func (t *trees) blockHead(kind uint64, last bool) {
	if last {
		t.send(kind<<1|1, 3)
	} else {
		t.send(kind<<1, 3)
	}
}

// compressBlock writes the symbols with the codes of the trees (compress_block).
func (t *trees) compressBlock(lTree, dTree []node) {
	for _, sym := range t.syms[:t.nsyms] {
		dist, lc := uint(sym>>8), sym&0xff
		if dist == 0 {
			t.sendCode(lTree[lc])
			continue
		}
		code := lengthCode[lc]
		t.sendCode(lTree[int(code)+literals+1])
		if extra := extraLBits[code]; extra != 0 {
			t.send(uint64(lc-uint32(baseLength[code])), uint(extra))
		}
		dist--
		code = dCode(dist)
		t.sendCode(dTree[code])
		if extra := extraDBits[code]; extra != 0 {
			t.send(uint64(dist-uint(baseDist[code])), uint(extra))
		}
	}
	t.sendCode(lTree[endBlock])
}

func (t *trees) sendCode(n node) { t.send(uint64(n.fc), uint(n.dl)) }

// send writes the lowest n bits of v, which has no others; n is at most 16.
func (t *trees) send(v uint64, n uint) {
	t.bits |= v << t.nbits
	t.nbits += n
	if t.nbits >= 48 {
		t.out = binary.LittleEndian.AppendUint32(t.out, uint32(t.bits))
		t.out = binary.LittleEndian.AppendUint16(t.out, uint16(t.bits>>32))
		t.bits >>= 48
		t.nbits -= 48
	}
}

// windup writes what is left of the bits, to the end of a byte (bi_windup).
func (t *trees) windup() {
	for ; t.nbits > 0; t.nbits -= min(t.nbits, 8) {
		t.out = append(t.out, byte(t.bits))
		t.bits >>= 8
	}
}
