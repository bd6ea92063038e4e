"""Plain data in, plain data out: readers of documents and of labelled datasets. No database, no Qt."""
