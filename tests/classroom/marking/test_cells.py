"""What symcnn writes into CSV is no formula for any program, and is read back as it was."""

import csv
import io
import re
import zipfile
from random import Random

import pytest

import symcnn as sc
from symcnn.classroom.marking.formats.csv import cell, meant
from symcnn.cli import main
from tests.draws import FILES

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
FORMULAS = [f"{sign}cmd|' /C calc'!A0" for sign in SIGNS]
FORMULAS += [*(f'{before}=HYPERLINK("x")' for before in (" ", "'", '"', " '\" ", "\u00a0"))]
FORMULAS += ["\t=1", "\r=1", "a;=1", "a,+1", "a; -1+1", "a\t@SUM(1)", "a|=1", "-1+1", "+a", "--1"]
PLAIN = ["-0.5", "+3", "-1.5e-07", "-0,5", "conv1[0,0,2]", "a=b", "a-b", "'s", "3", "?", "", "a, b"]


def begins_a_formula(text):
    """Tell what a program does that cuts the text at any separator, and drops spaces and quotes."""
    parts = (part.strip(' "\u00a0') for part in re.split(r"[,;|\t\r\n]", text))
    return any(part[:1] in SIGNS for part in parts if part)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula(text):
    assert begins_a_formula(text.replace("'", ""))
    assert not begins_a_formula(cell(text))
    assert meant(cell(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays(text):
    assert cell(text) == meant(text) == text


def test_any_text_is_read_back():
    drawn = Random(0)
    for _ in range(1_000 * FILES):
        text = "".join(drawn.choices(f"{SIGNS}'\" \u00a0,;|\t\r\na1.e", k=drawn.randint(0, 7)))
        assert meant(cell(text)) == text
        assert not begins_a_formula(cell(text)) or re.fullmatch(r"[+-]?\d[\d.,e+-]*", text)


NAMES = ["=cmd|' C calc'!A0", "+x", "@SUM(1)", "-1+1", "a;=1", "'=a", '"=c"']


@pytest.fixture(scope="module")
def sheet():
    """A worksheet of layers that are called like formulas."""
    chosen = [name for name in NAMES if _is_name(name)]
    assert len(chosen) >= 5
    layers = [sc.Scale(2, name=name) for name in chosen]
    network = sc.Network((2,), [*layers, sc.Dense(1, bias=False)], sc.HalfSquaredError())
    return sc.worksheet(network, variants=2, level="forward", seed=3)


def _is_name(name):
    try:
        sc.Network((2,), [sc.Scale(2, name=name)], sc.SumOfOutputs())
    except sc.SymcnnError:
        return False
    return True


def test_the_table_of_keys_has_no_formulas(sheet):
    header, *rows = csv.reader(io.StringIO(sheet.keys_csv(), newline=""))
    for text in (c for row in (header, *rows) for c in row):
        assert not begins_a_formula(text) or re.fullmatch(r"-?\d+(\.\d+)?", text)
    figures = sheet.variants[0].figures
    assert len(header) == 1 + len(figures)
    for row, variant in zip(rows, sheet.variants, strict=True):
        assert row[1:] == [figure.text for figure in variant.figures]


def test_the_table_of_keys_is_read_as_answers(sheet, tmp_path, monkeypatch, capsys):
    """Every key of the worksheet, given back as a student's row, has all points."""
    monkeypatch.chdir(tmp_path)
    for name, content in sheet.files(("md",)).items():
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    header, *rows = csv.reader(io.StringIO((tmp_path / "keys.csv").read_text(), newline=""))
    with (tmp_path / "class.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *header])
        writer.writerows(["'=Ada" if n else "Ben", *row] for n, row in enumerate(rows))
    assert main(["mark", ".", "class.csv", "--json"]) == 0
    out = capsys.readouterr().out
    of = len(sheet.variants[0].figures)
    marked = sc.mark_class({str(v.number): v.problem for v in sheet.variants}, "class.csv")
    assert {*marked.markings} == {"Ben", "=Ada"}
    assert "=Ada" in out
    for marking in marked.markings.values():
        assert marking.count("right") == of


def test_a_workbook_has_formulas_in_computed_cells_alone(sheet):
    pytest.importorskip("xlsxwriter")
    problem = sheet.variants[0].problem
    with zipfile.ZipFile(io.BytesIO(sc.spreadsheet(problem).to_xlsx(blank=True))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert any("@SUM(1)" in text for text in parts.values())
    assert not any("<f>" in text for name, text in parts.items() if "worksheets/" in name)
