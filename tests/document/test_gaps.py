"""The boxes of the student's version: large enough to write in, in every format."""

from itertools import takewhile

import pytest

import symcnn as sc
from symcnn.document.blocks import Heading, Matrices, Rows
from symcnn.writing.formula import Formula, Gap
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.unicode import text
from symcnn.writing.formula.width import BROWSER, width
from tests.document.shared import SEED, problem_named
from tests.draws import one_of

BOX = Formula((Gap(70.0, 24.0),))

MILLIMETRE = 72.27 / 25.4


def test_a_box_in_every_notation():
    assert latex(BOX) == (
        r"\rule[-11pt]{0pt}{27pt}\boxed{\rule[-6.1pt]{0pt}{17.2pt}\hspace{63.2pt}}"
    )
    assert mathml(BOX.parts) == (
        '<math><mpadded height="1.45em" depth="0.95em" voffset="-0.95em"><mtext><span class="gap" '
        'role="img" aria-label="blank" style="width:min(7em,21vw);height:2.4em"></span></mtext>'
        "</mpadded></math>"
    )
    assert text(BOX) == "_" * 10
    assert width(BOX) == 70
    assert BROWSER.width(BOX) == 7


def boxes(problem, **options):
    """The boxes of rows and matrices, with what is to be written into them."""
    solution = sc.explain(problem, **options)
    student = solution.with_blanks().blocks[2:]
    pairs = zip(_before_the_step(student), _before_the_step(solution.blocks), strict=True)
    for open_one, solved in pairs:
        yield from zip(_lines(open_one), _lines(solved), strict=True)


def _before_the_step(blocks):
    """Rows and matrices up to the step, in which students update every weight."""
    told = takewhile(
        lambda b: not (isinstance(b, Heading) and "gradient descent" in str(b)), blocks
    )
    return [block for block in told if isinstance(block, Rows | Matrices)]


def _lines(block):
    if isinstance(block, Rows):
        return [side for row in block.rows for side in (row.sides[0], row.sides[-1])]
    return [f.sides[0] for matrix in block.matrices for row in matrix.figures for f in row]


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_what_is_asked_for_fits_by_hand(detail):
    """A figure by hand is as high as ruled paper, and wider than in print by a half."""
    found = 0
    for side, solved in boxes(problem_named(SEED), detail=detail):
        (term, *_) = side.terms
        if not isinstance(term.parts[0], Gap):
            continue
        gap, found = term.parts[0], found + 1
        assert gap.high >= 8 * MILLIMETRE
        lines = gap.high // 24
        needed = sum(map(width, solved.terms))
        assert gap.wide * lines >= min(1.5 * needed, 90) if lines == 1 else gap.wide == 250
    assert found > 20


def test_numbers_that_are_short_have_boxes_of_the_same_size():
    network = sc.Network((2,), [sc.Dense(2, bias=False)], sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [1, -1, 2, 0], "target": [0, 1]}
    gaps = {
        side.terms[0].parts[0]
        for side, _ in boxes(sc.Problem(network, values), detail="brief")
        if isinstance(side.terms[0].parts[0], Gap)
    }
    assert gaps == {Gap(90.0, 24.0)}


def test_boxes_of_many_columns_are_narrower():
    network = sc.Network((4, 8, 1), [sc.Conv2D(1, 1), sc.Sigmoid()], sc.HalfSquaredError())
    values = {
        "x": [n / 10 for n in range(32)],
        "conv1.weight": [0.3],
        "conv1.bias": [0.1],
        "target": [0] * 32,
    }
    made = sc.explain(sc.Problem(network, values), detail="brief").with_blanks()
    for block in made.blocks:
        for matrix in block.matrices if isinstance(block, Matrices) else ():
            row = matrix.figures[0]
            assert width(matrix.left) + sum(width(f.sides[0].terms[0]) + 8 for f in row) < 400
