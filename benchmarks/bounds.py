"""What large networks need at least, beside PyTorch: ``python -m benchmarks.bounds``.

The matrix products of a step alone, of the same shapes and in as many threads, by NumPy; and the
time in which memory moves what cannot stay in a cache. Every convolution, dense layer and pool
reads its input and writes its output once, and on the way back reads the gradient of its output
and its input and writes the gradient of its input; parameters are read twice, and their gradients
written. What is computed entry by entry costs nothing here, nor do the windows of a convolution.
All times are those of the processors, added up, which other work on the machine lengthens least.
Names of networks choose these alone, and ``--one-thread`` takes one thread.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import prod
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

import numpy as np

from benchmarks.large import BATCH, asking, measured, module, networks_of
from benchmarks.layout import Table
from benchmarks.process import python

THREADS = 1 if "--one-thread" in sys.argv else 2
CALLS = 3
COPIED = 32_000_000
"""The entries whose copy is timed, in each thread."""


class Work(NamedTuple):
    """What a step does at least.

    Attributes:
        products: How often which product is computed, (rows, summed, columns).
        entries: How many numbers are read and written.
    """

    products: Counter[tuple[int, int, int]]
    entries: int


def work_of(name: str) -> Work:
    """Run a network forward and look at what its modules read and write."""
    import torch
    from torch import nn

    network, x = module(name)
    products, entries, first = Counter[tuple[int, int, int]](), 0, x.shape

    def seen(layer, inputs, output) -> None:
        nonlocal entries
        given, weights = inputs[0], sum(p.numel() for p in layer.parameters())
        is_first = given.shape == first
        entries += (2 if is_first else 3) * given.numel() + 2 * output.numel() + 3 * weights
        products.update(_products(layer, output.shape, is_first))

    counted = (nn.Conv2d, nn.Linear, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)
    for layer in network.modules():
        if isinstance(layer, counted):
            layer.register_forward_hook(seen)
    with torch.no_grad():
        network(x)
    return Work(products, entries)


def _products(layer, shape: tuple[int, ...], is_first: bool) -> Iterator[tuple[int, int, int]]:
    """Run over the products of a layer: its output, and the gradients of weight and input."""
    weight = getattr(layer, "weight", None)
    groups = getattr(layer, "groups", 1)
    if weight is None or weight.shape[0] == groups:  # of one channel each: no matrix product
        return
    rows, summed = weight.shape[0] // groups, prod(weight.shape[1:])
    columns = shape[0] * prod(shape[2:])
    for _ in range(groups):
        yield rows, summed, columns
        yield rows, columns, summed
        if not is_first:
            yield summed, rows, columns


def least(name: str, *_: str) -> dict[str, float]:
    """Time the products and the copies."""
    work = work_of(name)
    products = sum(n * _product(*shape) for shape, n in work.products.items())
    return {"products": products, "gigabytes": 4e-9 * work.entries, "bandwidth": _bandwidth()}


def _product(rows: int, summed: int, columns: int) -> float:
    """Return the time of a product; one that fills gigabytes is that of a sample, times these."""
    times = 1
    if max(rows * summed, summed * columns, rows * columns) > 2**27:
        times = BATCH
        longest = max(summed, columns)
        summed, columns = (n // times if n == longest else n for n in (summed, columns))
    left, right = np.ones((rows, summed), np.float32), np.ones((summed, columns), np.float32)
    out = np.empty((rows, columns), np.float32)
    return times * _fastest(lambda: np.matmul(left, right, out=out))


def _bandwidth() -> float:
    """Return how many gigabytes copies in all threads read and write, a second of a processor."""
    pairs = [np.ones((2, COPIED), np.float32) for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        copies = _fastest(lambda: [*threads.map(lambda pair: np.copyto(pair[0], pair[1]), pairs)])
    return 2 * 4e-9 * COPIED * THREADS / copies


def _fastest(call: Callable[[], object]) -> float:
    times = []
    for _ in range(CALLS):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times)


def show(networks: Sequence[str]) -> None:
    """Measure and print a row for each network."""
    heads = ["network", "PyTorch", "products", "ratio", "moved", "in", "ratio", "both"]
    grid = Table(heads, 14, 10)
    for name in networks:
        with TemporaryDirectory() as folder:
            whole = measured("pytorch", name, folder, "array", THREADS)["work"]
        command = ("-m", "benchmarks.bounds", "least", name, *_one())
        found = json.loads(python(*command, threads=THREADS))
        products, moved = found["products"], found["gigabytes"]
        copies = moved / found["bandwidth"]
        times = (f"{whole:.2f} s", f"{products:.2f} s", f"{products / whole:.2f}")
        both = f"{(products + copies) / whole:.2f}"
        memory = (f"{moved:.1f} GB", f"{copies:.2f} s", f"{copies / whole:.2f}")
        grid.row([name, *times, *memory, both])


def _one() -> tuple[str, ...]:
    return ("--one-thread",) if THREADS == 1 else ()


if __name__ == "__main__":
    if sys.argv[1:2] == ["least"]:
        print(json.dumps(least(*sys.argv[2:])))
    else:
        what = "What large networks need at least, beside PyTorch."
        show(networks_of(asking("benchmarks.bounds", what).parse_args()))
