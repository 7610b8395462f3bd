"""The exceptions for mistakes of the user: one line each, with the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from types import UnionType
from typing import Any, TypeVar

_Wrong = TypeVar("_Wrong")

OUT_OF_RANGE = (
    "the numbers exceed the range of floating point (1e308): use smaller values or weights"
)

_QUOTED_LETTERS = 40
_QUOTED_ITEMS = 4

_LONGEST = 183
"""The letters of a message: behind ``symcnn: warning: `` a line has 200."""

_REMEDY = 60
"""So many of them are the end of a message that is too long."""

_PLACE = 40
"""So many letters of a place stand in front of any mistake: a file's path may be long."""

_LEAST = 12
"""So many letters of what is quoted say which one it is."""

_LEFT_OUT = " ... "

_LINES = 10
"""So many lines are told of one file: more mistakes are no help."""

_ENOUGH = 500
"""After so many mistakes nobody looks for others."""


def one_line(message: str) -> str:
    r"""Return a message on one line of at most 183 letters, whatever it quotes.

    Of a longer one the middle is left out: it begins with the place and ends with the remedy.

    >>> one_line("'a\nb': no layer"), len(one_line("long " * 100))
    ("'a\\nb': no layer", 183)
    """
    text = _printable(message)
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - _REMEDY - len(_LEFT_OUT)] + _LEFT_OUT + text[-_REMEDY:]


def fitted(before: str, quoted: str, after: str) -> str:
    """Return a message of at most 183 letters that quotes something: as much as there is room.

    >>> fitted("the row ", "1 + " * 99, " is 4")[-20:]
    ' 1 + 1 + 1  ... is 4'
    """
    room = max(_LEAST, _LONGEST - len(before) - len(after))
    return before + (quoted if len(quoted) <= room else f"{quoted[: room - 4]} ...") + after


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class SymcnnError(ValueError):
    """A mistake of the user: one line with the place, the value and the remedy.

    Attributes:
        further: How many mistakes there are besides, of which no more is told.
        is_cut: Whether there may be more than these.
    """

    further = 0
    is_cut = False

    def __init__(self, message: str = "") -> None:
        """Take the line; what is too long for one is shortened."""
        super().__init__(one_line(message))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told, line by line; mostly this line alone."""
        return (str(self),)

    @property
    def mistakes(self) -> tuple[SymcnnError, ...]:
        """The mistakes, each by itself."""
        return (self,)

    def at(self, place: str) -> SymcnnError:
        """Return the same mistake with its place in front of it, of a long one the end."""
        name, room = _printable(place), max(_PLACE, _LONGEST - len(f": {self}"))
        if len(name) > room:
            name = f"...{name[3 - room :]}"
        return type(self)(f"{name}: {self}")


class AxesError(SymcnnError):
    """An input has more or fewer axes than a layer with a window slides over, and the channels."""


class TooLargeError(SymcnnError):
    """The result would be too large; it is refused before it is computed."""


class NotFiniteError(SymcnnError):
    """A number is undefined, such as the logarithm of 0, or exceeds the range of floats."""


class UnverifiedError(SymcnnError):
    """A derived number differs from the measured one: an error of symcnn, not of its user."""


class NotCompiledWarning(UserWarning):
    """NumPy alone computes what was to be compiled; the text says why."""


class SeveralMistakesError(SymcnnError):
    """Several mistakes, one line each, of which there are ten at most."""

    def __init__(
        self, mistakes: Iterable[SymcnnError], further: int = 0, is_cut: bool = False
    ) -> None:
        """Take the mistakes in the order in which they stand, and how many there are besides."""
        found = tuple(mistakes)
        told = found if len(found) + (further > 0) <= _LINES else found[: _LINES - 1]
        self._mistakes, self.further = told, further + len(found) - len(told)
        self.is_cut = is_cut
        super().__init__()

    def __str__(self) -> str:
        """Return a line for each, and how many more there are."""
        return "\n".join(self.lines)

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild it from its mistakes."""
        return type(self), (self._mistakes, self.further, self.is_cut)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told, line by line."""
        least = "at least " if self.is_cut else ""
        more = (f"and {least}{self.further:,} more",) if self.further else ()
        return (*map(str, self._mistakes), *more)

    @property
    def mistakes(self) -> tuple[SymcnnError, ...]:
        """The mistakes that are told, each by itself."""
        return self._mistakes

    def at(self, place: str) -> SymcnnError:
        """Return them all with their place in front of each."""
        located = (mistake.at(place) for mistake in self._mistakes)
        return type(self)(located, self.further, self.is_cut)


class Mistakes:
    """Mistakes that do not keep one from looking for others."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: list[SymcnnError] = []
        self._further, self._is_cut = 0, False

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Go on after a mistake, unless there are hundreds; what was read is not to be used."""
        try:
            yield
        except SymcnnError as error:
            self._found += error.mistakes
            self._further += error.further
            self._is_cut |= error.is_cut
            if len(self._found) >= _ENOUGH:
                self._is_cut = True
                self.end()

    def first(self, wrong: Sequence[_Wrong]) -> Iterator[_Wrong]:
        """Run over what is wrong, as far as it is told; the rest is counted and not looked at."""
        yield from wrong[:_LINES]
        self._further += len(wrong[_LINES:])

    def end(self) -> None:
        """Raise what was found."""
        if len(self._found) > 1:
            raise SeveralMistakesError(self._found, self._further, self._is_cut) from None
        if self._found:
            raise self._found[0] from None


@contextmanager
def located(place: str | PathLike[str]) -> Iterator[None]:
    """Put the place, or the file, that an error happened at in front of it, on one line."""
    name = str(place)
    try:
        yield
    except SymcnnError as error:
        raise error.at(name) from None


def expect(value: Any, kind: type | UnionType, place: str, remedy: str) -> None:
    """Refuse what is no instance of a class, before it fails further in.

    Raises:
        SymcnnError: Says what it is instead, and the remedy.
    """
    if isinstance(value, kind):
        return
    if isinstance(value, type):
        call = f"call it, {value.__name__}(...)" if issubclass(value, kind) else remedy
        raise SymcnnError(f"{place} is the class {value.__name__}: {call}")
    what = shown(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    raise SymcnnError(f"{place} is {what}: {remedy}")


def expect_path(path: Any) -> None:
    """Refuse what is no path of a file, such as what a file of the kind would hold.

    Raises:
        SymcnnError: Says what it is instead.
    """
    expect(path, str | PathLike, "the path", "give the path of a file, a text")


def shown(value: Any) -> str:
    r"""Return how an error quotes a value: on one short line, whatever it holds.

    >>> shown("a\nb"), shown([1, 2, 3, 4, 5]), shown({"a": 1})
    ("'a\\nb'", '[1, 2, 3, 4, ...]', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        items = [shown(item) for item in value[:_QUOTED_ITEMS]]
        return f"[{', '.join(items + ['...'] * (len(value) > _QUOTED_ITEMS))}]"
    if isinstance(value, int) and abs(value) > 10**_QUOTED_LETTERS:
        return f"a number of {value.bit_length()} bits"
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits, be it of a fraction
        return "a number of more than 4,300 digits"
    return text if len(text) <= _QUOTED_LETTERS else f"{text[:_QUOTED_LETTERS]}..."


def check_choice(name: str, value: Any, right: Any, remedy: str) -> None:
    """Refuse what is none of some choices; True is no number.

    Raises:
        SymcnnError: Says what it is instead, and the remedy.
    """
    if isinstance(value, bool) or value not in right:
        raise SymcnnError(f"{name} is {shown(value)}: give {remedy}")
