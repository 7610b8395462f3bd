r"""Statements for any number of samples, from those for a few numbers of them.

A number in a statement depends on that of the samples, N, as a N + b with whole a and b: lengths,
places and divisors of means do. Statements for several N are compared number by number; where a and
b explain all of them, they are written in place of the number, and where none do, nothing is
guessed.

    reshape((5, 12)), reshape((7, 12)), ...    becomes    reshape((batch, 12))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count, islice
from math import isqrt
from typing import TypeVar

from symcnn.equations.notation import Shape
from symcnn.programs.backends.python.listing import Block, Listing

Item = TypeVar("Item")

BATCH = "batch"
"""What the number of samples is called in statements."""

_LEAST = 31
"""No smaller number of samples is compared: it may divide the numbers of an equation."""

_COMPARED = 4
"""A quotient of two such numbers that agrees at so many N is the same for all."""

_NUMBER = re.compile(r"(?<![\w.])(\d+)(?![\w.])")
_BEFORE, _BEHIND = "([ ", "]), "


class OfOneBatchError(Exception):
    """Statements depend on the number of samples in another way."""


def counts_beside(sizes: Iterable[int]) -> list[int]:
    """Return numbers of samples that share no divisor with lengths: no quotient is reduced."""
    others = set(sizes)
    return list(
        islice((n for n in count(_LEAST, 2) if _is_prime(n) and _apart(n, others)), _COMPARED)
    )


def _apart(n: int, sizes: set[int]) -> bool:
    return all(size % n for size in sizes if size)


def _is_prime(n: int) -> bool:
    return all(n % divisor for divisor in range(2, isqrt(n) + 1))


def of_any_batch(listings: Sequence[Listing], counts: Sequence[int]) -> Listing:
    """Return the statements for any number of samples, from those for some.

    Raises:
        OfOneBatchError: If the statements differ in more than such numbers.
    """
    first = listings[0]
    if any(listing.arguments.keys() != first.arguments.keys() for listing in listings):
        raise OfOneBatchError
    return replace(
        first,
        forward=_blocks([listing.forward for listing in listings], counts),
        backward=_blocks([listing.backward for listing in listings], counts),
        loss=of_any([listing.loss for listing in listings], counts),
    )


def shape_of_any(shapes: Sequence[Shape], counts: Sequence[int]) -> str:
    """Return the text of a shape for any number of samples."""
    return of_any([str(tuple(map(int, shape))) for shape in shapes], counts)


def _blocks(passes: Sequence[Sequence[Block]], counts: Sequence[int]) -> tuple[Block, ...]:
    return tuple(
        replace(
            blocks[0],
            notes=_texts([block.notes for block in blocks], counts),
            lines=_texts([block.lines for block in blocks], counts),
        )
        for blocks in _beside(passes)
    )


def _texts(texts: Sequence[Sequence[str]], counts: Sequence[int]) -> tuple[str, ...]:
    return tuple(of_any(lines, counts) for lines in _beside(texts))


def _beside(rows: Sequence[Sequence[Item]]) -> Iterable[Sequence[Item]]:
    try:
        return list(zip(*rows, strict=True))
    except ValueError:
        raise OfOneBatchError from None


def of_any(texts: Sequence[str], counts: Sequence[int]) -> str:
    """Return a text for any number of samples.

    >>> of_any(["x.reshape((5, 15))/20", "x.reshape((7, 21))/28"], [5, 7])
    'x.reshape((batch, 3*batch))/(4*batch)'
    """
    columns = _beside([_NUMBER.split(text) for text in texts])
    made = [_part(column, counts, n % 2 == 1) for n, column in enumerate(columns)]
    return "".join(
        f"({part})" if n % 2 and not _stands_alone(part, made[n - 1], made[n + 1]) else part
        for n, part in enumerate(made)
    )


def _part(column: Sequence[str], counts: Sequence[int], is_number: bool) -> str:
    """Return what stands in one place of all texts."""
    if len({*column}) == 1:
        return column[0]
    if not is_number:
        raise OfOneBatchError
    numbers = [*map(int, column)]
    factor, rest = divmod(numbers[1] - numbers[0], counts[1] - counts[0])
    constant = numbers[0] - factor * counts[0]
    if rest or numbers != [factor * n + constant for n in counts]:
        raise OfOneBatchError
    product = BATCH if factor == 1 else f"{factor}*{BATCH}"
    return product if constant == 0 else f"{product} {'+' if constant > 0 else '-'} {abs(constant)}"


def _stands_alone(part: str, before: str, behind: str) -> bool:
    """Tell whether a number needs no parentheses between its neighbours."""
    if part.isalnum():
        return True
    return " " not in part and before[-1:] in _BEFORE and behind[:1] in _BEHIND
