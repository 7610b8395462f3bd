"""General forms and formulas by hand of indices that are no affine forms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import pytest
from sympy import lambdify, symbols

import symcnn as sc
from symcnn.equations import counted
from tests.draws import some
from tests.selecting.layers import Circular, Contrastive, Multiplied, Nearest, ShortCircular, Unpool

PRINTED = [
    (Circular(), "layer1.weight", "Sum(delta^y[i, k]*x[Mod(i + u + 4, 5), c], (i, 0, 4))"),
    (
        Circular(),
        "x",
        "Sum(delta^y[Mod(r - u + 1, 5), k]*w[u, c, k], (u, 0, 2), (k, 0, 1))",
    ),
    (Nearest(3), "x", "Sum(delta^y[s, c], (s, 3*r, 3*r + 2))"),
    (Unpool(), "x", "Sum(Iverson(Eq(p[r], iota^(6)[i]))*delta^y[i, c], (i, 0, 5))"),
]


@pytest.mark.parametrize(("layer", "name", "printed"), PRINTED)
def test_a_general_form_as_a_paper_prints_it(layer, name, printed):
    derivation = sc.derive(sc.Network((5, 2), [layer], sc.SumOfOutputs()))
    upstream = sc.derive(sc.Network((5, 2), [layer], sc.Upstream()))
    assert derivation.indices(name) == upstream.indices(name)
    assert str(upstream.partial(name)) == printed


@pytest.mark.parametrize(
    "layer",
    some(
        [
            Circular(k, s, d, p)
            for k in (1, 2, 3)
            for s in (1, 2, 3)
            for d in (1, 2, 3)
            for p in (0, 1, 4)
        ],
        every=6,
    ),
)
def test_the_general_form_agrees_with_the_one_by_hand(layer):
    derivation = sc.derive(sc.Network((4, 1), [layer], sc.HalfSquaredError()))
    for name in ("x", "layer1.weight"):
        free = derivation.indices(name)
        at = derivation.entries.general(derivation.partial(name))
        for position in derivation.adjoints[name].positions():
            written = at(dict(zip(free, position, strict=True)))
            staged = derivation.partial(name, position, staged=True)
            assert (written - staged).expand() == 0, (name, position)


def test_a_remainder_within_a_longer_axis_needs_no_condition():
    derivation = sc.derive(sc.Network((5, 1), [ShortCircular()], sc.Upstream()))
    assert derivation.latex("layer1") == (
        r"y_{i} = \frac{1}{2} \sum_{u=1}^{2} x_{(\left(i + u + 1\right) \bmod 3) + 1}"
        r"\quad \left(i = 1, \dots, 5\right)"
    )


@dataclass(frozen=True)
class EvenCircular(sc.Layer):
    """y[i] = sum over u of w[u] x[(2 i + 2 u - 2) mod 6]: SymPy takes the factor 2 out."""

    def parameters(self, shape):
        return {"weight": sc.Parameter((3,), "w", "u")}

    def forward(self, y, x, weight):
        (i,), u = y.indices, sc.index("u")
        return sc.define(y[i], weight[u] * x[(2 * i + 2 * u - 2) % 6])


def test_a_remainder_with_a_common_factor():
    network = sc.Network((6,), [EvenCircular()], sc.Upstream())
    derivation = sc.derive(network)
    assert str(derivation.partial("layer1.weight")).startswith("Sum(delta^y[s]*x[2*(Mod(s + u + 2")
    printed = r"y_{s} = \sum_{u=0}^{2} w_{u} x_{\left(2 s + 2 u - 2\right) \bmod 6}\quad "
    assert derivation.latex("layer1", index_base=0).startswith(printed)
    # 2 (i - 1) + 2 (u - 1) - 2 is 2 i + 2 u modulo 6
    assert r"x_{(\left(2 s + 2 u\right) \bmod 6) + 1}" in derivation.latex("layer1")
    values = {"x": range(6), "layer1.weight": [1, 2, 3], "gradient": [1] * 6}
    assert sc.explain(sc.Problem(network, {k: [*v] for k, v in values.items()})).to_latex()


def test_a_table_by_hand():
    """Row 1 of the table is read where the index is 1; both places add up."""
    network = sc.Network((2,), [sc.Embedding(3, 1)], sc.Upstream())
    derivation = sc.derive(network)
    x1, x2, g1, g2 = symbols("x_1 x_2 g_1 g_2", real=True)
    closed = derivation.partial("embedding1.weight", (1, 0))
    assert closed.subs({x1: 1, x2: 1}) == g1 + g2
    assert closed.subs({x1: 1, x2: 2}) == g1
    assert closed.subs({x1: 0, x2: 2}) == 0


def test_a_product_by_hand():
    """The derivative is the product of the other factors, also where one of them is 0."""
    derivation = sc.derive(sc.Network((3, 1), [Multiplied()], sc.Upstream()))
    x1, x3, g = symbols("x_1 x_3 g", real=True)
    assert derivation.partial("x", (1, 0)) == g * x1 * x3


def test_every_sample_meets_every_other():
    derivation = sc.derive(sc.Network((2,), [sc.Tanh()], Contrastive(), batch=2))
    closed = derivation.value(derivation.symbol("loss.similarity", (0, 1)))
    assert str(closed) == "t_21*tanh(x_11) + t_22*tanh(x_12)"


@pytest.mark.parametrize("length", [1, 2, 9, 101, 150])
def test_positions_are_counted(length):
    numbers = sc.positions(length)
    found = [0] * length
    for equation in counted(numbers):
        for entry, terms in _counts(equation):
            found[entry] += terms
    assert found == list(range(length))


def _counts(equation):
    """Enumerate the loops in plain Python."""
    symbols = [loop.symbol for loop in equation.loops]
    entry, *guarded = (
        lambdify(symbols, e)
        for e in (equation.target.indices[0], *(g.expression for g in equation.guards))
    )
    for place in product(*(range(loop.size) for loop in equation.loops)):
        inside = (
            0 <= index(*place) < guard.size
            for index, guard in zip(guarded, equation.guards, strict=True)
        )
        if all(inside):
            yield entry(*place), int(equation.value)


@dataclass(frozen=True)
class Window(sc.Layer):
    """y[i] = x[s[i - 1]] + x[s[i]]: the index before the first is none, and no term."""

    supplied: ClassVar = {"ids": ""}

    def givens(self, shape):
        return {"ids": sc.Given((3,), "s", "i")}

    def output_shape(self, shape):
        return (3,)

    def forward(self, y, x, ids):
        (i,), u = y.indices, sc.index("u")
        return sc.define(y[i], x[ids[i - 1 + u]], over={u: 2})


def test_an_index_outside_of_its_tensor_is_no_term():
    pytest.importorskip("rich")
    network = sc.Network((2,), [Window()], sc.Upstream())
    values = {"x": [5, 7], "layer1.ids": [0, 1, 1], "gradient": [1, 10, 100]}
    made = sc.evaluate(sc.Problem(network, values))
    assert made.outputs["layer1"].tolist() == [5, 12, 14]
    assert made.gradients["x"].tolist() == [1 + 10, 10 + 200]
    text = sc.explain(sc.Problem(network, values)).to_text()  # its rows are checked
    assert "δˣ_q = ∑_{r,u} δʸᵣ [s_{rᵤ} = q - 1]" in text
    assert "Terms whose indices lie outside s are omitted." in " ".join(text.split())
    assert "y₂ = x₁ [s₁ = 0] + x₁ [s₂ = 0] + x₂ [s₁ = 1] + x₂ [s₂ = 1]" in text
