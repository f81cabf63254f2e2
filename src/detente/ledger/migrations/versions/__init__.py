"""The steps of migration, oldest first; a step that has shipped is never edited."""
