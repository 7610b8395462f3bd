"""The page on C: its program runs, and prints the losses of Python's training."""

import re
import subprocess
from pathlib import Path

import numpy as np

import symcnn as sc
from tests.programs.backends.c.compiled import STRICT, build, needs_gcc

PAGE = (Path(__file__).parents[4] / "docs" / "c.md").read_text(encoding="utf-8")


@needs_gcc
def test_the_program_of_the_page_trains(tmp_path):
    program, *_ = re.findall(r"```c\n(.*?)```", PAGE, re.DOTALL)
    problem = sc.examples.cnn_by_hand()
    files = sc.to_c(problem.derivation, problem.values) | {"main.c": program}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    build([*STRICT, "main.c", "model.c", "-o", "run", "-lm"], tmp_path)
    done = subprocess.run([tmp_path / "run"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{loss:.6f}" for loss in losses(problem, 10)]


def losses(problem, steps):
    """Return the losses of gradient descent with the rate 1."""
    program = sc.lambdify(problem.derivation)
    values = {name: np.array(row, float) for name, row in problem.values.items()}
    for _ in range(steps):
        made = program(values)
        yield made.loss
        for tensor in problem.network.parameters:
            values[tensor.name] = (
                values[tensor.name].reshape(tensor.shape) - made.gradients[tensor.name]
            )


def test_the_memory_of_lenet_is_what_the_page_says():
    layers = [
        *(sc.Conv2D(6, 5), sc.ReLU(), sc.MaxPool2D(2), sc.Conv2D(16, 5), sc.ReLU()),
        *(sc.MaxPool2D(2), sc.Flatten(), sc.Dense(120), sc.ReLU(), sc.Dense(84), sc.ReLU()),
        sc.Dense(10),
    ]
    derivation = sc.derive(sc.Network((32, 32, 1), layers, sc.SoftmaxCrossEntropy()))
    values = {t.name: np.zeros(t.shape) for t in derivation.network.given}
    options = {"dtype": "float32", "results": "training"}
    header = sc.to_c(derivation, values, **options)["model.h"]
    (gradients, workspace) = re.findall(r"(?:gradients|workspace) ([\d,]+\d)", header)
    assert f"{gradients} bytes, and a workspace of\n{workspace} bytes" in PAGE
    assert gradients == f"{4 * 61706:,}"
