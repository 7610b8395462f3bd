"""Pages of worked networks, opened in a browser, and what a reader does with them."""

from contextlib import contextmanager
from functools import cache
from pathlib import Path

import symcnn as sc
from tests.document.browser import opened
from tests.document.networks import NETWORKS
from tests.document.shared import problem_named
from tests.generated import everywhere

FUNCTIONS = {
    ", ".join(names): names for names in (everywhere.NAMES[start::11] for start in range(11))
}
"""Layers of a few functions each, by the names of these."""

FOLDER = Path(__file__).parents[3] / "derivations"


@cache
def problem(name):
    if name in NETWORKS:
        return problem_named(name)
    if name in FUNCTIONS:
        return everywhere.problem(0, FUNCTIONS[name])
    made = (
        sc.examples.cnn_by_hand() if name == "the seed" else sc.load(FOLDER / name / "problem.toml")
    )
    return made.with_values(made.values)  # without what a source printed


@cache
def page_of(name):
    with everywhere.registered():
        return problem(name).interactive().html


@contextmanager
def shown(chromium, name, width=1280, scheme="light", *, unfolded=True):
    """Show the page of a network, with its controls; an error in its script is one of the test."""
    with opened(chromium, page_of(name), width, scheme) as page:
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        if unfolded:
            page.click("[data-do=fold]")
        yield page
        assert faults == []


def put(page, place, text):
    page.select_option("#entry", str(place))
    page.fill("#number", text)
    page.press("#number", "Enter")


def complaint(page):
    return page.locator("#complaint").inner_text()


def said(page):
    return page.locator("#panel [role=status]").inner_text()
