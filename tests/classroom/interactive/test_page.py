"""Pages whose numbers are changed: what they show is what documents of these numbers say."""

import re
from collections import Counter
from random import Random

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

from sympy import Rational

import symcnn as sc
from symcnn.document.bindings import Bindings
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.worked_out import Asked, examples, worked_out
from symcnn.document.outline import SECTIONS
from symcnn.document.style import Style
from tests.classroom.interactive.pages import (
    FUNCTIONS,
    complaint,
    page_of,
    problem,
    put,
    said,
    shown,
)
from tests.classroom.interactive.shown import SHOWN
from tests.document.browser import CHROMIUM, opened
from tests.document.networks import NETWORKS
from tests.draws import MANY, one_of, some
from tests.generated import everywhere

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

NAMES = ["the seed", "qrtech-examB-q5-tanh", "apple-tf230-kernel-grad", "cs231n-sigmoid-neuron"]
ABOUT_THE_ORIGINAL = ("check", "reconciliation", "second-order")
OTHERS = ["geoj-cs231n-two-layer", "apurvaa18-conv-dense", "lexailabs-one-hot-upstream"]


def places(of):
    return [(name, n) for name, row in of.values.items() for n in range(len(row))]


def with_numbers(of, page):
    """Return the problem with the numbers that the address of its page carries."""
    values = {name: list(row) for name, row in of.values.items()}
    for part in filter(None, page.url.partition("#")[2].split("&")):
        place, _, text = part.partition("=")
        name, n = places(of)[int(place)]
        values[name][n] = Rational(text)
    return of.with_values({name: tuple(row) for name, row in values.items()})


def document(of, scope):
    """Return what a document of other numbers shows, with the same entries worked out."""
    style = Style(sections=tuple(name for name in SECTIONS if name not in ABOUT_THE_ORIGINAL))
    return worked_out(Numbers(of), Asked(style, scope, bindings=Bindings()))


def in_the_document(chromium, made):
    with opened(chromium, made.to_html(), 1280) as page:
        return page.evaluate(SHOWN)


def compare(found, right):
    """Rows, matrices and tables are those of the document; a float may round the other way."""
    assert [left for left, _ in found["rows"]] == [left for left, _ in right["rows"]]
    for kind in ("rows", "matrices", "tables", "paragraphs", "pictures"):
        for ours, theirs in zip(found[kind], right[kind], strict=True):
            assert alike(flat(ours), flat(theirs)), (ours, theirs)


def compare_what_is_there(found, right):
    """What a page has for winners that no text was made for is less, and never wrong."""
    for kind in ("rows", "matrices"):
        theirs = [flat(part) for part in right[kind]]
        for ours in map(flat, found[kind]):
            assert any(alike(ours, one) or _otherwise_broken(ours, one) for one in theirs), ours


def _otherwise_broken(ours, theirs):
    """Tell whether one has a fraction whose numerator stands behind it in the other, (1/r) d.

    Which it is depends on how wide the figures of a document are; a page keeps what it has.
    """
    few, many = map(Counter, sorted((ours, theirs), key=len))
    return many - few == Counter("1()") and not few - many


def flat(part):
    return part if isinstance(part, str) else " | ".join(map(flat, part))


NUMBER = re.compile(r"\d+\.?\d*")


CANCELLED = re.compile(
    r"[=\u2248]?\u2212?\d\.\d+\u00d710\u2212[1-9]\d|[=\u2248]0(?![.\d])|[=\u2248]\(0+\)"
)
"""What is left where nearly equal floats are subtracted, as in 1 - tanh(z)^2 for a large z."""


def alike(ours, theirs):
    """Tell whether two texts are equal but for one unit of a figure's last digit."""
    ours, theirs = (CANCELLED.sub("~0", text) for text in (ours, theirs))
    if NUMBER.sub("#", ours) != NUMBER.sub("#", theirs):
        return False
    pairs = zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
    return all(one == other or _beside(one, other) for one, other in pairs)


def _beside(one, other):
    same = len(one) == len(other) and one.find(".") == other.find(".")
    return same and abs(int(one.replace(".", "")) - int(other.replace(".", ""))) == 1


@pytest.mark.parametrize("name", [*some(NAMES, 4), *((*OTHERS, *NETWORKS) if MANY else ())])
def test_every_figure_is_that_of_the_document_of_these_numbers(chromium, name):
    of, random = problem(name), Random(3)
    scope = examples(Numbers(of))
    with shown(chromium, name) as page:
        options = page.eval_on_selector_all(
            "#entry option", "all => all.map((one) => Number(one.value))"
        )
        for draw in range(3 if MANY else 1):
            chosen = options if name in NAMES else random.sample(options, min(6, len(options)))
            for place in chosen:
                text = f"{random.uniform(-1, 1):.{1 + draw % 3}f}"
                put(page, place, text)
            if not page.locator("main.changed").count():
                continue  # none of the numbers that were tried has a finite result
            try:
                changed = with_numbers(of, page)
            except sc.SymcnnError:  # a page takes targets that are no probabilities
                continue
            right = in_the_document(chromium, document(changed, scope))
            (compare if name in NAMES else compare_what_is_there)(page.evaluate(SHOWN), right)


@pytest.mark.parametrize("name", some(FUNCTIONS, 11))
def test_functions_are_followed_to_the_other_side_of_their_kinks(chromium, name):
    """The numbers become those at which mpmath looks, too: of another sign where there are such."""
    of, size = problem(name), len(FUNCTIONS[name])
    scope = examples(Numbers(of))
    with shown(chromium, name) as page:
        for k, z in enumerate(everywhere.places(1, FUNCTIONS[name])):
            put(page, size + k, str(z / everywhere.FACTOR))
        assert complaint(page) == ""
        right = in_the_document(chromium, document(with_numbers(of, page), scope))
        compare_what_is_there(page.evaluate(SHOWN), right)


BORDERS = {
    "z_11": (3, "-0.5", "p₁", "z₂₁"),
    "z_12": (4, "-0.5", "p₂", "z₂₂"),
    "z_13": (8, "-0.5", "p₃", "z₁₃"),
}
"""For every window of the seed: the number that is changed, to what, and what is said then."""


@pytest.mark.parametrize("border", one_of(BORDERS))
def test_a_border_that_is_crossed_is_named(chromium, border):
    place, text, window, winner = BORDERS[border]
    with shown(chromium, "the seed") as page:
        put(page, place, text)
        assert f"in the window of {window}, {winner} is now the largest entry" in said(page)
        of = problem("the seed")
        right = document(with_numbers(of, page), examples(Numbers(of)))
        compare(page.evaluate(SHOWN), in_the_document(chromium, right))
        page.click("[data-do=undo]")
        assert "is now the largest entry" in said(page)


def test_at_a_tie_the_page_says_that_there_is_no_derivative(chromium):
    with shown(chromium, "the seed") as page:
        assert page.get_by_text("entries are the largest").locator("visible=true").count() == 0
        put(page, 1, "1.0")
        put(page, 2, "1.0")
        assert "are now equal" in said(page)


def test_what_is_no_number_is_refused_and_nothing_changes(chromium):
    with shown(chromium, "the seed") as page:
        before = page.evaluate(SHOWN)
        for text in ("abc", "", "1/0", "<b>1</b>", "1e999"):
            put(page, 8, text)
            assert complaint(page) != ""
        assert page.evaluate(SHOWN) == before
        assert page.locator("#panel b").count() == 0


def test_dragging_stepping_and_undoing(chromium):
    with shown(chromium, "the seed") as page:
        given = page.locator(".matrices .given").first
        given.scroll_into_view_if_needed()
        box = given.bounding_box()
        page.mouse.move(box["x"] + 4, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 4 + 6 * 5, box["y"] + 8, steps=3)
        page.mouse.up()
        assert page.input_value("#number") == "1.5"
        page.keyboard.press("ArrowDown")
        page.focus("#number")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.input_value("#number") == "1.6"
        page.click("[data-do=undo]")
        page.click("[data-do=undo]")
        page.click("[data-do=undo]")
        page.click("[data-do=undo]")
        assert page.is_disabled("[data-do=undo]")
        assert page.is_disabled("[data-do=reset]")


def test_the_saved_file_is_a_problem_with_the_changed_numbers(chromium, tmp_path):
    with shown(chromium, "the seed") as page:
        put(page, 8, "0.45")
        put(page, 0, "-1/3")
        with page.expect_download() as download:
            page.click("[data-do=save]")
        download.value.save_as(tmp_path / "problem.toml")
    saved = sc.load(tmp_path / "problem.toml")
    assert saved.values["conv1.weight"][5] == Rational(9, 20)
    assert saved.values["x"] == (Rational(-1, 3), Rational(2, 5), Rational(7, 10))
    assert saved.network == problem("the seed").network
    assert saved.title == "CNN by hand"


def test_a_link_carries_the_changed_numbers(chromium, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page_of("the seed"), encoding="utf-8")
    with shown(chromium, "the seed") as page:
        page.goto(f"{file.as_uri()}#figure-1")
        assert page.url.endswith("#figure-1")
        page.click("[data-do=fold]")
        put(page, 8, "0.45")
        address = page.url
        assert address.endswith("#8=0.45")
        page.goto("about:blank")
        page.goto(f"{address}&99=3&1=x&__proto__=1")
        if not page.is_visible("#entry"):  # what a browser keeps may come too late for this page
            page.click("[data-do=fold]")
        page.select_option("#entry", "8")
        assert page.input_value("#number") == "0.45"


MALFORMED = ["0=%", "0=%E0%A4%A", "%=1", "0=%ZZ&8=%", "0=1/0", "99=1", "=", "x=%00"]


@pytest.mark.parametrize("fragment", [*one_of(MALFORMED), "0=%"])
def test_an_address_that_is_malformed_leaves_the_numbers_as_they_were(chromium, tmp_path, fragment):
    file = tmp_path / "page.html"
    file.write_text(page_of("the seed"), encoding="utf-8")
    with shown(chromium, "the seed") as page:
        page.goto(f"{file.as_uri()}#{fragment}")
        assert page.input_value("#number") == "1"
        assert page.locator("main.changed").count() == 0
        assert said(page).startswith("The address contains something that is not a number")


def test_without_a_script_it_is_the_page_as_it_was(chromium):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_content(page_of("the seed"))
        assert not page.locator("#panel").is_visible()
        assert page.get_by_text("Reconciling").count() == 0
        assert page.locator("[data-variant]:visible").count() > 0
