"""Inspections: how likely a sample, a visit or a regime is to find what was not declared."""
