"""What is given in place of a path, a problem file, data or one sample: a line with the remedy."""

import numpy as np
import pytest

import symcnn as sc

PROBLEM = sc.examples.cnn_by_hand()
IMPORT = "write one with symcnn import FILE -o my.toml"
IMAGE = "but an image (height, width, channels) is needed"


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: sc.load("my.onnx"), f"my.onnx: this is no problem file, which is TOML: {IMPORT}"),
        (
            lambda: sc.load("my.pth"),
            "my.pth: this is no problem file, which is TOML: it may hold a pickle, which is never "
            "read: use sc.from_torch(module, x)",
        ),
        (lambda: sc.load(PROBLEM), "the path is a Problem: give the path of a file, a text"),
        (
            lambda: sc.train(PROBLEM, 1, 0.1, (np.zeros(3), np.zeros(3))),
            'data is a tuple: give arrays by name, {"x": x, "y": y}, or the path of an .npz file',
        ),
        (
            lambda: sc.Network((1, 3, 6, 5), [sc.Conv2D(2, 3)], sc.SumOfOutputs()),
            f"layers[0] (Conv2D): the input has the shape (1, 3, 6, 5), {IMAGE}: leave out the "
            "axis of samples (batch = counts them)",
        ),
    ],
)
def test_a_slip(call, line):
    with pytest.raises(sc.SymcnnError) as caught:
        call()
    assert str(caught.value) == line
