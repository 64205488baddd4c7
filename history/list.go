package history

import (
	"context"
	"slices"
)

// List returns runs, newest first.
//
// Search finds whole words and beginnings of words, in any case, with or
// without accents, in all that a person can see of a run: its name, IDs, endpoint, URL,
// headers, bodies (the first SearchedBytes of each, decoded where a
// Content-Encoding could be undone), result, verdicts, findings and errors.
// Each word of the query must occur somewhere, or the beginning of one;
// punctuation at its end asks for the whole word. A word with punctuation
// inside, such as REPEAT_REQ_INCONSISTENT or "paymentId":"2019", must occur
// with its pieces in that order. Chinese, Japanese, Korean and Thai text is
// found by any of its characters in a row. Nothing in Search is syntax;
// ParseQuery takes filters out of what a person typed.
// Before a search the runs that the index does not show yet are added to it.
func (s *Store) List(ctx context.Context, q Query) ([]Run, error) {
	var runs []Run
	err := s.searching(ctx, q, func(match string) (err error) {
		runs, err = s.list(ctx, q, match)
		return err
	})
	return runs, err
}

// CountOf says how many runs a query finds; its Limit is of no account.
// Unlike Count it takes longer the more there are.
func (s *Store) CountOf(ctx context.Context, q Query) (int, error) {
	if !q.Selective() && q.Before == 0 && q.After == 0 {
		return s.Count(ctx)
	}
	n := 0
	err := s.searching(ctx, q, func(match string) error {
		w, err := s.selection(ctx, q, match)
		if err != nil {
			return err
		}
		n, err = s.countOf(ctx, w)
		return err
	})
	return n, err
}

// searching runs a query, with the index brought up to date where there are
// words to search for, and made again where it contradicts itself.
func (s *Store) searching(ctx context.Context, q Query, do func(match string) error) error {
	match := matchOf(q.Search)
	if match == "" {
		return s.explain("the runs cannot be read", do(""))
	}
	var err error
	if s.readOnly == nil { // there the index is as it is
		err = s.index.catchUp(ctx)
	}
	if err == nil {
		err = do(match)
	}
	if indexDamaged(err) && s.readOnly == nil {
		if err = s.index.renew(ctx); err == nil {
			err = do(match)
		}
	}
	return s.explain("the runs cannot be searched", err)
}

func (s *Store) list(ctx context.Context, q Query, match string) ([]Run, error) {
	w, err := s.selection(ctx, q, match)
	if err != nil {
		return nil, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	statement, args, err := s.page(ctx, w, q.Oldest, limit)
	if err != nil {
		return nil, err
	}
	runs, err := s.scanRuns(ctx, statement, args)
	if q.Oldest {
		slices.Reverse(runs)
	}
	return runs, err
}
