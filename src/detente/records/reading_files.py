"""Labels of a page that somebody set by hand, as a file of TOML beside the page."""

import tomllib
from pathlib import Path
from typing import Any

from .errors import InputError, Problem


def read_labels(path: Path) -> dict[str, Any]:
    """The labels of one page: its facts, and tables such as `statements` and `meetings`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"this is no TOML: {error}", "correct the file", file=str(path))) from None
