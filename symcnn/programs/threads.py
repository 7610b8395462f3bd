"""Threads, each with samples of its own.

While NumPy computes in one thread, others run. But one of its matrix products takes all
processors, and those of several threads wait for one another; here each takes the processor of its
thread alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from itertools import pairwise
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from symcnn.equations.sizes import positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.programs.cluster.separable import without_penalty

_T = TypeVar("_T")
_ONE_AT_A_TIME = Lock()
"""Held meanwhile: how many processors a product takes is one number for the whole process."""


class Threads:
    """Threads that divide the samples of a batch, in blocks.

    Attributes:
        samples: How many samples there are.
        blocks: For each thread its blocks, which follow one another.
    """

    def __init__(self, samples: int, threads: int, block: int) -> None:
        """Divide the samples into blocks of nearly one length, and these among threads."""
        cut = _divided(0, samples, -(-samples // block))
        ranges = _divided(0, len(cut), min(threads, len(cut)))
        self.samples, self.blocks = samples, [cut[of.start : of.stop] for of in ranges]
        self._others = [ThreadPoolExecutor(1) for _ in ranges[1:]]

    @property
    def lengths(self) -> set[int]:
        """How many samples a block has: one number, or two."""
        return {block.stop - block.start for blocks in self.blocks for block in blocks}

    def each(self, work: Callable[[Sequence[slice]], _T]) -> list[_T]:
        """Return what some work makes of the blocks of each thread, this one among them."""
        settings, (own, *others) = np.geterr(), self.blocks

        def done(blocks: Sequence[slice]) -> _T:
            with np.errstate(**settings):  # which every thread has for itself
                return work(blocks)

        with _ONE_AT_A_TIME, _single_products() if others else nullcontext():
            pairs = zip(self._others, others, strict=True)
            tasks = [thread.submit(done, blocks) for thread, blocks in pairs]
            try:
                first = work(own)
            finally:
                wait(tasks)
        return [first, *(task.result() for task in tasks)]


def threads_of(network: Network, threads: int, block: int | None) -> Threads | None:
    """Return the threads that divide the batch of a network; None if it is computed as a whole.

    Raises:
        SymcnnError: If there is no batch, if its samples depend on each other, or if what several
            threads need is not installed.
    """
    positive_integer(threads, "threads")
    if block is not None:
        positive_integer(block, "block")
    if threads == 1 and block is None:
        return None
    if network.batch is None:
        asked = f"threads = {threads}" if block is None else f"block = {block}"
        raise SymcnnError(f"{asked} divides the samples of a batch: give the network a batch")
    without_penalty(network, 1)  # refuses what does not add up
    if threads > 1:
        _controller()
    return Threads(
        network.batch, threads, min(-(-network.batch // threads), block or network.batch)
    )


def _divided(start: int, stop: int, parts: int) -> list[slice]:
    ends = [start + (stop - start) * at // parts for at in range(parts + 1)]
    return [slice(*of) for of in pairwise(ends)]


def _single_products() -> Any:
    """Let every matrix product take one processor."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> Any:
    try:
        return import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        raise SymcnnError(
            "several threads need threadpoolctl: pip install 'symcnn[threads]'"
        ) from None
