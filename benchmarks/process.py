"""Processes: every measurement is one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent

# The first two make NumPy slower on some machines. The third would have Python compile
# a checkout again in every process, where pip compiles an installed package once.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in UNSET}
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def python(*arguments: str, threads: int | None = None) -> str:
    """Run Python and return what it prints."""
    limits = {} if threads is None else dict.fromkeys(THREADS, str(threads))
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=HOME,
        env=ENVIRONMENT | limits,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout
