"""Sheets that are filled in as PDF, as Markdown and as workbook, and come back."""

import io
import re
from shutil import which

import pytest

import symcnn as sc
from symcnn.classroom.filled_in import md, pdf
from symcnn.problems.write import problem_file
from tests.classroom.worksheets import by_hand
from tests.classroom.worksheets.made import made
from tests.classroom.worksheets.test_solved import rounded
from tests.classroom.worksheets.test_workbooks import cell
from tests.draws import MANY, SHEETS, slow

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")
pytest.importorskip("pypdf")

from tests.classroom.filled_in import forms  # noqa: E402

FIVE = [(name, "full") for name in ("dilated", "maxima", "signals", "residual", "transposed")]
CHOSEN = FIVE if MANY or SHEETS > 4 else [("dilated", "forward"), ("transposed", "convolution")]


COPIES = {"residual": "gradient of relu1["}
"""How figures are called that are copies of others: documents have no boxes for them."""


def solved(name, problem):
    """Return all figures, computed from the problem file alone."""
    if name in ("dilated", "maxima"):
        return by_hand.solved(problem_file(problem))
    pytest.importorskip("torch")
    from tests.classroom.worksheets import by_torch

    return by_torch.solved(problem_file(problem))


def handed_in(name, variant):
    """Return answers by figure, and what is due for each: one is wrong, and two are left out.

    The wrong one is the last, on which no other depends.
    """
    sheet, columns = rounded(solved(name, variant.problem)), {}
    for quantity in variant.quantities:
        shape = variant.problem.quantities.shape(quantity)
        places = [*shape.positions()]
        for place, text in zip(places, sheet[quantity], strict=True):
            alone = len(places) == 1
            columns[quantity if alone else f"{quantity}[{','.join(map(str, place))}]"] = text
    *_, missing, wrong = columns
    verdicts = dict.fromkeys(columns, "right")
    for left_out in (missing, next(iter(columns))):
        columns[left_out], verdicts[left_out] = "", "missing"
    columns[wrong], verdicts[wrong] = f"{float(columns[wrong]) + 7:.3f}", "wrong"
    return columns, verdicts


def in_markdown(variant, answers):
    (page,) = (t for n, t in variant.files("md", "1").items() if n == "sheet-1.md")
    page = page.replace("Name: ______", "Name: Ada King")
    for name, text in answers.items():
        line = re.compile(rf"^({re.escape(name)}  .*= \[) +\]$", re.MULTILINE)
        page, count = line.subn(lambda found, text=text: f"{found[1]}{text}]", page)
        assert count == 1, name
    return page.encode()


def in_pdf(variant, answers):
    blank = variant.sheet_in("pdf", "1")["sheet-1.pdf"]
    assert {forms.named(name) for name in answers} <= {*forms.fields_of(blank)}
    return forms.filled(blank, {"student": "Ada King", **answers})


def in_workbook(variant, answers):
    book = openpyxl.load_workbook(io.BytesIO(variant.files("xlsx", "1")["sheet-1.xlsx"]))
    contents = sc.spreadsheet(variant.problem).contents
    for quantity in contents.quantities:
        if quantity.name in variant.quantities:
            for position, symbol in quantity.symbols.items():
                name = f"{quantity.name}[{','.join(map(str, position))}]"
                text = answers.get(name, answers.get(quantity.name))
                filled = cell(book, contents.names[symbol])
                places = len(text.partition(".")[2])
                filled.number_format = f"0.{'0' * places}"
                filled.value = float(text) if text else None
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


WRITERS = {"md": in_markdown, "xlsx": in_workbook, "pdf": in_pdf}


@slow
def test_sheets_come_back_and_are_marked(folder, tmp_path):
    for name, level in CHOSEN:
        comes_back(name, level, folder, tmp_path)


def comes_back(name, level, folder, tmp_path):
    """Fill a sheet in, in every format, and compare the verdicts with those that are due."""
    variant = made(name, folder, 2, level).variants[1]
    answers, verdicts = handed_in(name, variant)
    written = {n: a for n, a in answers.items() if not n.startswith(COPIES.get(name, "-"))}
    for ending, write in WRITERS.items():
        if ending == "pdf" and not which("latexmk"):
            continue
        file = tmp_path / f"mine.{ending}"
        file.write_bytes(write(variant, answers if ending == "xlsx" else written))
        marked = sc.mark(variant.problem, file, quantities=variant.quantities)
        found = {
            f.quantity
            if variant.problem.quantities.shape(f.quantity).size == 1
            else f"{f.quantity}[{','.join(map(str, f.position))}]": f.verdict
            for f in marked.figures
        }
        assert found == verdicts, ending
        if ending != "xlsx":
            read = {"md": md, "pdf": pdf}[ending].fields(file)
            assert read == {"student": "Ada King", "variant": "2", **written}
