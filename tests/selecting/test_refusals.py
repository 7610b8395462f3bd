"""What indices, products and given tensors cannot say is one line that says it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np
import pytest

import symcnn as sc
from symcnn import define, index

J, U = index("i"), index("u")


def tensor(name, *shape, role="input"):
    return sc.Tensor(name, shape, role, name, tuple("ijk"[: len(shape)]))


X, Y, IDS = tensor("x", 5), tensor("y", 5), tensor("s", 5)
Z = tensor("z", 3)

REFUSED = {
    "the index s[i] + 1 of x[s[i] + 1] is computed from s[i]": lambda: define(Y[J], X[IDS[J] + 1]),
    "y[i] is a Max of entries that s selects": lambda: define(
        Y[J], X[IDS[U]], over={U: 5}, reduction=sc.Max()
    ),
    "y[i] is a LogSumExp of entries that s selects": lambda: define(
        Y[J], X[IDS[U]], over={U: 5}, reduction=sc.LogSumExp()
    ),
    "the range of u, an index of y[i] that is divided by 2, is not known": lambda: define(
        Y[J], X[U // 2]
    ),
    "y[i] is a mean over entries that can lie outside": lambda: define(
        Y[J], X[(J + U) // 2], over={U: 9}, reduction=sc.Mean()
    ),
    "y[i] is a product over entries such as x[i + 1] that can lie outside": lambda: define(
        Y[J], X[J + U], over={U: 2}, reduction=sc.Product()
    ),
    "y[i] is a product over entries such as z[r + 1] that can lie outside": lambda: define(
        Y[J], Z[(J + U) // 2], over={U: 3}, reduction=sc.Product()
    ),
    "y[i] is a product over entries such as z[i - 4*r] that can": lambda: define(
        Y[J], Z[(J + U) % 4], over={U: 2}, reduction=sc.Product()
    ),
    "y[floor(i/2)] is a product whose factors come from several": lambda: define(
        Y[J // 2], X[J], over={J: 5}, reduction=sc.Product()
    ),
    "y[i] is a product with a condition on u, which": lambda: define(
        Y[J], X[U], over={U: 5}, inside=[(J - U, 5)], reduction=sc.Product()
    ),
    "y[floor(i/2)] is a Mean whose terms come from several positions": lambda: define(
        Y[J // 2], X[J], over={J: 5}, reduction=sc.Mean()
    ),
    "y[s[i]] is a Mean whose terms come from several positions": lambda: define(
        Y[IDS[J]], X[J], over={J: 5}, reduction=sc.Mean()
    ),
    "y[0] is a product of 125 factors, more than the 64": lambda: define(
        Y[0], X[J] * X[U] * X[index("k")], over={U: 5, index("k"): 5}, reduction=sc.Product()
    ),
    "y[i] is a product of as many factors as letters say": lambda: define(
        Y[J], X[U], over={U: sc.size("K")}, reduction=sc.Product()
    ),
}


@pytest.mark.parametrize("start", REFUSED)
def test_what_an_equation_cannot_say(start):
    with pytest.raises(sc.SymcnnError) as refused:
        REFUSED[start]()
    assert str(refused.value).startswith(start)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) <= 200


@dataclass(frozen=True)
class Looked(sc.Layer):
    """y[i] = w[x[i]], of an input that is not said to hold indices."""

    def parameters(self, shape):
        return {"weight": sc.Parameter((4,), "w", "v")}

    def forward(self, y, x, weight):
        (i,) = y.indices
        return define(y[i], weight[x[i]])


@dataclass(frozen=True)
class Numbered(Looked):
    takes_indices: ClassVar = True


def test_indices_are_given():
    with pytest.raises(sc.SymcnnError, match="entries of x are used as indices"):
        sc.Network((3,), [Looked()], sc.SumOfOutputs())
    with pytest.raises(sc.SymcnnError, match="entries of tanh1 are used as indices"):
        sc.Network((3,), [sc.Tanh(), Numbered()], sc.SumOfOutputs())
    network = sc.Network((3,), [Numbered()], sc.SumOfOutputs())
    assert "x" not in sc.derive(network).adjoints


@pytest.mark.parametrize("bad", [[0, 1, 4], [0, -1, 2], [0, 0.5, 1]])
def test_an_index_that_selects_nothing(bad):
    network = sc.Network((3,), [sc.Embedding(4, 1)], sc.SumOfOutputs())
    values = {"x": bad, "embedding1.weight": [1, 2, 3, 4]}
    wrong = next(n for n in bad if n not in (0, 1, 2, 3))
    for call in (sc.Problem, lambda n, v: sc.lambdify(sc.derive(n))(v)):
        with pytest.raises(sc.SymcnnError) as refused:
            call(network, values)
        assert str(refused.value) == (
            f"x, number {bad.index(wrong) + 1}, is {wrong:g}, but it is an index: give a whole "
            "number from 0 to 3"
        )


def test_an_index_is_whole_exactly():
    """A float of 2 + 10^-25 is 2, but the exact formulas would find no row."""
    network = sc.Network((2,), [sc.Embedding(3, 1)], sc.SumOfOutputs())
    nearly = Decimal("2." + 24 * "0" + "1")
    with pytest.raises(sc.SymcnnError, match="x, number 2, is 2000"):
        sc.Problem(network, {"x": [1, nearly], "embedding1.weight": [1, 2, 3]})


def test_exact_substitution_refuses_what_selects_nothing():
    derivation = sc.derive(sc.Network((2,), [sc.Embedding(3, 1)], sc.SumOfOutputs()))
    closed = derivation.partial("embedding1.weight", (0, 0))
    assert derivation.substitute(closed, {"x": [0, 0]}) == 2
    with pytest.raises(sc.SymcnnError, match="x, number 1, is 9, but it is an index"):
        derivation.substitute(closed, {"x": [9, 0]})


def test_positions_are_no_quantity_of_a_problem():
    network = sc.Network((2,), [sc.Embedding(3, 1)], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1, 2], "embedding1.weight": [1, 2, 3]})
    with pytest.raises(sc.SymcnnError, match="there is no quantity 'positions below 3'"):
        problem.quantity("positions below 3")


def test_a_document_claims_no_error_signal_of_an_index():
    pytest.importorskip("rich")
    network = sc.Network((1,), [sc.Embedding(3, 2), sc.Flatten()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1], "embedding1.weight": [1, 2, 3, 4, 5, 6]})
    text = " ".join(sc.explain(problem, detail="brief").to_text().split())
    assert "its value and, except for the input and the loss, its error signal" in text
    assert ", from the loss back" in text
    assert "carry the weights" not in text  # an index is not multiplied by what it selects
    assert "4 edges" in text


def test_what_is_differentiated_on_request():
    network = sc.Network((2,), [sc.Dropout(), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1, 2], "dropout1.mask": [1, 0], "dense1.weight": [[3, 4]], "target": [1]}
    assert "dropout1.mask" not in sc.lambdify(sc.derive(network))(values).gradients
    found = sc.lambdify(sc.derive(network, ["dropout1.mask", "target"]))(values).gradients
    # y = 2 m x = (2, 0), z = 6, dL/dz = z - t = 5, dL/dm = 5 w 2 x
    assert found["dropout1.mask"].tolist() == [30, 80]
    assert found["target"].tolist() == [-5]
    for also, start in {
        ("x",): "'x' is not a tensor that is given",
        "target": "also is 'target'",
        None: "also is a NoneType",
        (3,): "a name in also is 3",
    }.items():
        with pytest.raises(sc.SymcnnError) as refused:
            sc.derive(network, also)
        assert str(refused.value).startswith(start)
    table = sc.Network((2,), [sc.Embedding(3, 1)], sc.SumOfOutputs())
    with pytest.raises(sc.SymcnnError, match="the entries of x are indices"):
        sc.derive(table, ["x"])


def test_samples_that_meet_cannot_be_evaluated_in_chunks():
    pytest.importorskip("dask")
    from tests.selecting.layers import Contrastive

    network = sc.Network((2,), [sc.Dense(2)], Contrastive(), batch=4)
    program = sc.lambdify(sc.derive(network), results="training")
    values = {t.name: np.zeros(t.shape) for t in network.given}
    with pytest.raises(sc.SymcnnError, match="depends on all samples of a batch"):
        program.map_batches(values)
