"""Reports for people: plain data in, bytes out. Nothing that a document or a person wrote is ever read as markup."""
