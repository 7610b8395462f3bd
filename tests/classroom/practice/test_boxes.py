"""Which box is for which figure: where the solution prints a number, its figure has that number."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.classroom.practice import page as written
from symcnn.classroom.practice.boxes import asked_for, bound
from symcnn.classroom.practice.figures import Figures
from symcnn.document.blocks import Inline, Matrices, Paragraph, Rows, Table
from symcnn.document.style import Style
from symcnn.document.traversal import flat
from symcnn.writing.formula import Gap
from symcnn.writing.formula.unicode import text
from tests.classroom.practice.pages import page_of, problem_of, solution_of
from tests.draws import one_of, seeds, some

SEED = problem_of()


def rows(blocks):
    """Run over the rows and the entries of matrices that have a box with a name."""
    for block in flat(blocks):
        if isinstance(block, Rows):
            found = block.rows
        elif isinstance(block, Matrices):
            found = [f for matrix in block.matrices for line in matrix.figures for f in line]
        else:
            continue
        for row in found:
            parts = [p for side in row.sides for term in side.terms for p in term.parts]
            names = [part.name for part in parts if isinstance(part, Gap) and part.name]
            if names:
                yield row, names


def cells(blocks, solution):
    """Run over the boxes of tables, with the number that the solution prints in the same place.

    Where it has a sentence in place of a table, its numbers are in the order of the lines.
    """
    printed = {_begins(block): block for block in flat(solution) if isinstance(block, Table)}
    for told in flat(solution):
        for table in (told.asked or ()) if isinstance(told, Paragraph) else ():
            if isinstance(table, Table):
                lines = zip(table.rows, filter(is_number, told.text), strict=True)
                rows = tuple((line[0], (number,)) for line, number in lines)
                printed[_begins(table)] = replace(table, rows=rows)
    for block in flat(blocks):
        if isinstance(block, Table) and _begins(block) in printed:
            for line, other in zip(block.rows, printed[_begins(block)].rows, strict=True):
                for cell, numbers in zip(line, other, strict=True):
                    yield from _boxes(cell, numbers)


def _begins(table):
    """Return the header and the first column without signs, which tell tables apart."""
    return table.header, tuple(re.sub("[_<>≤≥ ]", "", words(row[0])) for row in table.rows)


def words(cell):
    return "".join(text(part.formula) if named(part) else str(part) for part in cell)


def _boxes(cell, numbers):
    for part, number in zip(cell, numbers, strict=False):
        gaps = [p for p in part.formula.parts if isinstance(p, Gap)] if named(part) else []
        if gaps and gaps[0].name:
            yield gaps[0].name, re.split("[=\N{ALMOST EQUAL TO}]", text(number.formula))[-1].strip()


def named(part):
    return isinstance(part, Inline)


def is_number(part):
    return named(part) and re.fullmatch(
        "[=\N{ALMOST EQUAL TO} ]*[-\N{MINUS SIGN}]?[0-9.]+", text(part.formula)
    )


def checked(problem, solution, **style):
    """Check the boxes of a page, and return how many figures have some."""
    student = solution.with_blanks()
    printed = {name: style[name] for name in style if name != "detail"}
    figures = Figures(problem, Style(**printed), tuple(asked_for(student.blocks)))
    blocks, _ = bound(student.blocks, figures.by_entry, figures.by_letter)
    expected = {f"box-{n}": figure.expected for n, figure in enumerate(figures.all)}
    extras = {f"box-{n}": e for n, e in enumerate(figures.extras, len(figures.all))}
    numbers = set()
    for row, names in rows(blocks):
        (name,) = [name for name in names if name.startswith("box-")] or [""]
        if not name:
            continue
        assert row.claim.value == expected[name], name
        numbers.add(name)
    for name, printed in cells(blocks, solution.blocks):
        numbers.add(name)
        extra = extras.get(name)
        if extra and extra.letters == ("<", ">"):
            assert re.search({"<": "[<≤]", ">": "[>≥]"}[won(extra)], printed), name
            continue
        if extra and extra.letters:
            assert printed == won(extra), name
            continue
        number = float(plain(printed))
        due = float(extra.value if extra else expected[name])
        assert number == pytest.approx(due, rel=5e-4, abs=1e-30), name
    return len(numbers), len(expected) + len(extras)


def plain(printed):
    """Write a number of a page as Python does: 6.71 x 10^-6 is 6.71e-6."""
    superscripts = "\u207b\u2070\xb9\xb2\xb3\u2074\u2075\u2076\u2077\u2078\u2079"
    digits = str.maketrans(f"\N{MINUS SIGN}{superscripts}", "--0123456789")
    return printed.translate(digits).replace(" \N{MULTIPLICATION SIGN} 10", "e")


def won(extra):
    """Return the letters of the entries whose digit in a winner's number is 1."""
    return ", ".join(a for k, a in enumerate(extra.letters) if int(extra.value) >> k & 1)


FIGURES = {"brief": (38, 38), None: (50, 50), "full": (56, 56)}
"""How many figures have boxes, and how many there are: all updated weights are among them."""


@pytest.mark.parametrize(
    "style", one_of([{}, {"detail": "full"}, {"index_base": 0, "detail": "brief"}])
)
def test_all_boxes_of_the_seed_are_for_their_numbers(style):
    made = sc.explain(SEED, **style) if style else solution_of()
    assert checked(SEED, made, **style) == FIGURES[style.get("detail")]


def test_on_the_way_to_one_weight_few_figures_earn_points():
    """Points are of figures that have boxes."""
    made = page(SEED, weight="w_11")
    data = json.loads(re.findall(r'id="practice-data">(.*?)</script>', made, re.DOTALL)[0])
    boxed = {int(n) for n in re.findall(r'data-gap="box-(\d+)"', made)}
    assert set(data["open"]) == set(data["earning"]) == boxed
    assert f"of {len(boxed)}</p>" in made
    assert (len(boxed), len(data["figures"])) == (19, 35)


@pytest.mark.parametrize("seed", some(seeds(2, 0.5)))
def test_boxes_of_random_networks_are_for_their_numbers(seed):
    found, figures = checked(problem_of(seed), solution_of(seed))
    assert 0 < found <= figures


def page(problem, **options):
    return sc.practice_page(problem, **options)


def test_the_cells_of_a_table_have_the_boxes_of_their_letters():
    """z_11 stands in its row, in its matrix and beside the maximum that reads it."""
    names = re.findall(r'data-gap="(box-\d+)"', page_of())
    assert names.count("box-0") == 3
    assert names.count("box-1") == 2


def test_the_page_of_the_seed_is_small():
    assert len(page_of().encode()) < 400_000


def test_the_policy_names_the_one_script_and_allows_nothing_else():
    made = page_of()
    (script,) = re.findall(r"<script>(.*?)</script>", made, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', made)
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"\son\w+=", re.sub(r"<script.*?</script>", "", made, flags=re.DOTALL))


def test_data_holds_no_markup():
    named = sc.Problem(SEED.network, SEED.values, title="</script><b>")
    (data,) = re.findall(r'id="practice-data">(.*?)</script>', page(named), re.DOTALL)
    assert "<" not in data
    assert json.loads(data)["title"] == "</script><b>"


def test_what_is_too_large_is_one_line(monkeypatch):
    monkeypatch.setattr(limits, "PRACTICE_FIGURES", 20)
    with pytest.raises(sc.TooLargeError, match=r"has 42 figures, more than the 20 .* --blanks"):
        written(SEED, solution_of(), Style())
    monkeypatch.setattr(limits, "PRACTICE_FIGURES", 100)
    monkeypatch.setattr(limits, "PRACTICE_STEPS", 50)
    with pytest.raises(sc.TooLargeError, match=r"steps of computation, more than the 50 "):
        written(SEED, solution_of(), Style())
