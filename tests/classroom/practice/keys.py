"""A sheet that is worked with keys alone, and what a screen reader makes of it."""

from contextlib import contextmanager

from tests.classroom.practice.pages import data_of, figures_of, page_of, problem_of
from tests.document.browser import opened

ACTIVE = """() => {
  const field = document.activeElement;
  const isOpen = field.matches("main input.figure") && field.value === "";
  return isOpen ? field.parentElement.dataset.gap : field.closest(".practice") ? "end" : "";
}"""


@contextmanager
def shown(started, seed=None, width=1280, scheme="light"):
    """Show the page of a network; an error in its script is one of the test."""
    with opened(started, page_of(seed), width, scheme) as page:
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert faults == []


def right_answers(seed=None):
    """Return what is right, by the names of boxes: numbers, and letters of the largest entries."""
    figures, data = figures_of(seed), data_of(seed)
    problem, names = problem_of(seed), dict.fromkeys(f.quantity for f in figures.all)
    values = [value for name in names for value in problem.quantity(name)]
    values += [extra.value for extra in figures.extras]
    return {
        f"box-{n}": _written(*both)
        for n, both in enumerate(zip(values, data["letters"], strict=True))
    }


def _written(value, letters):
    if not letters:
        return repr(float(value))
    return ", ".join(letter for k, letter in enumerate(letters) if int(value) >> k & 1)


def fill(page, answers):
    """Go through the page with the tabulator, and type into every empty box that has an answer."""
    page.locator("body").press("Tab")
    for _ in range(1000):
        name = page.evaluate(ACTIVE)
        if name == "end":
            return
        if name in answers:
            page.keyboard.type(answers[name])
        page.keyboard.press("Tab")
    raise AssertionError("the tabulator does not lead to the end of the page")


def spoken(page, role="textbox"):
    """Return what is read out of all elements of a role: the name, and the description."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    found = [node for node in nodes if not node["ignored"] and node["role"]["value"] == role]
    return [tuple(_value(node, key) for key in ("name", "description")) for node in found]


def _value(node, key):
    return node.get(key, {}).get("value", "")
