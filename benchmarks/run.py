"""Measure symcnn beside its peers: run ``python benchmarks/run.py``.

Every measurement is a process of its own; peers take turns, so that a busy machine
slows them alike. Medians are shown, beside the targets. ``python benchmarks/run.py 3``
takes 3 rounds instead of 5. Peers that are not installed are named and left out.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import growth, table  # found from wherever this is run
from benchmarks.process import python

ROUNDS = 5


def job(*arguments: str) -> float:
    """Return the number that a job prints."""
    return float(python("-m", "benchmarks.jobs", *arguments))


def seconds(*arguments: str) -> float:
    """Return how long a whole Python process takes."""
    start = perf_counter()
    python(*arguments)
    return perf_counter() - start


def row(what: str, measured: str, target: str, reached: bool) -> None:
    """Print one line of the table."""
    print(f"{what:58}{measured:>12}{target:>10}  {'yes' if reached else 'NO'}", flush=True)


def general_forms() -> None:
    """Derive all general forms of LeNet-5 at two image sizes, in turn."""
    turns = [(job("general_forms", "32"), job("general_forms", "224")) for _ in range(ROUNDS)]
    small, large = (median(times) for times in zip(*turns, strict=True))
    row("general forms of LeNet-5, 32x32", f"{small:.3f} s", "0.1 s", small <= 0.1)
    row("general forms of LeNet-5, 224x224", f"{large:.3f} s", "0.1 s", large <= 0.1)


def whole_process() -> None:
    """Derive the seed and write its document, against importing SymPy alone."""
    with TemporaryDirectory() as folder:
        command = ("-m", "symcnn", "derive", "-o", folder)
        try:
            python(*command)
        except CalledProcessError:
            print("derive and document: skipped, the command line is not there")
            return
        turns = [(seconds(*command), seconds("-c", "import sympy")) for _ in range(ROUNDS)]
    ratio = median(ours / theirs for ours, theirs in turns)
    row("seed: derive and document / import sympy", f"{ratio:.2f}", "2.5", ratio <= 2.5)


def module_against_pytorch() -> None:
    """Evaluate the seed's loss and gradients, in turn."""
    if find_spec("torch") is None:
        print("exported module / PyTorch: skipped, PyTorch is not installed")
        return
    turns = [(job("exported_module"), job("pytorch_eager")) for _ in range(ROUNDS)]
    ratio = median(ours / theirs for ours, theirs in turns)
    row("seed: exported module / PyTorch eager", f"{ratio:.3f}", "0.05", ratio <= 0.05)


def operations() -> None:
    """Count the operations of the seed's program."""
    ratio = job("operations_ratio")
    row("seed: operations, (forward + gradients) / forward", f"{ratio:.2f}", "2.3", ratio <= 2.3)


def machine() -> str:
    """Describe where this runs."""
    return f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"


if __name__ == "__main__":
    print(machine())
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    table.show(rounds)
    growth.show(rounds, Path(__file__).parent / "growth.svg")
    print(f"\n{'':58}{'measured':>12}{'target':>10}  reached")
    general_forms()
    whole_process()
    module_against_pytorch()
    operations()
