"""What is typed is shown as it is read, while it is typed, and the page lists what can be typed."""
# ruff: noqa: RUF001  # characters that look alike are the point

import pytest

pytest.importorskip("playwright", reason="needs playwright")

import symcnn as sc
from tests.classroom.practice.keys import shown
from tests.classroom.practice.pages import problem_of
from tests.document.browser import CHROMIUM
from tests.draws import slow, some

pytestmark = [slow, pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")]


def field(page, name):
    return page.locator(f'main [data-gap="{name}"] input').first


def seen(page):
    return [text for text in page.locator(".reading").all_inner_texts() if text]


FORMULAS = {
    "dz11*x1+delta_21 x2": "read as δᶻ₁₁ · x₁ + δᶻ₂₁ · x₂",
    "(a-t)sigma(z2)w2_1": "read as (a − t) · σ(z⁽²⁾) · w⁽²⁾₁",
    "w21 x1": None,
    "dz11 +": None,
}

NUMBERS = {
    "3.04·10^-2": "read as 3.04e-2",
    "24 %": "read as 0.24",
    "0,24": "read as 0.24",
    "1,234": "read as 1.234",
    "½": "read as 1/2",
    "0.24": None,
    "-0.24": None,
    "much": None,
}


def test_it_is_shown_below_the_box_that_is_worked_on(started):
    with shown(started) as page:
        for name, texts in (("formula-0", FORMULAS), ("box-0", NUMBERS)):
            box = field(page, name)
            box.focus()
            for text, said in texts.items():
                box.fill(text)
                assert seen(page) == ([said] if said else []), text
        field(page, "formula-0").focus()
        assert seen(page) == []


def test_it_is_read_out_when_the_box_is_left(started):
    with shown(started) as page:
        box = field(page, "formula-0")
        box.focus()
        box.fill("dz11 x1")
        page.keyboard.press("Tab")
        assert page.locator(".announced").inner_text().endswith("right. Read as δᶻ₁₁ · x₁.")


def test_the_page_lists_what_can_be_typed(started):
    with shown(started) as page:
        page.get_by_text("What can be typed").click()
        listed = page.locator(".allowed dd").all_inner_texts()
        assert len(listed) == 5
        assert listed[1] == "z₁₁ as z_11 or z11; w⁽²⁾₁ as w^(2)_1 or w2_1; δᵖ₁ as dp1 or dL/dp_1"
        assert "sigma exp log sqrt relu" in listed[3]


def test_what_is_unread_on_the_page_is_unread_in_its_summary(started, tmp_path):
    typed = {"box-0": "much", "box-1": "26 %", "box-2": "1.234,5", "box-9": "2.14·10^-1"}
    with shown(started) as page:
        for name, text in typed.items():
            field(page, name).fill(text)
        field(page, "box-3").focus()
        with page.expect_download() as download:
            page.get_by_text("More", exact=True).click()
            page.get_by_role("button", name="Save summary").click()
        download.value.save_as(tmp_path / "answers.json")
    marking = sc.mark(problem_of(None), tmp_path / "answers.json")
    told = {n: f for n, f in enumerate(marking.figures) if f.verdict != "missing"}
    verdicts = {n: f.verdict for n, f in told.items()}
    assert verdicts == {0: "unread", 1: "right", 2: "unread", 9: "right"}
    assert [told[n].unread.text for n in (0, 2)] == ["much", "1.234,5"]


@pytest.mark.parametrize("width", some([360, 1280]))
def test_nothing_moves_when_something_is_shown(width, started):
    places = """() => [...document.querySelectorAll("main :is(h2, h3, p, .gap)")].map((one) =>
      Math.round(one.getBoundingClientRect().top + scrollY))"""
    with shown(started, width=width) as page:
        box = field(page, "formula-0")
        box.focus()
        before = page.evaluate(places)
        box.fill("(a - t) a (1 - a) " * 12)
        assert len(seen(page)) == 1
        assert page.evaluate(places) == before
