"""The crux: which assumptions make two positions differ, and what flips each conclusion."""
