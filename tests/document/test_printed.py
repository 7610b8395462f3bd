r"""What is printed is true: every row is read back from its LaTeX, and worked out.

The values come from the forward pass and complex steps on it; a general form is worked
out at every value of its free indices, a line of numbers within what their rounding allows.
"""

import re
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

import pytest

import symcnn as sc
from symcnn.document.blocks import Note
from symcnn.document.style import Style
from symcnn.document.traversal import all_rows
from symcnn.writing.formula import read
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from tests.document.letters import Letters
from tests.document.networks import problem_of
from tests.document.positioned import LAYERS
from tests.document.shared import NAMES, explained, problem_named
from tests.draws import one_of, seeds, some
from tests.programs.random_networks import tiny_example
from tests.readers import (
    NOTATION,
    Formula,
    OutsideError,
    Reader,
    Scope,
    listed,
    parted,
    wrong_positions,
)
from tests.readers.letters import MOVED

PARTIAL = r"\frac{\partial L}{\partial "

MOST_CASES = 60
"""The most values of its free indices at which one row is worked out."""

DERIVATIONS = Path(__file__).parents[2] / "derivations"
PUBLISHED = ("geoj-cs231n-two-layer", "qrtech-examB-q5-tanh", "yrgo-cnn-by-hand")

PROBLEMS = {
    **{name: lambda name=name: problem_named(name) for name in NAMES},
    **{name: lambda name=name: sc.load(DERIVATIONS / name / "problem.toml") for name in PUBLISHED},
    **{f"random {n}": lambda n=n: sc.Problem(*tiny_example(n, 100)) for n in seeds(0, 0.3)},
}
SMALL = [
    pytest.param((1, 2), sc.Conv1D(1, 3, padding=1), id="padded axis of length 1"),
    pytest.param(
        (4, 1, 1), sc.MaxPool2D((2, 3), (2, 1), ((0, 0), (1, 1))), id="one entry of width"
    ),
    pytest.param((3, 1, 1), sc.Conv2D(1, (2, 3), 1, "same"), id="one entry of width, weighted"),
    pytest.param((3, 2), sc.AvgPool1D(2, 1, 1, count_include_pad=False), id="mean less padding"),
    pytest.param((4, 2), sc.MaxPool1D(1, 2), id="windows of one entry"),
    pytest.param((5, 2), sc.Conv1D(2, 3, stride=2, padding=2, dilation=2), id="strided, dilated"),
    pytest.param((5, 2), sc.MaxPool1D(3, 2, 1), id="padded windows"),
]


FOUND = (1034, 1070, 1199, 1252, 1288, 1461)
"""Random networks whose rows the reader once could not read."""

STYLES = [
    ("the seed", {"digits": 3, "decimal": ","}),
    ("the seed", {"digits": 12}),
    ("the seed", {"letters": {"conv1.weight": "K", "conv1": "c"}}),
    ("the seed", {"weight": "conv1.weight[1, 0, 0, 2]"}),
    ("the seed", {"index_base": 0}),
    ("a residual connection with a shared kernel", {"index_base": 0}),
]


class RowRead(NamedTuple):
    """A row as it is read: what its sides are worth, and what its free indices run over.

    ``stated`` are the ranges that stand behind the formula; where none do, ``ranges`` are those of
    the tensors.
    """

    left: Reader
    value: Formula
    sides: list[Formula]
    ranges: dict[str, range]
    stated: dict[str, range]


def read_row(row, letters, digits=Style.digits, base=1):
    """Read the sides of a row, and the ranges of its free indices."""
    left = latex(row.left)
    partial, moved = left.startswith(PARTIAL), MOVED.fullmatch(left)
    text = left[len(PARTIAL) : -1] if partial else moved[1] if moved else left
    left = Reader(text, Scope(letters.partials if partial else letters.entries, base=base))
    formula, places = left.whole(), re.findall(r"(?<![a-z\\])[a-z](?![a-z])", text)
    if moved:
        formula = after_a_step(
            formula, Reader(text, Scope(letters.partials, base=base)).whole(), letters
        )
    of = left.text.split("_")[0].replace(" ", "")
    ranges = {n: size for n, size in letters.ranges(of).items() if n in places} | left.indices
    padded = not partial and of not in letters.adjoints
    sides, stated = [], {}
    for side in row.sides:
        right, over = parted(latex(joined(side.terms)))
        stated |= listed(over)
        if "dots" not in right:
            scope = Scope(letters.entries, digits=digits, base=base, padded=padded)
            reader = Reader(right, scope)
            sides.append(reader.side())
            ranges = reader.indices | ranges
    known = {name: range(base, size + base) for name, size in ranges.items()}
    return RowRead(left, formula, sides, stated or known, stated)


def after_a_step(weight, slope, letters):
    """Return what a weight becomes."""
    rate = float(letters.problem.learning_rate)

    def value(env):
        (before, _), (slope_there, _) = weight(env), slope(env)
        return (before - rate * slope_there,) * 2

    return value


def disagreements(row, letters, digits=Style.digits, base=1):
    """Run over what is not so, with the values of the free indices."""
    if NOTATION.search(written(row)):
        yield from of_arrays(row, letters, base)
        return
    made = read_row(row, letters, digits, base)
    if made.stated:
        yield from of_ranges(made)
    cases = list(product(*made.ranges.values()))
    for case in cases[:: 1 + len(cases) // MOST_CASES]:
        env = dict(zip(made.ranges, case, strict=True))
        try:
            expected, _ = made.value(env)
        except OutsideError:  # of 2(i - 1) + u, an index may have a range of another formula
            continue
        for n, side in enumerate(made.sides):
            try:
                low, high = side(env)
            except OutsideError:
                yield env, n, expected, "an index leaves its tensor"
                continue
            margin = 1e-11 + 1e-9 * abs(expected)
            if not low - margin <= expected <= high + margin:
                yield env, n, expected, (low, high)


def of_ranges(made):
    """Run over the entries on the left that printed ranges leave out, or that are none."""
    tensor, _ = made.left.found
    missing = {*product(*map(range, tensor.shape))}
    for case in product(*made.stated.values()):
        env = dict(zip(made.stated, case, strict=True))
        try:
            missing.discard(made.left.position(env))
        except OutsideError:
            yield env, None, None, "is no entry"
    for position in sorted(missing):
        yield position, None, None, "is left out"


def of_arrays(row, letters, base, changed=None):
    """Run over what is not so of a formula in convolution notation, with some signs changed."""
    left, right = latex(row.left), latex(joined(row.sides[0].terms))
    for sign, other in (changed or {}).items():
        right = right.replace(sign, other)
    partial = left.startswith(PARTIAL)
    text = left[len(PARTIAL) : -1] if partial else left
    own = letters.partials if partial else letters.entries
    free = re.findall("[a-z]", text.partition("_{")[2].replace(r"\cdot", ""))
    every = [{str(x.symbol): x.size for x in e.loops} for e in letters.problem.network.equations]
    sizes = next(loops for loops in every if {*free} <= {*loops})  # of the layer with all of them
    ranges = {name: range(base, sizes[name] + base) for name in free}
    return wrong_positions(text, right, letters.entries, own, base, ranges)


def wrong_rows(document, letters, digits=Style.digits, base=1):
    """Return every row that is not true, with what is wrong in it.

    Theorems define places and functions in words, which nothing here reads.
    """
    blocks = [b for b in document.blocks if not (isinstance(b, Note) and b.theorem)]
    rows = list(all_rows(blocks))
    assert len(rows) > 3
    found = {row: list(islice(disagreements(row, letters, digits, base), 2)) for row in rows}
    return {written(row): wrong for row, wrong in found.items() if wrong}


def written(row):
    return latex(joined([row.left, *(side.formula for side in row.sides)]))


@pytest.mark.parametrize("name", some(PROBLEMS, 6))
def test_every_row_is_true_as_it_is_printed(name):
    stated, base = PROBLEMS[name](), int(name[-1] in "13579")
    document = explained(name) if name in NAMES else sc.explain(stated, index_base=base)
    assert wrong_rows(document, Letters(stated), base=1 if name in NAMES else base) == {}


@pytest.mark.parametrize("network", one_of(FOUND))
def test_so_it_is_where_one_letter_has_several_ranges_and_brackets_are_divided_by(network):
    stated, base = sc.Problem(*tiny_example(network, 100)), network % 2
    assert wrong_rows(sc.explain(stated, index_base=base), Letters(stated), base=base) == {}


@pytest.mark.parametrize(("shape", "layer"), SMALL)
def test_so_it_is_of_small_layers(shape, layer):
    stated = problem_of(sc.Network(shape, [layer], sc.HalfSquaredError()), "small")
    assert wrong_rows(sc.explain(stated), Letters(stated)) == {}


@pytest.mark.parametrize(("name", "options"), one_of(STYLES))
def test_so_it_is_in_every_style(name, options):
    stated = PROBLEMS[name]()
    letters = Letters(stated.with_letters(options.get("letters", {})))
    digits, base = options.get("digits", Style.digits), options.get("index_base", 1)
    assert wrong_rows(sc.explain(stated, detail="full", **options), letters, digits, base) == {}


@pytest.mark.parametrize("base", one_of([0, 1]))
@pytest.mark.parametrize("name", one_of(LAYERS))
def test_so_it_is_where_positions_are_numbers(name, base):
    stated = problem_of(LAYERS[name], name)
    values = {t: [abs(n) or 1 for n in own] for t, own in stated.values.items()}
    stated = sc.Problem(LAYERS[name], values)
    document = sc.explain(stated, index_base=base)
    assert wrong_rows(document, Letters(stated), base=base) == {}


def test_the_reader_takes_the_parts_of_whole_numbers_together():
    """In floats, 7/3 - 1/3 is less than 2."""
    floor = Reader(r"\left\lfloor{\frac{h}{3} - \frac{1}{3}}\right\rfloor", Scope()).whole()
    assert [floor({"h": h}) for h in (6, 7, 8)] == [(1, 1), (2, 2), (2, 2)]


@pytest.mark.parametrize(
    ("sign", "other"),
    [
        (r"\star", r"\ast"),
        (r"\ast", r"\star"),
        (r"\uparrow 2", ""),
        (r"\downarrow 2", ""),
        (r"\operatorname{pad}_{1}", r"\operatorname{crop}_{1}"),
        (r"\operatorname{crop}_{1}", ""),
        ("c=1", "c=2"),
    ],
)
def test_a_wrong_sign_in_convolution_notation_is_read(sign, other):
    layer = sc.Conv1D(2, 2, stride=2, padding=1, dilation=2)
    stated = problem_of(sc.Network((6, 2), [layer], sc.HalfSquaredError()), "strided")
    letters, found = Letters(stated), 0
    for row in all_rows(sc.explain(stated, detail="full").blocks):
        if NOTATION.search(written(row)) and sign in written(row):
            found += 1
            assert list(of_arrays(row, letters, 1)) == []
            assert list(of_arrays(row, letters, 1, {sign: other})) != []
    assert found


@pytest.mark.parametrize(
    ("right", "wrong"), [("i = 1, 2", "i = 1"), ("k = 1, 2", "k = 1, 2, 3, 4")]
)
def test_a_wrong_range_behind_a_formula_is_read(right, wrong):
    letters = Letters(problem_named("the seed"))
    rows = [r for r in all_rows(explained("the seed", "standard").blocks) if right in written(r)]
    for row in rows:
        *terms, over = row.sides[-1].terms
        assert list(disagreements(row, letters)) == []
        other = read(re.sub(rf"{right}(, 3)?(?=\\right|,)", wrong, latex(over)))
        planted = replace(row, sides=(replace(row.sides[-1], terms=(*terms, other)),))
        assert list(disagreements(planted, letters)) != []
    assert rows
