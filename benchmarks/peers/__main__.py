"""One measurement, in a process of its own.

    python -m benchmarks.peers PEER NETWORK THREADS [BATCH [SIZE]]

It prints a line of JSON: the seconds of one evaluation, the median and the least, its
loss, the sum of the squares of all gradients, the memory in megabytes that making and
calling the function took beyond what was imported, and the peer's version.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.specs import SPECS

SECONDS = 0.6
"""How long is measured."""


def measured(evaluate: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the least time of a call, of those that fit into the time."""
    calls = max(1, int(0.002 / _seconds(evaluate, 20)))
    times: list[float] = []
    end = perf_counter() + SECONDS
    while perf_counter() < end or len(times) < 5:
        times.append(_seconds(evaluate, calls))
    return median(times), min(times)


def _seconds(evaluate: Callable[[], object], calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        evaluate()
    return (perf_counter() - start) / calls


def memory() -> float:
    """Return the most memory that the process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main(peer: str, network: str, threads: str, batch: str = "", size: str = "") -> None:
    """Measure one peer on one network and print the result."""
    module = import_module(f"benchmarks.peers.{peer}")
    first = SPECS["seed" if network == "seed" else "S"]
    module.step(first, int(threads))()  # What is loaded at the first use is no one's.
    spec, before = SPECS[network], memory()
    spec = replace(spec, batch=int(batch)) if batch else spec
    spec = replace(spec, shape=(int(size), int(size), spec.shape[2])) if size else spec
    evaluate = module.step(spec, int(threads))
    loss, gradients = evaluate()
    squares = sum(float(np.square(np.asarray(g, dtype=float)).sum()) for g in gradients)
    seconds, fastest = measured(evaluate)
    result = {
        "seconds": seconds,
        "fastest": fastest,
        "loss": float(loss),
        "squares": squares,
        "memory": memory() - before,
        "version": module.VERSION,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
