package deflate

// Sizes of the alphabets, under the names that zlib gives them.
const (
	maxBits     = 15
	maxBLBits   = 7
	lengthCodes = 29
	literals    = 256
	lCodes      = literals + 1 + lengthCodes
	dCodes      = 30
	blCodes     = 19
	heapSize    = 2*lCodes + 1

	endBlock  = 256
	rep3to6   = 16 // repeat the previous bit length
	repz3to10 = 17 // repeat a zero length
	repz11up  = 18 // repeat a zero length 11 to 138 times
)

var (
	extraLBits  = [lengthCodes]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	extraDBits  = [dCodes]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
	extraBLBits = [blCodes]uint8{rep3to6: 2, repz3to10: 3, repz11up: 7}
	blOrder     = [blCodes]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// node is zlib's ct_data: fc is the frequency, later the code; dl is the parent
// in the tree, later the length in bits.
type node struct{ fc, dl uint16 }

// staticDesc is zlib's static_tree_desc: what is fixed for a kind of tree.
type staticDesc struct {
	tree      []node // nil for the tree of the bit lengths
	extra     []uint8
	extraBase int
	elems     int
	maxLength int
}

var (
	lengthCode [256]uint8 // of a match length less minMatch
	baseLength [lengthCodes]uint16
	distCode   [512]uint8 // of a distance less 1: see dCode
	baseDist   [dCodes]uint16

	staticLTree [lCodes + 2]node // 286 and 287 complete the code
	staticDTree [dCodes]node

	staticL  = staticDesc{staticLTree[:], extraLBits[:], literals + 1, lCodes, maxBits}
	staticD  = staticDesc{staticDTree[:], extraDBits[:], 0, dCodes, maxBits}
	staticBL = staticDesc{nil, extraBLBits[:], 0, blCodes, maxBLBits}
)

// dCode gives the code of a distance less 1 (d_code).
func dCode(dist uint) uint8 {
	if dist < 256 {
		return distCode[dist]
	}
	return distCode[256+dist>>7]
}

// init fills the tables as tr_static_init does.
func init() {
	length := 0
	for code := range lengthCodes - 1 {
		baseLength[code] = uint16(length)
		for range 1 << extraLBits[code] {
			lengthCode[length] = uint8(code)
			length++
		}
	}
	// Match length 258 has a code of its own, shorter than 284 with 5 bits.
	lengthCode[255] = lengthCodes - 1
	dist := 0
	for code := range 16 {
		baseDist[code] = uint16(dist)
		for range 1 << extraDBits[code] {
			distCode[dist] = uint8(code)
			dist++
		}
	}
	dist >>= 7 // from here on in steps of 128
	for code := 16; code < dCodes; code++ {
		baseDist[code] = uint16(dist << 7)
		for range 1 << (extraDBits[code] - 7) {
			distCode[256+dist] = uint8(code)
			dist++
		}
	}
	initStaticTrees()
}

// initStaticTrees makes the codes of fixed blocks.
func initStaticTrees() {
	var count [maxBits + 1]uint16
	for n := range staticLTree {
		length := uint16(8)
		switch {
		case n >= 144 && n <= 255:
			length = 9
		case n >= 256 && n <= 279:
			length = 7
		}
		staticLTree[n].dl = length
		count[length]++
	}
	genCodes(staticLTree[:], lCodes+1, &count)
	for n := range staticDTree {
		staticDTree[n] = node{fc: reverse(uint16(n), 5), dl: 5}
	}
}
