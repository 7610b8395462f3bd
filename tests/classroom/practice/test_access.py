"""Practice for everybody: with keys alone, read out, in few columns, in the dark and on paper."""

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

from tests.classroom.practice.keys import fill, right_answers, shown, spoken
from tests.document.browser import CHROMIUM
from tests.draws import one_of, slow

pytestmark = [slow, pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")]

LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("dark", "light")]
NETWORKS = [None, 0, 1, 4, 7]
"""The seed and random networks: a normalisation, a kernel of two axes, a window, dense layers."""


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    found = axe.Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found]


def boxes(page):
    """Return the names of the boxes of the page that are marked, each once."""
    names = page.evaluate(
        "[...document.querySelectorAll('main .gap:has(.figure)')].map((one) => one.dataset.gap)"
    )
    return [*dict.fromkeys(names)]


@pytest.mark.parametrize(("width", "scheme"), one_of(LOOKS))
@pytest.mark.parametrize("seed", one_of(NETWORKS))
def test_axe_finds_nothing_at_first_nor_where_figures_are_wrong(started, seed, width, scheme):
    """As it comes, and with a wrong figure, one that cannot be read, and hints."""
    with shown(started, seed, width, scheme) as page:
        assert violations(page) == []
        first, second = (page.locator("main input.figure").nth(n) for n in (0, -1))
        first.fill("1234.5")
        second.fill("much")
        first.focus()
        for _ in range(3):
            page.keyboard.press("?")
        assert page.locator(".hint .step").count() >= 1
        assert page.locator(".finding").count() >= 2
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("seed", one_of(NETWORKS))
def test_keys_alone_fill_in_the_whole_sheet_where_axe_finds_nothing(started, seed):
    with shown(started, seed) as page:
        fill(page, right_answers(seed))
        verdicts = page.evaluate(
            "[...document.querySelectorAll('main .gap[data-gap^=box-]')]"
            ".map((one) => one.dataset.verdict)"
        )
        assert set(verdicts) == {"right"}
        most = page.locator(".total").inner_text().split()[-1]
        assert page.locator(".total").inner_text() == f"Points: {most} of {most}"
        assert violations(page) == []


def test_names_and_verdicts_are_read_out(started):
    """Of the seed: z_11 with the sums multiplied, (0.2 + 0.1)(1 + 0.4) = 0.42; p_1 follows."""
    with shown(started) as page:
        before = dict(spoken(page))
        assert before["conv1, z₁₁"] == "Write a number, such as 0.4219."
        assert before["winner of p₁"] == (
            "Write the largest entry, all of them if several are equal: z₁₁ or z₂₁."
        )
        closed = next(name for name in before if name.startswith("closed form of "))
        assert before[closed] == "Write a closed form, without error signals."
        assert before["Your name"] == before["Date"] == ""
        assert "" not in before
        given = {"box-0": "0.42", "box-1": "0.26", "box-2": "1/0", "box-6": "0.42"}
        fill(page, given)
        after = dict(spoken(page))
        assert after["conv1, z₁₁"].startswith("z₁₁: wrong, broadcast product : The entries and the")
        assert after["conv1, z₁₂"] == "right."
        assert after["conv1, z₁₃"] == "z₁₃: unread, A number cannot be divided by 0."
        assert after["pool1, p₁"] == (
            "p₁: right from your own figures : but an earlier figure is wrong."
        )


def test_every_box_of_a_sheet_has_a_name_of_its_own(started):
    """A figure with several boxes is the same in all of them."""
    with shown(started) as page:
        named = page.evaluate(
            "[...document.querySelectorAll('main .figure')]"
            ".map((one) => [one.parentElement.dataset.gap, one.getAttribute('aria-label')])"
        )
        pairs = {tuple(pair) for pair in named}
        assert len(pairs) == len({name for _, name in pairs}) == len(boxes(page))
