"""Weights by name and shape, in the layouts of PyTorch."""

import numpy as np
import pytest

import symcnn as sc

safetensors = pytest.importorskip("safetensors.numpy")


def network():
    layers = [
        sc.Conv2D(2, (2, 1), name="features.0"),
        sc.BatchNorm(mode="inference", name="features.1"),
        sc.Flatten(),
        sc.ReLU(),
        sc.Dense(3, name="fc"),
    ]
    return sc.Network((3, 4, 1), layers, sc.SumOfOutputs())


def problem():
    made = network()
    return sc.Problem(made, {t.name: [0.5] * t.size for t in made.given})


def drawn():
    shapes = {
        "features.0.weight": (2, 1, 2, 1),
        "features.0.bias": (2,),
        "features.1.weight": (2,),
        "features.1.bias": (2,),
        "features.1.running_mean": (2,),
        "features.1.running_var": (2,),
        "fc.weight": (3, 16),
        "fc.bias": (3,),
    }
    random = np.random.default_rng(0)
    return {name: random.uniform(0.1, 1, shape) for name, shape in shapes.items()}


def refusal(folder, arrays, monkeypatch):
    monkeypatch.chdir(folder)
    safetensors.save_file(arrays, "net.safetensors")
    with pytest.raises(sc.SymcnnError) as caught:
        sc.with_safetensors(problem(), "net.safetensors")
    return str(caught.value)


def test_the_output_is_pytorchs(tmp_path):
    """The same network in NumPy, with the channels first."""
    arrays = drawn()
    path = tmp_path / "net.safetensors"
    safetensors.save_file({**arrays, "features.1.num_batches_tracked": np.ones(1)}, path)
    made = sc.evaluate(sc.with_safetensors(problem(), path))
    kernel, bias = arrays["features.0.weight"][:, 0, :, 0], arrays["features.0.bias"]
    x = np.full((3, 4), 0.5)
    z = np.array([k[0] * x[:-1] + k[1] * x[1:] + b for k, b in zip(kernel, bias, strict=True)])
    one = [arrays[f"features.1.{n}"][:, None, None] for n in ("running_mean", "running_var")]
    scale, shift = (arrays[f"features.1.{n}"][:, None, None] for n in ("weight", "bias"))
    z = scale * (z - one[0]) / np.sqrt(one[1] + 1e-5) + shift
    y = arrays["fc.weight"] @ np.maximum(z, 0).ravel() + arrays["fc.bias"]
    np.testing.assert_allclose(made.outputs["fc"], y, rtol=1e-13)


def test_what_does_not_fit_is_listed(tmp_path, monkeypatch):
    arrays = drawn()
    arrays["head.bias"] = arrays.pop("fc.bias")
    arrays["fc.weight"] = np.ones((3, 15))
    assert refusal(tmp_path, arrays, monkeypatch).split("\n") == [
        "net.safetensors: no layer takes 'head.bias': did you mean 'fc.bias'? choose from "
        "features.0.weight, features.0.bias, features.1.weight, features.1.bias and 4 more",
        "net.safetensors: fc.weight has the shape 3x15, but 3x16 is needed: save the weights of "
        "this network",
        "net.safetensors: the file has no 'fc.bias': save the weights of all layers",
    ]


def test_what_is_no_file_of_weights(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.safetensors").write_text("weights")
    with pytest.raises(
        sc.SymcnnError, match=r"^text\.safetensors: this is not a safetensors file of floats"
    ):
        sc.with_safetensors(problem(), "text.safetensors")
    with pytest.raises(sc.SymcnnError, match=r"^none\.safetensors: cannot read the file: No such"):
        sc.with_safetensors(problem(), "none.safetensors")
