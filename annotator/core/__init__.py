"""Pure rules of spans, text, changes and codebooks: the standard library and nothing else."""
