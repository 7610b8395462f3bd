"""Sentences as data: what is said, the facts that it is said for, and gaps for formulas.

    "[is_number: {y}|Each entry of {y}] is the mean of entries of {x}."

Braces name gaps. Brackets name a fact, with the words where it holds and those where it does
not: so one sentence speaks of one number and of several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.meant import Meant
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.settings import setting
from symcnn.document.words.words import listed
from symcnn.equations import Tensor
from symcnn.writing.formula import Formula, read
from symcnn.writing.formula.build import replaced

Facts = TypeVar("Facts")

Gaps = Mapping[str, Callable[[Context, Facts], str | Inline | Text]]
"""What stands in the gaps of sentences about some facts."""

_GAP = re.compile(r"(\{\w+\}|(?<!\\)\$[^$]+\$)")
_CHOICE = re.compile(r"\[(\w+): ([^|\]]*)\|([^|\]]*)\]")


@dataclass(frozen=True)
class Sentence(Generic[Facts]):
    """A sentence of a table.

    Attributes:
        holds: Tells whether it is said about some facts.
        says: What is said.
        topic: What it explains, if that is explained in full once.
        again: What is said where that was explained before; nothing if empty.
    """

    holds: Callable[[Facts], object]
    says: str
    topic: str = ""
    again: str = ""

    def said(self, mentioned: Mentioned) -> str:
        """Return what is said, in full or again; from then on it was explained."""
        return self.says if not self.topic or mentioned.first(self.topic) else self.again


def completed(said: str, facts: Facts, context: Context, gaps: Gaps[Facts]) -> Text:
    """Return a sentence about some facts with its choices made and its gaps filled."""
    said = _CHOICE.sub(lambda fact: fact[2] if getattr(facts, fact[1]) else fact[3], said)
    shown = {name: gaps[name](context, facts) for name in gaps_in(said)}
    return filled(said, context.letters, **shown)


def authored(said: str, of: Sequence[Meant], context: Context, own: Tensor | None = None) -> Text:
    """Return what the author of some layers or of a loss says, with its gaps filled.

    Args:
        said: The sentences.
        of: The layers, or the loss.
        context: The derivation.
        own: What a derivative is with respect to, if they are about one.
    """
    shown = {name: _called(name, of, context) for name in gaps_in(said) if name != "own"}
    if own is not None:
        shown["own"] = (context.named(own),)
    return filled(said, context.letters, **shown)


def _called(name: str, of: Sequence[Meant], context: Context) -> str | Text:
    """Return the letters of the tensors, or the setting, that a gap of an author names."""
    if tensors := [t for one in of for t in one.place.tensors.get(name, ())]:
        return listed([context.named(tensor) for tensor in dict.fromkeys(tensors)])
    return setting(getattr(of[0].place.made, name), context.numerals)


def filled(
    sentence: str, letters: Mapping[str, Formula] | None = None, /, **names: str | Inline | Text
) -> Text:
    r"""Return a sentence with names in its gaps, and with its formulas read.

    "{own} moves by $\eta$" becomes w moves by η.

    Args:
        sentence: The sentence.
        letters: What stands for letters in its own formulas: J for L.
        names: What stands in its gaps.
    """
    parts = enumerate(_GAP.split(sentence))
    read = (_gap(p, letters or {}, names) if n % 2 else p.replace(r"\$", "$") for n, p in parts)
    found = filter(None, read)
    return tuple(x for part in found for x in (part if isinstance(part, tuple) else (part,)))


def gaps_in(sentence: str) -> list[str]:
    """Return the names of the gaps of a sentence."""
    return [part[1:-1] for part in _GAP.findall(sentence) if part[0] == "{"]


def _gap(
    written: str, letters: Mapping[str, Formula], names: Mapping[str, str | Inline | Text]
) -> str | Inline | Text:
    inside = written[1:-1]
    return Inline(replaced(read(inside), letters)) if written[0] == "$" else names[inside]
