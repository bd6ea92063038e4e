"""Rich Text: tokens, flow, paragraphs."""
