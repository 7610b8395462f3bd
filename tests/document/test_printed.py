r"""What is printed is true: every row is read back from its LaTeX, and worked out.

The values come from the forward pass and complex steps on it; a general form is worked
out at every value of its free indices, a line of numbers within what their rounding allows.
"""

import re
from functools import cache
from itertools import islice, product
from pathlib import Path

import pytest
from sympy import Float, Symbol
from sympy import latex as sympy_latex

import symcnn as sc
from symcnn.document.blocks import Note
from symcnn.document.explanation import Numbers
from symcnn.document.traversal import all_rows
from symcnn.equations import accesses
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import DOTS
from tests.document.networks import problem_of
from tests.document.positioned import LAYERS
from tests.document.readers.arrays import NOTATION, wrong_positions
from tests.document.readers.formulas import Reader
from tests.document.readers.scope import Named, OutsideError, Scope
from tests.document.shared import NAMES, explained, problem_named
from tests.draws import one_of, seeds, some
from tests.programs.random_networks import tiny_example

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


class Letters:
    """What every letter of a document stands for."""

    def __init__(self, problem):
        self.problem, self.derivation = problem, problem.derivation
        self.passed = Numbers(problem).forward
        tensors = problem.network.tensors
        self.partials = {
            letter(tensors[name]): Named(tensors[name].shape, self.slope_of(name))
            for name in self.derivation.adjoints
        }
        self.entries = {
            **{letter(t): Named(t.shape, self.value_of(name)) for name, t in tensors.items()},
            **{
                letter(adjoint): self.partials[letter(tensors[name])]
                for name, adjoint in self.derivation.adjoints.items()
            },
            **{
                letter(r.tensor): Named(r.tensor.shape, self.routed(r))
                for r in self.derivation.routings
            },
        }
        epsilons = {getattr(layer, "epsilon", None) for layer in problem.network.layers} - {None}
        if len(epsilons) == 1:
            self.entries[r"\varepsilon"] = Named((1,), lambda _: float(*epsilons))
        self.adjoints = {letter(a) for a in self.derivation.adjoints.values()}
        equations = problem.network.equations
        made = {tensor.base: letter(tensor) for tensor in tensors.values()}
        self.loops = [
            (made[e.target.base], loop.symbol.name, loop.size)
            for e in equations
            for loop in e.loops
        ]

    def ranges(self, of):
        """Return how long indices are: those of a tensor's own formula, or else of any other."""
        others = {name: size for _, name, size in self.loops}
        return others | {name: size for made, name, size in self.loops if made == of}

    def value_of(self, name):
        return lambda position: float(self.passed.values[name][position])

    def slope_of(self, name):
        return cache(lambda position: self.passed.derivative(name, position))

    def routed(self, routing):
        """Who answers for a maximum: its first largest entry, or all of them in equal parts."""
        source, near = routing.source, 1e-12
        windows = {}
        for assignment in product(*(range(loop.size) for loop in source.loops)):
            at = {loop.symbol: n for loop, n in zip(source.loops, assignment, strict=True)}
            guards = ((g.expression.xreplace(at), g.size) for g in source.guards)
            if all(0 <= position < size for position, size in guards):
                window = windows.setdefault(source.target.xreplace(at), {})
                window[assignment] = self.term(source.value.xreplace(at))
        shares = {}
        for window in windows.values():
            largest = max(window.values())
            winners = [a for a, v in window.items() if v >= largest - near * abs(largest)]
            winners = winners[:1] if source.reduction.ties == "first" else winners
            shares |= {a: (a in winners) / len(winners) for a in window}
        return lambda assignment: shares[assignment]

    def term(self, value):
        names = {tensor.base: name for name, tensor in self.problem.network.tensors.items()}
        read = {
            r: Float(self.passed.values[names[r.base]][tuple(map(int, r.indices))])
            for r in accesses(value)
        }
        return float(value.xreplace(read))


def letter(tensor):
    """The LaTeX of a tensor's letter, as SymPy reads its name."""
    return sympy_latex(Symbol(tensor.label)).replace(" ", "")


def read_row(row, letters, digits=6, base=1):
    """Return the left side, the other sides, and the ranges of free indices."""
    left = latex(row.left)
    partial = left.startswith(PARTIAL)
    text = left[len(PARTIAL) : -1] if partial else left
    left = Reader(text, Scope(letters.partials if partial else letters.entries, base=base))
    formula, places = left.whole(), re.findall(r"(?<![a-z\\])[a-z](?![a-z])", text)
    of = left.text.split("_")[0].replace(" ", "")
    ranges = {n: size for n, size in letters.ranges(of).items() if n in places} | left.indices
    padded = not partial and of not in letters.adjoints
    sides = []
    for side in row.sides:
        if DOTS not in side.terms and "dots" not in latex(joined(side.terms)):
            scope = Scope(letters.entries, digits=digits, base=base, padded=padded)
            reader = Reader(latex(joined(side.terms)), scope)
            sides.append(reader.side())
            ranges = reader.indices | ranges
    return formula, sides, {name: range(base, size + base) for name, size in ranges.items()}


def disagreements(row, letters, digits=6, base=1):
    """Run over what is not so, with the values of the free indices."""
    if NOTATION.search(written(row)):
        yield from of_arrays(row, letters, base)
        return
    left, sides, ranges = read_row(row, letters, digits, base)
    cases = list(product(*ranges.values()))
    for case in cases[:: 1 + len(cases) // MOST_CASES]:
        env = dict(zip(ranges, case, strict=True))
        try:
            expected, _ = left(env)
        except OutsideError:  # of 2(i - 1) + u, an index may have a range of another formula
            continue
        for n, side in enumerate(sides):
            try:
                low, high = side(env)
            except OutsideError:
                yield env, n, expected, "an index leaves its tensor"
                continue
            margin = 1e-11 + 1e-9 * abs(expected)
            if not low - margin <= expected <= high + margin:
                yield env, n, expected, (low, high)


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


def wrong_rows(document, letters, digits=6, base=1):
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
    digits, base = options.get("digits", 6), options.get("index_base", 1)
    assert wrong_rows(sc.explain(stated, detail="full", **options), letters, digits, base) == {}


@pytest.mark.parametrize("base", one_of([0, 1]))
@pytest.mark.parametrize("name", one_of(LAYERS))
def test_so_it_is_where_positions_are_numbers(name, base):
    stated = problem_of(LAYERS[name], name)
    values = {t: [abs(n) or 1 for n in own] for t, own in stated.values.items()}
    stated = sc.Problem(LAYERS[name], values)
    document = sc.explain(stated, index_base=base)
    assert wrong_rows(document, Letters(stated), 6, base) == {}


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
    for row in all_rows(sc.explain(stated).blocks):
        if NOTATION.search(written(row)) and sign in written(row):
            found += 1
            assert list(of_arrays(row, letters, 1)) == []
            assert list(of_arrays(row, letters, 1, {sign: other})) != []
    assert found
