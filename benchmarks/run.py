"""Measure symcnn beside its peers: run ``python benchmarks/run.py``.

Every measurement is a process of its own; peers take turns, so that a busy machine
slows them alike. Medians are shown, beside the targets. ``python benchmarks/run.py 3``
takes 3 rounds instead of 5; ``--markdown`` prints tables in Markdown. Peers that are not
installed are named and left out.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import growth, table  # found from wherever this is run
from benchmarks.layout import Table
from benchmarks.process import python

DEPTHS = (8, 16, 32, 64)
ROUNDS = next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), 5)


Cells = tuple[str, str, str, str]
"""What was measured, the result, the target, and whether it is reached."""


def job(*arguments: str) -> float:
    """Return the number that a job prints."""
    return float(python("-m", "benchmarks.jobs", *arguments))


def seconds(*arguments: str) -> float:
    """Return how long a whole Python process takes."""
    start = perf_counter()
    python(*arguments)
    return perf_counter() - start


def row(what: str, measured: str, target: str, reached: bool) -> Cells:
    """Return one line of the last table."""
    return what, measured, target, "yes" if reached else "NO"


def general_forms() -> Iterator[Cells]:
    """Derive all general forms of LeNet-5 at two image sizes, in turn."""
    turns = [(job("general_forms", "32"), job("general_forms", "224")) for _ in range(ROUNDS)]
    small, large = (median(times) for times in zip(*turns, strict=True))
    yield row("general forms of LeNet-5, 32x32", f"{small:.3f} s", "0.1 s", small <= 0.1)
    yield row("general forms of LeNet-5, 224x224", f"{large:.3f} s", "0.1 s", large <= 0.1)


def depth() -> Iterator[Cells]:
    """Write documents of deeper and deeper networks, in turn."""
    turns = [[job("document", str(layers)) for layers in DEPTHS] for _ in range(ROUNDS)]
    times = [median(series) for series in zip(*turns, strict=True)]
    for layers, time in zip(DEPTHS, times, strict=True):
        yield f"checked document of {layers} layers", f"{time:.2f} s", "", ""
    exponent = growth.exponent(DEPTHS, times)
    yield row("... grows with this power of the depth", f"{exponent:.2f}", "1.2", exponent <= 1.2)


def whole_process() -> Iterator[Cells]:
    """Derive the seed and write its document, against importing SymPy alone."""
    with TemporaryDirectory() as folder:
        command = ("-m", "symcnn", "derive", "-o", folder)
        try:
            python(*command)
        except CalledProcessError:
            yield "derive and document: left out, the command line is not there", "", "", ""
            return
        turns = [(seconds(*command), seconds("-c", "import sympy")) for _ in range(ROUNDS)]
    ratio = median(ours / theirs for ours, theirs in turns)
    yield row("seed: derive and document / import sympy", f"{ratio:.2f}", "2.2", ratio <= 2.2)


def module_against_pytorch() -> Iterator[Cells]:
    """Evaluate the seed's loss and gradients, in turn."""
    if find_spec("torch") is None:
        yield "exported module / PyTorch: left out, PyTorch is not installed", "", "", ""
        return
    turns = [(job("exported_module"), job("pytorch_eager")) for _ in range(ROUNDS)]
    ratio = median(ours / theirs for ours, theirs in turns)
    yield row("seed: exported module / PyTorch eager", f"{ratio:.3f}", "0.05", ratio <= 0.05)


def operations() -> Iterator[Cells]:
    """Count operations, of the seed's program and of LeNet-5's equations."""
    what = "operations, (forward + gradients) / forward"
    seed, lenet = job("operations_ratio"), job("operations_ratio_lenet")
    yield row(f"seed: {what}", f"{seed:.2f}", "2.3", seed <= 2.3)
    yield row(f"LeNet-5: {what}", f"{lenet:.2f}", "2.7", lenet <= 2.7)


def all_partials() -> Iterator[Cells]:
    """Derive every partial of LeNet-5, in turn with symbolic peers."""
    packages = dict.fromkeys(("casadi_by_entry", "casadi", "casadi_text"), "casadi")
    packages["symengine"] = "symengine"
    peers = [peer for peer, package in packages.items() if find_spec(package)]
    turns = [
        {peer: float(python("-m", "benchmarks.partials", peer)) for peer in ("symcnn", *peers)}
        for _ in range(ROUNDS)
    ]
    ours = median(turn["symcnn"] for turn in turns)
    yield "LeNet-5: all 61,706 partials as text", f"{ours:.2f} s", "", ""
    for peer, package in packages.items():
        if peer not in peers:
            yield f"... / {peer}: left out, {package} is not installed", "", "", ""
            continue
        ratio = median(turn["symcnn"] / turn[peer] for turn in turns)
        theirs = median(turn[peer] for turn in turns)
        what = f"... / {_SYMBOLIC[peer]} ({theirs:.2f} s)"
        yield row(what, f"{ratio:.3f}", "0.06", ratio <= 0.06)


_SYMBOLIC = {
    "casadi_by_entry": "CasADi, graph and gradient, built entry by entry",
    "casadi": "CasADi, the same, built of matrices",
    "casadi_text": "CasADi, the same, and written out as C",
    "symengine": "symengine, rules by hand, no text",
}


def machine() -> str:
    """Describe where this runs."""
    model = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        lines = (line.partition(":") for line in info.read_text().splitlines())
        model = next((v.strip() for name, _, v in lines if name.strip() == "model name"), model)
    return (
        f"{model}, {os.cpu_count()} processors; Python {platform.python_version()}, "
        f"NumPy {version('numpy')}, SymPy {version('sympy')}."
    )


if __name__ == "__main__":
    print(machine())
    table.show(ROUNDS)
    growth.show(ROUNDS, Path(__file__).parent)
    grid = Table(["", "measured", "target", "reached"], 66, 12)
    for measure in (
        *(general_forms, depth, whole_process),
        *(module_against_pytorch, operations, all_partials),
    ):
        for cells in measure():
            grid.row(cells)
