"""The scoreboard: what others published, what this program gives for the same question."""

from .board import scoreboard, scoreboard_rows
from .readings import reading_score_rows, reading_scores

__all__ = ["reading_score_rows", "reading_scores", "scoreboard", "scoreboard_rows"]
