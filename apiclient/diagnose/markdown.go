package diagnose

// Markdown writes the report for a ticket or a chat.
func (r *Report) Markdown() string { return "" }
