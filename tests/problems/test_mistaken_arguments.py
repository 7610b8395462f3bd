"""What is given in the wrong place, or in the layout of PyTorch, is one line with the remedy."""

import re

import numpy as np
import pytest

import symcnn as sc

PROBLEM = sc.examples.cnn_by_hand()
NETWORK, DERIVATION = PROBLEM.network, PROBLEM.derivation
LOSS = sc.HalfSquaredError()

MISTAKEN = {
    "explain(network)": (lambda: sc.explain(NETWORK), r"the problem is a Network: give Problem\("),
    "explain(path)": (lambda: sc.explain("a.toml"), r"the problem is 'a.toml': .* or load\(path\)"),
    "evaluate(derivation)": (lambda: sc.evaluate(DERIVATION), "the problem is a Derivation: give"),
    "train(network)": (lambda: sc.train(NETWORK), "the problem is a Network: give Problem"),
    "gradcheck(network)": (lambda: sc.gradcheck(NETWORK), "the problem is a Network: give a net"),
    "derive(problem)": (lambda: sc.derive(PROBLEM), "the network is a Problem: .* own derivation"),
    "lambdify(problem)": (lambda: sc.lambdify(PROBLEM), r"is a Problem: .* or problem.derivation"),
    "lambdify(network)": (lambda: sc.lambdify(NETWORK), r"is a Network: give derive\(network\)"),
    "a loss by name": (
        lambda: sc.Network((2,), [sc.ReLU()], "mse"),
        r"the loss is 'mse': give one such as MeanSquaredError\(\)",
    ),
    "a class for a loss": (
        lambda: sc.Network((2,), [sc.ReLU()], sc.HalfSquaredError),
        r"the loss is the class HalfSquaredError: call it, HalfSquaredError\(\.\.\.\)",
    ),
    "a class for a layer": (
        lambda: sc.Network((2,), [sc.Dense(2), sc.ReLU], LOSS),
        r"layers\[1\] is the class ReLU: call it, ReLU\(\.\.\.\)",
    ),
    "another class": (
        lambda: sc.Network((2,), [dict], LOSS),
        r"layers\[0\] is the class dict: give layers such as Dense\(2\)",
    ),
    "a bare layer": (
        lambda: sc.Network((2,), sc.ReLU(), LOSS),
        r"layers is a ReLU: give a list of layers, \[Dense\(2\), ReLU\(\)\]",
    ),
    "a layer by name": (lambda: sc.Network((2,), ["relu"], LOSS), r"layers\[0\] is 'relu': give"),
    "numbers by order": (lambda: sc.Problem(NETWORK, [1, 2]), "values is a list: give a dict"),
    "layers for a problem": (lambda: sc.Problem([sc.ReLU()], {}), "the network is a list: give a"),
}


@pytest.mark.parametrize("call", MISTAKEN)
def test_what_is_no_such_thing_is_one_line(call):
    mistaken, message = MISTAKEN[call]
    with pytest.raises(sc.SymcnnError, match=f"^.*{message}") as caught:
        mistaken()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 200


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Conv2d", "Conv2D"), ("Relu", "ReLU or relu"), ("max_pool2d", "MaxPool2D")],
)
def test_a_name_in_another_case_is_suggested(wrong, right):
    with pytest.raises(AttributeError, match=rf"'{wrong}': did you mean {right}\?"):
        getattr(sc, wrong)
    with pytest.raises(AttributeError, match=r"'torch'$"):
        sc.torch  # noqa: B018 - asking for it is what is tried


KERNELS = {
    "conv": (sc.Conv2D(5, (2, 3)), (4, 4, 3), (5, 3, 2, 3)),
    "conv, one axis": (sc.Conv1D(5, 2), (4, 3), (5, 3, 2)),
    "transposed": (sc.ConvTranspose2D(5, (2, 3)), (4, 4, 3), (3, 5, 2, 3)),
}


@pytest.mark.parametrize("name", KERNELS)
def test_pytorchs_kernels_are_recognised_and_the_remedy_is_right(name):
    layer, shape, theirs = KERNELS[name]
    network = sc.Network(shape, [layer], sc.SumOfOutputs())
    kernel = np.arange(np.prod(theirs)).reshape(theirs)
    values = {t.name: np.ones(t.shape) for t in network.given}
    (weight,) = (name for name in values if name.endswith(".weight"))
    with pytest.raises(
        sc.SymcnnError, match=r"as in PyTorch: permute them, array.transpose"
    ) as error:
        sc.Problem(network, values | {weight: kernel})
    assert "flat" not in str(error.value)
    order = map(int, re.search(r"transpose\((.*)\)", str(error.value))[1].split(", "))
    ours = kernel.transpose(*order)
    assert ours.shape == network.tensors[weight].shape
    outputs, inputs = (0, 1) if name != "transposed" else (1, 0)
    taps = ours.shape[:-2]
    for at in np.ndindex(ours.shape):  # (kernel, inputs, filters) and theirs, entry by entry
        there = [at[-1], at[-2]] if (outputs, inputs) == (0, 1) else [at[-2], at[-1]]
        assert ours[at] == kernel[(*there, *at[: len(taps)])]


def test_a_kernel_that_could_be_of_both_kinds_is_told_the_axes():
    network = sc.Network((4, 4, 3), [sc.Conv2D(3, 2, bias=False)], sc.SumOfOutputs())
    with pytest.raises(sc.SymcnnError, match=r"permute them, to \(kernel, inputs, filters\)$"):
        sc.Problem(network, {"x": np.zeros((4, 4, 3)), "conv1.weight": np.zeros((3, 3, 2, 2))})
