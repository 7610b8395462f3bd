"""Statements are read back from their trees before they are written: a wrong one is refused."""

from dataclasses import dataclass

import numpy as np
import pytest
from sympy import Abs

import symcnn as sc
from symcnn.derivation import read_back
from symcnn.equations.functions import DefinedFunction
from symcnn.errors import UnverifiedError
from symcnn.writing.formula import precedence
from tests.document.positioned import Wave
from tests.draws import one_of

NETWORK = sc.Network((3,), [Wave()], sc.HalfSquaredError())
PROBLEM = sc.Problem(NETWORK, {"x": [1, 2, 3], "layer1.gamma": [2], "target": [1, 0, 1]})


def entry(base):
    return sc.derive(NETWORK).latex("x", (1,), index_base=base, staged=True)


OUTPUTS = {
    "a formula": lambda base: sc.derive(NETWORK).latex("layer1", index_base=base),
    "a derivative": lambda base: sc.derive(NETWORK).latex("x", index_base=base),
    "a second one": lambda base: sc.derive(NETWORK).hessian("x", "x").latex(index_base=base),
    "a document": lambda base: sc.explain(PROBLEM, index_base=base),
    "a theorem": lambda base: sc.theorem(sc.Tanh, index_base=base),
}


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_is_right(output, base):
    assert OUTPUTS[output](base)
    assert entry(base)


@pytest.mark.parametrize("output", OUTPUTS)
def test_without_their_parentheses_sums_are_no_factors(monkeypatch, output):
    monkeypatch.setattr(precedence, "factor", lambda printed: printed)
    with pytest.raises(UnverifiedError):
        OUTPUTS[output](1)


LAYERS = {
    **dict.fromkeys((sc.Dense, sc.MaxPool1D, sc.BatchNorm, sc.Attention), 3),
    **dict.fromkeys((sc.Conv1D, sc.ConvTranspose1D), 3 + 40),
}


@pytest.mark.parametrize("layer", one_of(LAYERS))
def test_letters_get_numbers(monkeypatch, layer):
    """Formulas for all sizes are read back at three choices of sizes, convolutions at forty more.

    In convolution notation a formula is compared with the one in indices at each of these.
    """
    found = []
    places = read_back._place

    def counted(p, general, numbers, draw, cases):
        found.append(str(numbers))
        return places(p, general, numbers, draw, cases)

    monkeypatch.setattr(read_back, "_place", counted)
    sc.theorem(layer)
    assert len({*found}) == LAYERS[layer]


class bent(DefinedFunction):  # noqa: N801  # SymPy's functions are lower case
    """z / (1 + |z|)."""

    @classmethod
    def definition(cls, z):
        return z / (1 + Abs(z))


@dataclass(frozen=True)
class Bent(sc.Layer):
    """y = bent(x)."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], bent(x[x.indices])),)


def test_functions_of_users_are_read_by_their_names():
    network = sc.Network((3,), [Bent()], sc.HalfSquaredError())
    formula = r"y_{q} = \operatorname{bent}\left(x_{q}\right)"
    assert sc.derive(network).latex("layer1").startswith(formula)
    worked = r"\operatorname{bent}\left(x_{1}\right) = \operatorname{bent}\left(1\right) = 0.5"
    problem = sc.Problem(network, {"x": [1, -2, 3], "target": [1, 0, 1]})
    assert worked in sc.explain(problem).to_latex()


def test_an_entry_with_the_letter_of_exponentials_has_parentheses_below_an_exponent():
    merged = sc.MatMul(inputs=("embedding1", "embedding1"), transpose_b=True)

    class Lookup(sc.Embedding):
        letter = "e"

    network = sc.Network((1,), [Lookup(2, 1), merged], sc.HalfSquaredError())
    numbers = {"x": [1], "embedding1.weight": [[3], [4]], "target": [[1]]}
    text = sc.explain(sc.Problem(network, numbers)).to_latex()
    assert r"\left(e\right)^{2} = 4^{2} = 16" in text
    assert "e^{2}" not in text


def test_of_axes_of_length_1_those_have_indices_that_no_index_leaves():
    """In delta^y_{nsgh}, s is no index of the axis that the mean has left with length 1."""
    layers = [sc.ReduceMean(axis=-4, keepdims=True), sc.Sigmoid()]
    network = sc.Network((2, 2, 2, 2, 1), layers, sc.HalfSquaredError())
    shapes = {name: tuple(network.tensors[name].shape) for name in ("x", "target")}
    values = {"x": np.arange(16).reshape(shapes["x"]), "target": np.ones(shapes["target"], int)}
    document = sc.explain(sc.Problem(network, {n: v.tolist() for n, v in values.items()}))
    assert "delta" in document.to_latex()
