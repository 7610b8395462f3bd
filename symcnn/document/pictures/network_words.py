"""What the picture of a network shows, in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Symbol

from symcnn.document.pictures.graph import Graph, Key
from symcnn.document.pictures.texts import Texts
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text


def alt(made: Graph, texts: Texts) -> str:
    """Say in words what the picture of a network shows, of its answers what the texts tell."""
    columns = "; ".join(_column_in_words(keys, texts) for keys in made.columns)
    winners = [edge.source for edge in made.every if edge.kind == "winner"]
    count = len(made.lines)
    lead = "One edge leads" if count == 1 else f"{count} edges lead"
    won = ", ".join(texts.in_words(symbol) for symbol in winners if symbol is not None)
    tells = bool(winners) and texts.is_solved
    return (
        f"Diagram of the network in columns from left to right: {columns}."
        f" {lead} from column to column."
        + (f" The largest entries of their windows are {won}." if tells else "")
    )


def _column_in_words(keys: Iterable[Key], texts: Texts) -> str:
    symbols = [key for key in keys if isinstance(key, Symbol)]
    return ", ".join(f"{texts.in_words(s)} {texts.value_in_words(s)}".rstrip() for s in symbols)


def signals_in_words(texts: Texts, signals: Mapping[Symbol, Formula]) -> str:
    """Say which error signals the picture shows."""
    words = (f"{text(signal)} at {texts.in_words(symbol)}" for symbol, signal in signals.items())
    return f" The error signals are {', '.join(words)}." if signals else ""
