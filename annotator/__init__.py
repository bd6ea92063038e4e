"""Annotator: read political text closely, tag spans, adjudicate, export a dataset that proves itself."""

__version__ = "0.1.0"
