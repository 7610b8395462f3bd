"""symcnn: the derived program, with what is no matrix product compiled."""

from __future__ import annotations

from benchmarks.peers.symcnn_ import VERSION as VERSION
from benchmarks.peers.symcnn_ import step as step_of


def step(spec, threads):
    """Return a function for loss and gradients; threads are NumPy's own affair."""
    return step_of(spec, threads, "native")
