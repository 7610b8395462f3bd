"""What stands beside a box: the verdict and the mistake, until the figure is changed; hints."""

import json
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

import symcnn as sc
from tests.classroom.practice.keys import shown
from tests.classroom.practice.pages import problem_of
from tests.document.browser import CHROMIUM, opened
from tests.draws import some

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

PLACES = """() => [...document.querySelectorAll("main :is(h2, h3, p, .gap)")].map((one) =>
  Math.round(one.getBoundingClientRect().top + scrollY))"""


def field(page, n):
    return page.locator(f'main [data-gap="box-{n}"] input').first


def findings(page):
    """Return what is seen below boxes, without what is only read out."""
    return page.evaluate("""() => [...document.querySelectorAll(".finding")].map((one) => {
      const seen = one.cloneNode(true);
      seen.querySelectorAll(".unseen").forEach((part) => part.remove());
      return seen.textContent;
    })""")


WRONG = "✗ z₁₁: broadcast product"


def test_a_verdict_stays_beside_its_box_until_it_is_changed(started):
    """It has boxes in a row, in a matrix and in a table, and it is said below each of them."""
    with shown(started) as page:
        field(page, 0).focus()
        page.keyboard.type("0.42")
        assert findings(page) == []
        page.keyboard.press("Tab")
        assert findings(page) == [WRONG] * 3
        page.keyboard.press("Tab")
        field(page, 8).focus()
        assert findings(page) == [WRONG] * 3
        field(page, 0).focus()
        assert findings(page) == [WRONG] * 3
        page.keyboard.press("End")
        page.keyboard.type("1")
        assert findings(page) == []


def test_it_is_announced_when_the_box_is_left_and_the_next_one_is_described(started):
    with shown(started) as page:
        told, said = page.locator(".announced"), page.locator(".said")
        assert told.get_attribute("aria-live") == "polite"
        field(page, 0).fill("0.42")
        page.keyboard.press("Tab")
        assert told.inner_text().startswith(
            "conv1, z₁₁: wrong. Broadcast product: The entries and the"
        )
        field(page, 1).focus()
        assert said.inner_text().split("\n\n") == [
            "conv1, z₁₂: not filled in yet.",
            "Write a number, such as 0.4219.",
        ]
        page.keyboard.type("0.26")
        page.locator("h1").click()
        assert told.inner_text() == "conv1, z₁₂: right."
        field(page, 0).focus()
        assert "sums multiplied" in said.inner_text()
        page.keyboard.press("Tab")
        assert told.inner_text() == "conv1, z₁₂: right."  # nothing was changed


@pytest.mark.parametrize("width", some([1280, 390], 1))
def test_nothing_moves_when_figures_are_marked(started, width):
    with shown(started, width=width) as page:
        before = page.evaluate(PLACES)
        for n, text in enumerate(["0.42", "0.26", "-0.02", "0.15", "0.05", "0.1", "7"]):
            field(page, n).fill(text)
        field(page, 10).focus()
        assert len(findings(page)) >= 4
        assert page.evaluate(PLACES) == before


def test_a_key_and_a_button_in_the_box_give_the_next_hint(started):
    with shown(started) as page:
        field(page, 8).focus()
        steps = page.locator(".hint .step")
        page.keyboard.press("?")
        assert (steps.count(), field(page, 8).input_value()) == (1, "")
        assert page.locator(".announced").inner_text().startswith("The rule")
        page.locator("main .help").click()
        assert steps.count() == 2
        assert page.evaluate("document.activeElement.parentElement.dataset.gap") == "box-8"
        assert page.locator(".announced").inner_text().startswith("In numbers")
        page.keyboard.press("Tab")
        assert page.locator(".help").count() == 1
        assert page.evaluate("document.activeElement.matches('input')")


def test_on_paper_there_are_verdicts_and_no_empty_lines(started):
    with shown(started) as page:
        field(page, 0).fill("0.42")
        field(page, 1).focus()
        page.emulate_media(media="print")
        heights = page.evaluate(
            "[...document.querySelectorAll('.findings')].map((one) => one.offsetHeight)"
        )
        assert sum(height > 0 for height in heights) == 3
        assert page.locator(".help").is_hidden()
        assert page.locator(".finding").first.is_visible()


def test_the_summary_says_which_sheet_it_answers_and_who_does(started):
    """A file that names them is marked as one that does not."""
    seed = problem_of()
    variant = sc.Problem(seed.network, seed.values, title="Kernels, variant 7")
    with opened(started, sc.practice_page(variant), 1280) as page:
        page.get_by_label("Your name").fill(" Ada L. ")
        field(page, 0).fill("0.42")
        page.get_by_text("More", exact=True).click()
        with page.expect_download() as saving:
            page.get_by_role("button", name="Save summary").click()
        text = Path(saving.value.path()).read_text(encoding="utf-8")
    saved = json.loads(text)
    about = {name: saved.pop(name) for name in ("title", "student", "variant")}
    assert about == {"title": "Kernels, variant 7", "student": "Ada L.", "variant": 7}
    assert saved == {"conv1": ["0.42", "?", "?", "?", "?", "?"]}
    marks = sc.mark(variant, {**about, **saved})
    assert (marks.score, marks.figures[0].mistakes[0].name) == (0, "broadcast product")


def test_imprecise_figures_are_told_apart_with_what_is_wrong_with_their_digits(started):
    """The loss is 0.0304..., and the derivative with respect to w_21 -0.002439..., or -0.00244."""
    with shown(started) as page:
        names = json.loads(page.locator("#practice-data").text_content())["names"]
        loss, slope = map(names.index, ["loss, L", "gradient of conv1.weight, ∂L/∂w₂₁"])
        field(page, loss).fill("0.03")
        field(page, slope).fill("-0.00243")
        field(page, 1).focus()
        assert [*dict.fromkeys(findings(page))] == [
            "≈ L: right, but not with the digits that are asked for.",
            "≈ ∂L/∂w₂₁: truncated, not rounded",
        ]
        assert page.locator(".total").inner_text() == "Points: 1 of 41"
        assert page.locator(f'[data-gap="box-{loss}"] .verdict').first.inner_text() == "≈ imprecise"


def test_points_are_those_of_the_scheme(started):
    """The three figures of pool1 share 4 points: two of them are 2.67, rounded to 2.5."""
    made = sc.practice_page(problem_of(), quantities=["loss"], points={"pool1": 4})
    with opened(started, made, 1000) as page:
        names = json.loads(page.locator("#practice-data").text_content())["names"]
        assert page.locator(".total").inner_text() == "Points: 0 of 5"
        for name, text in (("pool1, p₁", "0.24"), ("pool1, p₂", "0.26")):
            field(page, names.index(name)).fill(text)
        field(page, 0).focus()
        assert page.locator(".total").inner_text() == "Points: 2.5 of 5"
        field(page, 0).fill("0.24")  # conv1 is not asked for
        field(page, 1).focus()
        assert page.locator(".total").inner_text() == "Points: 2.5 of 5"
