"""What the parties would sign: what counts, by when, and how it is checked."""
