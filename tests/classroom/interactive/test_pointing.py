"""What lights up: the same thing everywhere, and the way back to a number, position by position."""

import re
from fractions import Fraction

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

from symcnn.classroom.interactive.facts import Names
from symcnn.document.style import Style
from tests.classroom.interactive.pages import problem, put, said, shown
from tests.document.browser import CHROMIUM
from tests.draws import slow, some

pytestmark = [slow, pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")]

LIT = """(name) => [...document.querySelectorAll(`main .${name}`)].map((one) => ({
  tag: one.localName, figure: one.dataset.figure ?? null, place: one.dataset.place ?? "",
  to: one.dataset.to ?? null, weight: one.dataset.weight ?? null }))"""
EDGE = """(label) => {
  const key = JSON.parse(document.getElementById("data").textContent).givens
    .flatMap((tensor) => tensor.entries).find((entry) => entry.label === label).key;
  const edge = [...document.querySelectorAll(`main [data-weight="${key}"]`)].pop();
  const near = edge.nextElementSibling;
  const at = near.getPointAtLength(near.getTotalLength() / 4).matrixTransform(near.getScreenCTM());
  return { key: String(key), x: at.x, y: at.y };
}"""


def lit(page, name="lit"):
    return page.evaluate(LIT, name)


def test_what_is_the_same_thing_lights_up_together(chromium):
    """z_11: its figures and names in rows, cells and the picture, its disc, and its two edges."""
    with shown(chromium, "the seed") as page:
        figure = page.locator("main table [data-figure]:visible").first
        figure.hover()
        key = figure.get_attribute("data-figure")
        found = lit(page)
        assert {one["figure"] for one in found} == {key, None}
        assert {"mrow", "tspan", "circle"} <= {one["tag"] for one in found if one["figure"]}
        assert any(one["place"] == "name" for one in found)
        assert {one["to"] for one in found if one["tag"] == "path"} == {key}
        page.hover("h1")
        assert lit(page) == []


def test_an_edge_lights_up_with_its_weight_and_its_ends(chromium):
    with shown(chromium, "the seed") as page:
        page.evaluate("document.querySelector('figure').scrollIntoView()")
        at = page.evaluate(EDGE, "w\u2082\u2083")
        page.mouse.move(at["x"], at["y"])
        found = lit(page)
        edges = [one for one in found if one["tag"] == "path"]
        assert {one["weight"] for one in edges} == {at["key"]}
        assert len({one["to"] for one in edges}) == 1
        assert len({one["figure"] for one in found if one["figure"]}) == 3
        cells = [one for one in found if one["figure"] == at["key"] and one["tag"] == "mrow"]
        assert len(cells) > 2


WAY = [
    "\u03b4\u1d43 = a \u2212 t \u2248 \u22120.2467",
    "\u2248 \u22120.06098",
    "\u2248 \u22120.03659",
    "\u2248 \u22120.03659",
    "\u2248 \u22120.03659; ",
    "at z\u2081\u2083: \u03b4\u1dbb\u2081\u2083 x\u2082 = 0",
    "at z\u2082\u2083: \u03b4\u1dbb\u2082\u2083 x\u2083 \u2248 \u22120.02561",
    "the sum is \u2202L/\u2202w\u2082\u2083 \u2248 \u22120.02561",
]
"""The way back to w_23; the numbers are those of a calculation by hand with twelve digits."""


def test_the_way_back_is_walked_with_keys(chromium):
    with shown(chromium, "the seed") as page:
        page.select_option("#entry", "8")
        page.locator("h1").click()
        for number, words in enumerate(WAY, 1):
            page.keyboard.press("b")
            assert said(page).startswith(f"{number} of {len(WAY)}: ")
            assert words in said(page)
        walked = {one["to"] for one in lit(page, "walked") if one["to"]}
        here = {one["to"] for one in lit(page, "here") if one["to"]}
        assert len(walked) == 5  # L, a, z^(2), p_3 and z_23
        assert len(here) == 1  # z_23 alone: the derivative at z_13 is 0
        page.keyboard.press("f")
        assert said(page).startswith("7 of 8")
        page.keyboard.press("Escape")
        assert lit(page, "walked") == lit(page, "here") == []


def test_the_way_back_follows_the_numbers(chromium):
    """With w_23 = -0.4 the other entry wins, and the derivative comes back at z_13 alone."""
    with shown(chromium, "the seed") as page:
        put(page, 8, "-0.4")
        for _ in WAY[:6]:
            page.click("[data-do=way-on]")
        assert "at z\u2081\u2083" in said(page)
        assert "\u2248 \u22120.01803" in said(page)


@pytest.mark.parametrize(
    ("text", "open_", "shut", "input_"),
    [
        ("0.2", "z\u2082\u2083", "z\u2081\u2083", "x3"),
        ("-0.4", "z\u2081\u2083", "z\u2082\u2083", "x2"),
    ],
)
def test_the_page_says_what_a_weight_does(chromium, text, open_, shut, input_):
    """The closed form is that of the region: (a - t) a (1 - a) w_3 times the input that counts."""
    with shown(chromium, "the seed") as page:
        put(page, 8, text)
        assert "a larger w\u2082\u2083 makes the loss smaller" in page.inner_text("#effect")
        says = f"The derivative comes from {open_}; {shut} contributes 0."
        assert says in page.inner_text("#effect")
        closed = re.sub(r"[\s\u2061-\u2064]", "", page.locator("#closed").text_content())
        assert f"=(a\u2212t)a(1\u2212a)w3(2){input_}\u2248\u22120.0" in closed


def border(one, two):
    """Return where two affine functions a + b w, as pairs, are equal."""
    return (two[0] - one[0]) / (one[1] - two[1])


ONE, OTHER = (Fraction(-1, 10), Fraction(2, 5)), (Fraction(-1, 25), Fraction(7, 10))
KINKS = {
    # z_13 = w_13 x_1 + w_23 x_2 and z_23 = w_13 x_2 + w_23 x_3 in w_23
    "the seed": (
        8,
        [border(ONE, OTHER)],
    ),
    # z_1 = 16 w_11 - 6 w_12 is 0, in w_12 with w_11 = 0.18
    "geoj-cs231n-two-layer": (3, [Fraction(16) * Fraction(18, 100) / 6]),
}
"""A number, and where the curve of the loss has kinks within 1 of it, computed by hand."""


@pytest.mark.parametrize("name", some(KINKS, 2))
def test_the_curve_has_its_kinks_where_other_formulas_hold(chromium, name):
    place, right = KINKS[name]
    with shown(chromium, name) as page:
        page.select_option("#entry", str(place))
        entry = page.locator(f"#entry option[value='{place}']").inner_text().split()[0]
        page.locator(f"#curve[aria-label*='{entry}']").wait_for()
        label = page.get_attribute("#curve", "aria-label").replace("\N{MINUS SIGN}", "-")
        kinks = [float(number) for number in label.partition(" at ")[2].split(", ")]
        assert kinks == pytest.approx([float(x) for x in right], abs=2e-3)
        assert page.locator("#curve .kink").count() == len(right)
        legend = page.inner_text("#legend")
        assert re.match(rf"The loss for {entry} from \S+ to \S+; dashed: ", legend)
        assert "; dotted: " in legend


@pytest.mark.parametrize("name", some(["cs231n-sigmoid-neuron", "qrtech-examB-q5-tanh"], 2))
def test_a_network_without_kinks_has_none(chromium, name):
    with shown(chromium, name) as page:
        page.wait_for_function("document.querySelector('#curve .loss') !== null")
        assert page.get_attribute("#curve", "aria-label").endswith("; no kinks")


def test_stages_are_walked_through_with_keys(chromium):
    with shown(chromium, "the seed") as page:
        page.locator("h1").click()
        page.keyboard.press("n")
        page.keyboard.press("n")
        assert "Step 2 of" in said(page)
        assert page.locator("h3.current").count() == 1
        page.keyboard.press("p")
        assert "Step 1 of" in said(page)


def test_long_equations_are_cut_short():
    """The derivative of x_2 has six terms in the seed."""
    derivation = problem("the seed").derivation
    names, symbol = Names(derivation, Style()), derivation.adjoints["x"].symbol((1, 0, 0))
    made = names.equation("d", derivation.entries.formula(symbol))
    assert made.count("w") <= 6
    assert made.startswith("d = \u03b4\u1dbb\u2081\u2081 w\u2082\u2081 + ")


def test_at_a_kink_the_panel_says_that_the_derivative_is_a_choice(chromium):
    with shown(chromium, "the seed") as page:
        put(page, 8, "-0.2")  # z_13 = -0.1 - 0.2 * 0.4 = -0.18 = -0.1 * 0.4 - 0.2 * 0.7 = z_23
        assert "At a kink (a tie in the window of p\u2083) there may be no" in effect(page)
        page.select_option("#entry", "3")  # w_11 does not reach that window
        assert "kink" not in effect(page)
        put(page, 8, "-0.1")
        assert "kink" not in effect(page)


def effect(page):
    return page.inner_text("#effect")


def test_a_step_of_the_way_back_is_said_with_the_numbers_of_now(chromium):
    with shown(chromium, "the seed") as page:
        put(page, 8, "0.2")
        for _ in WAY:
            page.click("[data-do=way-on]")
        assert "\u2248 \u22120.02561" in said(page)
        put(page, 8, "-0.4")
        assert "\u2248 \u22120.01803" in said(page)
        assert "0.02561" not in said(page)
        page.select_option("#entry", "3")
        assert said(page) == ""


def test_what_turned_is_not_said_after_the_next_change(chromium):
    with shown(chromium, "the seed") as page:
        put(page, 8, "-0.5")
        assert "is now the largest entry" in said(page)
        put(page, 8, "-0.6")
        assert said(page) == ""


def test_an_edge_chooses_its_weight(chromium):
    with shown(chromium, "the seed") as page:
        page.select_option("#entry", "8")
        edge = page.locator("figure path.chosen[data-weight]")
        assert edge.count() >= 2  # w_23 is used at two positions
        key = edge.first.get_attribute("data-weight")
        page.select_option("#entry", "3")
        page.locator(f"figure path[data-weight='{key}'] + path.near").first.dispatch_event("click")
        assert page.input_value("#entry") == "8"


def test_headings_that_depend_on_the_numbers_are_counted_with_the_others(chromium):
    """What is contained counts for itself: it is not, where there is a heading."""
    with shown(chromium, "the seed") as page:
        contained = page.evaluate(
            "[...document.querySelectorAll('h2, h3')].filter((heading) => "
            "getComputedStyle(heading.parentElement).contentVisibility === 'auto').length"
        )
        assert contained == 0
