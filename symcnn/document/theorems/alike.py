r"""What two theorems share that differ in letters alone: those of tensors and of indices.

\delta^{a}_m = \sum_q \delta^{z}_q w_{qm}  and  \delta^{f}_k = \sum_m \delta^{y}_m w_{mk}  are
the same theorem: both become  D_{0} = \sum_1 D_{1} W_{10}. It is stated once, and then the letters
are named that take the places of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sympy import Expr, IndexedBase, Symbol

from symcnn.derivation import Step
from symcnn.document.blocks import Reference, Text
from symcnn.document.context import Context
from symcnn.document.facts.letters import Letters
from symcnn.document.theorems.premises import letter
from symcnn.document.theorems.theorem import Theorem
from symcnn.document.words.words import listed
from symcnn.equations import Tensor, accesses, affine

T = TypeVar("T")


def shape_of(made: Theorem) -> object:
    """Return what two theorems share that differ in the letters of tensors and indices alone."""
    if made.function is not None:
        return "function"
    roles, own = _roles(made), _numbered(made)

    def plain(value: Expr) -> Expr:
        reads = {read: roles.get(read.base, read.base)[read.indices] for read in accesses(value)}
        return value.xreplace(reads).xreplace(own)

    return (
        tuple(
            (
                plain(part.value),
                frozenset(own[loop] for loop in part.over),
                frozenset((plain(index), plain(axis)) for index, axis in part.conditions),
            )
            for part in made.backward.parts
        ),
        tuple(plain(index) for index in made.backward.left.indices),
        frozenset(_defined(made.letters, own)),
    )


def _tensors(made: Theorem) -> tuple[Tensor, ...]:
    """Return the tensors of a theorem's step in the order of their places.

    First what is computed, then that by which it is differentiated, then what else is read.
    """
    tensors, source = made.derivative.derivation.tensors, made.step.source
    read = (tensors[entry.base] for entry in accesses(source.value))
    return tuple(dict.fromkeys((tensors[source.target.base], made.step.of, *read)))


def _roles(made: Theorem) -> dict[IndexedBase, IndexedBase]:
    """Return numbers in place of the letters of tensors: as they occur in a step."""
    roles: dict[IndexedBase, IndexedBase] = {}
    derivation, step = made.derivative.derivation, made.step
    for number, tensor in enumerate(_tensors(made)):
        roles[tensor.base] = IndexedBase(f"T{number}")
        if tensor.name in derivation.adjoints:
            roles.setdefault(derivation.adjoints[tensor.name].base, IndexedBase(f"D{number}"))
    if step.routing:
        roles[step.routing.tensor.base] = IndexedBase("R")
    return roles


def _numbered(made: Theorem) -> dict[Symbol, Symbol]:
    """Return numbers in place of the letters of indices, and of what is called after them."""
    letters, left = made.letters, made.backward.left
    held = (loop for index in letters.named_indices.values() for _, loop in index.terms)
    loops = (loop for part in made.backward.parts for loop in part.over)
    free = (index for index in left.indices if index.is_Symbol)
    symbols = dict.fromkeys([*_in_order(made.step), *loops, *held, *free])
    numbers = {s: Symbol(f"i{n}") for n, s in enumerate(symbols)}
    named = {
        index.symbol: Symbol("".join(str(numbers[loop]) for _, loop in index.terms))
        for index in letters.named_indices.values()
    }
    split = ((letter, *letter.name.partition("_")) for letter in letters.numbers)
    by_name = {symbol.name: number for symbol, number in numbers.items()}
    counted = {s: Symbol(f"{sign}{by_name.get(loop, loop)}") for s, sign, _, loop in split}
    return {**numbers, **named, **counted}


def _in_order(step: Step) -> Iterator[Symbol]:
    """Run over the loops of a step in the order of the axes that they run over."""
    others = (read for read in accesses(step.source.value) if read != step.access)
    indices = [i for read in (step.source.target, step.access, *others) for i in read.indices]
    yield from (index for index in indices if index.is_Symbol)
    for index in indices:
        form = affine(index)
        yield from sorted(form.coefficients, key=lambda s: (-form.coefficient(s), str(s)))


def _defined(letters: Letters, own: Mapping[Symbol, Symbol]) -> Iterator[object]:
    """Run over the definitions of named indices."""
    for index in letters.named_indices.values():
        terms = tuple(
            (tuple(own.get(letter, letter) for letter in factors), own[loop])
            for factors, loop in index.terms
        )
        yield terms, index.padding is None


def applied_again(context: Context, made: Theorem, first: Theorem, number: str) -> Text:
    """Say that a theorem applies again, and with which letters in place of those first stated."""
    other = _differing(_named(made), _named(first))
    resized = not made.says_more and any(new.shape != old.shape for new, old in other)
    again = " holds for tensors of any size; it applies again" if resized else " applies again"
    if not other:
        return Reference(number), f"{again}."
    new, old = (listed([*map(context.named, side)]) for side in zip(*other, strict=True))
    indices = _other_indices(made, first)
    return Reference(number), f"{again}, with ", *new, " in place of ", *old, *indices, "."


def _other_indices(made: Theorem, first: Theorem) -> Text:
    """Say which indices are others: of a theorem whose indices are made of them."""
    own, stated = _indices(made), _indices(first)
    other = _differing(own, stated)
    if not (made.letters.named_indices and other) or len(own) != len(stated):
        return ()
    new, old = (listed([*map(letter, side)]) for side in zip(*other, strict=True))
    return (", and ", *new, " in place of ", *old)


def _differing(new: Sequence[T], old: Sequence[T]) -> list[tuple[T, T]]:
    return [pair for pair in zip(new, old, strict=False) if pair[0] != pair[1]]


def _indices(made: Theorem) -> tuple[Symbol, ...]:
    """Return the indices of a derivative: those on the left, then those of its sums."""
    loops = (loop for part in made.backward.parts for loop in part.loops)
    return tuple(dict.fromkeys(loop.symbol for loop in (*made.backward.free, *loops)))


def _named(made: Theorem) -> tuple[Tensor, ...]:
    """Return the tensors that a theorem names; of a function's, no others than its two."""
    result, own, *others = _tensors(made)
    return (own, result, *(() if made.function else others))
