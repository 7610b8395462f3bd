"""A language as a table: how it spells the statements of which programs are made."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from symcnn.programs.backends.python.listing import RESERVED
from symcnn.programs.backends.python.names import Names


@dataclass(frozen=True)
class Language:
    """How statements are spelled; what stands in braces is filled in.

    Attributes:
        words: Words of the language, and what its programs call something else.
        mark: What tells an identifier from such a word; no other identifier ends with it.
        comment: Returns a text as a line of comment, which the text cannot end.
        loop: The head of a loop over {name} from 0 to below {size}.
        row: The same over entries that lie side by side and do not depend on each other, for
            languages whose compilers compute several at once; nothing for others.
        number: A {name} for a {value}.
        place: A {name} for the {value} of a place in an array.
        sum: A {name} that begins with 0 and is added to.
        parts: An array {name} of {size} sums that begin with 0, for languages with ``row``.
        largest: A {name} that begins below all numbers.
        count: A {name} that begins with 0 and is counted up.
        winner: A {name} of a place that begins as no place.
        array: The array {name} of {size} entries, all of which are set behind it.
        zeros: The same where not all are set: the others are 0.
        lowest: An array {name} of {size} entries below all numbers.
        counts: An array {name} of {size} counters, which are 0.
        places: An array {name} of {size} places, which are none.
        filled: A statement that sets the entries of {name}, {size} of them, below all numbers.
        routed: A statement that sets {array} to 1 at all {size} places in {winner}.
        larger: The larger of {a} and {b}.
        smaller: The smaller of them.
        equal: The operator that tells whether numbers are equal.
        unequal: The operator that tells whether they are not.
        rounded: The {value} as it is kept in an array.
        exp: The exponential function of {z}.
        log: The logarithm of {z}.
        sqrt: The square root of {z}.
        power: The power of {z} with an {exponent}.
    """

    words: Container[str]
    mark: str
    comment: Callable[[str], str]
    loop: str
    row: str
    number: str
    place: str
    sum: str
    parts: str
    largest: str
    count: str
    winner: str
    array: str
    zeros: str
    lowest: str
    counts: str
    places: str
    filled: str
    routed: str
    larger: str
    smaller: str
    equal: str
    unequal: str
    rounded: str
    exp: str
    log: str
    sqrt: str
    power: str

    def identifier(self, name: str) -> str:
        """Return an identifier for one of Python's."""
        return f"{name}{self.mark}" if name in self.words else name


class Fresh:
    """Generates identifiers, each only once."""

    def __init__(self, language: Language) -> None:
        """Begin with none."""
        self._names, self._language = Names(set(RESERVED)), language

    def __call__(self, wanted: str) -> str:
        """Return an identifier that looks like ``wanted`` and is not in use."""
        return self._language.identifier(self._names.fresh(wanted))


@dataclass(frozen=True)
class Block:
    """Statements and the equations that they compute."""

    notes: Sequence[str]
    lines: Sequence[str]

    def text(self, language: Language) -> Iterable[str]:
        """Return the lines, with the equations as comments above them."""
        return (*map(language.comment, self.notes), *self.lines)
