"""Nothing, something, the same number everywhere, random numbers and texts that are no numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings

SCRIBBLES = ("see above", "ja", "0.2.3.4", "--", "1/0", "0.4 or 0.5", "abc", "=cmd", "1e999", "x^2")
OTHERS = ("0", "1", "-1", "0.5", "0.00", "1/3", "100", "1e-3", "0.333333333333333")


def _everywhere(text: Callable[[Random], str]):
    def handin(given: Given, settings: Settings, random: Random) -> HandIn:
        quantities = {quantity: given.true[quantity] for quantity in given.asked}
        return HandIn({q: {at: text(random) for at in true} for q, true in quantities.items()})

    return handin


def _number(random: Random) -> str:
    return f"{random.uniform(-1, 1):.{random.randint(1, 4)}g}"


def _changed(share: float, text: Callable[[str, Random], str], *, means: bool = False):
    """Work rightly, and change some figures afterwards; what they mean may stay as it is."""

    def handin(given: Given, settings: Settings, random: Random) -> HandIn:
        inside = random.choice((AS_WRITTEN, EVERYTHING))
        made = worked(given, Hand(settings.digits + random.randint(0, 1), inside=inside))
        made.digits *= means
        for texts in made.texts.values():
            for at, figure in texts.items():
                if random.random() < share:
                    texts[at] = text(figure, random)
        return made

    return handin


def _slip(figure: str, random: Random) -> str:
    """Change one digit of a figure, move its point, or change its sign."""
    places = [n for n, sign in enumerate(figure) if sign.isdigit()]
    kind = random.random()
    if kind < 0.2:
        return figure.removeprefix("-") if figure.startswith("-") else f"-{figure}"
    if kind < 0.4 and "E" not in figure:
        return f"{figure}E{random.choice((-1, 1))}"
    at = places[-1] if kind < 0.8 else random.choice(places)
    return f"{figure[:at]}{random.randint(0, 9)}{figure[at + 1 :]}"


KINDS = {
    "blank": _everywhere(lambda random: ""),
    "1 everywhere": _everywhere(lambda random: "1"),
    "random numbers": _everywhere(
        lambda random: f"{random.uniform(-1, 1):.{random.randint(1, 4)}g}"
    ),
    "partly blank": _changed(0.3, lambda figure, random: "", means=True),
    "slips": _changed(0.1, _slip),
    "other numbers": _changed(0.2, lambda figure, random: random.choice(OTHERS)),
    "scribbles": _changed(0.15, lambda figure, random: random.choice(SCRIBBLES), means=True),
    "spelled otherwise": _changed(0.7, lambda figure, random: _spelled(figure, random), means=True),
}


def _spelled(figure: str, random: Random) -> str:
    """Write the same figure with a comma, a true minus, a plus or spaces."""
    ways = [
        figure.replace(".", ","),
        figure.replace("-", "\N{MINUS SIGN}"),
        f" {figure} ",
        figure if figure.startswith("-") else f"+{figure}",
        figure.replace("0.", ".", 1) if figure.startswith(("0.", "-0.")) else figure,
    ]
    return random.choice(ways)
