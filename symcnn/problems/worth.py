"""What a problem asks for, how exact it has to be, and what it earns, as a problem file states it.

    [answers]
    quantities = ["conv1", "loss", "gradient of conv1.weight"]      # others earn nothing
    points = { conv1 = 4, "gradient of conv1.weight" = 6 }          # shared by their figures
    digits = 4                  # the significant digits that are asked for; 3 by default
    tolerance = "1 unit"        # of the last of them; or "0.1 %", or "0.001"
    truncation = "accepted"     # digits may be cut off; by default they are to be rounded
    imprecise = "none"          # of the points, for too few digits or digits cut off; "half"
    carried = 0.5               # the share of its points for what follows from a wrong figure; 1

By default all outputs, derivatives and updated parameters are asked for, and every figure has one
point. Whether there is a quantity of a name, is known when the problem is marked. What was rounded
correctly to the digits that are asked for is never too far from the true value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

from symcnn.errors import SymcnnError, check_choice, located, shown
from symcnn.problems.reading import number, text, whole, words
from symcnn.problems.section import Section

MOST_POINTS = 10_000
"""The most points of one quantity."""


@dataclass(frozen=True)
class Worth:
    """What is asked for, and what that earns.

    Attributes:
        quantities: The names of the quantities that are asked for; None for all.
        points: The points of a quantity by its name, shared equally by its figures; of one that
            is not named, every figure has one point. What is named here is asked for.
        carried: The share of its points that a figure earns that follows from a wrong one.
    """

    quantities: tuple[str, ...] | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    carried: float = 1.0

    def __post_init__(self) -> None:
        """Check the names, the points and the share."""
        if self.quantities is not None:
            object.__setattr__(self, "quantities", checked_names(self.quantities))
        object.__setattr__(self, "points", checked_points(self.points))
        check_carried(self.carried)

    @property
    def is_usual(self) -> bool:
        """Whether all is asked for, and every figure has one point."""
        return self.quantities is None and not self.points


def checked_names(quantities: Any) -> tuple[str, ...]:
    """Return names of quantities, each once.

    Raises:
        SymcnnError: If they are no list of names, or an empty one.
    """
    if isinstance(quantities, str) or not isinstance(quantities, Sequence):
        raise SymcnnError(f"quantities is {shown(quantities)}: give a list of names")
    for name in quantities:
        if not isinstance(name, str):
            raise SymcnnError(f"quantities has {shown(name)}: give names such as 'conv1'")
    if not quantities:
        raise SymcnnError("quantities is empty: name one, or leave it out")
    return tuple(dict.fromkeys(quantities))


def checked_points(points: Any) -> dict[str, float]:
    """Return points by the names of quantities.

    Raises:
        SymcnnError: If they are no numbers from 0 on.
    """
    if not isinstance(points, Mapping):
        raise SymcnnError(f"points is {shown(points)}: give a table such as {{ conv1 = 4 }}")
    for name, worth in points.items():
        check_share(f"the points of {name} are", worth)
        if worth > MOST_POINTS:
            raise SymcnnError(f"the points of {name} are {worth:g}: give at most {MOST_POINTS:,}")
    return dict(points)


def check_carried(share: Any) -> None:
    """Refuse what is no share of the points."""
    check_share("carried is", share)
    if share > 1:
        raise SymcnnError(f"carried is {share!r}: give a share of the points, from 0 to 1")


def check_share(said: str, number: Any) -> None:
    """Refuse what is no number from 0 on."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not isfinite(number) or number < 0:
        raise SymcnnError(f"{said} {shown(number)}: give a non-negative number")


MOST_DIGITS = 12
"""The most significant digits that can be asked for: figures of a computer have three more."""

Truncation = Literal["named", "accepted"]
"""What is done with figures whose last digits were cut off: that is a mistake, or as good."""

TRUNCATIONS: tuple[Truncation, ...] = ("named", "accepted")

Imprecise = Literal["full", "half", "none"]
"""What a figure earns that is right, but with fewer digits than are asked for, or cut off."""

SHARES: Mapping[Imprecise, float] = {"full": 1.0, "half": 0.5, "none": 0.0}
"""The share of its points."""

Kind = Literal["unit", "%", ""]
"""What a tolerance is counted in: units of the last digit, percent, or itself."""

_TOLERANCE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE]([+-]?[0-9]{1,2}))?")
_WORDS: dict[str, Kind] = {"unit": "unit", "units": "unit", "%": "%", "": ""}
_LARGEST = {"unit": 1000, "%": 100}


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may be from the true value.

    Attributes:
        amount: The number.
        kind: What it is counted in.
    """

    amount: Fraction
    kind: Kind


@dataclass(frozen=True)
class Accuracy:
    """How exact answers have to be.

    Attributes:
        digits: The significant digits that are asked for.
        tolerance: How far an answer may be from the true value: "1 unit" of the last of these
            digits, "0.1 %" of the value, or "0.001"; "" for half a unit, as rounding needs. What
            was rounded correctly is never too far.
        truncation: Whether figures whose last digits were cut off are "named" as such, or
            "accepted" as right.
        imprecise: What imprecise figures earn of their points: "full", "half" or "none".
    """

    digits: int = 3
    tolerance: str = ""
    truncation: Truncation = "named"
    imprecise: Imprecise = "half"

    def __post_init__(self) -> None:
        """Check the digits, the tolerance and the words."""
        check_digits("digits", self.digits)
        object.__setattr__(self, "tolerance", _text(self.tolerance))
        read_tolerance(self.tolerance)
        check_choice("truncation", self.truncation, TRUNCATIONS, '"named" or "accepted"')
        check_choice("imprecise", self.imprecise, SHARES, '"full", "half" or "none"')


def check_digits(name: str, digits: Any) -> None:
    """Refuse what is no number of significant digits.

    Raises:
        SymcnnError: Says what it is instead.
    """
    is_whole = isinstance(digits, int) and not isinstance(digits, bool)
    if not is_whole or not 1 <= digits <= MOST_DIGITS:
        raise SymcnnError(f"{name} is {shown(digits)}: give a whole number from 1 to {MOST_DIGITS}")


def read_tolerance(text: str) -> Tolerance | None:
    """Read a tolerance; None for "".

    Raises:
        SymcnnError: If it is none of "1 unit", "0.1 %" and "0.001".
    """
    if not text:
        return None
    number, _, word = text.replace("%", " %").strip().partition(" ")
    found, kind = _TOLERANCE.fullmatch(number), _WORDS.get(word.strip())
    if found is None or kind is None:
        raise SymcnnError(
            f'tolerance is {shown(text)}: give units of the last digit, "1 unit", a percentage, '
            '"0.1 %", or a number, "0.001"'
        )
    amount = Fraction(found[1]) * Fraction(10) ** int(found[2] or 0)
    most = _LARGEST.get(kind)
    if amount == 0 or (most is not None and amount > most):
        above = "" if most is None else f", and at most {most}"
        raise SymcnnError(f"tolerance is {shown(text)}: give a number above 0{above}")
    return Tolerance(amount, kind)


def _text(given: Any) -> str:
    """Return a tolerance as text: that of a file, or of Python, may be a number."""
    if given is None:
        return ""
    is_number = isinstance(given, int | float | Decimal) and not isinstance(given, bool)
    if not is_number and not isinstance(given, str):
        raise SymcnnError(f'tolerance is {shown(given)}: give a text such as "1 unit"')
    return " ".join(str(given).split())


_KEYS = ("digits", "tolerance", "truncation", "imprecise", "quantities", "points", "carried")


def answers(file: Section) -> dict[str, Any]:
    """Read the table of a file; of one without it nothing."""
    if "answers" not in file.content:
        return {}
    table = file.subsection("answers")
    table.only(_KEYS)
    read = {
        "digits": table.read("digits", whole),
        "tolerance": table.content.get("tolerance"),
        "truncation": table.read("truncation", text),
        "imprecise": table.read("imprecise", text),
    }
    points = table.subsection("points")
    given = {name: float(points.read(name, number)) for name in points.content}
    share = table.read("carried", number)
    carried = {} if share is None else {"carried": float(share)}
    with located("answers"):
        return {
            "answers": Accuracy(**{key: v for key, v in read.items() if v is not None}),
            "worth": Worth(table.read("quantities", words), given, **carried),
        }
