"""Web pages: the article of a page, and any HTML tree as text."""
