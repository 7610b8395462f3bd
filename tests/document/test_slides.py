"""Slides: the whole document, in its order, on frames that are not too full."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import symcnn as sc
from symcnn.document.blocks import Diagram, Note, Paragraph, Row, Rows, heading, paragraph
from symcnn.document.pages.slides.frames import frames
from symcnn.document.pages.slides.heights import ROOM, height
from symcnn.document.pages.slides.slides import FORMATS
from symcnn.document.pages.slides.steps import sentences
from symcnn.document.traversal import flat
from tests.document.latex import compiled, complaints
from tests.document.shared import NAMES, SEED, explained
from tests.draws import MANY, slow

CASES = [(name, "brief") for name in (NAMES if MANY else NAMES[:1])]
CASES += [(name, "standard") for name in (SEED, *(NAMES[2:3] if MANY else ()))]


def words(blocks):
    """Return the words of paragraphs, and the left sides of rows, in their order."""
    found = []
    for block in flat(blocks):
        if isinstance(block, Paragraph):
            found.append("".join(part for part in block.text if isinstance(part, str)))
        elif isinstance(block, Rows):
            found += [repr(row.left) for row in block.rows]
    return "".join(" ".join(found).split())


@pytest.mark.parametrize(("name", "detail"), CASES)
def test_frames_tell_the_whole_story_in_its_order(name, detail):
    document = explained(name, detail)
    made = frames(document.title, document.blocks)
    assert words(step for frame in made for step in frame.steps) == words(document.blocks)
    assert all(frame.title and frame.steps for frame in made)


@pytest.mark.parametrize(("name", "detail"), CASES)
def test_a_frame_is_full_only_of_one_step(name, detail):
    document = explained(name, detail)
    for frame in frames(document.title, document.blocks):
        if not any(isinstance(step, Diagram) for step in frame.steps):
            whole = sum(height(step, frame.scale) for step in frame.steps)
            assert whole <= ROOM or len(frame.steps) == 1


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("name", NAMES if MANY else [SEED, NAMES[3]])
def test_what_is_one_idea_is_on_one_frame(name):
    """A worked entry is below its formula, and what leads to a display is above it."""
    made = frames("T", [*explained(name, "brief").blocks, *sc.theorem(sc.Dense).blocks])
    steps = [frame.steps for frame in made]
    shown = [[row for step in of for row in getattr(step, "rows", ())] for of in steps]
    for above, below in pairwise(rows for rows in shown if rows and isinstance(rows[0], Row)):
        assert not set() < {*below[0].claim.left} < {*above[-1].claim.left}
    for one, other in pairwise(steps):
        if isinstance(other[0], Rows) and isinstance(one[-1], Paragraph):
            together = height(one[-1]) + height(other[0])
            assert str(one[-1].text[-1]).endswith(".") or together > ROOM


def test_frames_of_one_title_are_counted_and_a_theorem_has_its_own():
    theorem = Note(("Theorem 1",), (paragraph("Then A."),))
    long = [paragraph(f"Sentence {n} is here, and it goes on for a while.") for n in range(24)]
    made = frames("Title", [heading(1, "One"), theorem, *long])
    assert [frame.title for frame in made[:2]] == [("Theorem 1",), ("One",)]
    assert [(frame.number, frame.of) for frame in made[1:]] == [(1, 3), (2, 3), (3, 3)]
    sizes = [len(frame.steps) for frame in made[1:]]
    assert max(sizes) - min(sizes) <= 2, "all are about alike"


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        (
            ("One. Two (i.e. this) goes on. ", "Three."),
            ["One.", "Two (i.e. this) goes on.", "Three."],
        ),
        (("1. Item. Next.",), ["1. Item.", "Next."]),
        (("About 0.8. Then what?",), ["About 0.8.", "Then what?"]),
    ],
)
def test_paragraphs_are_divided_at_the_ends_of_sentences(text, divided):
    assert ["".join(made) for made in sentences(text)] == divided


class Parts(HTMLParser):
    """Counts elements by their classes, and checks that they are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.classes, self.fetched = [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.classes += (given.get("class") or "").split()
        self.fetched += [given[name] for name in ("src", "href") if name in given]
        if tag not in ("meta", "wbr", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_one_file_that_shows_all_without_a_script():
    document = explained(SEED, "standard")
    page, made = Parts(), frames(document.title, document.blocks)
    page.feed(document.slides().to_html())
    assert page.open == []
    assert page.fetched == []
    assert page.classes.count("frame") == 1 + len(made)
    assert page.classes.count("step") == sum(len(frame.steps) for frame in made)
    assert "later" not in page.classes, "the script alone covers steps"


def test_what_a_title_holds_is_no_markup():
    slides = sc.document.document.Document("<b>&\\input{x}", (paragraph("Words."),)).slides()
    assert "<h1>&lt;b&gt;&amp;\\input{x}</h1>" in slides.to_html()
    assert "\\textbackslash{}input\\{x\\}" in slides.to_latex()
    assert "\\input{" not in slides.to_latex()


def test_the_deck_uncovers_rows_and_sentences_one_by_one():
    made = explained(SEED, "standard").slides().to_latex()
    for frame in made.split("\\begin{frame}")[2:]:
        numbers = [int(n) for n in re.findall(r"(?:uncover|env\})<(\d+)->", frame)]
        assert numbers == sorted(numbers)
        assert {*numbers} in ({*range(1, 1 + len({*numbers}))}, set())


def test_a_format_that_slides_have_not_is_one_line():
    with pytest.raises(sc.SymcnnError, match="tex, html, pdf"):
        explained(SEED, "brief").slides().files("md")
    assert FORMATS == ("tex", "html", "pdf")


@slow
@pytest.mark.skipif(
    shutil.which("kpsewhich") is None
    or not subprocess.run(["kpsewhich", "beamer.cls"], capture_output=True).stdout,
    reason="needs beamer",
)
@pytest.mark.parametrize(("name", "detail"), CASES)
def test_no_frame_is_overfull(name, detail, tmp_path):
    """Each is set once, with all of its steps: what is still covered takes its room."""
    made = explained(name, detail).slides().to_latex()
    log = compiled(made.replace("11pt]", "11pt,handout]", 1), tmp_path)
    assert complaints(log) == []
    assert "Output written" in log


@slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_arrow_keys_step_through_and_nothing_is_cut_off():
    pytest.importorskip("playwright")
    pytest.importorskip("PIL")
    from tests.document.browser import browser

    html = explained(SEED, "standard").slides().to_html()
    with browser() as started, started.new_context(offline=True) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 720})
        page.set_content(html)
        count = page.evaluate("document.querySelectorAll('.frame').length")
        seen = set()
        for _ in range(400):
            at, hidden, over = page.evaluate(_STATE)
            assert over <= 1, at
            seen.add((at, hidden))
            page.keyboard.press("ArrowRight")
        assert {at for at, _ in seen} == {*range(count)}
        assert len(seen) > 2 * count, "most frames have several steps"
        page.keyboard.press("Home")
        assert page.evaluate(_STATE)[0] == 0
        page.emulate_media(media="print")
        shown = page.evaluate(_ALL)
        assert shown == count, "on paper there are all frames, with all their steps"


_STATE = """() => {
  const frames = [...document.querySelectorAll(".frame")];
  const frame = document.querySelector(".frame.current");
  const inside = frame.querySelector(".steps");
  const over = inside ? inside.scrollHeight - inside.clientHeight : 0;
  return [frames.indexOf(frame), frame.querySelectorAll(".later").length, over];
}"""
_ALL = """() => [...document.querySelectorAll(".frame")].filter((frame) =>
  getComputedStyle(frame).display !== "none"
  && [...frame.querySelectorAll(".step")].every((s) => getComputedStyle(s).visibility === "visible")
).length"""
