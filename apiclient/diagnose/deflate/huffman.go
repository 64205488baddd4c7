package deflate

import "math/bits"

// treeDesc is zlib's tree_desc: a tree of the current block.
type treeDesc struct {
	tree    []node
	static  *staticDesc
	maxCode int // largest code in use
}

// huffman builds the Huffman trees of a block. How ties are broken decides over
// the output, so heap and depth are kept exactly as in zlib.
type huffman struct {
	optLen    int // bits of the block with the trees built
	staticLen int // bits of the block with the fixed trees
	blCount   [maxBits + 1]uint16
	heap      [heapSize]int
	heapLen   int
	heapMax   int
	depth     [heapSize]uint8
}

// smaller compares nodes by frequency, then by depth.
func (h *huffman) smaller(tree []node, n, m int) bool {
	a, b := tree[n].fc, tree[m].fc
	return a < b || a == b && h.depth[n] <= h.depth[m]
}

// downHeap moves node k down to where it belongs (pqdownheap).
func (h *huffman) downHeap(tree []node, k int) {
	v := h.heap[k]
	for j := k << 1; j <= h.heapLen; j <<= 1 {
		if j < h.heapLen && h.smaller(tree, h.heap[j+1], h.heap[j]) {
			j++
		}
		if h.smaller(tree, v, h.heap[j]) {
			break
		}
		h.heap[k] = h.heap[j]
		k = j
	}
	h.heap[k] = v
}

// buildTree gives every code of d a length and its bits (build_tree).
func (h *huffman) buildTree(d *treeDesc) {
	tree, elems := d.tree, d.static.elems
	h.fillHeap(d)
	for n := h.heapLen / 2; n >= 1; n-- {
		h.downHeap(tree, n)
	}
	for next := elems; ; next++ {
		n := h.heap[1]
		h.heap[1] = h.heap[h.heapLen]
		h.heapLen--
		h.downHeap(tree, 1)
		m := h.heap[1]
		h.heapMax -= 2
		h.heap[h.heapMax+1], h.heap[h.heapMax] = n, m

		tree[next].fc = tree[n].fc + tree[m].fc
		h.depth[next] = max(h.depth[n], h.depth[m]) + 1
		tree[n].dl, tree[m].dl = uint16(next), uint16(next)
		h.heap[1] = next
		h.downHeap(tree, 1)
		if h.heapLen < 2 {
			break
		}
	}
	h.heapMax--
	h.heap[h.heapMax] = h.heap[1]
	h.genBitLen(d)
	genCodes(tree, d.maxCode, &h.blCount)
}

// fillHeap puts the codes in use on the heap, and at least two: the format wants
// a distance code, and a code has at least one bit.
func (h *huffman) fillHeap(d *treeDesc) {
	tree := d.tree
	h.heapLen, h.heapMax, d.maxCode = 0, heapSize, -1
	for n := range d.static.elems {
		if tree[n].fc == 0 {
			tree[n].dl = 0
			continue
		}
		h.heapLen++
		h.heap[h.heapLen] = n
		d.maxCode = n
		h.depth[n] = 0
	}
	for h.heapLen < 2 {
		n := 0
		if d.maxCode < 2 {
			d.maxCode++
			n = d.maxCode
		}
		h.heapLen++
		h.heap[h.heapLen] = n
		tree[n].fc = 1
		h.depth[n] = 0
		h.optLen--
		if d.static.tree != nil {
			h.staticLen -= int(d.static.tree[n].dl)
		}
	}
}

// genBitLen gives the codes their lengths and adds to the lengths of the block
// (gen_bitlen).
func (h *huffman) genBitLen(d *treeDesc) {
	tree, st := d.tree, d.static
	h.blCount = [maxBits + 1]uint16{}
	overflow := 0
	tree[h.heap[h.heapMax]].dl = 0 // the root
	for i := h.heapMax + 1; i < heapSize; i++ {
		n := h.heap[i]
		length := int(tree[tree[n].dl].dl) + 1
		if length > st.maxLength {
			length = st.maxLength
			overflow++
		}
		tree[n].dl = uint16(length)
		if n > d.maxCode {
			continue // not a leaf
		}
		h.blCount[length]++
		extra := 0
		if n >= st.extraBase {
			extra = int(st.extra[n-st.extraBase])
		}
		h.optLen += int(tree[n].fc) * (length + extra)
		if st.tree != nil {
			h.staticLen += int(tree[n].fc) * (int(st.tree[n].dl) + extra)
		}
	}
	if overflow > 0 {
		h.shorten(d, overflow)
	}
}

// shorten moves codes that are too long up the tree, each with a leaf that goes
// down for it: the second part of gen_bitlen.
func (h *huffman) shorten(d *treeDesc, overflow int) {
	longest := d.static.maxLength
	for ; overflow > 0; overflow -= 2 {
		length := longest - 1
		for h.blCount[length] == 0 {
			length--
		}
		h.blCount[length]--
		h.blCount[length+1] += 2
		h.blCount[longest]--
	}
	i := heapSize
	for length := longest; length != 0; length-- {
		for n := h.blCount[length]; n != 0; {
			i--
			m := h.heap[i]
			if m > d.maxCode {
				continue
			}
			if old := int(d.tree[m].dl); old != length {
				h.optLen += (length - old) * int(d.tree[m].fc)
				d.tree[m].dl = uint16(length)
			}
			n--
		}
	}
}

// genCodes gives the codes their bits from their lengths (gen_codes).
func genCodes(tree []node, maxCode int, count *[maxBits + 1]uint16) {
	var next [maxBits + 1]uint16
	code := uint16(0)
	for i := 1; i <= maxBits; i++ {
		code = (code + count[i-1]) << 1
		next[i] = code
	}
	for n := 0; n <= maxCode; n++ {
		if length := tree[n].dl; length != 0 {
			tree[n].fc = reverse(next[length], length)
			next[length]++
		}
	}
}

// reverse turns the lowest length bits of code around (bi_reverse).
func reverse(code, length uint16) uint16 { return bits.Reverse16(code) >> (16 - length) }
