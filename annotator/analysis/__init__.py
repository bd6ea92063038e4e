"""Pure functions on records and text."""
