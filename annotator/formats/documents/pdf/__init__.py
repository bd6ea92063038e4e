"""PDF: glyphs to lines, lines to columns and blocks, blocks to text."""
