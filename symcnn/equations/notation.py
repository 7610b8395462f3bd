r"""How entries are named: w_{11}, z^{(2)}_{3}, delta^{z}_{21}.

An entry of a tensor is a real SymPy symbol named ``label_subscript``. Subscripts
count from 1, as textbooks do, and leave out axes of length 1; they stand without
commas while every axis has at most 9 positions. SymPy prints such a name as the
LaTeX that it looks like, so ``latex`` of any expression reads as in a document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, count

from sympy import Symbol

from symcnn.equations.sizes import Size

Shape = tuple[Size, ...]


def dimensions(shape: Shape) -> str:
    """Return how errors and tables write a shape: 3x1x1."""
    return "x".join(map(str, shape)) if shape else "of a single number"


@cache
def index(name: str) -> Symbol:
    """Return the index symbol of that name: an integer that counts from 0."""
    return Symbol(name, integer=True, nonnegative=True)


def spare_letters(taken: Collection[str]) -> Iterator[str]:
    """Run over the letters for further indices, r, s, ..., and then r_2, s_2, ... without an end.

    d and e stand for other things in formulas, and o and l look like numbers.
    """
    letters = "rsghqabcfijkmnptuvwxyzol"
    numbered = (f"{letter}_{number}" for number in count(2) for letter in letters)
    return (letter for letter in chain(letters, numbered) if letter not in taken)


def argument(taken: Collection[str]) -> Symbol:
    """Return the argument of a function that is defined: a letter that stands for nothing else.

    Args:
        taken: All letters that there are: of tensors, sizes and indices.
    """
    return Symbol(next((letter for letter in "zyvqh" if letter not in taken), "xi"), real=True)


def superscripted(letter: str, number: int) -> str:
    """Return the label of a letter's ``number``-th use: z, z^(2), z^(3), ..."""
    return letter if number == 1 else f"{letter}^({number})"


def numbered(letter: str) -> Iterator[str]:
    """Run over the labels of a letter's uses: z, z^(2), z^(3), ..."""
    return (superscripted(letter, n) for n in count(1))


def about(sign: str, label: str) -> str:
    """Return the label of what belongs to another tensor: delta^z, delta^z(2).

    A letter with a name of its own stands apart, or SymPy would not print it as such:
    delta^mu^(2). So does a superscript without brackets.
    """
    letter, caret, number = label.partition("^")
    joined = len(letter) == 1 and number[:1] in ("", "(", "[")
    return f"{sign}^{letter}{'' if joined else caret}{number}"


def letter_of(name: str) -> str:
    """Return the letter of a symbol or of an entry, with its font and accents: w of w^(2)_13.

    >>> letter_of("delta^z(2)_1"), letter_of("W1_23"), letter_of("zboldtilde_t")
    ('delta', 'W', 'zboldtilde')
    """
    return re.split(r"[\^_]", name, maxsplit=1)[0].rstrip("0123456789")


def without_subscript(label: str) -> str:
    """Return the label that the entries of another tensor would begin with: W^(2) of W1^(2).

    >>> without_subscript("W1^(2)"), without_subscript("b_h"), without_subscript("w^(2)")
    ('W^(2)', 'b', 'w^(2)')
    """
    return letter_of(label) + "".join(re.findall(r"\^.*", label))


def split_entry(name: str, labels: Container[str]) -> tuple[str, str]:
    """Return the name of a tensor, and the subscript of an entry, if it has one.

    >>> split_entry("W1_23", {"W1"}), split_entry("b_h", {"b_h"})
    (('W1', '23'), ('b_h', ''))
    """
    label, _, written = name.rpartition("_")
    return (name, "") if name in labels or not label else (label, written)


def subscript(position: Sequence[int], shape: Shape, base: int = 1) -> str:
    """Return the subscript of an entry; axes of length 1 are left out."""
    shown = [str(p + base) for p, size in zip(position, shape, strict=True) if size > 1]
    return ("" if max(shape) + base <= 10 else ",").join(shown)


def parse_subscript(text: str, shape: Shape) -> tuple[int, ...]:
    """Return the entry that ``subscript(entry, shape)`` names.

    Raises:
        ValueError: If the text is no such subscript.
    """
    numbers = text.split(",") if "," in text or max(shape) > 9 else list(text)
    if len(numbers) != sum(size > 1 for size in shape):
        raise ValueError(f"{text!r} is no subscript of a tensor of shape {shape}")
    digits = iter(numbers)
    return tuple(int(next(digits)) - 1 if size > 1 else 0 for size in shape)


@lru_cache(maxsize=2**16)
def entry_symbol(label: str, position: tuple[int, ...], shape: Shape) -> Symbol:
    """Return the symbol of one entry.

    >>> entry_symbol("w", (0, 0, 0, 2), (2, 1, 1, 3)), entry_symbol("t", (0,), (1,))
    (w_13, t)
    """
    written = subscript(position, shape)
    return Symbol(f"{label}_{written}" if written else label, real=True)
