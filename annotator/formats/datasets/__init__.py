"""One module per interchange format, reading and writing side by side."""
