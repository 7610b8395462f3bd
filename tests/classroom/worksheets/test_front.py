"""The front of sheets, sheets without formulas, and hints."""

import io
import re
import struct
import subprocess
import zlib
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from shutil import which

import pytest

import symcnn as sc
from symcnn.classroom.worksheets.front import front
from symcnn.cli import main
from symcnn.limits import sheets
from tests.classroom.worksheets.made import made
from tests.classroom.worksheets.networks import SMALL
from tests.draws import MANY, some

NASTY = r"100 % of <b>5</b> & #1 \textbf{x} $y$ _z_ `w` | ![a](b) \input{/etc/passwd}"


def png(wide=3, high=2, more=b""):
    """Return a PNG, made of its parts."""

    def part(kind, body):
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * min(wide, 300) for _ in range(min(high, 10))))
    parts = part(b"IHDR", head) + part(b"IDAT", rows) + more + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def with_front(folder, level="full", name="small", **chosen):
    variant = made(name, folder, 1, level).variants[0]
    return replace(variant, style=replace(variant.style, front=front(**chosen)))


class Text(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.words = ""
        self.feed(page)

    def handle_data(self, data):
        self.words += data


def test_words_stand_as_they_are_in_every_format(folder):
    variant = with_front(folder, "convolution", course=NASTY, introduction=f"{NASTY}\n\nEnd.")
    page = variant.sheet_in("html", "1")["sheet-1.html"]
    assert Text(page).words.count(NASTY) == 2
    assert "<b>" not in page
    text = variant.sheet_in("md", "1")["sheet-1.md"]
    unescaped = re.sub(r"\\([\\`*_{}\[\]<>#|~$&!])", r"\1", text)
    assert unescaped.count(NASTY) == 2
    assert not re.search(r"(?<!\\)<b>|(?<!\\)!\[a|(?<!\\)\$y", text)
    latex = variant.sheet_in("tex", "1")["sheet-1.tex"]
    assert r"100 \% of" in latex
    assert not re.search(r"\\input|\\textbf\{x|(?<!\\)#1 \\text", latex.partition("\\begin{doc")[2])


@pytest.mark.skipif(not which("latexmk"), reason="latexmk is not installed")
def test_a_cover_with_everything_is_typeset_and_no_page_is_empty(folder, tmp_path):
    pytest.importorskip("segno")
    logo = tmp_path / "logo.png"
    logo.write_bytes(png(300, 10))
    names = ["small", "dilated", "maxima", "signals"] if MANY else ["small"]
    for name in names:
        for chosen in ({"cover": True, "logo": logo, "qr": True}, {"formulas": False})[: 1 + MANY]:
            words = {"course": NASTY, "introduction": NASTY, "hints": True}
            variant = with_front(folder, "full" if MANY else "forward", name, **words, **chosen)
            file = tmp_path / "sheet.pdf"
            file.write_bytes(variant.sheet_in("pdf", "1")["sheet-1.pdf"])
            assert all(share > 1 / 3 for share in filled_shares(file, tmp_path)), name


def filled_shares(file, folder):
    """Return how far down each page something is printed, above its number."""
    if not which("pdftoppm"):
        pytest.skip("pdftoppm is not installed")
    stem = folder / "page"
    subprocess.run(["pdftoppm", "-gray", "-r", "20", str(file), str(stem)], check=True)
    shares = []
    for page in sorted(folder.glob("page-*.pgm")):
        _, wide, high, _, pixels = re.split(rb"\s", page.read_bytes(), maxsplit=4)
        wide, high = int(wide), int(high)
        rows = [min(pixels[y * wide : (y + 1) * wide]) for y in range(int(high * 0.945))]
        shares.append(max(y for y, darkest in enumerate(rows) if darkest < 200) / high)
        page.unlink()
    return shares


def test_the_front_stands_before_the_problem_in_order(folder):
    variant = with_front(
        folder,
        "convolution",
        course="Signals",
        date=date(2026, 12, 1),
        introduction="Hello.\n\nYou.",
    )
    lines = variant.sheet_in("md", "1")["sheet-1.md"].split("\n\n")
    assert lines[1:4] == ["Signals, 2026-12-01", "Hello.", "You."]
    assert lines[4].startswith("Name: ______ Date: ______ Points: ______ of")
    assert lines[6] == "## 1 The problem"


def test_a_cover_has_a_table_of_the_points(folder):
    page = with_front(folder, "forward", cover=True).sheet_in("md", "1")["sheet-1.md"]
    cover, _, problem = page.partition("\n---\n")
    assert "| conv1 | 6 | ______ |\n| relu1 | 6 | ______ |\n| dense1 | 1 | ______ |" in cover
    assert "| Total | 14 | ______ |" in cover
    assert problem.strip().startswith("## 1 The problem")


def test_an_introduction_may_be_a_file(tmp_path):
    file = tmp_path / "words.md"
    file.write_bytes(b"# One\r\n\r\n two\r\nlines \r\n \r\n\r\n")
    assert front(introduction=str(file)).introduction == ("# One", "two lines")


def test_a_logo_is_as_high_as_a_line_of_text_or_as_wide_as_fits(tmp_path):
    file = tmp_path / "logo.png"
    file.write_bytes(png(300, 100))
    logo = front(logo=file).logo
    assert (logo.width, logo.height, logo.format) == (144.0, 48.0, "png")
    file.write_bytes(png(1000, 10))
    assert (front(logo=file).logo.width, front(logo=file).logo.height) == (160.0, 1.6)
    file.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Page/MediaBox [0 0 200 100]>>endobj")
    assert (front(logo=file).logo.width, front(logo=file).logo.format) == (96.0, "pdf")


LOGOS = {
    "a text": (b"<svg/>", "the logo is neither PNG nor PDF"),
    "cut off": (png()[:-7], "the logo is a damaged PNG"),
    "another bit": (png().replace(b"\x08\0\0\0\0", b"\x08\0\0\0\1", 1), "a damaged PNG"),
    "without an end": (png()[:-12], "a damaged PNG"),
    "no pixels": (png(0, 5), "the logo has no pixels"),
    "too many pixels": (png(2**31 - 1, 2**31 - 1), "pixels: save it with at most 10,000,000"),
    "a PDF without a page": (b"%PDF-1.4\n", "the page of the logo has no size"),
    "a PDF without a size": (b"%PDF-1.4 /MediaBox [0 0 a b]", "the page of the logo has no size"),
}


@pytest.mark.parametrize("name", LOGOS)
def test_what_is_no_logo_is_one_line(name, tmp_path):
    content, line = LOGOS[name]
    file = tmp_path / "logo"
    file.write_bytes(content)
    with pytest.raises(sc.SymcnnError, match=line):
        front(logo=file)


def test_a_large_logo_is_not_read(tmp_path):
    file = tmp_path / "logo.png"
    with file.open("wb") as content:
        content.truncate(2**40)
    with pytest.raises(sc.TooLargeError, match="more than 2,097,152 bytes"):
        front(logo=file)


@pytest.mark.parametrize("format", some(["html", "md"], 2))
def test_a_logo_in_pdf_is_for_paper(format, folder, tmp_path):
    file = tmp_path / "logo.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Page/MediaBox [0 0 200 100]>>endobj")
    variant = with_front(folder, "convolution", logo=file)
    with pytest.raises(sc.SymcnnError, match="shows no PDF as a logo: give one in PNG"):
        variant.sheet_in(format, "1")
    assert file.read_bytes() in variant.sheet_in("tex", "1").values()


BAD = {
    "course": ({"course": 7}, "course is 7: give a text"),
    "long": ({"course": "x" * 3000}, "course has 3,000 characters: give at most 2,000"),
    "introduction": ({"introduction": 7}, "introduction is 7: give a text, or the name of a file"),
    "longer": (
        {"introduction": "x" * (sheets.INTRODUCTION_LETTERS + 1)},
        "the introduction has 10,001 characters: give at most 10,000",
    ),
    "no file": ({"introduction": "missing.md"}, "missing.md: cannot read the file"),
    "no logo": ({"logo": "missing.png"}, "missing.png: cannot read the file"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_stand_there_is_one_line(name):
    chosen, line = BAD[name]
    with pytest.raises(sc.SymcnnError, match=line):
        front(**chosen)


def test_the_code_says_which_sheet_it_is(folder):
    segno = pytest.importorskip("segno")
    variant = with_front(folder, "convolution", qr=True)
    files = variant.sheet_in("md", "1")
    (content,) = (made for name, made in files.items() if name.endswith(".png"))
    code = re.search(r"^sheet +. \[([0-9a-f]{8})-", files["sheet-1.md"], re.MULTILINE)[1]
    said = f"Signals & <images>\nvariant 1\nsheet {code}"
    expected = io.BytesIO()
    segno.make_qr(said, error="m").save(expected, kind="png", scale=8, border=4)
    assert content == expected.getvalue()


def test_without_segno_one_line_says_so(monkeypatch):
    monkeypatch.setattr("symcnn.classroom.worksheets.front.choices.find_spec", lambda _: None)
    with pytest.raises(sc.SymcnnError, match=r"pip install 'symcnn\[qr\]'"):
        front(qr=True)


def test_a_sheet_without_formulas_has_what_is_given_and_all_boxes(folder):
    usual, bare = with_front(folder), with_front(folder, formulas=False)
    text, shown = (v.sheet_in("md", "1")["sheet-1.md"] for v in (usual, bare))
    body, _, lines = shown.partition("## Your answers")
    for formula in (r"\sum", r"\max", "Theorem", r"\left[", "we follow"):
        assert formula in text.partition("## Your answers")[0]
        assert formula not in body
    body = body.partition("Fill in the boxes.")[2]
    assert body.count(r"\square") + body.count("______") == len(usual.figures)
    given = text[text.index("| Layer |") : text.index("## 2 Forward")]
    assert given in body
    assert r"the learning rate $`\eta = 0.5`$" in body
    assert r"is the derivative of the loss with respect to the entry $`Y_{i}`$." in body
    assert "From the loss back" not in body
    names = {line.partition("  ")[0] for line in lines.splitlines() if "[  " in line}
    assert len(names) == len(usual.figures)


def test_hints_give_rules_and_no_numbers(folder):
    page = with_front(folder, hints=True).sheet_in("md", "1")["sheet-1.md"]
    _, _, found = page.partition("## 6 Hints")
    found, _, _ = found.partition("## Your answers")
    assert r"z_{11} &= w_{11} x_{1} + w_{21} x_{2} + b_{1}" in found
    assert r"z_{ik} &= \sum_{u=1}^{2} w_{uk} x_{i+u-1} + b_{k}" in found
    assert "To update a weight, subtract the learning rate times the derivative" in found
    numbers = re.findall(r"(?<![_{\d.,])\d+\.\d+", found)
    assert numbers == []
    assert r"\square" not in found
    for quantity in ("conv1", "relu1", "loss", "gradient of conv1", "gradient of conv1.weight"):
        assert f"\n{quantity}:\n" in found


def test_the_solution_and_the_question_are_as_they_were(folder):
    usual, other = with_front(folder), with_front(folder, cover=True, course="Signals", hints=True)
    assert usual.key.to_markdown() == other.key.to_markdown()
    assert "".join(map(str, usual.question.parts())) == "".join(map(str, other.question.parts()))


def test_the_command_takes_all_of_it_or_writes_nothing(tmp_path, capsys):
    network, out = tmp_path / "small.toml", tmp_path / "out"
    network.write_text(SMALL, encoding="utf-8")
    command = [
        "worksheet",
        str(network),
        "--level",
        "convolution",
        "--format",
        "md",
        "-o",
        str(out),
    ]
    assert main([*command, "--logo", str(tmp_path / "none.png")]) == 2
    assert not out.exists()
    (tmp_path / "logo.png").write_bytes(png())
    told = ["--course", "ML", "--date", "May", "--introduction", "Hello there.", "--cover"]
    told += ["--logo", str(tmp_path / "logo.png"), "--no-formulas", "--hints"]
    assert main([*command, *told]) == 0
    page = (out / "sheet-1.md").read_text(encoding="utf-8")
    for words in ("ML, May", "Hello there.", "| Total | 6 |", "## 3 Hints", "![The logo.](image-"):
        assert words in page
    assert len([*out.glob("image-*.png")]) == 1
    capsys.readouterr()
    problem, sheet = str(out / "variant-1.toml"), str(out / "sheet-1.md")
    assert main(["mark", problem, sheet, "--json"]) == 0
    assert '"score": 0.0, "of": 6' in capsys.readouterr().out
