"""E-mail and saved web pages: what travels as MIME."""
