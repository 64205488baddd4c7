package deflate

// runs cuts the code lengths of tree into runs as scan_tree and send_tree do: it
// calls emit with a length, how often it comes, and whether the length itself
// has to come before a repetition of it.
func runs(tree []node, maxCode int, emit func(length, count int, fresh bool)) {
	prev, next, count := -1, int(tree[0].dl), 0
	maxCount, minCount := runLimits(-1, next)
	for n := 0; n <= maxCode; n++ {
		cur := next
		next = int(tree[n+1].dl)
		count++
		if count < maxCount && cur == next {
			continue
		}
		if count < minCount {
			for range count {
				emit(cur, 1, true)
			}
		} else {
			emit(cur, count, cur != prev)
		}
		count, prev = 0, cur
		maxCount, minCount = runLimits(cur, next)
	}
}

// runLimits says how long a run of next after cur may be, and from which length
// on it is worth a repetition code.
func runLimits(cur, next int) (maxCount, minCount int) {
	switch next {
	case 0:
		return 138, 3
	case cur:
		return 6, 3
	}
	return 7, 4
}

// scanTree counts the bit length codes that tree needs (scan_tree).
func (t *trees) scanTree(tree []node, maxCode int) {
	tree[maxCode+1].dl = 0xffff // guard
	runs(tree, maxCode, func(length, count int, fresh bool) {
		switch {
		case count == 1:
			t.blTree[length].fc++
		case length != 0:
			if fresh {
				t.blTree[length].fc++
			}
			t.blTree[rep3to6].fc++
		case count <= 10:
			t.blTree[repz3to10].fc++
		default:
			t.blTree[repz11up].fc++
		}
	})
}

// sendTree writes the code lengths of tree (send_tree). The guard of scanTree is
// still set.
func (t *trees) sendTree(tree []node, maxCode int) {
	runs(tree, maxCode, func(length, count int, fresh bool) {
		switch {
		case count == 1:
			t.sendCode(t.blTree[length])
		case length != 0:
			if fresh {
				t.sendCode(t.blTree[length])
				count--
			}
			t.sendCode(t.blTree[rep3to6])
			t.send(uint64(count-3), 2)
		case count <= 10:
			t.sendCode(t.blTree[repz3to10])
			t.send(uint64(count-3), 3)
		default:
			t.sendCode(t.blTree[repz11up])
			t.send(uint64(count-11), 7)
		}
	})
}

// buildBLTree builds the tree of the bit lengths and gives the index in blOrder
// of the last one to send (build_bl_tree).
func (t *trees) buildBLTree() int {
	t.scanTree(t.lTree[:], t.lDesc.maxCode)
	t.scanTree(t.dTree[:], t.dDesc.maxCode)
	t.buildTree(&t.blDesc)
	last := blCodes - 1
	for last > 3 && t.blTree[blOrder[last]].dl == 0 {
		last--
	}
	t.optLen += 3*(last+1) + 5 + 5 + 4
	return last
}

// sendAllTrees writes the head of a dynamic block (send_all_trees).
func (t *trees) sendAllTrees(lastBL int) {
	t.send(uint64(t.lDesc.maxCode+1-257), 5)
	t.send(uint64(t.dDesc.maxCode+1-1), 5)
	t.send(uint64(lastBL+1-4), 4)
	for _, n := range blOrder[:lastBL+1] {
		t.send(uint64(t.blTree[n].dl), 3)
	}
	t.sendTree(t.lTree[:], t.lDesc.maxCode)
	t.sendTree(t.dTree[:], t.dDesc.maxCode)
}
