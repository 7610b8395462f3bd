"""Sheets as workbooks: filled in by an independent program, and marked."""

import io

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.problems.write import problem_file
from tests.classroom.worksheets import by_hand
from tests.classroom.worksheets.made import CHOSEN, made
from tests.classroom.worksheets.test_solved import rounded
from tests.draws import MANY, SHEETS, slow

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")
by_torch = pytest.importorskip("tests.classroom.worksheets.by_torch")


def cell(book, name):
    ((sheet, address),) = book.defined_names[name].destinations
    return book[sheet][address]


@pytest.mark.parametrize("name", CHOSEN)
def test_a_sheet_that_is_solved_by_another_program_is_right(name, folder, tmp_path):
    variant = made(name, folder).variants[1]
    workbooks = variant.files("xlsx", "2")
    assert [*workbooks] == ["sheet-2.xlsx", "key-2.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(workbooks["sheet-2.xlsx"]))
    solved = by_torch.solved(problem_file(variant.problem))
    contents = sc.spreadsheet(variant.problem).contents
    for quantity in contents.quantities:
        if quantity.name in variant.quantities:
            numbers = solved[quantity.name].reshape(quantity.tensor.shape)
            for position, symbol in quantity.symbols.items():
                filled = cell(book, contents.names[symbol])
                assert filled.value is None
                filled.value, filled.number_format = float(numbers[position]), "0.000E+00"
    book.save(tmp_path / "mine.xlsx")
    marking = sc.mark(variant.problem, tmp_path / "mine.xlsx", quantities=variant.quantities)
    assert marking.count("right") == len(variant.figures)
    assert marking.score == marking.of


def test_a_level_asks_for_its_own_quantities(folder):
    workbooks = made("transposed", folder, 2, "convolution").variants[0].files("xlsx", "1")
    sheet, key = (openpyxl.load_workbook(io.BytesIO(content)) for content in workbooks.values())
    assert sheet.sheetnames == ["Given", "Forward"]
    assert key.sheetnames[:3] == ["Given", "Forward", "Backward"]
    assert all(row[0].value != "loss" for row in sheet["Forward"].iter_rows(min_row=4))


def test_the_command_writes_workbooks(tmp_path, capsys):
    text = tmp_path / "my.toml"
    text.write_text(problem_file(sc.examples.cnn_by_hand()), encoding="utf-8")
    command = ["worksheet", str(text), "--level", "convolution", "--format", "xlsx"]
    assert main([*command, "-o", str(tmp_path / "sheets")]) == 0
    assert {"sheet-1.xlsx", "key-1.xlsx"} < {path.name for path in (tmp_path / "sheets").iterdir()}
    problem = sc.load(tmp_path / "sheets" / "variant-1.toml")
    key = sc.mark(problem, tmp_path / "sheets" / "key-1.xlsx")
    assert key.count("right") == len(key.figures)


FIVE = [(name, "full") for name in ("dilated", "maxima", "signals", "residual", "transposed")]
VERDICTS = FIVE if MANY or SHEETS > 4 else [("dilated", "forward"), ("transposed", "convolution")]


def solved(name, problem):
    """Return all figures, computed from the problem file alone."""
    if name in ("dilated", "maxima"):
        return by_hand.solved(problem_file(problem))
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


@slow
def test_sheets_come_back_and_are_marked(folder, tmp_path):
    """A figure is wrong and two are left out: these are the verdicts, whoever computed the rest."""
    for name, level in VERDICTS:
        variant = made(name, folder, 2, level).variants[1]
        answers, verdicts = handed_in(name, variant)
        file = tmp_path / "mine.xlsx"
        file.write_bytes(in_workbook(variant, answers))
        marked = sc.mark(variant.problem, file, quantities=variant.quantities)
        found = {
            f.quantity
            if variant.problem.quantities.shape(f.quantity).size == 1
            else f"{f.quantity}[{','.join(map(str, f.position))}]": f.verdict
            for f in marked.figures
        }
        assert found == verdicts
