"""Détente: run both sides' numbers, from what was said to what can be verified."""
