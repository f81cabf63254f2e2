"""The command line as a whole: help is light and complete, and the way out codes mean what they say."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import click
import pytest

from detente.cli.main import cli

HEAVY = "numpy scipy pandas xarray matplotlib pydantic pyproj jinja2 tree_sitter rich"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}


def walk(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that lead to it."""
    yield words, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from walk(inner, (*words, name))


COMMANDS = list(walk(cli))


@pytest.mark.parametrize(
    ("words", "command"), COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_says_what_it_does(words: tuple[str, ...], command: click.Command) -> None:
    assert command.help, f"detente {' '.join(words)} has no help"
    silent = [entry.name for entry in command.params if isinstance(entry, click.Option) and not entry.help]
    assert silent == [], f"detente {' '.join(words)}: options without help: {silent}"


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    program = (
        "import sys; sys.argv = ['detente', *sys.argv[1:], '--help']\n"
        "from detente.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"loaded = [name for name in {HEAVY!r}.split() if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Usage: detente" in done.stdout


def cpu_seconds(program: str) -> float:
    """Processor time of one run of a small Python program, its start included."""
    before = os.times()
    subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, check=True, capture_output=True)
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return spent or time.get_clock_info("process_time").resolution


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count a child's processor time")
def test_help_costs_little_more_than_python_itself() -> None:
    """In turn and as a ratio, so that a busy or slow machine gives the same answer."""
    shown = "import sys; sys.argv = ['detente', '--help']\nfrom detente.cli.main import main\nmain()"
    cpu_seconds(shown)
    ratios = [cpu_seconds(shown) / cpu_seconds("import json, argparse, email.message") for _ in range(5)]
    assert statistics.median(ratios) < 8, ratios
