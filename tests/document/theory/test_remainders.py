"""Theorems with remainders and quotients by letters, against NumPy at every small size."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from sympy import Le, Max, Mod, ceiling, floor

import symcnn as sc
from symcnn import SymcnnError, define, index, size
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import hypotheses, statement
from symcnn.document.theory.trial import tried
from tests.draws import MANY, some

A, B, C, F, H, K, N, R, S = (size(letter) for letter in "ABCFHKNRS")
P, Q = (size(letter, least=0) for letter in "PQ")


@dataclass(frozen=True)
class Circular(sc.Layer):
    """z_i = sum over u of w_u x[(S i + u - P) mod H]: circular padding, with a stride."""

    taps: int = K
    step: int = S
    before: int = P

    axes: ClassVar[str] = "i"

    def output_shape(self, shape):
        return ((shape[0] - 1) // self.step + 1 if isinstance(self.step, int) else N,)

    def parameters(self, shape):
        return {"weight": sc.Parameter((self.taps,), "w", "u")}

    def forward(self, y, x, weight):
        (i,), u = y.indices, index("u")
        place = Mod(self.step * i + u - self.before, x.shape[0])
        return (define(y[i], weight[u] * x[place]),)


@dataclass(frozen=True)
class Shared(sc.Layer):
    """y_q = w[q mod K] v[floor(q / K)] x_q: a weight for each remainder, and for each block."""

    period: int = K

    def parameters(self, shape):
        blocks = (
            ceiling(shape[0] / self.period)
            if not isinstance(shape[0], int)
            else -(-shape[0] // self.period)
        )
        return {"w": sc.Parameter((self.period,), "w", "u"), "v": sc.Parameter((blocks,), "v", "r")}

    def forward(self, y, x, w, v):
        (q,) = y.indices
        return (define(y[q], w[Mod(q, self.period)] * v[floor(q / self.period)] * x[q]),)


CASES = {
    "circular": Circular(step=1),
    "shared": Shared(),
    "nearest": sc.Upsample2D(size=(A, B)),
    "same": sc.Conv1D(F, K, stride=S, padding="same"),
    "same, transposed": sc.ConvTranspose1D(F, K, stride=S, padding="same"),
    "same, stride 2": sc.Conv1D(F, 3, stride=2, padding="same"),
    "rounded up": sc.MaxPool1D(K, stride=S, padding=P, ceil_mode=True),
    "rounded up, mean": sc.AvgPool1D(K, stride=S, padding=P, ceil_mode=True),
    "rounded up, norm": sc.LPPool2D((K, 1), stride=(S, 1), ceil_mode=True),
    "R": sc.AvgPool1D(R),
}


@pytest.mark.parametrize("name", some(CASES, every=5))
def test_a_theorem_with_remainders_holds_at_random_sizes(name):
    count = 40 if MANY else 6
    assert len(tried(statement(specimen(CASES[name])), count).choices) == count


@pytest.mark.parametrize(("length", "taps", "before"), [(1, 3, 2), (3, 2, 4), (4, 5, 1), (5, 1, 0)])
def test_formulas_of_circular_padding_are_numpys_wrapped_sums(length, taps, before):
    d = sc.derive(sc.Network((H,), [Circular(step=1, before=P)], sc.Upstream()))
    made = sc.at_sizes(d, {H: length, K: taps, P: before, N: length})
    rng = np.random.default_rng(length)
    x, w, g = (rng.normal(size=n) for n in (length, taps, length))
    at = np.add.outer(np.arange(length), np.arange(taps) - before) % length
    expected = np.zeros(length)
    np.add.at(expected, at, np.outer(g, w))
    formula = made.put_in(d.partial("x"))
    (free,) = d.indices("x")
    values = {"x": x, "layer1.weight": w, "gradient": g}
    found = [float(made.substitute(formula.xreplace({free: n}), values)) for n in range(length)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.usefixtures("few_sizes")
def test_what_is_added_and_the_number_of_positions_have_letters():
    d = sc.derive(sc.Network((H, C), [sc.Conv1D(F, K, stride=S, padding="same")], sc.Upstream()))
    by_name = {str(letter): value for letter, value in d.network.relations.items()}
    assert by_name["M"] == ceiling(H / S)
    assert by_name["P"] == floor(Max(0, K + S * ceiling(H / S) - H - S) / 2)
    two = [sc.Conv1D(F, K, stride=S, padding="same"), sc.Conv1D(F, 2, stride=S, padding="same")]
    names = [str(n) for n in sc.Network((H, C), two, sc.Upstream()).relations]
    assert len(names) == len({*names}) == 4


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (sc.Pad(((P, Q),), mode="reflect"), {Le(P, H - 1), Le(Q, H - 1)}),
        (sc.Pad(((P, Q),), mode="circular"), {Le(P, H), Le(Q, H)}),
        (sc.Pad(((P, Q),), mode="replicate"), set()),
        (sc.Slice(0, A, A + B), {Le(A + B, H)}),
        (sc.Slice(0, -2), {Le(2, H)}),
        (sc.ConvTranspose1D(F, K, stride=S, output_padding=Q), {Le(Q, S - 1)}),
    ],
)
def test_what_letters_fulfil_where_the_layer_exists_is_stated(layer, expected):
    assert {Le(c.lts, c.gts) for c in hypotheses(statement(specimen(layer)))} == expected


@pytest.mark.usefixtures("few_sizes")
def test_a_condition_that_another_implies_is_not_printed():
    pytest.importorskip("rich")
    text = sc.theorem(sc.Pad(((P, Q),), mode="reflect")).to_text()
    assert "We assume P ≤ H - 1 and Q ≤ H - 1." in text
    forward = " ".join(text.partition("We assume")[0].split())
    cases = "x_{P-r+2,j,c} if r < P + 1; x_{r-P,j,c} if r < H + P + 1; x_{2H+P-r,j,c} otherwise"
    assert f"y_{{rjc}} = {{{cases}}}" in forward


@pytest.mark.usefixtures("few_sizes")
def test_axes_of_length_1_are_stated():
    text = sc.theorem(sc.ReduceSum(0, keepdims=True)).to_markdown()
    assert r"1 \times W \times C" in text
    assert "The index of an axis whose length is the number 1 is omitted." in text
    assert "length 1 is omitted" not in sc.theorem(sc.ReduceSum(0)).to_markdown()


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize(
    ("layer", "needs"),
    [
        (sc.AvgPool1D(K, padding=P), False),
        (sc.AvgPool1D(K, padding=P, count_include_pad=False), True),
        (sc.MaxPool1D(K, padding=P), True),
    ],
)
def test_windows_that_need_an_entry_are_said_to_have_one(layer, needs):
    said = "every window contains an entry of the input" in sc.theorem(layer).to_markdown()
    assert said is needs


def test_r_is_the_letter_of_a_size_where_no_maximum_has_it():
    with pytest.raises(SymcnnError, match="a size cannot be called R: R stands for the selector"):
        sc.Network((H, C), [sc.MaxPool1D(R)], sc.Upstream())
