"""Where most digits cancel: saturated networks, against mpmath with thousands of digits."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random

import mpmath
import pytest
from sympy import Rational

import symcnn as sc
from symcnn import limits
from tests.draws import one_of, seeds, slow

FIFTY = mpmath.mpf(10) ** -49


def problem(layer, x, loss=None, target=None):
    network = sc.Network((len(x),), [layer], loss or sc.SumOfOutputs())
    return sc.Problem(network, {"x": x} if target is None else {"x": x, "target": target})


def cross_entropy_slopes(logits, target):
    powers = [mpmath.exp(z) for z in logits]
    return [p / sum(powers) - t for p, t in zip(powers, target, strict=True)]


CASES = {
    **{
        f"a sigmoid's cross-entropy at {z}": (
            problem(sc.Sigmoid(), [z], sc.BinaryCrossEntropy(), [0]),
            lambda z=z: [1 / (1 + mpmath.exp(-z))],
        )
        for z in (160, 255)
    },
    **{
        f"tanh at {z}": (problem(sc.Tanh(), [z]), lambda z=z: [mpmath.sech(z) ** 2])
        for z in (80, 126, 400, -400)
    },
    "sigmoid at -100,000": (
        problem(sc.Sigmoid(), [-(10**5)]),
        lambda: [mpmath.exp(-(10**5)) / (1 + mpmath.exp(-(10**5))) ** 2],
    ),
    "the Gaussian unit at -20": (
        problem(sc.GELU(), [-20]),
        lambda: [mpmath.erfc(mpmath.sqrt(200)) / 2 - 20 * mpmath.npdf(-20)],
    ),
    "the Gaussian unit at 10^299": (problem(sc.GELU(), [Rational(10) ** 299]), lambda: [1]),
    "the exponential unit near 0": (
        problem(sc.ELU(), [Rational(-1, 10**90)], sc.HalfSquaredError(), [0]),
        lambda: [mpmath.expm1(-(mpmath.mpf(10) ** -90)) * mpmath.exp(-(mpmath.mpf(10) ** -90))],
    ),
    **{
        f"softmax at 400, class {target.index(1) + 1}": (
            problem(sc.Softmax(), [400, 0], sc.CrossEntropy(), target),
            lambda target=target: cross_entropy_slopes([400, 0], target),
        )
        for target in ([1, 0], [0, 1])
    },
}


@pytest.mark.parametrize("name", CASES)
def test_all_fifty_digits_are_right(name):
    example, right = CASES[name]
    made = sc.evaluate(example, exact=True)
    with mpmath.workdps(400):
        for found, slope in zip(made.gradients["x"].ravel().tolist(), right(), strict=True):
            assert abs(mpmath.mpf(str(found)) / slope - 1) < FIFTY
    assert made.doubts == ()


@pytest.mark.parametrize("name", CASES)
def test_what_is_saturated_can_be_explained(name):
    assert "The derivatives were computed a second time" in sc.explain(CASES[name][0]).to_markdown()


def pooled(numbers):
    network = sc.Network((len(numbers), 1), [sc.Tanh(), sc.MaxPool1D(2)], sc.SumOfOutputs())
    return sc.Problem(network, {"x": numbers})


def test_a_pool_tells_numbers_apart_that_agree_in_eighty_digits():
    made = sc.evaluate(pooled([100, 101]), exact=True)
    first, second = made.gradients["x"].ravel().tolist()
    assert first == 0
    with mpmath.workdps(200):
        assert abs(mpmath.mpf(str(second)) / mpmath.sech(101) ** 2 - 1) < FIFTY
    assert "+ a_2" not in sc.explain(pooled([100, 101])).to_markdown()


def test_a_tie_of_numbers_that_are_not_rational_is_exact():
    made = sc.evaluate(pooled([Rational(1, 3)] * 2), exact=True)
    assert made.gradients["x"].ravel().tolist()[1] == 0
    assert made.doubts == ()


def test_derivatives_that_are_0_on_paper_are_0():
    """A softmax sums to 1 whatever its logits, and batch normalisation to 0."""
    softmax = sc.evaluate(problem(sc.Softmax(), [1, 2, 3]), exact=True)
    assert softmax.gradients["x"].tolist() == [0, 0, 0]
    network = sc.Network((3, 1), [sc.Tanh(), sc.BatchNorm(affine=False)], sc.SumOfOutputs())
    normed = sc.evaluate(sc.Problem(network, {"x": [1, 3, Rational(1, 2)]}), exact=True)
    assert normed.gradients["x"].ravel().tolist() == [0, 0, 0]


def test_what_no_digits_decide_is_said_in_one_line(monkeypatch):
    """On paper log(4) is 2 log(2); here that is no law."""
    monkeypatch.setattr(limits, "EXACT_PRECISION", 150)
    layers = [
        sc.LogSoftmax(name="a", inputs=("x",)),
        sc.Softplus(name="b", inputs=("x",)),
        sc.Add(name="c", inputs=("a", "b", "b")),
    ]
    network = sc.Network((4,), layers, sc.SumOfOutputs())
    made = sc.evaluate(sc.Problem(network, {"x": [0, 0, 0, 0]}), exact=True)
    assert [*map(float, made.outputs["c"])] == [0, 0, 0, 0]
    told = "150 digits do not distinguish two numbers that decide it: they are treated as equal"
    assert made.doubts == tuple(f"{at}: {told}" for at in ("L", "s_1", "s_2", "s_3", "s_4"))


def drawn(seed):
    """A chain of dense layers with sigmoids or tanhs, fed with pixels."""
    random = Random(seed)
    widths = [random.randint(1, 3) for _ in range(random.randint(2, 4))]
    functions = [random.choice(("sigmoid", "tanh")) for _ in widths[1:]]
    weights = [
        [[Rational(random.randint(-9, 9), 10) for _ in range(n)] for _ in range(m)]
        for n, m in pairwise(widths)
    ]
    x = [random.randint(0, 255) for _ in range(widths[0])]
    target = [Rational(random.randint(0, 10), 10) for _ in range(widths[-1])]
    return functions, weights, x, target


def sigma(z):
    return 1 / (1 + mpmath.exp(-z))


def number(q):
    return mpmath.mpf(q.p) / q.q


def by_hand(functions, weights, x, target):
    """The derivatives with respect to x, by hand, with 3,000 digits."""
    kinds = {
        "sigmoid": (sigma, lambda z: sigma(z) * sigma(-z)),
        "tanh": (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
    }
    matrices = [mpmath.matrix([[number(w) for w in row] for row in m]) for m in weights]
    a, slopes = mpmath.matrix(x), []
    for matrix, kind in zip(matrices, functions, strict=True):
        z = matrix * a
        a = z.apply(kinds[kind][0])
        slopes.append(z.apply(kinds[kind][1]))
    delta = a - mpmath.matrix([number(t) for t in target])
    for matrix, slope in reversed([*zip(matrices, slopes, strict=True)]):
        delta = matrix.T * mpmath.matrix([d * s for d, s in zip(delta, slope, strict=True)])
    return list(delta)


@pytest.mark.parametrize("seed", seeds(0, 0.2))
def test_networks_that_pixels_saturate(seed):
    functions, weights, x, target = drawn(seed)
    kinds = {"sigmoid": sc.Sigmoid, "tanh": sc.Tanh}
    layers, values = [], {"x": x, "target": target}
    for n, (matrix, kind) in enumerate(zip(weights, functions, strict=True), start=1):
        layers += [sc.Dense(len(matrix), bias=False), kinds[kind]()]
        values[f"dense{n}.weight"] = matrix
    example = sc.Problem(sc.Network((len(x),), layers, sc.HalfSquaredError()), values)
    made = sc.evaluate(example, exact=True)
    with mpmath.workdps(3000):
        for found, right in zip(made.gradients["x"], by_hand(*drawn(seed)), strict=True):
            assert abs(mpmath.mpf(str(found)) - right) <= FIFTY * abs(right)
    sc.explain(example)


@slow
def test_threads_that_need_unlike_precisions_do_not_meet():
    """Precision was once that of a whole module, which one thread changed under another."""
    chosen = [CASES[name][0] for name in ("tanh at 400", "tanh at 80", "softmax at 400, class 2")]
    alone = [sc.explain(example).to_markdown() for example in chosen]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda n: sc.explain(chosen[n % 3]).to_markdown(), range(24)))
    assert together == alone * 8


def test_logits_beyond_every_exponent_have_a_softmax():
    """log(e^(10^20) + 1) is 10^20 to all digits, and no power of e is formed on the way."""
    example = problem(sc.LeakyReLU(), [10**20, 0], sc.SoftmaxCrossEntropy(), [0, 1])
    made = sc.evaluate(example, exact=True)
    assert float(made.loss) == 1e20
    assert [*map(float, made.gradients["x"])] == [1, -0.01]  # the slope of the unit at 0 is 0.01


@pytest.mark.parametrize(
    ("layer", "z", "value", "slope"),
    [
        (sc.Sigmoid(), -3 * 10**8, 0, 0),
        (sc.Softplus(), 3 * 10**8, 3 * 10**8, 1),
        (sc.Tanh(), -3 * 10**8, -1, 0),
    ],
)
def test_exponentials_beyond_every_exponent_leave_what_is_within(layer, z, value, slope):
    """e^(3 10^8) is above 10^1,000,000, and none of these numbers is."""
    made = sc.evaluate(problem(layer, [z]), exact=True)
    assert [float(made.loss), *map(float, made.gradients["x"])] == [value, slope]


@pytest.mark.parametrize("z", one_of([30, 100_000, 1_100_000]))
def test_a_rational_times_the_slope_of_a_saturated_tanh(z):
    """SymPy makes 2 a^2 - 2 of -2 (1 - a^2), which cancels: -2 sech(z)^2 does not."""
    network = sc.Network((1,), [sc.Tanh(), sc.Dense(1, bias=False)], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [z], "dense1.weight": [[-2]]})
    made = sc.evaluate(problem, exact=True)
    with mpmath.workdps(80):
        expected = -2 * mpmath.sech(z) ** 2
        assert abs(mpmath.mpf(made.gradients["x"][0]) / expected - 1) < mpmath.mpf(10) ** -50
    assert made.doubts == ()
    assert sc.explain(problem)
