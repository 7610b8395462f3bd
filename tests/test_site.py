"""What checks the built site finds what is wrong with a page, each by itself."""

from pathlib import Path
from runpy import run_path

import pytest

SITE = run_path(str(Path(__file__).parents[1] / ".ci" / "site.py"))

RIGHT = """
<link href="own.css"><h1 id="top">A</h1><h2>B</h2><h3>C</h3><h2>D</h2>
<img src="own.png" alt="A network"><a href="#top">up</a> <a href="other.html#there">there</a>
<a href="https://example.org/">elsewhere</a> <a href="folder/">index</a> <a href="?q=x">search</a>
"""


def complaints(folder, page):
    (folder / "folder").mkdir()
    for name in ("own.css", "own.png", "folder/index.html"):
        (folder / name).write_text("", encoding="utf-8")
    (folder / "other.html").write_text('<p id="there">', encoding="utf-8")
    (folder / "page.html").write_text(page, encoding="utf-8")
    return [*SITE["complaints"](folder)]


def test_a_page_whose_links_lead_somewhere_is_right(tmp_path):
    assert complaints(tmp_path, RIGHT) == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ('<script src="https://cdn.example.org/a.js"></script>', "is from elsewhere"),
        ('<iframe src="//example.org"></iframe>', "is from elsewhere"),
        ("<style>@import 'https://example.org/a.css';</style>", "a style is from elsewhere"),
        ('<p style="background: url(https://example.org/a.png)">', "a style is from elsewhere"),
        ('<a href="missing.html">', "missing.html leads nowhere"),
        ('<a href="other.html#here">', "other.html#here leads nowhere"),
        ('<a href="#bottom">', "#bottom leads nowhere"),
        ('<a href="../outside.html">', "../outside.html leads nowhere"),
        ('<b id="top"></b>', "the id 'top' is there twice"),
        ('<img src="own.png">', "own.png has no alt text"),
        ("<h4>E</h4>", "a heading of level 4 follows one of level 2"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, wrong, complaint):
    (tmp_path.parent / "outside.html").write_text("", encoding="utf-8")
    (said,) = complaints(tmp_path, RIGHT + wrong)
    assert said.startswith("page.html: ")
    assert said.endswith(complaint)


def test_styles_of_their_own_files_fetch_nothing(tmp_path):
    (tmp_path / "bad.css").write_text("a { src: url(//example.org/a.woff) }", encoding="utf-8")
    assert complaints(tmp_path, RIGHT) == ["bad.css: a style is from elsewhere"]
