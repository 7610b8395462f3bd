"""symcnn: the derived program on Python's own floats, numbers in, tuples of numbers out."""

from __future__ import annotations

import symcnn as sc
from benchmarks.peers.symcnn_ import VERSION as VERSION
from benchmarks.peers.symcnn_ import network


def step(spec, threads):
    """Return a function for loss and gradients; one thread is all that it takes."""
    program = sc.lambdify(sc.derive(network(spec)), "scalar", results="training")
    x, weights, target = spec.numbers()
    numbers = iter(weights)
    given = {"input": lambda: x, "target": lambda: target, "parameter": lambda: next(numbers)}
    floats = [float(one) for t in program.given for one in given[t.role]().ravel()]
    function = program.on_floats

    def evaluate():
        loss, gradients, _ = function(*floats)
        return loss, gradients

    return evaluate
