"""Hand-ins come from anybody: each that is none is a line, and the others are marked."""

import os
import sys
import zipfile
from io import BytesIO

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.cli import main
from symcnn.limits import handins
from tests.classroom.handins.students import JSON, TOML, handed_in, marked
from tests.problems.example import TEXT, written


def bomb(element, size):
    """Return a workbook one part of which is hundreds of times larger than the file."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relation = f'<Relationship Id="a" Type="{kind}" Target="xl/workbook.xml"/>'
    stream, content = BytesIO(), element * (size // len(element))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{content}</Relationships>")
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _few_elements(monkeypatch):
    """Let a bomb of a tenth of the size be too large, which takes a tenth of the time."""
    monkeypatch.setattr(limits, "SPREADSHEET_ELEMENTS", 200_000)


HOSTILE = {
    "bomb.xlsx": (lambda: bomb("<a/>", 900_000), "xml.rels in the file is too large"),
    "blanks.xlsx": (
        lambda: bomb(" ", 33_600_000),
        "xml.rels in the file has more than 33,554,432 bytes",
    ),
    "no.xlsx": (lambda: b"PK\x03\x04 and no more", "this is no .xlsx workbook"),
    "large.toml": (lambda: b"a = 1\n" * 400_000, "bytes, but a hand-in may have 2,097,152"),
    "binary.toml": (lambda: bytes(range(256)), "is not UTF-8"),
    "binary.csv": (lambda: b"\xff\xfe\x00a", "is not UTF-8"),
    "null.csv": (lambda: b"student,loss\x00\nAda,1\n", "the first row names no figures"),
    "deep.json": (lambda: b'{"loss": ' + b"[" * 100_000, "nested too deeply"),
    "open.json": (lambda: b'{"loss": 1', "this is not valid JSON"),
    "list.json": (lambda: b"[1, 2]", "does not contain an object"),
    "wrong.toml": (lambda: b"loss = = 1", "this is not valid TOML"),
    "problem.toml": (TEXT.encode, "this is a problem, not answers to one"),
    "photo.jpeg": (lambda: b"\xff\xd8\xff", "answers are in files that end with .toml"),
    "blank.csv": (lambda: b"a" + b" " * 1_000_000 + b"b\n1\n", "the first row names no figures"),
    "empty.csv": (lambda: b"", "the first row names no figures"),
    "scan.pdf": (lambda: b"%PDF-1.5", "answers are in files that end with .toml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_a_line(name, tmp_path):
    made, line = HOSTILE[name]
    folder = handed_in(tmp_path, {name: made(), "zz/ada.toml": TOML})
    one = marked(folder)
    assert [*one.markings] == ["Ada"]
    (note,) = one.notes
    assert note.startswith(name)
    assert line in note
    assert len(note) < 200


def test_all_of_them_together_leave_the_others(tmp_path, capsys):
    files = {name: made() for name, (made, _) in HOSTILE.items()}
    folder = handed_in(tmp_path / "class", {**files, "ada.toml": TOML, "Ben.json": JSON})
    problem = str(written(tmp_path, TEXT))
    assert main(["mark", problem, str(folder), "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    for name, (_, line) in HOSTILE.items():
        assert line in captured.out, name
    assert captured.out.count('"student"') == 2


def test_where_nobody_can_be_marked_the_status_says_so(tmp_path, capsys):
    files = {name: HOSTILE[name][0]() for name in ("open.json", "wrong.toml", "photo.jpeg")}
    folder = handed_in(tmp_path / "class", files)
    problem = str(written(tmp_path, TEXT))
    assert main(["mark", problem, str(folder), "-o", str(tmp_path / "out"), "--format", "md"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == captured.err.count("symcnn: error: ") == 3
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_what_leads_elsewhere_is_not_followed(tmp_path):
    outside = handed_in(tmp_path / "outside", {"secret.toml": TOML, "deep/secret.json": JSON})
    folder = handed_in(tmp_path / "class", {"Ben.json": JSON})
    (folder / "file.toml").symlink_to(outside / "secret.toml")
    (folder / "folder").symlink_to(outside, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.toml").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe.toml")
    made = marked(folder)
    assert [*made.markings] == ["Ben"]
    said = "this is a link, which is not followed: hand in the file"
    linked = ("file.toml", "folder", "loop", "nowhere.toml")
    assert made.notes[:4] == tuple(f"{name}: {said}" for name in linked)
    assert made.notes[4].startswith("pipe.toml: this is a device or a pipe")


def test_deep_folders_and_thousands_of_files_are_lines(tmp_path, monkeypatch):
    deep = "/".join("d" * (handins.DEPTH + 1))
    folder = handed_in(tmp_path, {f"{deep}/a.toml": TOML, "Ben.json": JSON})
    made = marked(folder)
    assert [*made.markings] == ["Ben"]
    assert made.notes == (f"{deep}: folders are nested too deeply: put the files further up",)
    monkeypatch.setattr(handins, "FILES", 2)
    handed_in(tmp_path / "many", {f"{n}.toml": f"loss = 0.0{n}" for n in range(4)})
    made = marked(tmp_path / "many")
    assert [*made.markings] == ["0", "1"]
    assert made.notes == ("of more than 2 files the others were not opened",)


def test_of_many_lines_the_rest_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(handins, "NOTES", 3)
    files = {f"{n}.json": "{" for n in range(8)}
    made = marked(handed_in(tmp_path, {**files, "z.toml": TOML}))
    assert len(made.notes) == 4
    assert made.notes[-1] == "and 5 more lines of this kind"


LONG = {
    "digits": "9" * 1_000_000,
    "formula": "=" + "A1+" * 300_000,
    "quotient": f"{'1' * 5_000}/{'3' * 5_000}",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_in_a_cell_costs_the_cell(kind, tmp_path):
    table = f'student,"conv1[0,0,0]",loss\nAda,{LONG[kind]},0.0304\nBen,0.24,0.0304\n'
    toml = f'student = "Cem"\nloss = "{LONG[kind]}"\nconv1 = [0.24, "?", "?", "?", "?", "?"]\n'
    made = marked(handed_in(tmp_path, {"table.csv": table, "c.toml": toml}))
    assert [m.count("right") for m in made.markings.values()] == [1, 1, 2]
    assert [m.count("wrong") for m in made.markings.values()] == [0, 0, 0]


NAMES = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a\u202eb\x07",
]


def test_names_are_texts_wherever_they_are_written(tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    rows = "".join(f'"{name}",0.0304\n' for name in (*NAMES, "X" * 5_000))
    folder = handed_in(tmp_path / "class", {"table.csv": f"name,loss\n{rows}"})
    stated = f'{TEXT}\n[answers]\nquantities = ["loss"]\n'
    problem, out = str(written(tmp_path, stated)), tmp_path / "out"
    options = ["--format", "csv,xlsx,html,md", "-o", str(out)]
    assert main(["mark", problem, str(folder), *options]) == 0
    csv = (out / "marks.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert all(line.lstrip('"')[0] in "'-<aX" for line in csv)
    assert csv[2].startswith("-2,")  # a plain number
    cells = [*openpyxl.load_workbook(out / "marks.xlsx").active.iter_rows(max_col=1)]
    assert [cell.data_type for (cell,) in cells] == ["s"] * 8
    assert [cell.value for (cell,) in cells[1:6]] == NAMES[:5]
    page = (out / "class.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert all(path.parent == out for path in out.rglob("*"))
    assert "X" * 61 not in page


def test_an_error_of_our_own_costs_one_student(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by nobody")

    monkeypatch.setattr(sys.modules["symcnn.classroom.handins.pile"], "table", broken)
    folder = handed_in(tmp_path, {"broken.json": JSON, "table.csv": "student,loss\nAda,0.0304\n"})
    made = marked(folder)
    assert [*made.markings] == ["Ada"]
    assert made.notes == (
        "broken.json: an error in symcnn itself (ZeroDivisionError: by nobody): mark it by hand",
    )


def test_a_problem_alone_is_no_pile():
    with pytest.raises(sc.SymcnnError, match="there are no hand-ins"):
        sc.mark_class(sc.examples.cnn_by_hand(), [])
