"""What a layer or a loss means, in its author's words, with gaps for its tensors and settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, get_annotations, signature
from typing import Any, NamedTuple, TypeAlias

from symcnn.equations import Tensor
from symcnn.equations.sizes import is_symbolic
from symcnn.errors import SymcnnError, expect, shown
from symcnn.writing.formula.reader import prose

_BRACES = re.compile(r"\{(\w+)\}|[{}]")
_INPUT = re.compile(r"x[1-9]\d?")
_CLOSING, _OWN = (",", ";", ":", ".", ")"), "own"

_OF_PLACES = ("is_batched", "repeats")
"""What is asked of a place, and not of a class."""

PLACING = ("name", "inputs", "weight_from", "weight_axes")
"""The fields that say where a layer stands, and nothing of what it computes."""


@dataclass(frozen=True)
class When:
    """Words that are said where something is so, and others elsewhere.

        When("causal", "A query sees no key behind its own position.")
        When("mode", "Entries are repeated.", "Entries are interpolated.", value="nearest")

    Attributes:
        of: What is asked: a setting or another attribute of the class, "is_batched" (whether there
            are several samples), "repeats" (whether one tensor is read several times), or a tensor,
            of which there is none or some number of entries of one sample. A method is asked with
            the shapes of all that is read.
        says: What is said where it has the value, or where it is true, if that is asked.
        otherwise: What is said elsewhere.
        value: The value.
    """

    of: str
    says: Sentences
    otherwise: Sentences = ""
    value: Any = True


@dataclass(frozen=True)
class Once:
    """Words that are left out where a document has said them of another layer of the class.

    Attributes:
        says: What is said first.
        again: What is said from then on.
    """

    says: Sentences
    again: Sentences = ""


Sentences: TypeAlias = str | When | Once | tuple["Sentences", ...]
"""Words, or several that are said one after the other."""

_Table: TypeAlias = Mapping[str, Sentences]

Said: TypeAlias = Sentences | _Table
"""Sentences, or those of each tensor by its name."""


class Place(NamedTuple):
    """A layer or a loss in its place, which sentences are about.

    Attributes:
        made: The layer or the loss.
        tensors: Its tensors by the names of gaps.
        read: What it reads.
        ends: What its result is called, and what it reads.
    """

    made: Any
    tensors: Mapping[str, tuple[Tensor, ...]]
    read: tuple[Tensor, ...]
    ends: tuple[str, str] = ("y", "x")

    @property
    def is_batched(self) -> bool:
        """Whether there are several samples."""
        return any(tensor.batched and tensor.shape[0] != 1 for tensor in self.read)

    @property
    def repeats(self) -> bool:
        """Whether there are several inputs, all of which are the same tensor."""
        return len(self.read) > 1 and len({tensor.name for tensor in self.read}) == 1

    def asked(self, name: str) -> Any:
        """Return what a name stands for: an attribute, or the number of a tensor's entries."""
        own = self if name in _OF_PLACES else self.made
        if not hasattr(own, name):
            return self.tensors[name][0].of_one_sample().size if name in self.tensors else 0
        found = getattr(own, name)
        return found(*(t.of_one_sample().shape for t in self.read)) if callable(found) else found

    def sentence(self, said: Sentences, *, again: bool = False) -> str:
        """Return what is said of this layer or loss, in full or for another time."""
        if isinstance(said, str):
            return said
        if isinstance(said, Once):
            return self.sentence(said.again if again else said.says, again=again)
        if isinstance(said, When):
            found = self.asked(said.of)
            holds = bool(found) if said.value is True else found == said.value
            return self.sentence(said.says if holds else said.otherwise, again=again)
        told = ""
        for part in filter(None, (self.sentence(part, again=again) for part in said)):
            told += part if not told or part.startswith(_CLOSING) else f" {part}"
        return told


@dataclass(frozen=True)
class Meaning:
    """What a layer or a loss does, in sentences that documents print in place of their own.

        meaning = Meaning(forward="Each entry of {y} is an entry of {x}, times {gain}.")

    A name in braces is a gap for the letter of a tensor or the value of a setting: ``{x}`` for
    what a layer reads, ``{x1}`` and ``{x2}`` for the first and the second of several, ``{y}`` for
    what it makes, and the names of its parameters, of what it is given, of what its ``forward``
    takes by name, and of its declared fields. In a loss ``{y}`` is the output, ``{loss}`` the loss,
    and the target has the name of ``given``. Of a derivative, ``{own}`` is what it is with respect
    to, such as one of several inputs. Formulas may stand between dollar signs. A gap that
    cannot always be filled is refused when the class is made. A meaning is that of the class
    itself: a subclass has its own, as it may have other equations.

    What a layer computes on the way has sentences too where a table names it, as has the derivative
    with respect to each of several inputs, and to a parameter:

        meaning = Meaning(
            forward={"mean": "{mean} is the mean of {x}.", "y": "It is subtracted."},
            backward={"x": "Errors are centred."},
        )

    Words that depend on a setting are a ``When``, and those that are said but once ``Once``.

    Attributes:
        forward: How the output follows from what is read, or what the loss measures.
        backward: How the error signal of what is read follows from that of the output.
    """

    forward: Said = ""
    backward: Said = ""

    def __post_init__(self) -> None:
        """Refuse what is no text, and braces and formulas that cannot be read."""
        for text, _ in self._texts():
            expect(text, str, "a meaning", "give sentences with gaps such as {x}")
            if not all(_names(text)):
                raise SymcnnError(f"{shown(text)} has a brace without a name: write a gap as {{x}}")
        forward = self.tables()[0].values()
        if any(_OWN in _names(text) for said in forward for text, _ in _texts(said)):
            raise SymcnnError("{own} is what a derivative is with respect to: write it in backward")

    def tables(self, ends: tuple[str, str] = ("y", "x")) -> tuple[_Table, _Table]:
        """Return what is said of each tensor and of each derivative, by the tensors' names.

        Args:
            ends: What the result is called that a sentence is about, and what is read.
        """
        both = zip((self.forward, self.backward), ends, strict=True)
        forward, backward = (s if isinstance(s, Mapping) else {name: s} for s, name in both)
        return forward, backward

    @property
    def named(self) -> set[str]:
        """The names of the tensors that have sentences of their own."""
        tables = (t for t in (self.forward, self.backward) if isinstance(t, Mapping))
        return {name for table in tables for name in table}

    @property
    def asked(self) -> set[str]:
        """The names of what sentences depend on."""
        return {name for _, asked in self._texts() for name in asked}

    @property
    def gaps(self) -> dict[str, frozenset[str]]:
        """The names in braces, each with what is asked wherever it stands."""
        found: dict[str, frozenset[str]] = {}
        for text, asked in self._texts():
            found |= {name: found.get(name, asked) & asked for name in _names(text)}
        return found

    def _texts(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Run over all texts, with what is asked before each is said."""
        for table in self.tables():
            for said in table.values():
                yield from _texts(said)


def _texts(said: Sentences, asked: Collection[str] = ()) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(said, tuple):
        for part in said:
            yield from _texts(part, asked)
    elif isinstance(said, When):
        yield from _texts((said.says, said.otherwise), {*asked, said.of})
    elif isinstance(said, Once):
        yield from _texts((said.says, said.again), asked)
    else:
        yield said, frozenset(asked)


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
    for name, asked in meaning.gaps.items():
        switch = switched.get(name)
        is_filled = switch in asked if switch else name in known or _is_input(name, usual)
        is_filled = is_filled or name == _OWN or isinstance(getattr(made, name, None), property)
        if is_filled or name in meaning.named:
            continue
        off = f", which {switch} turns on and off" if switch else ""
        names = ", ".join(dict.fromkeys(n for n in known if not switched.get(n)))
        raise SymcnnError(
            f"the meaning of {made.__name__} has a gap for {name!r}{off}: name one of {names}"
        )
    for name in sorted(meaning.asked):
        if not (name in {*known, *switched, *meaning.named, *_OF_PLACES} or hasattr(made, name)):
            raise SymcnnError(
                f"the meaning of {made.__name__} depends on {name!r}, which it does not have: name "
                "a setting, another attribute or a tensor"
            )


def _is_input(name: str, usual: Collection[str]) -> bool:
    """Tell whether a gap is for one of several inputs."""
    return "x" in usual and _INPUT.fullmatch(name) is not None


def _taken(way: Any, own: int) -> Iterator[str]:
    """Run over the tensors that a method always takes by name."""
    for taken in [*signature(way).parameters.values()][own + 1 :]:
        if taken.default is Parameter.empty and not taken.kind.name.startswith("VAR_"):
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


def check_filled(place: Place) -> None:
    """Refuse a gap, or sentences, for a tensor that a layer or a loss turns out not to have.

    What sentences depend on is asked where sizes are numbers alone.
    """
    meaning, made = meaning_of(place.made), place.made
    if meaning is None or any(is_symbolic(n) for t in place.read for n in t.shape):
        return
    known = {_OWN, *place.tensors, *(field.name for field in fields(made))}
    known |= {
        name for name in meaning.gaps if isinstance(getattr(type(made), name, None), property)
    }
    switched = {*getattr(type(made), "learned", {}), *made.supplied}
    every = (pair for table in meaning.tables(place.ends) for pair in table.items())
    for key, said in every:
        told = "" if key in switched - known else place.sentence(said)
        for name in [*([key] if told else []), *_names(told)]:
            if name not in known:
                raise SymcnnError(
                    f"the meaning of {type(made).__name__} has a gap for {name!r}, and there is no "
                    f"tensor of that name: the tensors are {', '.join(place.tensors)}"
                )
