package deflate

// deflateFast takes every match as it comes, for levels 1 to 3 (deflate_fast).
func (s *state) deflateFast() {
	for {
		head, more := s.next()
		if !more {
			return
		}
		if s.reaches(head) {
			s.matchLength = s.longestMatch(head)
		}
		var full bool
		if s.matchLength >= minMatch {
			full = s.tallyDist(s.strstart-s.matchStart, s.matchLength-minMatch)
			s.lookahead -= s.matchLength
			s.skipMatch()
		} else {
			full = s.tallyLit(s.window[s.strstart])
			s.lookahead--
			s.strstart++
		}
		if full {
			s.flushBlock(false)
		}
	}
}

// next makes sure of the lookahead and puts the string at strstart into the
// dictionary; it gives the head of its chain, and whether there is input left.
func (s *state) next() (head int, more bool) {
	if s.lookahead < minLookahead {
		// GNU gzip leaves the window as it is at the end of the input.
		if !s.eof || s.flavour != gnuGzip {
			s.fillWindow()
		}
		if s.lookahead == 0 {
			return 0, false
		}
	}
	if s.lookahead >= minMatch {
		head = s.insertString(s.strstart)
	}
	return head, true
}

// reaches says whether the string at head may be matched. Index 0 of the window
// stands for none; only GNU gzip gets to the end of the window.
func (s *state) reaches(head int) bool {
	return head != 0 && s.strstart-head <= s.maxDist && s.strstart <= 2*s.windowSize-minLookahead
}

// skipMatch goes past a match of deflateFast. The strings within go into the
// dictionary only when the match is short (max_insert_length).
func (s *state) skipMatch() {
	if s.matchLength <= s.maxLazy && s.lookahead >= minMatch {
		for s.matchLength--; s.matchLength > 0; s.matchLength-- {
			s.strstart++
			s.insertString(s.strstart)
		}
		s.strstart++
		return
	}
	s.strstart += s.matchLength
	s.matchLength = 0
	s.rollHash(s.strstart)
}

// deflateSlow takes a match only when the next position has no longer one, for
// levels 4 to 9 (deflate_slow).
func (s *state) deflateSlow() {
	for {
		head, more := s.next()
		if !more {
			break
		}
		s.prevLength, s.prevMatch = s.matchLength, s.matchStart
		s.matchLength = minMatch - 1
		if s.prevLength < s.maxLazy && s.reaches(head) {
			s.matchLength = s.longestMatch(head)
			if s.matchLength == minMatch && s.strstart-s.matchStart > tooFar {
				s.matchLength = minMatch - 1
			}
		}
		switch {
		case s.prevLength >= minMatch && s.matchLength <= s.prevLength:
			s.takePrevious()
		case s.matchAvail:
			// No match at the previous position, or a longer one here.
			if s.tallyLit(s.window[s.strstart-1]) {
				s.flushBlock(false)
			}
			s.strstart++
			s.lookahead--
		default:
			s.matchAvail = true
			s.strstart++
			s.lookahead--
		}
	}
	if s.matchAvail {
		s.tallyLit(s.window[s.strstart-1])
		s.matchAvail = false
	}
}

// takePrevious emits the match at strstart-1 and puts the strings within into
// the dictionary, but for the last two of the input.
func (s *state) takePrevious() {
	maxInsert := s.strstart + s.lookahead - minMatch
	full := s.tallyDist(s.strstart-1-s.prevMatch, s.prevLength-minMatch)
	s.lookahead -= s.prevLength - 1
	for s.prevLength -= 2; s.prevLength > 0; s.prevLength-- {
		if s.strstart++; s.strstart <= maxInsert {
			s.insertString(s.strstart)
		}
	}
	s.matchAvail = false
	s.matchLength = minMatch - 1
	s.strstart++
	if full {
		s.flushBlock(false)
	}
}
