"""Isolated parser children and the threads that own them."""
