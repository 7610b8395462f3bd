"""A theorem of what is affine, for Rocq: definitions, claims, and proofs by one script.

    sum over i of delta_i (z_i(x + dx) - z_i(x))  =  sum over r of (dL/dx_r) dx_r

for all dx, with the printed derivative on the right. Both sides are sums of the same terms over
different indices, and a proof is told which index of the one is which of the other.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from textwrap import fill, indent

from sympy import IndexedBase, StrictGreaterThan, StrictLessThan, Symbol
from sympy.core.relational import Relational

from symcnn.derivation.index_conditions import with_empty_sums
from symcnn.document.theory.specimen import Subject, specimen
from symcnn.document.theory.statement import Statement, TensorFormula, hypotheses, statement
from symcnn.equations.sizes import Length
from symcnn.proofs.claims import Claim, Formula
from symcnn.proofs.terms import NotStatedError, divides, reads, tree
from symcnn.proofs.text import called, name, number, term

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


SUMS = Path(__file__).with_name("library") / "sums.v"


def theory_of(subject: Subject) -> Theory:
    """Return what is claimed of a layer or a loss."""
    made = specimen(subject)
    return Theory(made.name, statement(made))


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

    @property
    def section(self) -> str:
        """What a file calls the layer."""
        return called(self.title)

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
            if of.tensor.base in of.general.right.atoms(IndexedBase) and called == of.tensor.label:
                raise NotStatedError("it is computed from itself at another step")
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
        return _FILE.format(
            title=self.title,
            about=self._about(),
            section=self.section,
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
        given = [_least(s) for s in network.sizes]
        lengths = [letter for letter in network.relations if isinstance(letter, Length)]
        made = [f"{_least(s)} /\\ {name(s)} = {number(s.definition)}" for s in lengths]
        letters = (*network.sizes, *lengths)
        fulfilled = (c for c in hypotheses(self.made) if c.free_symbols <= {*letters})
        held = [
            f"{number(c.lts)} {'<' if _is_strict(c) else '<='} {number(c.gts)}" for c in fulfilled
        ]
        return [name(s) for s in letters], [*given, *made, *held]

    def _about(self) -> str:
        """Say what the file is about."""
        lines = [
            "   An index is an integer, a tensor a function of them, with any values outside of",
            "   its shape. What is affine changes by its derivative, however far it is changed.",
        ]
        if self.left_out:
            listed = "; ".join(f"{label} ({why})" for label, why in self.left_out.items())
            lines += ["", indent(fill(f"Not stated here: {listed}.", 92), "   ")]
        return "\n".join(lines)


def _least(letter: Symbol) -> str:
    """Say that a size is at least 1, or not negative where it may be 0, as padding may."""
    return f"0 {'<' if letter.is_positive else '<='} {name(letter)}"


def _is_strict(condition: Relational) -> bool:
    return isinstance(condition, StrictLessThan | StrictGreaterThan)
