"""The terms of a formula, each with the indices that it is summed over and the entries it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import Eq, Expr, IndexedBase, Mod, Symbol, floor, sympify
from sympy.core.relational import Relational

from symcnn.proofs.terms import (
    Bracket,
    NotStatedError,
    Opposite,
    Product,
    Read,
    Term,
    Terms,
    Total,
    holds,
    parts_of,
    reads,
)
from symcnn.proofs.text import number


@dataclass(frozen=True)
class Path:
    """The way to one term.

    Attributes:
        steps: Index by index, and "l" or "r" where a sum has two parts.
        entries: What the term is a product of.
        zeros: What is 0 where its brackets are not.
    """

    steps: tuple[Symbol | str, ...]
    entries: tuple[Read, ...]
    zeros: tuple[Expr, ...] = ()

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The indices that it is summed over."""
        return tuple(step for step in self.steps if isinstance(step, Symbol))

    def after(self, *steps: Symbol | str) -> Path:
        """Return the path with further steps before its own."""
        return replace(self, steps=(*steps, *self.steps))

    def pattern(self, put: Mapping[Symbol, Expr] | None = None) -> str:
        """Write its indices as nested pairs, or what is put in their place."""
        text = "tt"
        for step in reversed(self.steps):
            if isinstance(step, Symbol):
                text = f"({number(put[step] if put else step)}, {text})"
            else:
                text = f"(in{step} {text})"
        return text


def paths(term: Term) -> tuple[list[Path], str]:
    """Return the paths of a term, in their order, and the type of its indices.

    Raises:
        NotStatedError: If it multiplies sums.
    """
    match term:
        case Total():
            found, kind = paths(term.body)
            return [path.after(term.index) for path in found], f"Z * {_inside(kind)}"
        case Opposite():
            return paths(term.of)
        case Terms():
            return _of_several([paths(part) for part in term.parts])
        case Product():
            sums = [f for f in term.factors if _is_several(f)]
            if len(sums) > 1:
                raise NotStatedError("sums are multiplied")
            own = tuple(r for f in term.factors if f not in sums for r in reads(f))
            brackets = (f for f in term.factors if isinstance(f, Bracket))
            zeros = tuple(c.lhs - c.rhs for b in brackets for c in b.conditions if _says_zero(c))
            found, kind = paths(sums[0]) if sums else ([Path((), ())], "unit")
            return [
                replace(p, entries=(*own, *p.entries), zeros=(*zeros, *p.zeros)) for p in found
            ], kind
    return [Path((), tuple(reads(term)))], "unit"


def _of_several(parts: list[tuple[list[Path], str]]) -> tuple[list[Path], str]:
    (found, kind), *others = parts
    for more, own in others:
        found = [*(p.after("l") for p in found), *(p.after("r") for p in more)]
        kind = f"{_inside(kind)} + {_inside(own)}"
    return found, kind


def _says_zero(condition: Relational) -> bool:
    return isinstance(condition, Eq) and not condition.has(Mod)


def _inside(kind: str) -> str:
    return f"({kind})" if " " in kind else kind


def _is_several(factor: Term) -> bool:
    return any(isinstance(part, Total | Terms) for part in parts_of(factor))


def part_with(term: Term, base: IndexedBase, change: IndexedBase) -> Term:
    """Return by how much an affine term changes when a tensor does.

    Raises:
        NotStatedError: If it is not affine.
    """
    match term:
        case Read():
            return replace(term, base=change)
        case Total():
            return replace(term, body=part_with(term.body, base, change))
        case Opposite():
            return Opposite(part_with(term.of, base, change))
        case Terms():
            kept = [part_with(part, base, change) for part in term.parts if holds(part, base)]
            return kept[0] if len(kept) == 1 else Terms(tuple(kept))
        case Product():
            inside = [n for n, f in enumerate(term.factors) if holds(f, base)]
            if len(inside) != 1:
                raise NotStatedError("it is not affine")
            changed = [
                part_with(f, base, change) if n in inside else f for n, f in enumerate(term.factors)
            ]
            return replace(term, factors=tuple(changed))
    raise NotStatedError("it is not affine")


Equalities = list[tuple[Expr, Expr]]


def solved(known: Equalities, unknown: tuple[Symbol, ...]) -> dict[Symbol, Expr]:
    """Solve equalities of indices, left = right, for those on the right.

    Raises:
        NotStatedError: If one is not determined.
    """
    found: dict[Symbol, Expr] = {}
    while left := [s for s in unknown if s not in found]:
        options = list(_options(known, left, found))
        if not options:
            raise NotStatedError(f"the index {left[0]} is not determined")
        _, symbol, value = min(options, key=lambda option: option[0])
        found[symbol] = value
    return found


def _options(
    known: Equalities, left: list[Symbol], found: dict[Symbol, Expr]
) -> Iterator[tuple[tuple[int, int], Symbol, Expr]]:
    """Run over what an equality says of an index, the plainest to be preferred."""
    for given, written in known:
        open_ones = [s for s in left if s in written.free_symbols]
        if not open_ones:
            continue
        rest = written.xreplace(found)
        for symbol in open_ones:
            factor = rest.expand().coeff(symbol)
            others = (rest - factor * symbol).expand()
            if factor == 0 or symbol in others.free_symbols or symbol in factor.free_symbols:
                continue
            several = [s for s in open_ones if s != symbol]
            if several and not all(_divides(rest.expand().coeff(s), factor) for s in several):
                continue
            others = others.xreplace(dict.fromkeys(several, sympify(0)))
            value = ((given - others) / factor).expand()
            rank = 8 * len(several) + (0 if written == symbol else 1 if abs(factor) == 1 else 2)
            yield (rank, value.count_ops()), symbol, value if rank < 2 else floor(value)


def _divides(divisor: Expr, number: Expr) -> bool:
    return divisor != 0 and (number / divisor).is_integer is True


def correspondence(one: Path, other: Path) -> tuple[dict[Symbol, Expr], dict[Symbol, Expr]]:
    """Return the indices of the second term, of those of the first, and the other way round.

    Raises:
        NotStatedError: If they are no products of the same tensors, or do not tell the indices.
    """
    own = {s: Symbol(f"{s.name}'", integer=True) for s in other.indices}
    named = {fresh: s for s, fresh in own.items()}
    equal = [
        (left, right.xreplace(own))
        for entry, twin in _same_entries(one, other)
        for left, right in zip(entry.indices, twin.indices, strict=True)
    ]
    there = solved(equal, tuple(own.values()))
    back = solved([(right, left) for left, right in equal], one.indices)
    return (
        {named[s]: value for s, value in there.items()},
        {s: value.xreplace(named) for s, value in back.items()},
    )


def _same_entries(one: Path, other: Path) -> Iterator[tuple[Read, Read]]:
    """Pair the entries of the two terms, tensor by tensor."""
    left = list(other.entries)
    for entry in one.entries:
        twin = next((e for e in left if e.base == entry.base), None)
        if twin is None:
            raise NotStatedError("the terms differ")
        left.remove(twin)
        yield entry, twin
    if left:
        raise NotStatedError("the terms differ")
