"""Questions for Moodle, read by a program of its own, and marked as ``symcnn mark`` marks."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import product

import pytest
from sympy import Float

import symcnn as sc
from symcnn.classroom.worksheets.figures import KeyFigure
from symcnn.classroom.worksheets.page import SheetPage, quiz
from symcnn.document.blocks import paragraph
from symcnn.document.document import Document
from tests.classroom.worksheets.cloze import Question, questions
from tests.classroom.worksheets.made import CHOSEN, made
from tests.draws import MANY, some

NETWORKS = [*product(["small", *CHOSEN], ["forward", "full"] if MANY else ["forward"])]


def test_the_parser_reads_the_examples_of_the_documentation():
    """Source: docs.moodle.org, "Embedded Answers (Cloze) question type"."""
    asked = Question(
        "Half of 47.6 is {2:NUMERICAL:=23.8:0.1#Right.~%50%23.8:2#Near, \\} and \\~.}, a {brace}, "
        "{:MC:Wrong~=Right#Yes}, {#1} and 1~2#3}"
    )
    first, second = asked.boxes
    assert (first.weight, second.weight, asked.grade) == (2, 1, 3)
    assert [*map(first.share, ("23.8", "23.9", "23.91", "25.8", "25.81"))] == [
        *map(Decimal, ("1", "1", "0.5", "0.5", "0"))
    ]
    assert [answer.text for answer in second.answers] == ["Wrong", "Right"]
    assert asked.text == "Half of 47.6 is , a {brace}, , {#1} and 1~2#3}"


@pytest.mark.parametrize(
    "text", ["no box", "{1:NUMERICAL:0.1:0}", "{1:NUMERICAL:=a:0}", "{1:NUMERICAL:=1:0:0}"]
)
def test_the_parser_refuses_what_moodle_does(text):
    with pytest.raises(AssertionError):
        Question(text)


def boxed(variant):
    """Return the figures of a variant in the order of its boxes: matrix by matrix."""
    return [part for part in variant.question.parts() if isinstance(part, KeyFigure)]


@pytest.mark.parametrize(("name", "level"), NETWORKS)
def test_every_figure_has_a_box_that_accepts_its_key(name, level, folder):
    worksheet = made(name, folder, 2, level)
    read = questions(worksheet.moodle())
    assert len(read) == 2
    for (title, question), variant in zip(read, worksheet.variants, strict=True):
        assert title == variant.problem.title
        assert len(question.boxes) == len(variant.figures) == question.grade
        order = boxed(variant)
        assert {(f.quantity, f.position) for f in order} == {
            (name, position)
            for name in variant.quantities
            for position in variant.problem.quantities.shape(name).positions()
        }
        assert question.marked([figure.text for figure in order]) == 1
        assert "Every box is marked by itself: a figure that follows from a wrong" in question.text
        true = {
            (name, position): float(value)
            for name in variant.quantities
            for position, value in zip(
                variant.problem.quantities.shape(name).positions(),
                variant.problem.quantity(name),
                strict=True,
            )
        }
        for box, figure in zip(question.boxes, order, strict=True):
            value = true[figure.quantity, figure.position]
            assert box.type == "NUMERICAL"
            assert box.share(f"{value:.15f}") == 1
            assert box.share(f"{value + abs(value) / 2 + 0.5:.15f}") == 0
            assert {answer.share for answer in box.answers} <= {*map(Decimal, ("0", "0.5", "1"))}


def written(value, digits, rounding):
    number = Context(prec=60).create_decimal(str(value.evalf(50)))
    return f"{Context(prec=digits, rounding=rounding).plus(number):f}"


def moved(text, units):
    """Return a figure whose last digit is changed."""
    number = Decimal(text)
    return f"{number + units * Decimal(1).scaleb(number.as_tuple().exponent):f}"


def bare(text):
    """Return a figure without the zeros at its end, which Moodle does not see."""
    return f"{Decimal(text).normalize():f}"


MANNERS = {
    **{f"{n} digits": (lambda v, n=n: written(v, n, ROUND_HALF_EVEN)) for n in (1, 2, 3, 4)},
    **{f"{n} digits, cut off": (lambda v, n=n: written(v, n, ROUND_DOWN)) for n in (2, 3, 4)},
    "a slip in the third digit": lambda v: moved(written(v, 3, ROUND_HALF_EVEN), 2),
    "a slip in the fourth digit": lambda v: moved(written(v, 4, ROUND_HALF_EVEN), 30),
    "twice as much": lambda v: written(2 * v, 4, ROUND_HALF_EVEN),
    "the other sign": lambda v: written(-v, 4, ROUND_HALF_EVEN),
}


def is_rounded(figure):
    """Tell whether it would follow from rounded figures, if it had four digits.

    0.37 may be 0.3700, which Moodle sees no more than the figures before it.
    """
    full = written(Float(figure.answer.text, 30), 4, ROUND_HALF_EVEN)
    half = Fraction(Decimal(1).scaleb(Decimal(full).as_tuple().exponent)) / 2
    least, greatest = (Fraction(end) for end in (figure.due.a, figure.due.b))
    is_near = least - half <= figure.answer.value <= greatest + half
    return figure.verdict == "imprecise" and is_near


SHARES = {"right": 1.0, "imprecise": 0.5, "wrong": 0.0}

MOVED = Fraction(5, 10_000)
"""How far rounding moves numbers from 1 to 10, which figures of these networks are made of."""


def is_unseen(figure, share):
    """Tell whether a box gives more than `mark` since it does not see how a figure came about.

    It gives all points to whoever may have gone on with rounded figures, and half of them where
    the true value with fewer digits is a given number by chance.
    """
    off = abs(figure.answer.value - Fraction(str(figure.expected.evalf(30))))
    unit = figure.answer.greatest - figure.answer.least
    return share > SHARES[figure.verdict] and off <= MOVED + (unit if share < 1 else 0)


@pytest.mark.parametrize("name", ["small", *(CHOSEN if MANY else ())])
def test_moodle_and_mark_agree_where_no_error_is_carried(name, folder):
    """The figures of one quantity are changed, and all before it are those of the key."""
    variant = made(name, folder, 1).variants[0]
    ((_, question),) = questions(quiz([variant.question]))
    order = [(figure.quantity, figure.position) for figure in boxed(variant)]
    boxes = dict(zip(order, question.boxes, strict=True))
    key = {
        n: [written(v, 4, ROUND_HALF_EVEN) for v in variant.problem.quantity(n)]
        for n in variant.quantities
    }
    chosen = dict(some(MANNERS.items(), every=2))
    seen, differ = 0, []
    for quantity, (how, manner) in product(variant.quantities, chosen.items()):
        changed = [bare(manner(value)) for value in variant.problem.quantity(quantity)]
        marking = sc.mark(variant.problem, {**key, quantity: changed})
        for figure in marking.figures:
            if figure.quantity == quantity:
                share = float(boxes[quantity, figure.position].share(figure.answer.text))
                seen += 1
                agree = share == SHARES[figure.verdict] or is_rounded(figure)
                if not agree and not is_unseen(figure, share):
                    differ.append((quantity, figure.position, how, figure.answer.text))
    assert not differ
    assert seen == len(chosen) * len(variant.figures)


def test_braces_tildes_and_hashes_of_the_text_do_no_harm(folder):
    variant = made("small", folder, 1).variants[0]
    harmful = "{1:NUMERICAL:=3:0} {#1} } ~ # \\ %50% ]]> &#123; {2:SA:=a}"
    sheet = Document(harmful, (paragraph(harmful),))
    page = SheetPage(variant.problem, sheet, variant.figures, 4)
    ((_, question),) = questions(quiz([page]))
    assert question.grade == len(question.boxes) == len(variant.figures)
    assert question.marked([figure.text for figure in boxed(variant)]) == 1
    assert "&#123;1:NUMERICAL:=3:0&#125; &#123;#1&#125; &#125; ~ # " in question.text
