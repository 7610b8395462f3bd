"""Claims that printed derivatives are such, with definitions and proofs, as Rocq's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol, sympify

from symcnn.equations import Loop, Tensor
from symcnn.proofs.paths import Path, correspondence, part_with, paths
from symcnn.proofs.terms import NotStatedError, Product, Read, Term, Terms, summed
from symcnn.proofs.text import name, number, read, term


@dataclass(frozen=True)
class Formula:
    """A printed formula.

    Attributes:
        name: What a file calls it.
        tensor: What it defines, or what the loss is differentiated with respect to.
        left: The entry that it defines, with free indices.
        free: These, with their ranges.
        right: What the entry is equal to.
        read: The tensors in it.
    """

    name: str
    tensor: Tensor
    left: Indexed
    free: tuple[Loop, ...]
    right: Term
    read: tuple[IndexedBase, ...]

    def summed(self, inside: Term) -> Term:
        """Return the sum of something over all free indices."""
        limits = [(loop.symbol, Integer(0), sympify(loop.size) - 1) for loop in self.free]
        return summed(inside, reversed(limits))

    def definition(self, types: dict[IndexedBase, int]) -> str:
        """Write the definition."""
        given = "".join(f" {_typed([base], types)}" for base in self.read)
        indices = " ".join(name(loop.symbol) for loop in self.free)
        over = f" ({indices} : Z)" if indices else ""
        head = f"Definition {self.name}{given}{over} : R :="
        return f"{wrapped(head, 4)}\n{wrapped(f'  {term(self.right)}.', 4)}\n"

    def at(self, put: dict[IndexedBase, str]) -> str:
        """Write the entry, of tensors in whose place others may be put."""
        given = [put.get(base, name(base.label)) for base in self.read]
        return " ".join([self.name, *given, *(name(loop.symbol) for loop in self.free)])


def _typed(bases: Iterable[IndexedBase], types: dict[IndexedBase, int]) -> str:
    """Write what kind of tensors letters stand for: (x dx : Z -> Z -> R)."""
    first, *others = bases
    letters = " ".join(name(base.label) for base in (first, *others))
    return f"({letters} : {'Z -> ' * types[first]}R)"


@dataclass(frozen=True)
class Claim:
    """That a printed derivative is one.

    Attributes:
        made: The printed derivative.
        users: The formulas of what is computed from its tensor, each with its error signal.
        types: How many axes each tensor has.
    """

    made: Formula
    users: tuple[tuple[Formula, IndexedBase], ...]
    types: dict[IndexedBase, int]

    @property
    def name(self) -> str:
        """What a file calls it."""
        return f"derivative_{name(self.base.label)}"

    @property
    def base(self) -> IndexedBase:
        """The tensor."""
        return self.made.tensor.base

    @property
    def direction(self) -> IndexedBase:
        """By how much the tensor changes."""
        return IndexedBase(f"d{name(self.base.label)}")

    def statement(self) -> str:
        """Write the claim."""
        found = [base for user, signal in self.users for base in (*user.read, signal)]
        needed = dict.fromkeys([*found, *self.made.read, self.base])
        types = {**self.types, self.direction: self.types[self.base]}
        given = "".join(
            f" {_typed([base, self.direction] if base == self.base else [base], types)}"
            for base in needed
        )
        left = " +\n".join(f"({text})" if len(self.users) > 1 else text for text in self._left())
        entry = read(self.direction, self.made.left.indices)
        right = f"{_over(self.made.free)}{self.made.at({})} * {entry}"
        lines = [
            f"Definition {self.name} : Prop := sizes ->",
            wrapped(f"  forall{given},", 6),
            *(wrapped(f"    {line}", 8) for line in f"{left} =\n{right}.".splitlines()),
        ]
        return "\n".join(lines) + "\n"

    def _left(self) -> Iterator[str]:
        indices = [name(index) for index in self.made.tensor.indices]
        entries = [
            f"{name(base.label)}⟨{', '.join(indices)}⟩" for base in (self.base, self.direction)
        ]
        moved = f"(fun {' '.join(indices)} => {' + '.join(entries)})"
        for user, signal in self.users:
            sent = read(signal, user.left.indices)
            change = f"({user.at({self.base: moved})} - {user.at({})})"
            yield f"{_over(user.free)}{sent} * {change}"

    def proof(self) -> str:
        """Write the theorem with its proof.

        Raises:
            NotStatedError: If its terms do not correspond to each other.
        """
        there, back = self._correspondences()
        unfolded = [self.name, "sizes", *(user.name for user, _ in self.users), self.made.name]
        lines = [
            f"Theorem {self.name}_holds : {self.name}.",
            "Proof.",
            f"unfold {', '.join(dict.fromkeys(unfolded))}.",
            "adjoint",
            wrapped(f"  {there}", 4),
            f"{wrapped(f'  {back}', 4)}.",
            "Qed.",
        ]
        return "\n".join(lines) + "\n"

    def _correspondences(self) -> tuple[str, str]:
        """Write which term of the one side is which of the other, both ways."""
        base, to = self.base, self.direction
        changes = [
            user.summed(Product((Read(signal, user.left.indices), part_with(user.right, base, to))))
            for user, signal in self.users
        ]
        left = changes[0] if len(changes) == 1 else Terms(tuple(changes))
        entry = Read(to, self.made.left.indices)
        right = self.made.summed(Product((self.made.right, entry)))
        (ones, kind), (others, other_kind) = paths(left), paths(right)
        pairs = _paired(ones, others)
        there = [(one.pattern(), other.pattern(put)) for one, other, put, _ in pairs]
        back = [(other.pattern(), one.pattern(put)) for one, other, _, put in pairs]
        return _function("p", kind, other_kind, there), _function("q", other_kind, kind, back)


Pair = tuple[Path, Path, dict[Symbol, Expr], dict[Symbol, Expr]]


def _paired(ones: Sequence[Path], others: Sequence[Path]) -> list[Pair]:
    """Find for every term of the one side that of the other which it is."""
    left, found = list(others), list[Pair]()
    for one in ones:
        pair = min(_pairs(one, left), key=_moved)
        left.remove(pair[1])
        found.append(pair)
    if left:
        raise NotStatedError("the terms differ")
    return found


def _pairs(one: Path, others: Sequence[Path]) -> list[Pair]:
    """Return the terms that are products of the same tensors, one at least."""
    found, reason = list[Pair](), NotStatedError("the terms differ")
    for other in others:
        try:
            found.append((one, other, *correspondence(one, other)))
        except NotStatedError as error:
            reason = error
    if not found:
        raise reason
    return found


def _moved(pair: Pair) -> int:
    """Count the indices that do not come back to themselves, which they do in equal terms.

    One that a bracket fixes, or that is rounded, may be among them; and so brackets count that
    are not seen to hold.
    """
    one, other, there, back = pair
    ways = ((there, back), (back, there))
    left = [e.xreplace(to) - s for to, fro in ways for s, e in fro.items()]
    left += [zero.xreplace(there) for zero in other.zeros]
    left += [zero.xreplace(back) for zero in one.zeros]
    return sum(e.expand() != 0 for e in left)


def _function(letter: str, kind: str, other: str, cases: list[tuple[str, str]]) -> str:
    """Write a function of indices."""
    kind, other = _short(kind), _short(other)
    listed = " ".join(f"| {pattern} => {value}%Z" for pattern, value in cases)
    return f"(fun {letter} : {kind} => match {letter} return {other} with {listed} end)"


def _short(kind: str) -> str:
    """Write how many indices there are, where no sum has several parts."""
    return kind if "+" in kind else f"indices {kind.count('Z')}"


def _over(free: Sequence[Loop]) -> str:
    """Write sums over indices."""
    return "".join(
        f"\\sum_(0 <= {name(loop.symbol)} <= {number(sympify(loop.size) - 1)}) " for loop in free
    )


_WIDTH = 98
_BREAK = re.compile(r"(?<![*+=-]) (?=\\sum_|\* |\+ |- |=|\(|\| |match |/)")


def wrapped(line: str, indent: int) -> str:
    """Break a line before operators, sums and parentheses, outside of subscripts and brackets.

    Args:
        line: The line, with its own indentation.
        indent: That of the lines that continue it.

    >>> print(wrapped("a " * 30 + "+ b + ⟦ " + "c + " * 12 + "d ⟧", 2))
    a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a + b
      + ⟦ c + c + c + c + c + c + c + c + c + c + c + c + d ⟧
    """
    lines = []
    while len(line) > _WIDTH and (places := _places(line, indent)):
        place = max((p for p in places if p <= _WIDTH), default=min(places))
        lines.append(line[:place])
        line = " " * indent + line[place + 1 :]
    return "\n".join([*lines, line])


def _places(line: str, indent: int) -> list[int]:
    """Return the places at which a line can be broken."""
    return [
        found.start()
        for found in _BREAK.finditer(line)
        if found.start() > indent and _is_outside(line[: found.start()])
    ]


def _is_outside(text: str) -> bool:
    """Tell whether the end of a text is inside of no subscript, bracket, floor or limits."""
    opened = sum(text.count(c) for c in "⟨⟦⌊⌈") - sum(text.count(c) for c in "⟩⟧⌋⌉")
    tail = text.rpartition("\\sum_(")[2] if "\\sum_(" in text else ")"
    depth = 1
    for c in tail:
        depth += (c == "(") - (c == ")")
        if depth == 0:
            break
    return opened == 0 and depth == 0
