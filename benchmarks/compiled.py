"""Exported C beside CasADi's C and PyTorch eager, one sample: ``python -m benchmarks.compiled``.

All compute the loss and its gradients with respect to weights and biases, not the input, on one
thread. Every measurement is a process of its own, peers take turns, and the median of the ratios is
shown. ``python -m benchmarks.compiled clang -O2`` takes another compiler and other flags.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import symcnn as sc
from benchmarks.layout import Table
from benchmarks.peers.symcnn_ import network
from benchmarks.specs import SPECS, Spec
from benchmarks.table import measured

ROUNDS = 5

MAIN = Path(__file__).with_name("compiled.c").read_text(encoding="utf-8")
"""A function that calls another many times, and prints the median of a thousand short runs."""

OURS = """#include "model.h"
static model_gradients gradients;
static model_workspace workspace;
#define CALL model_loss_and_gradients(&model_example, &gradients, &workspace)
#define NUMBER {real}
"""

THEIRS = """static const double numbers[] = {{ {numbers} }};
static double gradients[{size}];
int f(const double **, double **, long long *, double *, int);
static double called(void)
{{
  double loss;
  const double *given[] = {{ numbers }};
  double *results[] = {{ &loss, gradients }};
  f(given, results, 0, 0, 0);
  return loss;
}}
#define CALL called()
#define NUMBER double
"""


def exported(spec: Spec) -> dict[str, str]:
    """Return the files of the exported program."""
    made, (x, weights, target) = network(spec), spec.numbers()
    parameters, others = iter(weights), {"input": x, "target": target}
    arrays = {
        tensor.name: others.get(tensor.role) if tensor.role in others else next(parameters)
        for tensor in made.given
    }
    values = {t.name: arrays[t.name].reshape(t.shape) for t in made.given}
    files = sc.to_c(sc.derive(made), values, dtype=spec.dtype, results="training")
    real = {"float64": "double", "float32": "float"}[spec.dtype]
    return {**files, "main.c": OURS.format(real=real) + MAIN}


def casadi(spec: Spec) -> dict[str, str]:
    """Return the files of CasADi's program for the seed: scalars, their gradient, its C."""
    import casadi as ca

    x, (kernel, dense), target = spec.numbers()
    numbers = [*x.ravel(), *kernel.ravel(), *dense.ravel(), *target.ravel()]
    given = ca.SX.sym("given", len(numbers))
    x, w, v, t = given[:3], given[3:9], given[9:12], given[12]
    z = [[w[k] * x[i] + w[3 + k] * x[i + 1] for k in range(3)] for i in range(2)]
    pooled = [ca.fmax(*terms) for terms in zip(*z, strict=True)]
    output = 1 / (1 + ca.exp(-sum(v[k] * pooled[k] for k in range(3))))
    loss = (t - output) ** 2 / 2
    function = ca.Function("f", [given], [loss, ca.gradient(loss, given)[3:12]])
    generator = ca.CodeGenerator("f.c")
    generator.add(function)
    told = THEIRS.format(numbers=", ".join(map(repr, map(float, numbers))), size=9)
    return {"f.c": generator.dump(), "main.c": told + MAIN}


def run(files: Mapping[str, str], compiler: list[str]) -> dict:
    """Compile a program and return what it measures."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        sources = [name for name in files if name.endswith(".c")]
        subprocess.run([*compiler, *sources, "-o", "run", "-lm"], cwd=folder, check=True)
        done = subprocess.run([Path(folder, "run")], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main(compiler: list[str]) -> None:
    """Print a row for each network and its peer."""
    seed, lenet = (replace(SPECS[name], batch=1) for name in ("seed", "LeNet-5"))
    rows = {
        "seed, float64": (seed, "CasADi", 1.0, lambda: run(casadi(seed), compiler)),
        "LeNet-5, float32": (lenet, "PyTorch", 0.5, lambda: measured("pytorch", "LeNet-5", 1, 1)),
    }
    print(f"{' '.join(compiler)}; microseconds, medians of {ROUNDS} rounds")
    grid = Table(["one sample", "peer", "", "symcnn", "ratio", "target", "reached"], 20, 10)
    for title, (spec, peer, target, measure) in rows.items():
        if find_spec({"PyTorch": "torch"}.get(peer, "casadi")) is None:
            print(f"{title}: left out, {peer} is not installed")
            continue
        turns = [(run(exported(spec), compiler), measure()) for _ in range(ROUNDS)]
        for what in ("loss", "squares"):
            assert isclose(turns[0][0][what], turns[0][1][what], rel_tol=1e-4), what
        ours, theirs = ([turn[n]["seconds"] for turn in turns] for n in (0, 1))
        ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
        times = [f"{1e6 * median(times):,.4g}" for times in (theirs, ours)]
        reached = "yes" if ratio <= target else "NO"
        grid.row([title, peer, *times, f"{ratio:.2f}", str(target), reached])


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if a != "--markdown"] or ["gcc", "-O3"])
