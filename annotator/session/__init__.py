"""The application without windows: verbs by noun, history, events, queries."""
