r"""What two theorems share that differ in letters alone: those of tensors and of indices.

\delta^{a}_m = \sum_q \delta^{z}_q w_{qm}  and  \delta^{f}_k = \sum_m \delta^{y}_m w_{mk}  are
the same theorem: both become  D_{0} = \sum_1 D_{1} W_{10}. It is stated once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Expr, IndexedBase, Symbol

from symcnn.derivation import Step
from symcnn.document.facts.letters import Letters
from symcnn.document.theorems.theorem import Theorem
from symcnn.equations import Tensor, accesses, affine


def shape_of(made: Theorem) -> object:
    """Return what two theorems share that differ in the letters of tensors and indices alone."""
    if made.function is not None:
        return "function"
    if made.affine is not None:
        return "affine"
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
    """Run over the definitions of named indices: those of windows have one form on all axes."""
    for index in letters.named_indices.values():
        if index.padding is not None:
            yield "window", *(own[loop] for _, loop in index.terms)
            continue
        yield tuple(
            (tuple(own.get(letter, letter) for letter in factors), own[loop])
            for factors, loop in index.terms
        )
