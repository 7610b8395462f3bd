"""Numbers that are dragged on a pointer: all figures are what ``symcnn evaluate`` gives there."""

import re
from fractions import Fraction
from random import Random

import numpy as np
import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

import symcnn as sc
import symcnn.classroom.interactive.page as writing
from symcnn.document.bindings import AFTER_THE_STEP, Bindings, Lead
from tests.classroom.interactive.pages import problem
from tests.classroom.interactive.test_page import NAMES, with_numbers
from tests.document.browser import CHROMIUM, browser, opened
from tests.draws import slow

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

FIGURES = """() => {
  const line = (node) => {
    if (node.nodeType === 3) return node.data;
    const parts = [...node.childNodes].map(line);
    return { mfrac: () => `${parts[0]}/${parts[1]}`, msup: () => `${parts[0]}^${parts[1]}` }[
      node.localName]?.() ?? parts.join("");
  };
  return [...document.querySelectorAll("main [data-figure]:not([data-place=name])")]
    .filter((one) => one.closest("[hidden]") === null)
    .map((one) => [Number(one.dataset.figure), line(one)]);
}"""
"""The visible figures: the number of what each is of, and its text in a line."""


def read(text):
    """Return a printed number, and the unit of its last digit; None where there is none."""
    plain = re.sub(r"[\s()=≈\u2061-\u2064]", "", text).replace("\N{MINUS SIGN}", "-")
    plain = plain.replace("\u207b", "-")
    found = re.fullmatch(r"(-?\d+)(?:\.(\d+))?(?:\u00d710\^?(-?\d+))?", plain)
    if found:
        places, power = found[2] or "", int(found[3] or 0)
        unit = Fraction(10) ** (power - len(places))
        return int(found[1] + places) * unit, unit
    over = re.fullmatch(r"(-?)(\d+)/(\d+)", plain)
    return over and (Fraction(int(over[1] + over[2]), int(over[3])), Fraction(0))


def numbers_of(of):
    """Return the value of every entry that ``evaluate`` computes, in floats."""
    made, network = sc.evaluate(of), of.network
    arrays = {t: of.values[name] for name, t in network.tensors.items() if name in of.values}
    arrays |= {network.tensors[name]: array for name, array in made.outputs.items()}
    arrays |= {of.derivation.adjoints[name]: array for name, array in made.gradients.items()}
    arrays[network.loss_tensor] = made.loss
    found = {}
    for tensor, array in arrays.items():
        flat = np.asarray(array, dtype=object).ravel()
        for position, value in zip(tensor.positions(), flat, strict=True):
            found[tensor.symbol(position)] = float(value)
    return found


def after_the_step(of):
    moved = {t.name: of.quantity(f"updated {t.name}") for t in of.network.parameters}
    return float(sc.evaluate(of.with_values({**of.values, **moved})).loss)


def value_of(expression, numbers):
    if isinstance(expression, Lead):
        first, second, *_ = sorted((value_of(t, numbers) for t in expression.args), reverse=True)
        return first - second
    return float(expression.xreplace(numbers))


def dragged(page, key, by):
    """Drag a number to the right by some pixels, or to the left."""
    given = page.locator(f'main .given[data-figure="{key}"]:visible').first
    given.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    box = given.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=2)
    page.mouse.up()


@slow
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_what_evaluate_gives_for_the_dragged_numbers(name, monkeypatch):
    made, random, of = [], Random(5), problem(name)
    monkeypatch.setattr(writing, "Bindings", lambda *k: made.append(Bindings(*k)) or made[-1])
    html = of.interactive().html
    keys = made[0].keys
    with browser() as chromium, opened(chromium, html, 1280) as page:
        places = page.evaluate(
            "JSON.parse(document.getElementById('data').textContent).givens"
            ".flatMap((t) => t.entries.map((one) => [t.kind, one.key]))"
        )
        for kind, key in places:
            if kind != "fixed":
                dragged(page, key, random.choice((-1, 1)) * random.randint(12, 60))
        page.wait_for_timeout(500)  # the address follows when a number has come to rest
        changed = with_numbers(of, page)
        shown = page.evaluate(FIGURES)
    assert (
        sum(a != b for n in of.values for a, b in zip(of.values[n], changed.values[n], strict=True))
        > len(places) / 2
    )
    numbers, expressions = numbers_of(changed), {n: e for e, n in keys.items()}
    numbers[AFTER_THE_STEP] = after_the_step(changed) if AFTER_THE_STEP in keys else 0.0
    compared = 0
    for key, text in shown:
        figure = read(text)
        assert figure is not None, text
        right = value_of(expressions[key], numbers)
        assert abs(float(figure[0]) - right) <= 0.5001 * float(figure[1]) + 1e-12, (text, right)
        compared += 1
    assert compared > 30
