# Recipes for the maintainers; users need only start.py. Run `just` to see them.

set windows-shell := ["powershell.exe", "-NoLogo", "-Command"]

default:
    @just --list

# Everything that must hold before a change is taken: the same as .ci/run
check:
    bash .ci/run

# The tests; arguments go to pytest
test *arguments:
    python3 start.py test {{ arguments }}

# The crash tests 200 times and the fuzzing a hundred times as long, as before a release (an hour)
long:
    DETENTE_LONG=1 .venv/bin/python -m pytest tests/conformance tests/unit/ledger tests/unit/relay

# Every branch of the escrow, or a list of those that no test takes
cover-escrow:
    .venv/bin/python -m pytest -q --cov=detente.escrow --cov-branch --cov-report=term-missing --cov-fail-under=100 tests/conformance tests/unit/escrow

# Style, types and import rules, without the tests
lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports --no-cache

# Put the files into the house format
format:
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .

# Write the generated reference pages afresh
docs:
    .venv/bin/python docs/reference/generate.py

# Write both locks afresh from pyproject.toml: newest versions with `just lock --upgrade`
lock *arguments:
    uv pip compile pyproject.toml --group build -o requirements.lock {{ lock_options }} {{ arguments }}
    uv pip compile pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock {{ lock_options }} {{ arguments }}

# One set of versions for every system and every Python, with hashes and without addresses
lock_options := "--quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate"
