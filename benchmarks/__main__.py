"""Runs one benchmark: `python -m benchmarks NAME [--repeat N] [--json FILE]`.

A benchmark that compares prints its accuracy beside its speed; a speed without its accuracy fails.
"""

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy comes: CPU seconds of one thread


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark that the arguments name; 0 if it kept its accuracy, else 1."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if module.name != "__main__")
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=names)
    parser.add_argument("--repeat", type=int, default=5, help="paired runs; the median ratio counts (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to a file")
    given = parser.parse_args(arguments)
    benchmark = importlib.import_module(f"benchmarks.{given.name}").main
    takes = inspect.signature(benchmark).parameters
    numbers = benchmark(given.repeat) if "repeat" in takes else benchmark()
    if numbers is None:
        return 0
    if given.json:
        given.json.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
    return 0 if numbers["accurate"] else 1


if __name__ == "__main__":
    sys.exit(main())
