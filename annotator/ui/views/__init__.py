"""Widgets that show a document."""
