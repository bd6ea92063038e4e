"""Word and OpenDocument: two kinds of files, one writer of their blocks."""
