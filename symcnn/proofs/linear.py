"""A theorem of what is affine, for Rocq: definitions, claims, and proofs by one script.

    sum over i of delta_i (z_i(x + dx) - z_i(x))  =  sum over r of (dL/dx_r) dx_r

for all dx, with the printed derivative on the right. Both sides are sums of the same terms over
different indices, and a proof is told which index of the one is which of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol, sympify

from symcnn.derivation.index_conditions import with_empty_sums
from symcnn.document.theory.specimen import Subject, specimen
from symcnn.document.theory.statement import Statement, TensorFormula, statement
from symcnn.equations import Loop, Tensor
from symcnn.equations.sizes.length import Length
from symcnn.proofs.paths import Path, correspondence, part_with, paths
from symcnn.proofs.terms import NotStatedError, Product, Read, Term, Terms, Total, holds, tree
from symcnn.proofs.terms import divides, reads
from symcnn.proofs.text import name, number, read, term

_FILE = """\
(* {title}

{about}
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section {section}.

Variable R : {ring}.
Variables {letters} : Z.
{reals}
Definition sizes : Prop :=
  ({sizes})%Z.

(* * Definitions *)

{definitions}
(* * Claims *)

{claims}
(* * Proofs *)

{proofs}
End {section}.
{assumptions}"""


def rocq(subject: Subject) -> str:
    """Return a file for Rocq with the theorem of a layer, as far as it is affine, and its proof.

    Args:
        subject: A class such as ``Conv2D``, or an instance.

    Raises:
        SymcnnError: If the subject is no layer or loss, takes no letters for its sizes, or is
            affine in nothing.
    """
    made = specimen(subject)
    return Theory(made.name, statement(made)).text()


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
        return reduce(lambda inner, limit: Total(*limit, inner), reversed(limits), inside)

    def definition(self, types: dict[IndexedBase, int]) -> str:
        """Write the definition."""
        given = "".join(f" {_typed([base], types)}" for base in self.read)
        indices = " ".join(name(loop.symbol) for loop in self.free)
        over = f" ({indices} : Z)" if indices else ""
        return f"Definition {self.name}{given}{over} : R :=\n  {term(self.right)}.\n"

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
        left = " +\n    ".join(f"({text})" if len(self.users) > 1 else text for text in self._left())
        entry = read(self.direction, self.made.left.indices)
        right = f"{_over(self.made.free)}{self.made.at({})} * {entry}"
        return f"Definition {self.name} : Prop := sizes ->\n  forall{given},\n    {left} =\n    {right}.\n"

    def _left(self) -> Iterator[str]:
        indices = [name(index) for index in self.made.tensor.indices]
        entries = [f"{name(base.label)}⟨{', '.join(indices)}⟩" for base in (self.base, self.direction)]
        moved = f"(fun {' '.join(indices)} => {' + '.join(entries)})"
        for user, signal in self.users:
            sent = read(signal, user.left.indices)
            change = f"({user.at({self.base: moved})} - {user.at({})})"
            yield f"{_over(user.free)}\n      {sent} * {change}"

    def proof(self) -> str:
        """Write the theorem with its proof.

        Raises:
            NotStatedError: If its terms do not correspond to each other.
        """
        there, back = self._correspondences()
        unfolded = [self.name, "sizes", *(user.name for user, _ in self.users), self.made.name]
        return (
            f"Theorem {self.name}_holds : {self.name}.\nProof.\n"
            f"unfold {', '.join(dict.fromkeys(unfolded))}.\n"
            f"adjoint\n  {there}\n  {back}.\nQed.\n"
        )

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
        reason = NotStatedError("the terms differ")
        for other in left:
            try:
                found.append((one, other, *correspondence(one, other)))
                left.remove(other)
                break
            except NotStatedError as error:
                reason = error
        else:
            raise reason
    if left:
        raise NotStatedError("the terms differ")
    return found


def _function(letter: str, kind: str, other: str, cases: list[tuple[str, str]]) -> str:
    """Write a function of indices."""
    listed = " | ".join(f"{pattern} => ({value})%Z" for pattern, value in cases)
    return f"(fun {letter} : {kind} => match {letter} return {other} with {listed} end)"


def _over(free: Sequence[Loop]) -> str:
    """Write sums over indices."""
    return "".join(
        f"\\sum_(0 <= {name(loop.symbol)} <= {number(sympify(loop.size) - 1)}) " for loop in free
    )


class Theory:
    """What is claimed of a layer.

    Attributes:
        title: What the layer is called.
        made: Its statement.
        left_out: The derivatives that are not claimed, each with the reason.
    """

    def __init__(self, title: str, made: Statement) -> None:
        """Read a statement."""
        self.title, self.made = title, made
        self.left_out: dict[str, str] = {}
        adjoints = made.derivation.adjoints
        self.signals = {name: tensor.base for name, tensor in adjoints.items()}
        self.types = {t.base: len(t.shape) for t in (*made.tensors, *adjoints.values())}

    @cached_property
    def forward(self) -> dict[str, Formula | str]:
        """The formulas of the tensors that are computed, or why they have no statement."""
        return {f.tensor.name: self._formula(f, name(f.tensor.label)) for f in self.made.forward}

    @cached_property
    def claims(self) -> list[tuple[Claim, str]]:
        """The claims, each with its proof."""
        found = []
        for formula in self.made.backward:
            try:
                claim = self._claim(formula)
                found.append((claim, claim.proof()))
            except NotStatedError as error:
                self.left_out[formula.tensor.label] = str(error)
        return found

    def _formula(self, of: TensorFormula, called: str) -> Formula | str:
        try:
            if of.general.window:
                raise NotStatedError("a maximum is not algebra")
            right = tree(with_empty_sums(of.general.checked), self.signals.values())
            term(right)
            found = {entry.base for entry in reads(right)}
            return Formula(
                called,
                of.tensor,
                of.general.left,
                of.general.free,
                right,
                tuple(base for base in self.types if base in found),
            )
        except NotStatedError as error:
            return str(error)

    def _claim(self, of: TensorFormula) -> Claim:
        made = self._formula(of, f"grad_{name(of.tensor.label)}")
        if isinstance(made, str):
            raise NotStatedError(made)
        users = []
        for formula in self.made.forward:
            if not formula.general.checked.has(of.tensor.base):
                continue
            user = self.forward[formula.tensor.name]
            if isinstance(user, str):
                raise NotStatedError(user)
            if formula.tensor.name not in self.signals:
                raise NotStatedError(f"{formula.tensor.label} has no error signal")
            users.append((user, self.signals[formula.tensor.name]))
        return Claim(made, tuple(users), self.types)

    def text(self) -> str:
        """Write the file."""
        claims = self.claims
        used = [user for claim, _ in claims for user, _ in claim.users]
        formulas = list(dict.fromkeys([*used, *(claim.made for claim, _ in claims)]))
        letters, sizes = self._sizes()
        reals = [name(letter) for letter in self.made.network.real_letters]
        needs_division = any(divides(formula.right) for formula in formulas)
        section = re.sub(r"\W+", "_", self.title).strip("_")
        return _FILE.format(
            title=self.title,
            about=self._about(),
            section=section,
            ring="comUnitRingType" if needs_division else "comRingType",
            letters=" ".join(letters),
            reals=f"Variables {' '.join(reals)} : R.\n" if reals else "",
            sizes=" /\\\n   ".join(sizes),
            definitions="\n".join(formula.definition(self.types) for formula in formulas),
            claims="\n".join(claim.statement() for claim, _ in claims),
            proofs="\n".join(proof for _, proof in claims),
            assumptions="".join(f"Print Assumptions {c.name}_holds.\n" for c, _ in claims),
        )

    def _sizes(self) -> tuple[list[str], list[str]]:
        """Return all letters for sizes, and what is supposed of them."""
        network = self.made.network
        given = [f"0 {'<' if s.is_positive else '<='} {name(s)}" for s in network.sizes]
        lengths = [letter for letter in network.relations if isinstance(letter, Length)]
        made = [f"0 < {name(s)} /\\ {name(s)} = {number(s.definition)}" for s in lengths]
        return [name(s) for s in (*network.sizes, *lengths)], [*given, *made]

    def _about(self) -> str:
        """Say what the file is about."""
        lines = ["   An index is an integer, a tensor a function of its indices."]
        lines += [f"   Not stated: {label}, since {why}." for label, why in self.left_out.items()]
        return "\n".join(lines)
