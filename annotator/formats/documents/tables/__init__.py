"""Tables of texts: one row, one document."""
