"""Trials of theorems: what is evaluated, compared with plain loops; and how much is."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from sympy import cos, pi, sin
from sympy.core import relational

import symcnn as sc
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import statement
from symcnn.document.theory.trial import tried
from symcnn.errors import UnverifiedError
from tests.draws import MANY

SIZES = range(1, 61) if MANY else (1, 2, 4, 9, 14)


@dataclass(frozen=True)
class Cosines(sc.Layer):
    """y[n] = sum over q of cos(2 pi n q / C) x[q]."""

    letter: ClassVar[str] = "y"
    axes: ClassVar[str] = "n"

    def output_shape(self, shape):
        return shape

    def forward(self, y, x):
        (n,), q, size = y.indices, sc.index("q"), x.shape[0]
        at = sc.positions(size)
        return (sc.define(y[n], cos(2 * pi * at[n] * at[q] / size) * x[q], over={q: size}),)


@dataclass(frozen=True)
class Waves(Cosines):
    """y[n] = sum over q of sin(pi n q x[q] / C)."""

    def forward(self, y, x):
        (n,), q, size = y.indices, sc.index("q"), x.shape[0]
        at = sc.positions(size)
        return (sc.define(y[n], sin(pi * at[n] * at[q] * x[q] / size), over={q: size}),)


def cosines(x, g):
    at = np.outer(*[np.arange(len(x))] * 2)
    turned = np.cos(2 * np.pi * at / len(x))
    return turned @ x, g @ turned


def waves(x, g):
    at = np.outer(*[np.arange(len(x))] * 2) * np.pi / len(x)
    return np.sin(at * x).sum(axis=1), g @ (at * np.cos(at * x))


@pytest.mark.parametrize(("layer", "plain"), [(Cosines, cosines), (Waves, waves)])
def test_functions_of_positions_are_those_of_their_products(monkeypatch, layer, plain):
    """cos(2 pi 14 14 / 55) was read as cos(2 pi 14 / 55): equal factors counted once."""

    def reference(network, values):
        name = network.output.name
        output, slope = plain(values["x"], values["gradient"])
        return {name: output}, {"x": slope, name: values["gradient"]}

    def instances(network, count, seed, supposed):
        (letter,) = network.sizes
        yield from (({letter: n}, network.at({letter: n})) for n in SIZES)

    monkeypatch.setattr("symcnn.document.theory.trial.instances", instances)
    trial = tried(statement(specimen(layer)), reference=reference)
    assert len(trial.choices) == len(SIZES)


def test_the_shares_of_a_window_compare_its_terms_once(monkeypatch):
    """Every share of every tie compared all terms with all others anew: minutes for a theorem."""
    compared, compare = [], relational.is_ge
    monkeypatch.setattr(relational, "is_ge", lambda *p: compared.append(p) or compare(*p))
    made = statement(specimen(sc.GlobalMaxPool2D(ties="split")))
    compared.clear()
    trial = tried(made, 6)
    (H, W, C) = made.network.sizes  # noqa: N806 - as on paper
    terms = sum(numbers[H] * numbers[W] * numbers[C] for numbers in trial.choices)
    assert len(compared) <= 2 * terms


@dataclass(frozen=True)
class Balanced(sc.Layer):
    """y[n] = x[n] / D, D = 1 + the sum of x, which is declared to be positive."""

    letter: ClassVar[str] = "y"
    axes: ClassVar[str] = "n"

    def output_shape(self, shape):
        return shape

    def auxiliaries(self, shape):
        return {"total": sc.Auxiliary((1,), "D", "i", positive=True)}

    def forward(self, y, x, total):
        (n,), (i,), q = y.indices, total.indices, sc.index("q")
        whole = sc.define(total[i], x[q] + 1 / x.shape[0], over={q: x.shape[0]})
        return whole, sc.define(y[n], x[n] / total[0])


def test_what_is_declared_to_be_positive_is_tried():
    with pytest.raises(UnverifiedError, match=r"D is not positive at \{C: 57\}: do not"):
        sc.theorem(Balanced)


@dataclass(frozen=True)
class Undeclared(Balanced):
    def auxiliaries(self, shape):
        return {"total": sc.Auxiliary((1,), "D", "i")}


def test_what_may_be_0_is_supposed_not_to_be():
    assert r"We assume $`D \neq 0`$." in sc.theorem(Undeclared).to_markdown()
