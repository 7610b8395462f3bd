import random
from functools import cache

import pytest
from sympy import Indexed, Integer, Rational, Sum, latex

from symcnn import (
    AdaptiveAvgPool2D,
    Attention,
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2D,
    Network,
    Tensor,
    define,
    derive,
    index,
)
from symcnn.derivation.gather import gather
from symcnn.derivation.general import forward_form
from symcnn.equations.equation import grouped
from tests.derivation import scatter
from tests.derivation.scatter import Geometry
from tests.draws import MANY

GEOMETRIES = [
    Geometry((3, 1), (2, 1), filters=3),
    Geometry((4, 3), (2, 2), channels=2, filters=2),
    Geometry((7, 2), (3, 1), stride=(2, 1)),
    Geometry((5, 4), (2, 1), stride=(3, 2)),
    Geometry((7, 1), (1, 1), stride=(3, 1)),
    Geometry((5, 1), (2, 1), dilation=(3, 1)),
    Geometry((9, 1), (3, 1), stride=(3, 1), dilation=(2, 1)),
    Geometry((9, 1), (4, 1), stride=(2, 1), dilation=(2, 1), padding=((2, 1), (0, 0))),
    Geometry((3, 3), (2, 2), padding=((1, 1), (0, 2))),
    Geometry((4, 2), (3, 2), stride=(2, 2), padding=((2, 0), (1, 1))),
    Geometry((3, 1), (2, 1), channels=4, filters=4, groups=2),
    Geometry((3, 2), (2, 2), stride=(2, 1), channels=6, filters=3, groups=3),
    # entries that no window reads: the stride is larger than the kernel
    Geometry((8, 1), (1, 1), stride=(4, 1)),
    Geometry((9, 1), (2, 1), stride=(5, 1)),
    Geometry((6, 6), (2, 1), stride=(4, 5)),
    # windows that read nothing: more padding than kernel
    Geometry((2, 1), (2, 1), padding=((5, 0), (0, 0))),
    Geometry((2, 1), (2, 1), padding=((0, 6), (0, 0))),
    Geometry((2, 1), (5, 1), padding=((0, 6), (0, 0))),
    Geometry((2, 1), (5, 1), padding=((6, 0), (0, 0))),
    Geometry((2, 2), (4, 3), stride=(2, 1), padding=((3, 7), (5, 2)), dilation=(2, 1)),
    Geometry((3, 1), (2, 1), stride=(2, 1), padding=((5, 3), (0, 0))),
    Geometry((2, 2), (1, 2), stride=(3, 2), padding=((4, 4), (3, 1))),
    Geometry((1, 1), (1, 1), stride=(2, 1), padding=((3, 3), (0, 0))),
]


@cache
def value(label, position):
    """Return a random fraction for every entry of every tensor, the same each time."""
    drawn = random.Random(f"{label} {position}")
    return Rational(drawn.randint(1, 99), drawn.randint(1, 9)) * drawn.choice([-1, 1])


def convolution(g):
    layer = Conv2D(
        g.filters, g.kernel, g.stride, g.padding, g.dilation, g.groups, bias=False
    )  # fmt: skip
    return derive(Network((*g.size, g.channels), [layer], HalfSquaredError()))


def entry_of(form, free, position):
    """Put numbers for the free indices, write out the sums, put numbers for the entries."""
    written = form.subs(dict(zip(free, map(Integer, position), strict=True))).doit()
    reads = written.atoms(Indexed)
    return written.xreplace(
        {r: value(str(r.base.label), tuple(map(int, r.indices))) for r in reads}
    )


def assert_gathers(derivation, name, scattered):
    form, free = derivation.partial(name), derivation.indices(name)
    for position in derivation.network.tensors[name].positions():
        assert entry_of(form, free, position) == scattered[position], (position, form)


each_geometry = pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)


@each_geometry
def test_by_the_input_of_a_convolution(geometry):
    scattered = scatter.convolution_by_input(geometry, value)
    assert_gathers(convolution(geometry), "x", scattered)


@each_geometry
def test_by_the_weights_of_a_convolution(geometry):
    scattered = scatter.convolution_by_weight(geometry, value)
    assert_gathers(convolution(geometry), "conv1.weight", scattered)


@each_geometry
def test_by_the_input_of_average_pooling(geometry):
    g = geometry._replace(dilation=(1, 1))
    layer = AvgPool2D(g.kernel, g.stride, g.padding)
    derivation = derive(Network((*g.size, g.channels), [layer], HalfSquaredError()))
    assert_gathers(derivation, "x", scatter.average_by_input(g, value))


@pytest.mark.parametrize("geometry", GEOMETRIES[:7], ids=str)
def test_by_the_input_of_maximum_pooling(geometry):
    g = geometry._replace(dilation=(1, 1))
    layer = MaxPool2D(g.kernel, g.stride, g.padding)
    derivation = derive(Network((*g.size, g.channels), [layer], HalfSquaredError()))
    assert_gathers(derivation, "x", scatter.maximum_by_input(g, value))


def test_sympy_reads_an_inverted_range_as_minus_the_sum_between():
    """Why a bracket guards such sums: SymPy's own convention is not ours."""
    i = index("i")
    assert Sum(i, (i, 5, 2)).doit() == -(3 + 4)


def test_a_sum_whose_range_may_be_inverted_is_guarded():
    # Behind 2 entries lie 6 of padding: tap u reads an entry at 0 <= i <= 1 - u alone.
    derivation = convolution(Geometry((2, 1), (5, 1), padding=((0, 6), (0, 0))))
    form = derivation.partial("conv1.weight")
    assert str(form) == "Iverson(0 <= 1 - u)*Sum(delta^z[i, 0, 0]*x[i + u, 0, 0], (i, 0, 1 - u))"
    assert [form.subs(index("u"), u).doit() == 0 for u in range(5)] == [False] * 2 + [True] * 3


def test_divisibility_is_kept():
    """Where deltasummation gives a/3 for every a, only multiples of 3 collect anything."""
    i, r = index("i"), index("r")
    x = Tensor("x", (10,), "hidden", "x", ("r",))
    y = Tensor("y", (4,), "hidden", "y", ("i",))
    form = gather(define(x[3 * i], y[i]), (r,))
    assert str(form) == "Iverson(Eq(Mod(r, 3), 0))*y[r/3]"
    collected = [form.subs(r, n) for n in range(10)]
    assert collected == [y[n // 3] if n % 3 == 0 else 0 for n in range(10)]


@pytest.mark.parametrize(
    ("layer", "shape", "name", "printed"),
    [
        (
            Conv2D(2, (2, 1)),
            (3, 1, 1),
            "conv1.weight",
            "Sum(delta^z[i, 0, k]*x[i + u, 0, 0], (i, 0, 1))",
        ),
        (Conv2D(2, (2, 1)), (3, 1, 1), "conv1.bias", "Sum(delta^z[i, 0, k], (i, 0, 1))"),
        (
            Conv2D(3, (2, 1)),
            (3, 1, 1),
            "x",
            "Sum(delta^z[r - u, 0, k]*w[u, 0, 0, k], (u, Max(0, r - 1), Min(1, r)), (k, 0, 2))",
        ),
        (
            Conv2D(1, (3, 1), stride=(2, 1)),
            (7, 1, 1),
            "x",
            "Sum(delta^z[i, 0, 0]*w[-2*i + r, 0, 0, 0], "
            "(i, Max(0, ceiling(r/2) - 1), Min(2, floor(r/2))))",
        ),
        (
            Conv2D(1, (1, 1), stride=(3, 1)),
            (7, 1, 1),
            "x",
            "Iverson(Eq(Mod(r, 3), 0))*delta^z[r/3, 0, 0]*w[0, 0, 0, 0]",
        ),
        (Flatten(), (2, 3, 2), "x", "delta^f[c + 6*i + 2*j]"),
        (Dense(2), (3,), "dense1.weight", "delta^z[m]*x[q]"),
        (Dense(2), (3,), "dense1.bias", "delta^z[m]"),
        (Dense(2), (3,), "x", "Sum(delta^z[m]*w[m, q], (m, 0, 1))"),
        (AvgPool2D((2, 1)), (4, 1, 1), "x", "delta^p[floor(r/2), 0, 0]/2"),
        (
            MaxPool2D((2, 1)),
            (4, 1, 1),
            "x",
            "R^p[floor(r/2), 0, 0, r - 2*floor(r/2), 0]*delta^p[floor(r/2), 0, 0]",
        ),
        (
            AvgPool2D((2, 1)),
            (5, 1, 1),
            "x",
            "Iverson(r <= 3)*delta^p[floor(r/2), 0, 0]/2",
        ),
    ],
)
def test_general_forms_as_a_paper_prints_them(layer, shape, name, printed):
    derivation = derive(Network(shape, [layer], HalfSquaredError()))
    assert str(derivation.partial(name)) == printed


def test_sums_that_conditions_limit_run_between_these_limits():
    """The sums of a window whose place is rounded, and of the keys up to a query."""
    pooled = derive(Network((4, 1, 1), [AdaptiveAvgPool2D((3, 1))], HalfSquaredError()))
    causal = Attention(inputs=("x", "x", "x"), causal=True)
    attending = derive(Network((3, 2), [causal], HalfSquaredError()))
    printed = {
        "pool1": "Sum(x[i, 0, 0]/N[r, 0], (i, ceiling(4*r/3 - 2/3), floor(4*r/3) + 1))",
        "attention1.normaliser": "log(Sum(exp(s[0, i, j]), (j, 0, i)))",
        "attention1": "Sum(a[0, i, j]*x[j, c], (j, 0, i))",
    }
    found = {
        derivation.tensors[base].name: str(forward_form(derivation, equations).right)
        for derivation in (pooled, attending)
        for base, equations in grouped(derivation.network.equations)
    }
    assert printed == {name: found[name] for name in printed}


def test_latex_of_a_general_form():
    derivation = convolution(Geometry((3, 1), (2, 1), filters=3))
    assert latex(derivation.partial("conv1.weight")) == (
        r"\sum_{i=0}^{1} {\delta^{z}}_{i,0,k} {x}_{i + u,0,0}"
    )
    assert latex(derivation.partial("x")) == (
        r"\sum_{\substack{\max\left(0, r - 1\right) \leq u \leq \min\left(1, r\right)\\"
        r"0 \leq k \leq 2}} {\delta^{z}}_{r - u,0,k} {w}_{u,0,0,k}"
    )


def test_the_general_form_does_not_depend_on_the_images_size_but_in_its_limits():
    small, large = (
        str(convolution(Geometry((n, n), (3, 3))).partial("x")) for n in (32, 224)
    )  # fmt: skip
    assert large == small.replace("29", "221")


SHORTER = {"two of three": (2, [5, 7, 0]), "one of three": (1, [5, 0, 0])}


@pytest.mark.parametrize("case", SHORTER)
def test_entries_that_a_loop_shorter_than_its_axis_does_not_reach_are_0(case):
    size, expected = SHORTER[case]
    y, x, i = (
        Tensor("y", (3,), "hidden", "y", "i"),
        Tensor("x", (3,), "input", "x", "i"),
        index("i"),
    )
    found = gather(define(y[i], x[i], over={i: size}), (i,))
    numbers = {x[n]: number for n, number in enumerate([5, 7, 9])}
    assert [found.xreplace({i: Integer(n)}).xreplace(numbers) for n in range(3)] == expected


def test_any_geometry():
    hypothesis = pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    sides = st.tuples(st.integers(0, 5), st.integers(0, 5))
    geometries = st.builds(
        lambda n, k, s, p, d: Geometry((n, 1), (k, 1), (s, 1), (p, (0, 0)), (d, 1)),
        st.integers(1, 7),
        st.integers(1, 4),
        st.integers(1, 6),
        sides,
        st.integers(1, 3),
    )

    @hypothesis.settings(max_examples=40 if MANY else 5, deadline=None, derandomize=True)
    @hypothesis.given(geometries)
    def law(g):
        hypothesis.assume(g.places(0))
        assert_gathers(convolution(g), "x", scatter.convolution_by_input(g, value))
        assert_gathers(convolution(g), "conv1.weight", scatter.convolution_by_weight(g, value))

    law()
