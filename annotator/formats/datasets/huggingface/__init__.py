"""Folders that Hugging Face's `datasets` loads, and data files of others that it loads."""
