"""Figures are read alike by ``symcnn mark`` and by the page, however they are spelled."""
# ruff: noqa: RUF001  # characters that look alike are the point

import json
from fractions import Fraction
from random import Random

from symcnn.classroom.marking.intervals.written import Unread, read
from symcnn.classroom.practice.page import engine
from tests.classroom.marking.test_spelled import EXACT, ROUNDED, UNREAD
from tests.draws import SHEETS
from tests.programs.backends.javascript.node import needs_node, node

pytestmark = needs_node

READ = """
import { readFileSync } from "node:fs";
const texts = JSON.parse(readFileSync(new URL("texts.json", import.meta.url), "utf8"));
const ends = ({ text, ...ends }) =>
  [text, ...[ends.least, ends.greatest].map(({ n, d }) => `${n}/${d}`)];
console.log(JSON.stringify(texts.map((text) => {
  const found = read(text);
  return found === null || typeof found === "string" ? found : ends(found);
})));
"""

DRAWN = 2_500 * SHEETS

SIGNS = ("", "", "-", "+", "−", "\N{EN DASH}", "- ", "±", "--")
BEFORE = ("", "", "", "≈ ", "= ", "~", r"\approx ", "$", r"\(", "≈≈", "x = ")
MARKS = (".", ",", ".", "{,}", " . ", "'", "..", "\N{FULLWIDTH FULL STOP}")
SPACES = ("", "", "", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", r"\,", "\N{ZERO WIDTH SPACE}")
TIMES = (
    "·",
    "×",
    "*",
    "x",
    " · ",
    r" \cdot ",
    r"\times ",
    "⋅",
    " ",
    r"\cdots",
)
POWERS = ("^{}", "^{{{}}}", "^({})", "**{}", "{}", " ^ {}", "^^{}")
AFTER = ("", "", "", "%", " %", r"\%", ".", "...", "…", "$", r"\)", "; ", "°", "\ufeff")
ANYTHING = "0123456789.,+-−eE^{}()/·×*%≈=~?½⅓\\ frac dtcoimesx⁻²¹\u2009\u00a0$'٣\x1c\x85"


def digits(random, most=5):
    made = "".join(random.choice("0123456789") for _ in range(random.randint(0, most)))
    return made if random.random() < 0.8 else random.choice(SPACES).join((made, made))


def decimal(random):
    whole, places = digits(random), digits(random)
    return whole + (random.choice(MARKS) + places if random.random() < 0.8 else "")


def spelled(random):
    """Return a number as somebody may write it, or what looks like one."""
    kind, sign = random.random(), random.choice(SIGNS)
    if kind < 0.2:
        return "".join(random.choice(ANYTHING) for _ in range(random.randint(1, 12)))
    if kind < 0.35:
        above, below = digits(random), digits(random)
        form = random.choice(
            (
                "{}/{}",
                "{} / {}",
                r"\frac{{{}}}{{{}}}",
                r"\tfrac {{ {} }} {{{}}}",
                "{}⁄{}",
            )
        )
        return f"{random.choice(BEFORE)}{sign}{form.format(above, below)}{random.choice(AFTER)}"
    if kind < 0.4:
        return f"{sign}{random.choice(('', '1', '2 ', '10'))}{random.choice('½⅓⅔⅞⅒⅟↉')}"
    text = f"{random.choice(BEFORE)}{sign}{decimal(random)}{random.choice(SPACES)}"
    if kind < 0.7:
        power = f"{random.choice(('', '-', '+', '−'))}{random.randint(0, 400)}"
        raised = power.translate(str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"))
        put = random.choice((random.choice(POWERS).format(power), raised))
        text += f"{random.choice(TIMES)}10{put}"
    elif kind < 0.8:
        text += f"{random.choice('eE')}{random.choice(('', '-', '+', '−'))}{random.randint(0, 330)}"
    return text + random.choice(AFTER)


def by_marking(text):
    """Return what ``symcnn mark`` reads, as the page tells it."""
    found = read(text)
    if found is None:
        return None
    return found.reason if isinstance(found, Unread) else [found.text, found.least, found.greatest]


def test_figures_are_read_alike(tmp_path):
    """Those of the tables, which were typed by hand, and thousands that were drawn."""
    random = Random(31)
    known = [
        text for table in (ROUNDED, EXACT, UNREAD) for texts in table.values() for text in texts
    ]
    texts = [*known, *(spelled(random) for _ in range(DRAWN))]
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    made = json.loads(node(f"{engine()}\n{READ}", tmp_path))
    for text, found in zip(texts, made, strict=True):
        ends = [found[0], *map(Fraction, found[1:])] if isinstance(found, list) else found
        assert ends == by_marking(text), text[:50]
    read_ones = sum(isinstance(found, list) for found in made)
    assert 0.2 * len(texts) < read_ones < 0.9 * len(texts)
