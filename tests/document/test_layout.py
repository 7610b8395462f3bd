"""Rows are broken into lines that fit, and lose nothing."""

from dataclasses import replace

from symcnn.document.blocks import EQUAL, ROUNDED, Row, Side
from symcnn.document.claims import Claim
from symcnn.document.rows.layout import beside, fits, shrunk
from symcnn.writing.formula import read
from symcnn.writing.formula.breaking import LINE, MARGIN, lines
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.width import width

CLAIM = Claim((), lambda _: [])
SUM = tuple(read(("+" if n > 1 else "") + rf"w_{{1,{n}}} x_{{{n}}}") for n in range(1, 41))
Z = read("z")


def test_a_short_row_is_one_line():
    row = Row(Z, (Side(EQUAL, (read("x"),)), Side(ROUNDED, (read("0.5"),))), CLAIM)
    assert [(latex(line.left), latex(line.right)) for line in lines(row)] == [
        ("z", r"= x \approx 0.5")
    ]


def test_a_long_row_breaks_between_sides_before_it_breaks_a_side():
    row = Row(Z, (Side(EQUAL, SUM[:8]), Side(EQUAL, (read(r"1 \cdot 2 \cdot 3 \cdot 4"),))), CLAIM)
    room = width(joined([Z, "=", *SUM[:8]])) + 40
    assert [latex(line.right)[0] for line in lines(row, room)] == ["=", "="]


def test_every_line_fits_and_every_summand_is_there_once():
    row = Row(read(r"z_{1}"), (Side(EQUAL, SUM), Side(ROUNDED, (read("0.5"),))), CLAIM)
    broken = lines(row)
    assert len(broken) > 3
    assert all(width(line.left) + width(line.right) <= LINE + 20 for line in broken)
    assert "".join(latex(line.right) for line in broken).count("x_{") == 40


def test_a_summand_wider_than_the_line_does_not_fit():
    assert fits(Row(Z, (Side(EQUAL, SUM),), CLAIM))
    assert not fits(Row(Z, (Side(EQUAL, (joined(SUM),)),), CLAIM))


def test_a_long_sum_is_broken_before_a_sum_inside_of_it_and_not_set_smaller():
    inner = [rf"\sum_{{{s}=0}}^{{n}} x_{{{s}}} y_{{{s}}} z_{{{s}}}" for s in "ijkm"]
    row = Row(Z, (Side(EQUAL, (read("".join(inner)),)),), CLAIM)
    room = width(read("".join(inner[:3]))) + 20
    assert shrunk([row], room) == 1
    assert [latex(line.right).count(r"\sum") for line in lines(row, room)] == [3, 1]
    long = read("".join(rf"\sum_{{{s}=0}}^{{n}} x_{{{s}}}" for s in "ij"))
    assert len(lines(replace(row, sides=(Side(EQUAL, (long,)),)), width(long) + 20)) == 1


def test_the_number_of_an_equation_stands_where_its_formula_ends():
    """On one line; on the last of its own; and not at the figures below it."""
    short, long, figures = (Side(EQUAL, terms) for terms in (SUM[:2], SUM[:8], SUM[8:16]))
    room = width(joined([Z, "=", *SUM[:5]]))
    for sides, place, count in (
        ([short], 0, 1),
        ([long], 1, 2),
        ([short, short], 0, 1),
        ([long, figures], 1, 5),
    ):
        made = lines(replace(Row(Z, tuple(sides), CLAIM), number="7"), room)
        assert [n for n, line in enumerate(made) if line.number] == [place]
        assert len(made) == count


def test_a_value_stays_on_the_line_of_its_formula_if_that_has_room():
    value, room = Side(ROUNDED, (read("0.5"),)), width(joined([Z, "=", *SUM[:8]])) + 20
    short, long = (Side(EQUAL, terms) for terms in (SUM[:6], SUM[:8]))
    for sides, ends in (
        ((long, short, value), ["x_{8}", r"x_{6} \approx 0.5"]),
        ((long, long, value), ["x_{8}", "x_{8}", r"\approx 0.5"]),
    ):
        made = [latex(line.right).replace(" +", "+") for line in lines(Row(Z, sides, CLAIM), room)]
        assert len(made) == len(ends)
        assert all(line.endswith(end) for line, end in zip(made, ends, strict=True))


def test_short_rows_that_are_alike_stand_beside_each_other_as_few_as_save_the_lines():
    row = Row(Z, (Side(EQUAL, (read("x"),)),), CLAIM)
    room = 3 * (width(read("z = x")) + 30) - MARGIN
    assert [beside([row] * n, room) for n in (1, 2, 3, 4, 6)] == [1, 2, 3, 2, 3]
    assert beside([row, replace(row, sides=(Side(EQUAL, SUM),))], room) == 1
    assert beside([replace(row, number="1"), row], room) == 1


def test_parentheses_on_different_lines_have_the_height_of_what_they_hold():
    def ends(term):
        terms = (read(f"({term}"), *SUM[1:30], read(f"+ {term})"))
        made = lines(Row(Z, (Side(EQUAL, terms),), CLAIM))
        return latex(made[0].right), latex(made[-1].right)

    for term, size in (
        (r"\frac{1}{2}", "bigg"),
        (r"\sigma\left(z\right)", "big"),
        (r"\sigma\left(z^{(2)}_{1}\right)", "Big"),
    ):
        first, last = ends(term)
        assert first.startswith(rf"= \{size}l(")
        assert last.endswith(rf"\{size}r)")
    first, last = ends("x")
    assert first.startswith("= (x")
    assert last.endswith("x)")
