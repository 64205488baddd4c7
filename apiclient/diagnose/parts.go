package diagnose

// habit is a variant.Change as the tables write it.
type habit struct{ Cause, Says, Habit string }
