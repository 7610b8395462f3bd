"""Networks as people have them, at full size, beside PyTorch: ``python -m benchmarks.large``.

The loss and its gradients with respect to all parameters, of networks of torchvision with random
weights and running statistics, on 8 images of 224x224 in float32, with 2 threads. Every
measurement is a process of its own, peers take turns, and what is compared is the ratio in one
round. ``python -m benchmarks.large 5 resnet18 vgg16`` takes 5 rounds instead of 3, and these
networks alone, and ``--native`` measures symcnn's compiled programs. Memory is the most that a
process had, beyond what it had imported.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import fields
from math import isclose
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np

from benchmarks.layout import Table
from benchmarks.peers.__main__ import memory
from benchmarks.process import python

NETWORKS = ("alexnet", "vgg16", "resnet18", "mobilenet_v2", "densenet121")
BATCH, SIZE, CALLS = 8, 224, 2


def module(name: str):
    """Return a network of torchvision and a batch of images, in float32, always the same."""
    import torch
    from torchvision.models import get_model

    torch.manual_seed(0)
    made = get_model(name).eval()
    for key, numbers in made.named_buffers():
        if key.endswith(("running_mean", "running_var")):
            numbers.copy_(torch.rand(numbers.shape) + 0.5 * ("var" in key))
    return made, torch.randn(BATCH, 3, SIZE, SIZE)


def prepare(name: str, folder: str, _: str) -> None:
    """Write a network, and its numbers, as symcnn imports them; the comparison is left out."""
    import torch

    import symcnn as sc
    from symcnn.imports.assembling import ImportOptions, assembled
    from symcnn.imports.torch.calling import output_of
    from symcnn.imports.torch.importing import program_of
    from symcnn.imports.torch.numbers import array_of
    from symcnn.imports.torch.operators import TABLE
    from symcnn.imports.torch.reader import read

    network, x = module(name)
    network, x = network.double(), x.double()
    exported = torch.export.export(network, (x,), strict=False)
    program = program_of(exported, [x], output_of(exported, None))
    options = ImportOptions(sc.SoftmaxCrossEntropy(), list(range(BATCH)), name)
    problem = assembled(read(program, x), TABLE, array_of(x), options).problem
    made = {field.name: getattr(problem.network, field.name) for field in fields(sc.Network)}
    (Path(folder) / f"{name}.network").write_bytes(pickle.dumps(made))
    numbers = {key: getattr(row, "array", row) for key, row in problem.values.items()}
    arrays = {key: np.asarray(array, np.float32) for key, array in numbers.items()}
    np.savez(Path(folder) / f"{name}.npz", **arrays)


def ours(name: str, folder: str, backend: str) -> dict:
    """Measure symcnn."""
    import symcnn as sc

    tiny = sc.Network((4, 4, 1), [sc.Conv2D(2, 3)], sc.SumOfOutputs())
    assert sc.lambdify(sc.derive(tiny), backend).function  # What is loaded first is no one's.
    network = sc.Network(**pickle.loads((Path(folder) / f"{name}.network").read_bytes()))
    before, start = memory(), perf_counter()
    program = sc.lambdify(
        sc.derive(network), backend, dtype="float32", results="training", threads=_threads()
    )
    function = program.function
    first = perf_counter() - start
    with np.load(Path(folder) / f"{name}.npz") as numbers:
        arrays = [numbers[tensor.name] for tensor in program.given]

    def step():
        loss, gradients = function(*arrays)
        return loss, list(gradients.values())

    return {"derived": first, **timed(step, before)}


def theirs(name: str, *_: str) -> dict:
    """Measure PyTorch, eager."""
    import torch

    torch.set_num_threads(_threads())
    torch.nn.Conv2d(1, 1, 3)(torch.zeros(1, 1, 4, 4)).sum().backward()
    before = memory()
    network, x = module(name)
    classes = torch.arange(BATCH)

    def step():
        network.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(x), classes)
        loss.backward()
        return loss.item(), [parameter.grad.numpy() for parameter in network.parameters()]

    return timed(step, before)


def _threads() -> int:
    """Return how many threads this process may have, which is told in its environment."""
    return int(os.environ["OMP_NUM_THREADS"])


def timed(step: Callable[[], tuple[float, list[np.ndarray]]], before: float) -> dict:
    """Return the least wall and processor time of a step after the first, and what it found."""
    loss, gradients = step()
    walls, works = [], []
    for _ in range(CALLS):
        del gradients  # as in training, those of the step before are gone
        wall, work = perf_counter(), process_time()
        loss, gradients = step()
        walls.append(perf_counter() - wall)
        works.append(process_time() - work)
    used = memory() - before
    squares = sum(float(np.vdot(g, g)) for g in gradients)
    wall, work = min(walls), min(works)
    return {"wall": wall, "work": work, "memory": used, "loss": float(loss), "squares": squares}


JOBS = {"prepare": prepare, "symcnn": ours, "pytorch": theirs}


def measured(peer: str, name: str, folder: str, backend: str, threads: int) -> dict:
    """Return what a process of its own measures."""
    command = ("-m", "benchmarks.large", peer, name, folder, backend)
    return json.loads(python(*command, threads=threads))


def show(rounds: int, networks: Sequence[str], backend: str, threads: int) -> None:
    """Measure and print a row for each network."""
    how = backend, threads
    heads = ["network", "PyTorch", "symcnn", "ratio", "of work", "PyTorch", "symcnn", "ratio"]
    grid = Table([*heads, "derived"], 14, 10)
    for name in networks:
        with TemporaryDirectory() as folder:
            measured("prepare", name, folder, *how)
            turns = [
                {peer: measured(peer, name, folder, *how) for peer in ("pytorch", "symcnn")}
                for _ in range(rounds)
            ]
        _check(turns[0])
        grid.row([name, *_cells("wall", "{:.2f} s", turns), _ratio("work", turns), *_of(turns)])


def _of(turns: list[dict[str, dict]]) -> list[str]:
    derived = median(turn["symcnn"]["derived"] for turn in turns)
    return [*_cells("memory", "{:,.0f} MB", turns), f"{derived:.1f} s"]


def _cells(what: str, form: str, turns: list[dict[str, dict]]) -> list[str]:
    times = (median(turn[peer][what] for turn in turns) for peer in ("pytorch", "symcnn"))
    return [*map(form.format, times), _ratio(what, turns)]


def _ratio(what: str, turns: list[dict[str, dict]]) -> str:
    return f"{median(turn['symcnn'][what] / turn['pytorch'][what] for turn in turns):.2f}"


def _check(turn: dict[str, dict]) -> None:
    """See that both computed the same."""
    for what in ("loss", "squares"):
        one, other = turn["symcnn"][what], turn["pytorch"][what]
        assert isclose(one, other, rel_tol=1e-3), f"another {what}: {one}, {other}"


def asking(program: str, what: str) -> ArgumentParser:
    """Return what reads the command line of a table, and refuses what is unknown.

    A table takes hours, and is not to be begun because an option is misspelt.
    """
    parser = ArgumentParser(f"python -m {program}", description=what)
    parser.add_argument(
        "chosen",
        nargs="*",
        metavar="ROUNDS|NETWORK",
        type=_chosen,
        help=f"the number of rounds, and networks: by default 3, and {', '.join(NETWORKS)}",
    )
    parser.add_argument("--one-thread", action="store_true", help="with 1 thread in place of 2")
    parser.add_argument("--markdown", action="store_true", help="print a table in Markdown")
    return parser


def networks_of(found: Namespace) -> Sequence[str]:
    """Return the networks that are chosen, all by default."""
    return [one for one in found.chosen if isinstance(one, str)] or NETWORKS


def _chosen(word: str) -> int | str:
    if not word.isdigit() and word not in NETWORKS:
        raise ArgumentTypeError(f"{word} is neither a number nor one of {', '.join(NETWORKS)}")
    return int(word) if word.isdigit() else word


def main(words: Sequence[str]) -> None:
    """Measure what is asked for."""
    parser = asking("benchmarks.large", "Networks as people have them, beside PyTorch.")
    parser.add_argument("--native", action="store_true", help="measure compiled programs")
    found = parser.parse_args(words)
    rounds = next((one for one in found.chosen if isinstance(one, int)), 3)
    backend, threads = "native" if found.native else "array", 1 if found.one_thread else 2
    show(rounds, networks_of(found), backend, threads)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in JOBS:
        job, *arguments = sys.argv[1:]
        print(json.dumps(JOBS[job](*arguments)))
    else:
        main(sys.argv[1:])
