"""One question per file: (Case, Position) -> Outcome, where physics and records meet."""
