"""Dataset entries as tables of spans, documents and relations, whatever file they are in."""
