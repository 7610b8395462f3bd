import itertools
import random
from fractions import Fraction

import mpmath
import pytest
from sympy import Rational, Symbol, exp, symbols

from symcnn import derive, sigmoid
from tests.derivation.seed import NETWORK, VALUES, by_hand

DERIVATION = derive(NETWORK)
PARTIALS = DERIVATION.partials()
KERNEL = [f"w_{u}{k}" for u in (1, 2) for k in (1, 2, 3)]
DENSE = [f"w^(2)_{k}" for k in (1, 2, 3)]


def test_the_nine_weights_in_order():
    assert [str(symbol) for symbol in PARTIALS] == KERNEL + DENSE


def test_the_closed_forms_hold_input_weights_and_target_alone():
    allowed = {"x_1", "x_2", "x_3", "t", *KERNEL, *DENSE}
    for partial in PARTIALS.values():
        names = {symbol.name for symbol in partial.free_symbols}
        assert names <= allowed
        assert "t" in names


def test_stages_and_parameter_counts():
    shapes = {t.name: t.shape for t in NETWORK.tensors.values()}
    assert shapes["conv1"] == (2, 1, 3)
    assert shapes["pool1"] == (1, 1, 3)
    assert {t.name: t.size for t in NETWORK.parameters} == {"conv1.weight": 6, "dense1.weight": 3}


def test_the_staged_forms():
    staged = DERIVATION.partials(staged=True)
    d, f = symbols("delta^z_11 delta^z_21", real=True), Symbol("f_2", real=True)
    x1, x2 = symbols("x_1 x_2", real=True)
    delta = Symbol("delta^z(2)", real=True)
    by_name = {symbol.name: form for symbol, form in staged.items()}
    assert by_name["w_11"] == d[0] * x1 + d[1] * x2
    assert by_name["w^(2)_2"] == delta * f


def test_the_staged_form_of_delta_is_the_textbooks():
    a, da = symbols("a delta^a", real=True)
    t = Symbol("t", real=True)
    assert DERIVATION.partial("dense1", (0,), staged=True) == da * a * (1 - a)
    assert DERIVATION.partial("sigmoid1", (0,), staged=True) == a - t


def test_routing_is_an_explicit_bracket():
    z1, z2, dp = symbols("z_13 z_23 delta^p_3", real=True)
    first = DERIVATION.partial("conv1", (0, 0, 2), staged=True)
    second = DERIVATION.partial("conv1", (1, 0, 2), staged=True)
    assert str(first) == "delta^p_3*Iverson(z_13 >= z_23)"
    assert str(second) == "delta^p_3*Iverson(z_13 < z_23)"
    for values in [(1, 0), (0, 1), (1, 1)]:
        assert (first + second).subs(dict(zip((z1, z2), values, strict=True))) == dp


# The rational factor of (s - 4/5)(1 - s)s with s = sigma(107/500), worked on paper
# as dense weight * input entry, and as pooled value.
FACTORS = [
    Rational(1, 10) * 1,
    Rational(1, 2) * 1,
    Rational(3, 5) * Rational(2, 5),
    Rational(1, 10) * Rational(2, 5),
    Rational(1, 2) * Rational(2, 5),
    Rational(3, 5) * Rational(7, 10),
    Rational(6, 25),
    Rational(13, 50),
    Rational(1, 10),
]


@pytest.mark.parametrize(("symbol", "factor"), list(zip(PARTIALS, FACTORS, strict=True)), ids=str)
def test_substitution_is_exact(symbol, factor):
    s = sigmoid(Rational(107, 500))
    exact = DERIVATION.substitute(PARTIALS[symbol], VALUES)
    assert exact.atoms(sigmoid) == {s}
    assert (exact - factor * (s - Rational(4, 5)) * (1 - s) * s).expand() == 0


def test_fifty_digits_by_substitution():
    want = by_hand(50)
    for symbol, number in zip(PARTIALS, want["conv1.weight"] + want["dense1.weight"], strict=True):
        close(DERIVATION.substitute(PARTIALS[symbol], VALUES, digits=50), number)


def test_fifty_digits_of_all_stages():
    point, tensors = DERIVATION.at(VALUES), NETWORK.tensors
    want = by_hand(50)
    close(point.value(tensors["sigmoid1"].symbol((0,))), want["sigmoid1"][0])
    close(point.value(tensors["loss"].symbol((0,))), want["loss"][0])
    for k in range(3):
        close(point.value(DERIVATION.adjoints["pool1"].symbol((0, 0, k))), want["pool1"][k])


def close(got, want):
    with mpmath.workdps(70):
        assert abs(mpmath.mpf(str(got)) - want) < abs(want) * mpmath.mpf(10) ** -49


@pytest.mark.parametrize(
    ("name", "position", "value"),
    [
        ("sigmoid1", (0,), 0.5532967568881029),
        ("loss", (0,), 0.03043124508096392),
        ("dense1", (0,), 0.214),
    ],
)
def test_known_values(name, position, value):
    got = DERIVATION.at(VALUES).value(NETWORK.tensors[name].symbol(position))
    assert float(got) == pytest.approx(value, abs=1e-16)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("conv1.weight", [-0.00609750393, -0.03048751964, -0.01463400943,
                          -0.00243900157, -0.01219500786, -0.02560951650]),
        ("dense1.weight", [-0.01463400943, -0.01585351022, -0.00609750393]),
        ("dense1", [-0.06097503928824672]),
        ("pool1", [-0.00609750393, -0.03048751964, -0.03658502357]),
        ("x", [-0.01036575668, 0.00609750393, -0.00731700471]),
    ],
)  # fmt: skip
def test_known_gradients(name, values):
    point, adjoint = DERIVATION.at(VALUES), DERIVATION.adjoints[name]
    got = [float(point.value(adjoint.symbol(p))) for p in adjoint.positions()]
    assert got == pytest.approx(values, abs=6e-12)


def composed(values, row):
    """Compose the network by plain SymPy operations, with the given pooling rows."""
    x, w, dense, t = (
        [Symbol(n, real=True) for n in names]
        for names in (("x_1", "x_2", "x_3"), KERNEL, DENSE, ("t",))
    )
    conv = [[w[k] * x[i] + w[3 + k] * x[i + 1] for k in range(3)] for i in range(2)]
    z = sum(dense[k] * conv[row[k]][k] for k in range(3))
    return (t[0] - 1 / (1 + exp(-z))) ** 2 / 2


@pytest.mark.parametrize("seed", range(4))
def test_the_closed_forms_agree_with_an_independent_composition(seed):
    drawn = random.Random(seed)
    names = ["x_1", "x_2", "x_3", *KERNEL, *DENSE, "t"]
    at = {
        n: Fraction(drawn.randint(1, 9) * drawn.choice([-1, 1]), drawn.randint(3, 9)) for n in names
    }
    conv = [
        [at[f"w_1{k}"] * at[f"x_{i}"] + at[f"w_2{k}"] * at[f"x_{i + 1}"] for k in (1, 2, 3)]
        for i in (1, 2)
    ]
    row = [0 if conv[0][k] >= conv[1][k] else 1 for k in range(3)]
    loss = composed(at, row)
    exact = {Symbol(n, real=True): Rational(v.numerator, v.denominator) for n, v in at.items()}
    for symbol, partial in PARTIALS.items():
        want = loss.diff(symbol).xreplace(exact)
        got = partial.xreplace(exact).rewrite(exp)
        assert abs((got - want).evalf(40)) <= 1e-30 * abs(want.evalf(40))


@pytest.mark.parametrize(
    ("one", "other"),
    list(itertools.combinations_with_replacement(["w_11", "w_13", "w^(2)_2"], 2)),
)
def test_second_derivatives_match_differences(one, other):
    """d2L/dv dw of the closed form against a difference of the loss, in 80 digits."""
    second = PARTIALS[Symbol(one, real=True)].diff(Symbol(other, real=True))
    got = DERIVATION.substitute(second, VALUES, digits=40)
    with mpmath.workdps(80):
        h = mpmath.mpf(10) ** -18
        corners = [(a, b) for a in (1, -1) for b in (1, -1)]
        want = sum(a * b * loss_at({one: a * h}, {other: b * h}) for a, b in corners) / (4 * h * h)
        assert abs(mpmath.mpf(str(got)) - want) < mpmath.mpf(10) ** -30


def loss_at(*moves):
    v = dict(zip(KERNEL + DENSE, map(mpmath.mpf, (2, 3, -1, 1, -1, 2, 1, 5, 6)), strict=True))
    v = {name: number / 10 for name, number in v.items()}
    for move in moves:
        for name, step in move.items():
            v[name] += step
    x = [mpmath.mpf(n) / 10 for n in (10, 4, 7)]
    pooled = [
        max(v[f"w_1{k}"] * x[i] + v[f"w_2{k}"] * x[i + 1] for i in range(2)) for k in (1, 2, 3)
    ]
    z = sum(v[f"w^(2)_{k}"] * p for k, p in zip((1, 2, 3), pooled, strict=True))
    return (mpmath.mpf(8) / 10 - 1 / (1 + mpmath.exp(-z))) ** 2 / 2
