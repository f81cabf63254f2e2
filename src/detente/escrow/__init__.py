"""Seals bytes now, shows them later, and keeps a past that nobody can change; auditable by itself."""
