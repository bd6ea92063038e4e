"""Item models over session queries."""
