"""PDFs that nobody filled in: each is one line, soon."""

import pytest

import symcnn as sc
from symcnn.classroom.filled_in.pdf import fields
from symcnn.limits import forms
from tests.classroom.filled_in.small_forms import (
    PAGE,
    PAGES,
    answered,
    bomb,
    field,
    form,
    pdf,
    stream,
)

pytest.importorskip("pypdf")

FORM = "<</Type/Catalog/Pages 2 0 R/AcroForm "

BAD = {
    "an empty file": (b"", "this is no PDF"),
    "a text": (b"conv1 = 0.24\n", "this is no PDF"),
    "only its beginning": (b"%PDF-1.5\n", "the PDF is damaged"),
    "cut off": (answered(loss="0.03")[:200], "the PDF is damaged|no form"),
    "no form": (pdf("<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE), "the PDF has no form"),
    "a form without fields": (form(), "the PDF has no form"),
    "a number for a form": (pdf(f"{FORM}7>>", PAGES, PAGE), "the PDF is damaged"),
    "numbers for fields": (pdf(f"{FORM}<</Fields[1 2 3]>>>>", PAGES, PAGE), "the PDF is damaged"),
    "XFA": (form(field("loss", "0.03"), more="/XFA(<xdp>)"), r"of another kind \(XFA\)"),
    "a password": (
        pdf(
            "<</Type/Catalog/Pages 2 0 R>>",
            PAGES,
            PAGE,
            f"<</Filter/Standard/V 1/R 2/O({'a' * 32})/U({'b' * 32})/P -4>>",
            trailer="/Encrypt 4 0 R/ID[(a)(a)]",
        ),
        "the PDF is encrypted",
    ),
    "nested too deeply": (
        form(*(f"<</T(a)/Kids[{6 + n} 0 R]>>" for n in range(60)), field("loss", "1")),
        "too large for a sheet",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sheet_is_one_line(name, tmp_path):
    content, line = BAD[name]
    file = tmp_path / "sheet.pdf"
    file.write_bytes(content)
    with pytest.raises(sc.SymcnnError, match=line) as caught:
        fields(file)
    assert "\n" not in str(caught.value)


def test_fields_that_contain_each_other_are_read_once(tmp_path):
    file = tmp_path / "sheet.pdf"
    loop = [
        "<</T(loss)/V(0.03)/Kids[5 0 R 6 0 R]>>",
        "<</Kids[5 0 R 6 0 R 7 0 R]>>",
        "<</Kids[6 0 R]>>",
    ]
    file.write_bytes(form(*loop))
    assert fields(file) == {"student": "", "variant": "", "loss": "0.03"}


def test_a_bomb_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(forms, "SECONDS", 2)
    file = tmp_path / "bomb.pdf"
    file.write_bytes(bomb(100))
    assert fields(file)["loss"] == "0.03"
    file.write_bytes(bomb(100_000_000))
    with pytest.raises(sc.SymcnnError, match=r"large|damaged|within"):
        fields(file)
    file.write_bytes(answered(loss="0.03"))
    assert fields(file)["loss"] == "0.03"


def test_a_large_file_is_not_read(tmp_path):
    file = tmp_path / "sheet.pdf"
    with file.open("wb") as content:
        content.truncate(2**40)
    with pytest.raises(sc.TooLargeError, match="more than 16,777,216 bytes"):
        fields(file)


def test_a_megabyte_in_a_field_is_cut(tmp_path):
    file = tmp_path / "sheet.pdf"
    file.write_bytes(answered(loss="1+" * 500_000))
    assert len(fields(file)["loss"]) == forms.LETTERS


def test_a_stream_is_no_text(tmp_path):
    file = tmp_path / "sheet.pdf"
    file.write_bytes(form("<</T(loss)/V 6 0 R>>", stream(b"0.03")))
    assert fields(file)["loss"] == ""


def test_without_pypdf_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("symcnn.classroom.filled_in.pdf.find_spec", lambda _: None)
    file = tmp_path / "sheet.pdf"
    file.write_bytes(answered(loss="0.03"))
    with pytest.raises(sc.SymcnnError, match=r"pip install 'symcnn\[forms\]'"):
        fields(file)
