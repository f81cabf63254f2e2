"""The nouns of the field: figures, sources, statements, claims, positions, cases, results and their files."""
