"""Workbooks that somebody filled in: what their cells display, and what is no answer."""

import shutil
import zipfile
from pathlib import Path

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.classroom.marking.formats import table
from symcnn.classroom.spreadsheets.opened import displayed, is_date
from tests.classroom.spreadsheets import small_workbooks as small
from tests.classroom.spreadsheets.small_workbooks import number, text

DISPLAYED = {
    ("0.42", "General"): "0.42",
    ("0.42", "0.000"): "0.420",
    ("0.41967", "0.000"): "0.420",
    ("-0.0045", "0.00"): "-0.00",
    ("2.5", "0"): "3",  # as spreadsheets round, halves away from 0
    ("1234.5", "#,##0.00"): "1234.50",
    ("0.42", "0%"): "0.42",
    ("0.42", "0.0%"): "0.420",
    ("0.0304", "0.00E+00"): "3.04e-2",
    ("0.5", "0.0##"): "0.5",
    ("0.33333333333333331", "# ?/?"): "1/3",
    ("0.33333333333333331", "General"): "0.3333333333",
    ("0.30000000000000004", "General"): "0.3",
    ("1e-7", "General"): "1e-07",
    ("-0.25", "0.0;[Red]-0.00"): "-0.25",
    ("0.25", '0.00" m"'): "0.25",
    ("7", "@"): "7",
    ("1e300", "0.0"): "1" + 300 * "0" + ".0",
    ("1e-300", "0.0%"): "0.000",
    ("0.5", "0." + 300 * "0"): "0." + "5" + 29 * "0",
    ("0.5", 10**6 * "["): "0.5",
}


@pytest.mark.parametrize(("value", "code"), DISPLAYED, ids=str)
def test_a_cell_stands_for_what_it_displays(value, code):
    assert displayed(float(value), code) == DISPLAYED[value, code]


def test_dates_are_told_from_numbers():
    assert all(map(is_date, ("dd/mm/yyyy", "[$-407]d. mmm", "h:mm", "yyyy")))
    assert not any(map(is_date, ("General", "0.00", '0.0"dm"', "[Red]0.00", "0.00E+00", "@")))


def filled(tmp_path, cells, formats=(), **changed):
    contents = small.parts(small.given() | cells, formats) | changed
    return table(small.write(tmp_path / "mine.xlsx", contents), small.product())


def test_figures_are_read_by_the_names_of_cells(tmp_path):
    cells = {"z_1": number("4.5", 1), "z_2": text(" 9,5 "), "dL_dw_12": number("2")}
    assert filled(tmp_path, cells, ["0.00"]) == {
        "dense1": ["4.50", "9,5"],
        "gradient of dense1.weight": ["?", "2", "?", "?"],
    }


def test_a_formula_counts_by_its_saved_result(tmp_path):
    cells = {
        "L": 's="1"><f>w_11*x_1+4</f><v>13.9999</v>',
        "z_1": '><f t="shared" si="0"/><v>4.5</v>',
    }
    found = filled(tmp_path, cells, ["0.0"])
    assert found == {"dense1": ["4.5", "?"], "loss": ["14.0"]}
    assert sc.mark(small.product(), tmp_path / "mine.xlsx").count("right") == 2


def test_texts_of_several_runs_and_shared_ones_are_read(tmp_path):
    strings = "<sst><si><r><t>4</t></r><r><t>.5</t></r><rPh><t>x</t></rPh></si></sst>"
    changed = {
        "xl/sharedStrings.xml": strings,
        "xl/_rels/workbook.xml.rels": small.relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
    }
    assert filled(tmp_path, {"z_1": 't="s"><v>0</v>'}, **changed) == {"dense1": ["4.5", "?"]}


def test_cells_without_addresses_follow_each_other(tmp_path):
    contents = small.parts(small.given() | {"z_1": number("4.5")})
    sheet = contents["xl/worksheets/sheet1.xml"]
    rows = "".join(
        f"<row><c/><c><v>{value}</v></c></row>" for value in [*small.GIVEN.values(), 4.5]
    )
    contents["xl/worksheets/sheet1.xml"] = (
        f"{sheet.partition('<row')[0]}{rows}</sheetData></worksheet>"
    )
    file = small.write(tmp_path / "mine.xlsx", contents)
    assert table(file, small.product()) == {"dense1": ["4.5", "?"]}


BAD = {
    "truth": ('t="b"><v>1</v>', "cell B7 is the truth value '1': write a number"),
    "error": ('t="e"><v>#DIV/0!</v>', "cell B7 is the error '#DIV/0!': write a number"),
    "infinite": (number("1e999"), "cell B7 is no number, '1e999': write a number"),
    "no digits": (number("1_0"), "cell B7 is no number, '1_0': write a number"),
    "damaged": (number("4..5"), "cell B7 is no number, '4..5': write a number"),
    "date": (number("45000", 1), "cell B7 is a date: write the number again, with"),
    "ISO date": ('t="d"><v>2024-04-05</v>', "cell B7 is a date: write the number again, with"),
    "no result": ("><f>1+1</f>", "cell B7 has a formula without a result: save the file in"),
    "elsewhere": ("><f>[1]Sheet!A1*2</f><v>4.5</v>", "cell B7 refers to another file: write"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_figure_is_unread_with_sheet_and_cell(kind, tmp_path):
    content, said = BAD[kind]
    found, other = filled(tmp_path, {"z_1": content}, ["dd.mm.yyyy"])["dense1"]
    assert found.reason.startswith(f"Sheet 'My sheet', {said}")
    assert "\n" not in found.reason
    assert other == "?"


def test_bad_cells_cost_their_figures_alone(tmp_path):
    filled(tmp_path, {"z_1": text("about 4"), "z_2": text("9,5"), "L": BAD["date"][0]})
    marking = sc.mark(small.product(), tmp_path / "mine.xlsx")
    found = {f.quantity: f for f in marking.figures if f.verdict == "unread"}
    verdicts = [f.verdict for f in marking.figures if f.quantity == "dense1"]
    assert verdicts == ["unread", "right"]  # 3 * 0.5 + 4 * 2
    assert found["dense1"].unread.text == "about 4"
    assert "loss" not in found or "cell" in found["loss"].unread.reason


def test_the_workbook_of_another_variant_is_refused(tmp_path):
    with pytest.raises(sc.SymcnnError, match=r"cell B1 is '0.75', but x_1 of x is 0.5: take"):
        filled(tmp_path, {"x_1": number("0.75"), "z_1": number("4.5")})


def test_a_workbook_of_something_else_is_refused(tmp_path):
    contents = small.parts(small.given())
    book = contents["xl/workbook.xml"]
    bare = book.partition("<definedNames>")[0] + "</workbook>"
    with pytest.raises(
        sc.SymcnnError, match=r"^no cell has the name of an entry: fill in the work"
    ):
        filled(tmp_path, {}, **{"xl/workbook.xml": bare})
    deleted = book.replace("'My sheet'!$B$8", "#REF!")
    with pytest.raises(sc.SymcnnError, match=r"^there is no cell z_2 for dense1: fill in the work"):
        filled(tmp_path, {}, **{"xl/workbook.xml": deleted})
    with pytest.raises(sc.SymcnnError, match="there is no cell x_3 for x: fill in"):
        table(tmp_path / "mine.xlsx", sc.examples.cnn_by_hand())


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
FILES = {
    "empty": (b"", "this is no .xlsx workbook"),
    "text": (b"z_1 = 4.5", "this is no .xlsx workbook"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "this is no .xlsx workbook"),
    "zip": ({"a.txt": "a"}, "this is no .xlsx workbook"),
    "macros": ({"xl/vbaProject.bin": "a"}, "the workbook contains macros"),
    "entity": ({"xl/worksheets/sheet1.xml": ENTITY}, "the file declares a document type"),
    "no XML": ({"xl/workbook.xml": "<a><b></a>"}, "xl/workbook.xml in the file is damaged"),
    "no encoding": (
        {"xl/workbook.xml": '<?xml version="1.0" encoding="rTF-8"?><a/>'},
        "xl/workbook.xml in the file is damaged",
    ),
    "no sheet": (
        {"xl/_rels/workbook.xml.rels": small.relations()},
        "the file does not exist: fill in",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_one_line(kind, tmp_path):
    content, said = FILES[kind]
    file = tmp_path / "mine.xlsx"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        whole = {} if kind == "zip" else small.parts(small.given() | {"z_1": number("4.5")})
        small.write(file, whole | content)
    with pytest.raises(sc.SymcnnError, match=said) as caught:
        sc.mark(small.product(), file)
    assert "\n" not in str(caught.value)
    assert "mine.xlsx: " in str(caught.value)


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "SPREADSHEET_BYTES", 100_000)
    with pytest.raises(sc.TooLargeError, match="has more than 100,000 bytes: keep only the sheets"):
        filled(tmp_path, {}, **{"xl/worksheets/sheet1.xml": "<a>" + " " * 5_000_000})
    assert (tmp_path / "mine.xlsx").stat().st_size < 100_000


def test_endless_nesting_and_endless_texts_are_no_trouble(tmp_path):
    with pytest.raises(sc.TooLargeError, match=r"sheet1.xml in the file is too large"):
        filled(tmp_path, {}, **{"xl/worksheets/sheet1.xml": "<a>" * 1_000_000})
    runs = "<r><t>1</t></r>" * 100_000
    filled(tmp_path, {"z_1": f't="inlineStr"><is>{runs}</is>'})
    found = sc.mark(small.product(), tmp_path / "mine.xlsx").figures[0]
    assert (found.verdict, found.unread.text) == ("unread", "1" * 1000)


@pytest.mark.parametrize("index", ["5", "-1", "1" * 5_000, "0x0", "\N{ARABIC-INDIC DIGIT ONE}", ""])
def test_an_index_of_nothing_is_no_text_and_no_format(index, tmp_path):
    assert filled(tmp_path, {"z_1": f't="s"><v>{index}</v>'}) == {}
    assert filled(tmp_path, {"z_1": f's="{index}"><v>4.5</v>'}) == {"dense1": ["4.5", "?"]}


def test_a_sheet_of_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "SPREADSHEET_CELLS", 1_000)
    row = "<row>" + "<c><v>1</v></c>" * 1_001 + "</row>"
    sheet = f"<worksheet><sheetData>{row}</sheetData></worksheet>"
    with pytest.raises(
        sc.TooLargeError, match=r"^sheet 'My sheet': a sheet has more than 1,000 ce"
    ):
        filled(tmp_path, {}, **{"xl/worksheets/sheet1.xml": sheet})


def test_no_damaged_file_is_a_traceback(tmp_path):
    """Every byte of a file in turn is another one: it is read, or refused in lines."""
    file = small.write(tmp_path / "mine.xlsx", small.parts(small.given() | {"z_1": number("4.5")}))
    content, damaged = file.read_bytes(), Path(shutil.copy(file, tmp_path / "damaged.xlsx"))
    read = refused = 0
    for place in range(0, len(content), 7):
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            read += bool(table(damaged, small.product()))
        except sc.SymcnnError:
            refused += 1
    assert refused > 50
    assert read > 0


def test_no_damaged_part_is_a_traceback(tmp_path):
    """The same of the XML, which is compressed in the file, in all of its parts."""
    contents = small.parts(small.given() | {"z_1": number("4.5", 1)}, ["0.00"])
    refused = 0
    for part, whole in contents.items():
        for place in range(0, len(whole), 11):
            changed = whole[:place] + chr(ord(whole[place]) ^ 1) + whole[place + 1 :]
            file = small.write(tmp_path / "mine.xlsx", contents | {part: changed})
            try:
                table(file, small.product())
            except sc.SymcnnError:
                refused += 1
    assert refused > 50
    assert zipfile.is_zipfile(file)
