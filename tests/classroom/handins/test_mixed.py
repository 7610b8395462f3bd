"""A class that hands in all sorts of files is marked at once."""

from io import BytesIO

import pytest

import symcnn as sc
from tests.classroom.handins.students import (
    BY_HAND,
    EXPECTED,
    JSON,
    MIXED,
    TOML,
    counts,
    handed_in,
    marked,
)


def test_everybody_is_marked_whatever_the_format(tmp_path):
    made = marked(handed_in(tmp_path, MIXED))
    assert {name: counts(marking) for name, marking in made.markings.items()} == EXPECTED
    assert made.notes == ()
    assert made.mean == sum(e.get("right", 0) for e in EXPECTED.values()) / len(EXPECTED)


def test_files_and_folders_are_named_in_any_order(tmp_path):
    folder = handed_in(tmp_path, MIXED)
    made = marked(folder / "Ben.json", folder / "form", str(folder / "ada.toml"))
    assert [*made.markings] == ["Ben", "Erik", "Carla", "Dörte", "Ada"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    folder = handed_in(tmp_path, {"ada.toml": TOML})
    made = marked(folder / "ada.toml", folder, folder / ".." / folder.name / "ada.toml")
    assert [*made.markings] == ["Ada"]


def test_a_bad_cell_costs_its_figure(tmp_path):
    table = 'name,"conv1[0,0,0]",loss,remarks\nAda,about three,0.0304,late\nBen,0.24,0.0304,\n'
    made = marked(handed_in(tmp_path, {"table.csv": table, "c.toml": TOML.replace("0.24", '"x"')}))
    assert [marking.count("right") for marking in made.markings.values()] == [2, 1, 2]
    assert any("'remarks'" in note for note in made.notes)
    assert all(marking.count("wrong") == 0 for marking in made.markings.values())


def test_a_quantity_that_is_not_there_costs_itself(tmp_path):
    made = marked(handed_in(tmp_path, {"a.toml": TOML + "conv9 = 1\npool1 = [1]\n"}))
    assert made.markings["Ada"].count("right") == 3
    assert [note.partition(":")[0] for note in made.notes] == ["a.toml", "a.toml"]
    assert "there is no quantity 'conv9'" in made.notes[0]
    assert "pool1 has the shape 1" in made.notes[1]


def test_a_second_hand_in_of_a_student_is_kept(tmp_path):
    files = {"one.toml": TOML, "two.toml": TOML.replace("0.0304", "0.5"), "Ada.json": JSON}
    made = marked(handed_in(tmp_path, files))
    assert [*made.markings] == ["Ada", "Ada (2)", "Ada (3)"]
    assert made.notes == (
        "one.toml: 'Ada' has handed in Ada.json already: this is kept as 'Ada (2)'",
        "two.toml: 'Ada' has handed in Ada.json already: this is kept as 'Ada (3)'",
    )


def test_a_workbook_is_read(tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(BytesIO(sc.spreadsheet(BY_HAND).to_xlsx(blank=True)))
    for name, value in {"z_11": 0.24, "z_12": "0,28", "L": 0.0304}.items():
        sheet, cell = book.defined_names[name].attr_text.split("!")
        book[sheet.strip("'")][cell.replace("$", "")] = value
    book.save(tmp_path / "Greta.xlsx")
    made = marked(tmp_path)
    assert counts(made.markings["Greta"]) == {"right": 2, "wrong": 1, "missing": 4}


def test_a_pile_without_hand_ins_is_one_line(tmp_path):
    with pytest.raises(sc.SymcnnError, match="there are no hand-ins"):
        marked(tmp_path)
    with pytest.raises(sc.SymcnnError, match=r"none.toml: cannot read the file"):
        marked(tmp_path / "none.toml")
    with pytest.raises(sc.SymcnnError, match="a hand-in is a int"):
        marked(7)


def test_how_far_it_is_is_told(tmp_path):
    told = []
    folder = handed_in(tmp_path, {"a.toml": TOML, "b.json": JSON})
    marked(folder, progress=lambda *progress: told.append(progress))
    assert told == [(what, n, 2) for what in ("reading", "marking") for n in range(3)]
