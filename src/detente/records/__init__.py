"""The nouns of the field: figures, sources, statements, claims, positions, cases and results, read from and written to files."""
