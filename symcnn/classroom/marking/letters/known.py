"""Which figure a name means: a quantity and a position, or a letter of the document.

conv1[0,0,0]      a quantity, and a position that is counted from 0
z_11, z11         a letter with its indices, which are counted from 1
dL/dw_23          the derivative with respect to a letter; delta^z_11 is dL/dz_11
updated w_23      a parameter after the step

What is typed is first taken at its word, then without the signs between its parts. An error signal
need not name its tensor, delta_11, where the indices are enough. What can mean several entries is
refused: w21 can be w_21 and w^(2)_1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED, asked
from symcnn.classroom.marking.letters.spelling import Letter, is_marked, letter, quotient
from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem

_SIGNAL, _SHORT_SIGNAL = "delta", "d"
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
