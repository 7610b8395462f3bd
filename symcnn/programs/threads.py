"""Threads, each with blocks of samples of its own.

    L = share(N) * sum over blocks b of L_b/share(n_b)  +  penalty

with n_b samples in block b, N in all, and share(n) the weight of one sample among n. While NumPy
computes in one thread, others run. But one of its matrix products takes all processors, and
those of several threads wait for one another; here each takes the processor of its thread alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import cache, partial, reduce
from importlib import import_module
from itertools import pairwise
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np

from symcnn.equations import Tensor
from symcnn.equations.sizes import positive_integer
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.programs.backends.python.running import Runner
from symcnn.programs.cluster.batches import Maker
from symcnn.programs.cluster.separable import check_separable, has_penalty
from symcnn.programs.factors import Factored

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


def is_divided(network: Network, threads: int, block: int | None) -> bool:
    """Tell whether the samples of a batch are divided; if not, it is computed as a whole.

    Raises:
        SymcnnError: If there is no batch, if its samples depend on each other, or if what several
            threads need is not installed.
    """
    positive_integer(threads, "threads")
    if block is not None:
        positive_integer(block, "block")
    if threads == 1 and block is None:
        return False
    if network.batch is None:
        asked = f"threads = {threads}" if block is None else f"block = {block}"
        raise SymcnnError(f"{asked} divides the samples of a batch: give the network a batch")
    check_separable(network)  # refuses what does not add up
    if threads > 1:
        _controller()
    return True


def threads_of(network: Network, threads: int, block: int | None) -> Threads | None:
    """Return the threads that divide the batch of a network; None if it is not divided.

    Whether it can be is seen when the program is made, by ``is_divided``.
    """
    samples = network.batch
    if samples is None or (threads == 1 and block is None):
        return None
    return Threads(samples, threads, min(-(-samples // threads), block or samples))


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


class Block(NamedTuple):
    """The program of some samples, and how gradients are made of what it finds."""

    program: Any
    factored: Factored


class Found(NamedTuple):
    """What a thread finds."""

    loss: float
    gradients: dict[str, Array]
    outputs: list[dict[str, Array]]
    factors: list[dict[str, Array]]

    def plus(self, other: Found) -> Found:
        """Return the sum of both, in the place of these gradients."""
        for name, gradient in self.gradients.items():
            gradient += other.gradients[name]
        outputs, factors = self.outputs + other.outputs, self.factors + other.factors
        return Found(self.loss + other.loss, self.gradients, outputs, factors)


class InBlocks(Runner):
    """The function of a program whose batch is computed in blocks of samples."""

    def __init__(self, given: Sequence[Tensor], dtype: str, maker: Maker, threads: Threads) -> None:
        """Take what the whole program takes, and what makes those of the blocks."""
        super().__init__(given, dtype)
        network = maker.network
        share, self._samples = network.loss.share, threads.samples
        self._blocks = {n: maker.of_block(n, self._samples) for n in threads.lengths}
        self._weights = {n: float(share(self._samples) / share(n)) for n in threads.lengths}
        self._penalty = maker.of_penalty() if has_penalty(network) else None
        self._of_samples = {tensor.name for tensor in network.of_samples}
        self._threads = threads

    @property
    def function(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """The bare function."""
        return self._loss_and_gradients

    def _loss_and_gradients(
        self, *arguments: Array, outputs: dict[str, Array] | None = None
    ) -> tuple[float, dict[str, Array]]:
        numbers = dict(zip((tensor.name for tensor in self.given), arguments, strict=True))
        found = reduce(Found.plus, self._threads.each(partial(self._of_blocks, numbers)))
        if outputs is not None:
            outputs |= _joined(found.outputs)
        factored: Factored = next(iter(self._blocks.values())).factored
        gradients = factored.multiplied({**found.gradients, **_joined(found.factors)})
        if self._penalty is None:
            return found.loss, gradients
        parameters = [numbers[tensor.name] for tensor in self._penalty.given]
        loss, of_penalty = self._penalty.function(*parameters)
        for name, gradient in gradients.items():
            gradient += of_penalty[name]
        return found.loss + float(loss), gradients

    def _of_blocks(self, numbers: Mapping[str, Array], blocks: Sequence[slice]) -> Found:
        """Return what the samples of several blocks add to the loss and its gradients."""
        return reduce(Found.plus, (self._of_block(numbers, block) for block in blocks))

    def _of_block(self, numbers: Mapping[str, Array], block: slice) -> Found:
        length, outputs = block.stop - block.start, dict[str, Array]()
        (program, factored), weight = self._blocks[length], self._weights[length]
        arguments = [self._of(numbers[t.name], t.name, block) for t in program.given]
        loss, results = program.function(*arguments, outputs=outputs)
        if weight != 1:
            for name, result in results.items():
                result *= 1 if name in factored.second else weight
        factors = {name: results.pop(name) for name in factored.factors}
        return Found(weight * float(loss), results, [outputs], [factors])

    def _of(self, array: Array, name: str, block: slice) -> Array:
        """Return the numbers of a tensor, or those of the samples of a block."""
        return array.reshape(self._samples, -1)[block] if name in self._of_samples else array


def _joined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Return arrays of all samples, of those of blocks in their order."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
