"""The scoreboard: what others published, what this program gives for the same question."""

from .board import scoreboard, scoreboard_rows

__all__ = ["scoreboard", "scoreboard_rows"]
