"""The table: loss and gradients of small and of published networks, peer beside peer.

Rounds go through all peers in turn, so that a busy machine slows them alike; what is
compared is the ratio to PyTorch within one round, and its median is shown.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from math import isclose
from statistics import median
from typing import NamedTuple

from benchmarks.layout import Table
from benchmarks.process import python
from benchmarks.specs import SPECS

PEERS = {
    "pytorch": "torch",
    "jax_jit": "jax",
    "hips_autograd": "autograd",
    "idiomatic": "numpy",
    "symcnn_": "symcnn",
    "symcnn_native": "symcnn",
    "symcnn_floats": "symcnn",
}
"""The peers, and the package that each of them needs."""

NAMES = {
    "pytorch": "PyTorch eager",
    "jax_jit": "JAX jit",
    "hips_autograd": "HIPS autograd",
    "idiomatic": "NumPy, idiomatic",
    "symcnn_": "symcnn",
    "symcnn_native": "symcnn, native",
    "symcnn_floats": "symcnn, floats",
}
TINY = ("symcnn_floats",)
"""Who computes with single floats, and takes part in the row of the seed alone."""


class Row(NamedTuple):
    """A network, the number of threads, and the ratio to PyTorch that is to be reached."""

    network: str
    threads: int
    target: float


ROWS = (
    Row("seed", 2, 0.01),
    Row("S", 2, 0.2),
    Row("M", 2, 0.5),
    Row("LeNet-5", 2, 0.9),
    Row("LeNet-5", 1, 0.65),
)


def show(rounds: int) -> None:
    """Measure all rows and print them."""
    missing = [name for name, package in PEERS.items() if find_spec(package) is None]
    for peer in missing:
        print(f"{NAMES[peer]}: left out, it is not installed")
    peers = [peer for peer in PEERS if peer not in missing]
    print("\nLoss and gradients with respect to weights and biases, not the input: microseconds,")
    print(f"medians of {rounds} rounds in turn, and in brackets the ratio to PyTorch. Other work")
    print("on the machine lengthens medians; the ratio of the fastest calls stands behind them.")
    shown = [NAMES[peer] for peer in peers]
    grid = Table(["network", "threads", *shown, "target", "reached", "fastest"], 34, 20)
    versions = dict[str, None]()
    for row in ROWS:
        present = [peer for peer in peers if peer not in TINY or row.network == "seed"]
        turns = [
            {peer: measured(peer, row.network, row.threads) for peer in present}
            for _ in range(rounds)
        ]
        _check(turns[0])
        versions |= dict.fromkeys(one["version"] for one in turns[0].values())
        grid.row(_cells(row, peers, turns))
    print("\n" + ", ".join(versions))


def measured(peer: str, network: str, threads: int, *sizes: int) -> dict:
    """Return what a process of its own measures."""
    command = ("-m", "benchmarks.peers", peer, network, str(threads), *map(str, sizes))
    return json.loads(python(*command, threads=threads))


def _check(turn: dict[str, dict]) -> None:
    """See that all peers computed the same."""
    ours = turn["symcnn_"]
    for peer, one in turn.items():
        for what in ("loss", "squares"):
            assert isclose(one[what], ours[what], rel_tol=1e-4), f"{peer} has another {what}"


def _cells(row: Row, peers: list[str], turns: list[dict[str, dict]]) -> list[str]:
    times = [_cell(peer, turns) if peer in turns[0] else "" for peer in peers]
    cells = [SPECS[row.network].title, str(row.threads), *times, str(row.target)]
    if "pytorch" not in peers:
        return [*cells, "", ""]
    ours = "symcnn_floats" if "symcnn_floats" in turns[0] else "symcnn_"
    reached = "yes" if _ratio(ours, turns) <= row.target else "NO"
    return [*cells, reached, f"{_fastest(ours, turns):.3f}"]


def _cell(peer: str, turns: list[dict[str, dict]]) -> str:
    time = f"{1e6 * median(turn[peer]['seconds'] for turn in turns):,.1f}"
    return f"{time} ({_ratio(peer, turns):.3f})" if "pytorch" in turns[0] else time


def _fastest(peer: str, turns: list[dict[str, dict]]) -> float:
    ours, theirs = (min(turn[p]["fastest"] for turn in turns) for p in (peer, "pytorch"))
    return ours / theirs


def _ratio(peer: str, turns: list[dict[str, dict]]) -> float:
    return median(turn[peer]["seconds"] / turn["pytorch"]["seconds"] for turn in turns)
