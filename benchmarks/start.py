"""What a command costs before it answers: help against bare Python, and a small study, primed and unprimed.

Each runs in a fresh process, in turn; CPU seconds of the process, its children included, and its peak memory.
The study is the reach of one position of the European case, on the default engine; the compiled question
asks one launch area against all land in machine code, first with an empty cache of kernels, then with a full
one.
The answer is right if primed and unprimed say the same and the commands end well.
"""

import os
import subprocess
import sys
import tempfile
from typing import Any

import numpy as np

GOALS = {"help": 10.0, "primed_s": 1.5, "unprimed_s": 10.0, "memory_mb": 250.0}
COMPILED = """
import detente
from detente.physics.engines import Lanes
from detente.studies.bind import bind
from detente.studies.cover import pairs_to_land, within_reach
from detente.studies.land import land_cells
from detente.studies.reach import as_columns
case = detente.load("european-site-2007")
pairs = pairs_to_land(case, [case.places_of("launch-area")[0].id], land_cells())
print(within_reach(pairs, as_columns(bind(case, "cover", "mda-claim")), engine=Lanes())[0].sum())
"""


def run(*arguments: str, cache: str = "") -> tuple[float, float, str]:
    """CPU seconds of a fresh Python, its peak memory [MB], and what it printed."""
    room = {"DETENTE_CACHE_DIR": cache} if cache else {}
    wrapped = (  # a process of its own, for the peak memory of children is that of the largest so far
        "import resource, subprocess, sys; "
        "done = subprocess.run([sys.executable, *sys.argv[1:]], capture_output=True, text=True); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss); "
        "sys.stdout.write(done.stdout); sys.stderr.write(done.stderr); sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", wrapped, *arguments], env=os.environ | room,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{arguments}: {done.stderr}")
    figures, _, said = done.stdout.partition("\n")
    spent, peak = figures.split()
    return float(spent), float(peak) / 1024.0, said


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratio of help to bare Python, the seconds of a small study, and its memory."""
    study = ("-m", "detente", "run", "european-site-2007", "reach", "--position", "mda-claim", "--json")
    run(*study)  # reads the files from a cold disk
    help_ratio, plain, primed, unprimed, memory = [], [], [], [], []
    answers = set()
    for _ in range(repeat):
        nothing = run("-c", "pass")[0]
        help_ratio.append(run("-m", "detente", "--help")[0] / nothing)
        seconds, peak, _ = run(*study)
        plain.append(seconds)
        with tempfile.TemporaryDirectory() as cache:
            unprimed.append(run("-c", COMPILED, cache=cache))
            primed.append(run("-c", COMPILED, cache=cache))
        memory.append(max(peak, primed[-1][1]))
        answers |= {unprimed[-1][2], primed[-1][2]}
    numbers = {
        "help_against_python": float(np.median(help_ratio)),
        "study_s": float(np.median(plain)),
        "primed_s": float(np.median([each[0] for each in primed])),
        "unprimed_s": float(np.median([each[0] for each in unprimed])),
        "memory_mb": float(np.median(memory)),
        "answers": sorted(answers),
        "accurate": len(answers) == 1,
    }
    print(f"--help against bare Python: {numbers['help_against_python']:.1f} x (at most {GOALS['help']:.0f})")
    print(f"a small study, NumPy: {numbers['study_s']:.2f} CPU-s; in machine code, kept: "
          f"{numbers['primed_s']:.2f} (at most {GOALS['primed_s']}), not kept: {numbers['unprimed_s']:.1f} "
          f"(at most {GOALS['unprimed_s']:.0f})")  # fmt: skip
    print(f"memory: {numbers['memory_mb']:.0f} MB (at most {GOALS['memory_mb']:.0f}); all answers the same: "
          f"{numbers['accurate']}")  # fmt: skip
    return numbers
