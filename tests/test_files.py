"""What a user gives is a regular file, within limits, and is looked at before it is read."""

import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.cli import main
from tests.draws import slow
from tests.problems.example import TEXT, written
from tests.problems.test_arrays import ARRAYS, BARE

DEVICE = Path("/dev/urandom")
NO_FILE = "this is a device or a pipe, not a file: save its output in a file"

needs_posix = pytest.mark.skipif(not DEVICE.is_char_device(), reason="needs /dev/urandom")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, TEXT)
    return tmp_path


def errors(capsys, *arguments):
    assert main([*arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return [line.removeprefix("symcnn: error: ") for line in err.splitlines()]


def special(name):
    """Make a pipe that nobody writes to, or a link to a device."""
    if name.startswith("pipe"):
        os.mkfifo(name)
    else:
        Path(name).symlink_to(DEVICE)


READERS = {
    ".toml": ["evaluate", "{}"],
    "-answers.toml": ["mark", "problem.toml", "{}"],
    ".json": ["mark", "problem.toml", "{}"],
    ".csv": ["mark", "problem.toml", "{}"],
    ".md": ["mark", "problem.toml", "{}"],
    ".xlsx": ["mark", "problem.toml", "{}"],
    "-samples.npz": ["train", "problem.toml", "--steps", "1", "--data", "{}"],
    "-input.npz": ["import", "net.pt2", "--data", "{}"],
    "-network.toml": ["worksheet", "{}", "-o", "sheets"],
}


@needs_posix
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("ending", READERS)
def test_devices_and_pipes_are_not_read(folder, capsys, kind, ending):
    name = f"{kind}{ending}"
    special(name)
    assert errors(capsys, *(a.format(name) for a in READERS[ending])) == [f"{name}: {NO_FILE}"]


@needs_posix
def test_arrays_are_no_device(folder):
    written(folder, BARE.replace("numbers.npz", str(DEVICE)))
    with pytest.raises(sc.SymcnnError) as caught:
        sc.load("problem.toml")
    assert str(caught.value) == f"problem.toml: /dev/urandom: {NO_FILE}"


@pytest.mark.parametrize("ending", READERS)
def test_folders_are_not_read(folder, capsys, ending):
    Path(f"here{ending}").mkdir()
    (line,) = errors(capsys, *(a.format(f"here{ending}") for a in READERS[ending]))
    assert line.startswith(
        (f"here{ending}: cannot read the file: ", f"here{ending}: there are no ")
    )


def test_a_long_file_is_refused_by_its_length(folder, capsys):
    """It is sparse, and longer than the memory of any machine."""
    with Path("long.toml").open("wb") as file:
        file.truncate(2**43)
    line = f"long.toml: the file has more than {limits.FILE_BYTES:,} bytes: make it smaller"
    assert errors(capsys, "evaluate", "long.toml") == [line]


def archive(name, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", method) as made:
        for member in members:
            made.writestr(member, b"")


@slow
def test_many_unknown_arrays_are_ten_lines_and_are_not_looked_at(folder, capsys):
    """They have no headers, which would be an error of another kind."""
    archive("numbers.npz", [f"a{n}.npy" for n in range(12_000)])
    written(folder, BARE)
    for command in (["evaluate", "problem.toml"], READERS["-samples.npz"], READERS["-input.npz"]):
        *lines, last = errors(capsys, *(a.format("numbers.npz") for a in command))
        assert len(lines) == 9
        assert all("numbers.npz: " in line and f"'a{n}'" in line for n, line in enumerate(lines))
        assert last == "and 11,991 more"
        written(folder, TEXT)


def test_an_unknown_array_is_not_read(folder, capsys):
    """It cannot be: its numbers are cut off."""
    np.savez("data.npz", x=np.ones(3), images=np.ones(300))
    whole = Path("data.npz").read_bytes()
    Path("data.npz").write_bytes(whole.replace(np.ones(300).tobytes(), bytes(2400)))
    line = "data.npz: there is an array 'images': give x and target alone"
    assert errors(capsys, "import", "net.pt2", "--data", "data.npz") == [line]


def test_a_directory_has_a_limit(folder, capsys, monkeypatch):
    monkeypatch.setattr(limits, "ARCHIVE_DIRECTORY_BYTES", 10_000)
    archive("numbers.npz", [f"{'a' * 50}{n}.npy" for n in range(100)])
    written(folder, BARE)
    (line,) = errors(capsys, "evaluate", "problem.toml")
    assert line.endswith("numbers.npz: the file has too many parts: save fewer arrays in it")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_is_there_once(folder, capsys):
    np.savez("numbers.npz", **ARRAYS)
    with zipfile.ZipFile("numbers.npz", "a") as made:
        made.writestr("x.npy", made.read("x.npy"))
    written(folder, BARE)
    (line,) = errors(capsys, "evaluate", "problem.toml")
    assert line.endswith("numbers.npz: 'x.npy' is there twice: remove one of the two")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unfolds_without_bounds_is_refused(folder, capsys, method):
    archive("numbers.npz", ["x.npy"], method)
    written(folder, BARE)
    (line,) = errors(capsys, "evaluate", "problem.toml")
    assert line.endswith("'x.npy' is compressed by an unusual method: save it by deflate")


def test_an_array_is_as_long_as_it_says(folder, capsys):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 1, 1)}\n"
    np.savez("numbers.npz", **{n: a for n, a in ARRAYS.items() if n != "x"})
    with zipfile.ZipFile("numbers.npz", "a") as made:
        made.writestr("x.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    written(folder, BARE)
    (line,) = errors(capsys, "evaluate", "problem.toml")
    assert "numbers.npz: 'x' has fewer numbers than it says: save it with numpy" in line


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_of_a_workbook_is_there_once(folder, capsys):
    archive("a.xlsx", ["xl/workbook.xml", "XL/workbook.xml"])
    line = "a.xlsx: two parts of the workbook have one name: save it again"
    assert errors(capsys, "mark", "problem.toml", "a.xlsx") == [line]


def test_of_many_mistakes_in_a_problem_file_ten_lines_are_told(folder, capsys):
    layers = "".join(f'[[layers]]\ntype = "conv{n}"\n' for n in range(100, 140))
    Path("many.toml").write_text(f"input = {{shape = [2], values = [1, 2]}}\n{layers}")
    *lines, last = errors(capsys, "evaluate", "many.toml")
    assert len(lines) == 9
    assert all(f"'conv{n}'" in line for n, line in enumerate(lines, start=100))
    assert last == "and 32 more"  # with the loss, which is missing


def test_of_hundreds_of_mistakes_nobody_looks_for_others(folder, capsys):
    """Each is compared with what may be meant."""
    Path("keys.toml").write_text("".join(f"a{n} = 1\n" for n in range(600)))
    *lines, last = errors(capsys, "evaluate", "keys.toml")
    assert (len(lines), last) == (9, "and at least 491 more")


def test_samples_of_another_shape_are_not_read(folder, capsys):
    """They cannot be: their numbers are damaged."""
    np.savez("data.npz", x=np.ones((900, 70)), target=np.ones((900, 1)))
    whole = Path("data.npz").read_bytes()
    Path("data.npz").write_bytes(whole.replace(np.ones(63_000).tobytes(), bytes(504_000)))
    (line,) = errors(capsys, "train", "problem.toml", "--steps", "1", "--data", "data.npz")
    assert line.startswith("data.npz: x has the shape 900x70, but samples x 3x1x1 is needed: ")


def test_an_input_has_a_limit(folder, capsys, monkeypatch):
    monkeypatch.setattr(limits, "IMPORTED_ENTRIES", 9)
    np.savez("data.npz", x=np.ones((5, 2)))
    line = "data.npz: x has 10 entries, more than 9: give fewer samples"
    assert errors(capsys, "import", "net.onnx", "--data", "data.npz") == [line]


def test_all_parts_of_a_workbook_have_one_limit(folder, capsys, monkeypatch):
    """Many sheets may be one part, which would be read many times."""
    workbook = pytest.importorskip("xlsxwriter") and sc.spreadsheet(sc.load("problem.toml"))
    Path("a.xlsx").write_bytes(workbook.to_xlsx())
    with zipfile.ZipFile("a.xlsx") as made:
        parts = [made.read(name).count(b"<") // 2 for name in made.namelist()]
    monkeypatch.setattr(limits, "SPREADSHEET_ELEMENTS", max(parts))
    (line,) = errors(capsys, "mark", "problem.toml", "a.xlsx")
    assert line.endswith(" in the file is too large: keep only the answers")


def test_a_table_of_keys_that_is_none(folder, capsys):
    for number in (1, 2):
        written(folder, TEXT, f"variant-{number}.toml")
    Path("keys.csv").write_text("variant," + "a" * 200_000)
    Path("class.csv").write_text("student,loss\nAda,1\n")
    (line,) = errors(capsys, "mark", "variant-1.toml", "class.csv")
    assert line.startswith(
        "keys.csv: this is not valid CSV: field larger than field limit (131072)"
    )


OPENING = re.compile(r"(?<!def )(?<![.\w])open\(|\.open\(\"r|read_bytes\(|np\.load\(|fromfile\(")
OWN = {"limits/files.py", "document/pages/typesetting.py", "programs/backends/python/export.py"}
"""Beside the one place: what a typesetter has written, and the text of an exported module."""


def test_files_of_users_are_opened_in_one_place():
    package = Path(sc.__file__).parent
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if OPENING.search(path.read_text(encoding="utf-8"))
    }
    assert found <= OWN
