"""Figures by the names that stand before them, gathered by quantity.

A quantity can be given as a whole, or entry by entry; what is given twice is refused, and entries
that are not given are left out.

Which figure a name means: a quantity and a position, or a letter of the document.

conv1[0,0,0]      a quantity, and a position that is counted from 0
z_11, z11         a letter with its indices, which are counted from 1
dL/dw_23          the derivative with respect to a letter; delta^z_11 is dL/dz_11
updated w_23      a parameter after the step

What is typed is first taken at its word, then without the signs between its parts. An error signal
need not name its tensor, delta_11, where the indices are enough. What can mean several entries is
refused: w21 can be w_21 and w^(2)_1.

The letters of entries, however they are typed: w^(2)_1, w₁⁽²⁾, w2_1, w_{1}^{(2)}.

A letter has what stands above the line and what stands below it. Digits right behind the letter are
its indices, as in z11; where there are indices besides, they are what stands above, as in w2_1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Generic, NamedTuple, TypeVar
from unicodedata import decomposition, name, normalize

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED, asked
from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem

_NUMBERS = r"\s*[0-9]{1,9}\s*(?:,\s*[0-9]{1,9}\s*)*"
_ENTRY = re.compile(rf"(?P<quantity>[^\[\]]+?)\s*\[(?P<position>{_NUMBERS})\]")

T = TypeVar("T")


class Names:
    """The names that figures of a problem can have."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self._problem = problem
        self._letters = Letters(problem)
        self._numbers: dict[str, dict[tuple[int, ...], int]] = {}

    def find(self, name: str) -> Named:
        """Return what a name means.

        Raises:
            SymcnnError: If it means nothing, or several entries, or one that is not there.
        """
        if found := _ENTRY.fullmatch(name):
            position = tuple(map(int, found["position"].split(",")))
            self.number(found["quantity"], position)
            return Named(found["quantity"], position)
        try:
            self._problem.quantities.shape(name)
        except SymcnnError as error:
            return self._by_letter(name, error)
        return Named(name, None)

    def _by_letter(self, name: str, error: SymcnnError) -> Named:
        """Return what a letter means; what is none is not known otherwise, for a reason."""
        found = self._letters.find(name)
        if found is None:
            raise SymcnnError(f"{error}; {SPELLINGS}") from None
        self._problem.quantities.shape(found.quantity)
        return found

    def number(self, quantity: str, position: Sequence[int]) -> int:
        """Return the number of an entry in row-major order.

        Raises:
            SymcnnError: If there is no such entry.
        """
        numbers = self.numbers(quantity)
        if tuple(position) not in numbers:
            raise SymcnnError(
                f"there is no {entry(quantity, position)}: the last entry is "
                f"{entry(quantity, [*numbers][-1])}"
            )
        return numbers[tuple(position)]

    def numbers(self, quantity: str) -> Mapping[tuple[int, ...], int]:
        """Return the numbers of a quantity's entries in row-major order."""
        if quantity not in self._numbers:
            positions = self._problem.quantities.shape(quantity).positions()
            self._numbers[quantity] = {position: n for n, position in enumerate(positions)}
        return self._numbers[quantity]


def entry(quantity: str, position: Sequence[int]) -> str:
    """Return the name of a figure: conv1[0,0,2]."""
    return f"{quantity}[{','.join(map(str, position))}]"


class Gathered(Generic[T]):
    """Figures by quantity, however they were named."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self.names = Names(problem)
        self._whole: dict[str, tuple[T | None, ...]] = {}
        self._single: dict[str, dict[int, T | None]] = {}

    def whole(self, quantity: str, figures: tuple[T | None, ...]) -> None:
        """Take all figures of a quantity.

        Raises:
            SymcnnError: If the quantity has been given already, perhaps by another name.
        """
        if quantity in self._whole:
            raise SymcnnError(f"{quantity} is given twice: remove one of the two")
        self._whole[quantity] = figures

    def single(self, named: Named, figure: T | None) -> None:
        """Take the figure of one entry.

        Raises:
            SymcnnError: If the entry has been given already, perhaps by another name.
        """
        assert named.position is not None
        number = self.names.number(named.quantity, named.position)
        there = self._single.setdefault(named.quantity, {})
        if number in there:
            raise SymcnnError(
                f"{entry(named.quantity, named.position)} is given twice: remove one of the two"
            )
        there[number] = figure

    def by_quantity(self) -> dict[str, tuple[T | None, ...]]:
        """Return all figures; those that are given alone stand for those that were left out.

        Raises:
            SymcnnError: If one is given alone and in a list.
        """
        found = dict(self._whole)
        for quantity, single in self._single.items():
            numbers = self.names.numbers(quantity)
            figures = [*found.get(quantity, (None,) * len(numbers))]
            for position, n in numbers.items():
                if n in single and figures[n] is not None:
                    raise SymcnnError(f"{entry(quantity, position)} is given twice: remove one")
                figures[n] = single.get(n, figures[n])
            found[quantity] = tuple(figures)
        return found


_SIGNAL, _SHORT_SIGNAL = "delta", "d"
_LONGEST = 200
"""The characters of a name that is looked at."""

_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_SILENT = re.compile(r"\\(?:left|right|mathrm|mathit|,|;|:|!| )|[\\${}\s*]")
_PARTS = re.compile(r"(?P<base>[A-Za-z]+)(?P<behind>[0-9(),]*)(?P<rest>(?:[\^_][^\^_]*)*)")
_RAISED_FIRST = re.compile(r"\(([0-9]+)\)(.*)")
_NO_SIGN = re.compile(r"[^A-Za-z0-9]")


class Letter(NamedTuple):
    """A letter with its indices.

    Attributes:
        base: The letter itself: delta.
        above: What stands above the line, without parentheses: z2.
        below: Its indices: 11, or 1,10.
    """

    base: str
    above: str
    below: str

    @property
    def joined(self) -> str:
        """All of its signs, one after the other."""
        return f"{self.base}{self.above}{self.indices}"

    @property
    def indices(self) -> str:
        """The indices without commas."""
        return self.below.replace(",", "")


def letter(text: str) -> Letter | None:
    """Read a letter, however it is typed; None for what is none.

    >>> letter("w₁⁽²⁾") == letter("w^(2)_1") == letter("w2_1") == letter(r"w_{1}^{(2)}")
    True
    >>> letter("δᶻ₁₁"), letter("z11")
    (Letter(base='delta', above='z', below='11'), Letter(base='z', above='', below='11'))
    """
    return _letter(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=2**13)  # the letters of a problem are read for each hand-in
def _letter(text: str) -> Letter | None:
    found = _PARTS.fullmatch(keyed(text))
    if found is None:
        return None
    above, below = _beside(found["rest"])
    behind = found["behind"]
    if raised := _RAISED_FIRST.fullmatch(behind):
        above, behind = f"{raised[1]}{above}", raised[2]
    if behind and below and not above:
        above, behind = behind, ""
    if behind and below:
        return None
    return Letter(found["base"], _NO_SIGN.sub("", above), (behind or below).strip("(),"))


def is_marked(text: str) -> bool:
    """Tell whether signs say what is above the line and what below: in w^(2)_1, but not in w21."""
    return re.search(r"[\^_()]", keyed(text)) is not None


def quotient(text: str) -> tuple[str, str] | None:
    r"""Return what a derivative is of, and with respect to what: dL/dw_1, ∂L/∂w₁.

    >>> quotient("∂L/∂w₂₃"), quotient(r"\frac{\partial L}{\partial w_{23}}"), quotient("w_23")
    (('L', 'w_23'), ('L', 'w_23'), None)
    """
    if len(text) > _LONGEST:
        return None
    above, slash, below = keyed(_FRACTION.sub(r"\1/\2", text)).partition("/")
    if not slash or not above.startswith("d") or not below.startswith("d"):
        return None
    return above[1:], below[1:].strip("()") if below.startswith("d(") else below[1:]


def keyed(text: str) -> str:
    """Return a text in the signs that keyboards have: delta^z_11 for δᶻ₁₁."""
    made, line = "", ""
    for sign in text:
        kind, _, _ = decomposition(sign).partition(" ")
        mark = {"<super>": "^", "<sub>": "_"}.get(kind, "")
        made += (mark if mark != line else "") + _plain(sign)
        line = mark
    plain = re.sub(r"\\partial(?![a-zA-Z])|\u2202", "d", made)
    return _SILENT.sub("", plain)


def _plain(sign: str) -> str:
    made = normalize("NFKD", sign)
    return "".join("hat" if part == "\u0302" else _named(part) for part in made)


def _named(sign: str) -> str:
    said = name(sign, "")
    is_greek = said.startswith("GREEK ") and "LETTER" in said
    return said.split()[-1].lower() if is_greek else sign


def _beside(rest: str) -> tuple[str, str]:
    """Return what stands above the line, and what stands below it."""
    above, below = list[str](), list[str]()
    for mark, part in re.findall(r"([\^_])([^\^_]*)", rest):
        (above if mark == "^" else below).append(part)
    return "".join(above), ",".join(below)


_NEW = re.compile(r"\s*(?:(?:updated|new)\s+(?P<word>.+)|(?P<letter>.+?)(?:'|[\^_ ]\{?new\}?))\s*")
_OF = re.compile(rf"\s*{GRADIENT}(?P<of>.+)")

SPELLINGS = "or a letter, such as z_11, dL/dw_23 or updated w_11"
"""What can stand before a figure besides conv1 and conv1[0,0,0]."""


class Named(NamedTuple):
    """What a name means.

    Attributes:
        quantity: The name of the quantity.
        position: The entry, counted from 0; None for the whole quantity.
    """

    quantity: str
    position: tuple[int, ...] | None


class _Entry(NamedTuple):
    """An entry of a tensor, with the letter that documents print."""

    printed: str
    tensor: str
    position: tuple[int, ...] | None
    is_signal: bool
    is_usual: bool


_Key = Callable[[Letter], list[str]]
_Table = Mapping[str, list[_Entry]]


class Letters:
    """The letters of a problem."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self._problem = problem

    def find(self, name: str) -> Named | None:
        """Return what a name means; None if it is no letter.

        Raises:
            SymcnnError: If several entries have such a letter.
        """
        if new := _NEW.fullmatch(name[: limits.NAME_LETTERS]):
            return self._of(new["word"] or new["letter"], UPDATED, name)
        if of := _OF.fullmatch(name[: limits.NAME_LETTERS]):
            return self._of(of["of"], GRADIENT, name)
        if derivative := quotient(name):
            is_loss = derivative[0] in ("L", "loss", self._problem.network.tensors["loss"].label)
            return self._of(derivative[1], GRADIENT, name) if is_loss else None
        found = self._entry(name, self._every, name)
        if found is None:
            return None
        quantity = f"{GRADIENT}{found.tensor}" if found.is_signal else found.tensor
        return Named(quantity, found.position)

    def _of(self, text: str, before: str, name: str) -> Named | None:
        """Return the gradient with respect to a letter, or the letter's updated value."""
        found = self._entry(text, self._forward, name)
        return None if found is None else Named(f"{before}{found.tensor}", found.position)

    def _entry(self, text: str, tables: list[_Table], name: str) -> _Entry | None:
        typed = letter(text)
        if typed is None:
            return None
        pairs = [*zip(_KEYS, tables, strict=True)][0 if is_marked(text) else -1 :]
        found = (_entries_first(table.get(key(typed)[0], [])) for key, table in pairs)
        entries = next(filter(None, found), None) or [*self._unnamed(typed)]
        if len(entries) > 1:
            one, other = (entry.printed for entry in entries[:2])
            raise SymcnnError(f"{shown(name)} can mean {one} or {other}: type one of them")
        return entries[0] if entries else None

    def _unnamed(self, typed: Letter) -> Iterator[_Entry]:
        """Run over the error signals that delta_11 can be, which names no tensor."""
        for entry in self._signals if typed.base == _SIGNAL and not typed.above else ():
            printed = letter(entry.printed) if entry.is_usual and entry.position else None
            if printed is not None and printed.indices == typed.indices:
                yield entry

    @cached_property
    def _every(self) -> list[_Table]:
        return [_table(key, [*self._printed, *self._signals]) for key in _KEYS]

    @cached_property
    def _forward(self) -> list[_Table]:
        return [_table(key, self._printed) for key in _KEYS]

    @cached_property
    def _printed(self) -> list[_Entry]:
        every = self._problem.network.tensors.items()
        tensors = ((name, tensor) for name, tensor in every if tensor.role != "position")
        return [entry for named in tensors for entry in _entries(*named)]

    @cached_property
    def _signals(self) -> list[_Entry]:
        """The error signals; those of the outputs that are asked for are the usual ones."""
        learned = {tensor.name for tensor in self._problem.network.parameters}
        wanted = {*asked(self._problem)} - {f"{GRADIENT}{name}" for name in learned}
        return [
            entry._replace(is_signal=True, is_usual=f"{GRADIENT}{name}" in wanted)
            for name, adjoint in self._problem.derivation.adjoints.items()
            for entry in _entries(name, adjoint)
        ]


def _entries_first(found: list[_Entry]) -> list[_Entry]:
    """Return entries if there are any, and else tensors: z2 is z_2, or else z^(2)."""
    return [entry for entry in found if entry.position is not None] or found


def _entries(name: str, tensor: Tensor) -> Iterator[_Entry]:
    """Run over the entries of a tensor, and the whole, but for one that nobody types."""
    if tensor.size > limits.MARKED_FIGURES:
        return
    if tensor.size > 1:
        yield _Entry(tensor.label, name, None, False, False)
    for position in tensor.positions():
        yield _Entry(str(tensor.symbol(position)), name, position, False, False)


def _table(key: _Key, entries: list[_Entry]) -> _Table:
    found = dict[str, list[_Entry]]()
    for entry in entries:
        printed = letter(entry.printed)
        for text in key(printed) if printed else ():
            found.setdefault(text, []).append(entry)
    return found


def _exact(typed: Letter) -> list[str]:
    return [f"{typed.base}^{typed.above}_{typed.below}"]


def _without_commas(typed: Letter) -> list[str]:
    return [f"{typed.base}^{typed.above}_{typed.indices}"]


def _joined(typed: Letter) -> list[str]:
    """Return all signs without any between them; an error signal's letter may be d."""
    joined = typed.joined
    short = [_SHORT_SIGNAL + joined.removeprefix(_SIGNAL)] if typed.base == _SIGNAL else []
    return [joined, *short]


_KEYS: tuple[_Key, ...] = (_exact, _without_commas, _joined)
"""What letters are compared by, one after the other."""
