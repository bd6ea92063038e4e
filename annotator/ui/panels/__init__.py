"""Widgets beside the document."""
