"""Sheets as workbooks: filled in by an independent program, and marked."""

import io

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.problems.write import problem_file
from tests.classroom.worksheets.made import CHOSEN, made

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
