"""What a layer or a loss means, in its author's words, with gaps for its tensors and settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from inspect import Parameter, get_annotations, signature
from typing import Any

from symcnn.errors import SymcnnError, expect, shown
from symcnn.writing.formula.reader import prose

_BRACES = re.compile(r"\{(\w+)\}|[{}]")

PLACING = ("name", "inputs", "weight_from")
"""The fields that say where a layer stands, and nothing of what it computes."""


@dataclass(frozen=True)
class Meaning:
    """What a layer or a loss does, in sentences that documents print in place of their own.

        meaning = Meaning(forward="Each entry of {y} is an entry of {x}, times {gain}.")

    A name in braces is a gap for the letter of a tensor or the value of a setting: ``{x}`` for
    what a layer reads, ``{y}`` for what it makes, and the names of its parameters, of what it is
    given, of what its ``forward`` takes by name, and of its declared fields. In a loss ``{y}`` is
    the output, ``{loss}`` the loss, and the target has the name of ``given``. Formulas may stand
    between dollar signs. A gap that cannot always be filled is refused when the class is made. A
    meaning is that of the class itself: a subclass has its own, as it may have other equations.

    Attributes:
        forward: How the output follows from what is read, or what the loss measures.
        backward: How the error signal of what is read follows from that of the output.
    """

    forward: str = ""
    backward: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no text, and braces and formulas that cannot be read."""
        for text in (self.forward, self.backward):
            expect(text, str, "a meaning", "give sentences with gaps such as {x}")
            if not all(_names(text)):
                raise SymcnnError(f"{shown(text)} has a brace without a name: write a gap as {{x}}")

    @property
    def gaps(self) -> list[str]:
        """The names in braces."""
        return list(dict.fromkeys([*_names(self.forward), *_names(self.backward)]))


def _names(sentences: str) -> list[str]:
    """Return the names in braces that stand outside of formulas; an empty one for other braces."""
    words = (part for part in prose(sentences) if isinstance(part, str))
    return [name for part in words for name in _BRACES.findall(part)]


def check_gaps(made: Any, ways: Collection[str], own: int, usual: Collection[str]) -> None:
    """Refuse gaps of a class's meaning that nothing always fills.

    Args:
        made: The class of a layer or a loss.
        ways: The methods that give its equations.
        own: How many tensors these take before those with names of their own.
        usual: The names of these.
    """
    meaning = vars(made).get("meaning")
    if meaning is None:
        return
    expect(meaning, Meaning, f"the meaning of {made.__name__}", 'give Meaning(forward="...")')
    switched = {**getattr(made, "learned", {}), **made.supplied}
    known = [*usual, *(name for name, switch in switched.items() if not switch), *_settings(made)]
    known += [name for way in ways for name in _taken(getattr(made, way), own)]
    for name in meaning.gaps:
        if name not in known or switched.get(name):
            off = f", which {switched[name]} turns on and off" if switched.get(name) else ""
            names = ", ".join(dict.fromkeys(n for n in known if not switched.get(n)))
            raise SymcnnError(
                f"the meaning of {made.__name__} has a gap for {name!r}{off}: name one of {names}"
            )


def _taken(way: Any, own: int) -> Iterator[str]:
    """Run over the tensors that a method always takes by name."""
    for taken in [*signature(way).parameters.values()][own + 1 :]:
        if taken.default is Parameter.empty and taken.kind != Parameter.VAR_KEYWORD:
            yield taken.name


def _settings(made: type) -> Iterator[str]:
    """Run over the fields of a class that is becoming a data class."""
    for owner in made.__mro__:
        for name, kind in get_annotations(owner).items():
            if "ClassVar" not in str(kind) and name not in PLACING:
                yield name


def meaning_of(made: Any) -> Meaning | None:
    """Return what the class of a layer or a loss itself says, if it says anything."""
    meaning: Meaning | None = vars(type(made)).get("meaning")
    return meaning


def check_filled(made: Any, tensors: Collection[str]) -> None:
    """Refuse a gap for a tensor that a layer or a loss turns out not to have."""
    meaning, settings = meaning_of(made), {field.name for field in fields(made)}
    for name in meaning.gaps if meaning else ():
        if name not in {*tensors, *settings}:
            raise SymcnnError(
                f"the meaning of {type(made).__name__} has a gap for {name!r}, and there is no "
                f"tensor of that name: the tensors are {', '.join(tensors)}"
            )
