"""The controls of a page: a thin bar until they are wanted, and then less than a quarter of it."""

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

from tests.classroom.interactive.pages import complaint, page_of, put, shown
from tests.document.browser import CHROMIUM
from tests.draws import one_of, slow, some

pytestmark = [slow, pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")]

SCREENS = {"laptop": (1366, 768), "phone": (390, 844), "tablet": (820, 1180)}
NAMES = ["the seed", "apurvaa18-conv-dense", "geoj-cs231n-two-layer"]
TOGGLE = "[data-do=fold]"


def share(page):
    """Return which share of the screen the panel takes."""
    box, size = page.locator("#panel").bounding_box(), page.viewport_size
    return box["width"] * box["height"] / (size["width"] * size["height"])


@pytest.mark.parametrize("screen", one_of(SCREENS))
@pytest.mark.parametrize("name", some(NAMES))
def test_the_panel_takes_less_than_a_quarter_of_a_screen(chromium, name, screen):
    """Whatever it says: where other entries win, where a number is refused, on the way back."""
    width, height = SCREENS[screen]
    with shown(chromium, name, width, unfolded=False) as page:
        page.set_viewport_size({"width": width, "height": height})
        assert share(page) < 0.08
        assert not page.locator("#number").is_visible()
        page.click(TOGGLE)
        assert share(page) < 0.25
        put(page, 8, "-0.5")
        assert share(page) < 0.25
        put(page, 8, "much")
        assert complaint(page) != ""
        page.keyboard.press("Tab")
        page.click("[data-do=way-on]")
        assert share(page) < 0.25
        for control in page.locator("#panel :is(button, select, input)").all():
            control.scroll_into_view_if_needed()
            assert control.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_it_is_unfolded_with_keys_and_stays_so(chromium, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page_of("the seed"), encoding="utf-8")
    with shown(chromium, "the seed", unfolded=False) as page:
        page.goto(file.as_uri())
        toggle = page.get_by_role("button", name="Change numbers")
        assert toggle.get_attribute("aria-expanded") == "false"
        page.focus("main a >> nth=-1")
        while not page.evaluate("document.activeElement.matches('.toggle')"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert toggle.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "entry"
        page.reload()
        assert toggle.get_attribute("aria-expanded") == "true"
        assert page.locator("#number").is_visible()
        toggle.press("Space")
        page.reload()
        assert toggle.get_attribute("aria-expanded") == "false"
        assert not page.locator("#number").is_visible()


def test_the_folded_bar_says_what_a_dragged_number_does(chromium):
    with shown(chromium, "the seed", unfolded=False) as page:
        given = page.locator(".matrices .given").first
        given.scroll_into_view_if_needed()
        box = given.bounding_box()
        page.mouse.move(box["x"] + 4, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 4 + 6 * 5, box["y"] + 8, steps=3)
        page.mouse.up()
        assert page.input_value("#number") == "1.5"
        assert page.locator("#effect").is_visible()
        assert page.locator("#effect").inner_text().startswith("L \u2248 0.02")
        page.locator("h1").click()
        page.keyboard.press("n")
        assert page.locator("#panel [role=status]").inner_text().startswith("Step 1 of")
        assert not page.locator("#effect").is_visible()
