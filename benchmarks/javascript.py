"""One call in Node, and of Python's program on one sample, in microseconds.

    python benchmarks/javascript.py

Both return the loss, every output and every gradient as arrays of their language.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import symcnn as sc
from benchmarks.networks import lenet5, seed
from symcnn.programs.export.module import exported

SECONDS = 0.3
"""How long one of the runs takes of which the fastest is printed."""

RUNS = 7

TIMED = """
import * as model from "./model.mjs";
const times = {};
for (const name of ["stages", "lossAndGradients"]) {
  const call = () => model[name](model.VALUES);
  const timed = (calls) => {
    const start = performance.now();
    for (let n = 0; n < calls; n++) call();
    return (1000 * (performance.now() - start)) / calls;
  };
  timed(20);
  const calls = Math.ceil(SECONDS * 1e6 / timed(20));
  timed(calls);
  times[name] = Math.min(...Array.from({ length: RUNS }, () => timed(calls)));
}
console.log(JSON.stringify(times));
"""


def small() -> sc.Network:
    """Return a network of some 500 entries: 8x8 pixels, four filters, ten classes."""
    layers = [sc.Conv2D(4, 3), sc.Tanh(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(10)]
    return sc.Network((8, 8, 1), layers, sc.SoftmaxCrossEntropy())


def numbers(network: sc.Network) -> dict[str, Any]:
    """Draw numbers for a network."""
    drawn = np.random.default_rng(0)
    return {tensor.name: drawn.uniform(0, 1, tensor.shape) for tensor in network.given}


def in_node(derivation: sc.Derivation, values: dict[str, Any]) -> dict[str, float]:
    """Return the microseconds of a call of both functions of the module."""
    with TemporaryDirectory() as folder:
        text = exported(derivation, values, "a benchmark", "javascript")
        Path(folder, "model.mjs").write_text(text, encoding="utf-8")
        script = TIMED.replace("SECONDS", str(SECONDS)).replace("RUNS", str(RUNS))
        Path(folder, "run.mjs").write_text(script, encoding="utf-8")
        command = ["node", str(Path(folder, "run.mjs"))]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    made: dict[str, float] = json.loads(run.stdout)
    return made


def in_python(derivation: sc.Derivation, values: dict[str, Any]) -> float:
    """Return the microseconds of a call of the program, at arrays of floats."""
    function = sc.lambdify(derivation).function
    arrays = [*values.values()]

    def timed(calls: int) -> float:
        start = perf_counter()
        for _ in range(calls):
            function(*arrays, outputs={})
        return 1e6 * (perf_counter() - start) / calls

    calls = max(1, round(SECONDS * 1e6 / min(timed(20), timed(20))))
    return min(timed(calls) for _ in range(RUNS))


def main() -> None:
    """Print a line for each network."""
    networks = {"the example": seed(), "8x8x1": small(), "LeNet-5, 32x32": lenet5(32)}
    for name, network in networks.items():
        derivation, values = sc.derive(network), numbers(network)
        node, python = in_node(derivation, values), in_python(derivation, values)
        entries = sum(tensor.size for tensor in network.tensors.values())
        print(
            f"{name} ({entries:,} entries): Node {node['lossAndGradients']:,.1f}, its stages "
            f"{node['stages']:,.1f}; Python {python:,.1f}"
        )


if __name__ == "__main__":
    main()
