"""Seals bytes now, shows them later, and keeps a past that nobody can change; auditable by itself.

It has more files than a room usually has, because an auditor reads one standard with one file beside it:
merkle (RFC 6962), keytree (RFC 5869), canonical (RFC 8785), notes, checkpoint, tiles and proofs (C2SP).
"""
