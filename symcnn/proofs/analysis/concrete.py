"""The closed forms of a network with given sizes, and a proof that they are its derivatives.

    L (x_1, ..., w_11, ...)                 the loss as a function of all entries
    d_w_11 (x_1, ..., w_11, ...)            the closed form that is printed for dL/dw_11

For all numbers for which every maximum has one largest entry, d_w_11 is the derivative of L in
w_11; and so it is at the numbers of a problem, whose maxima are shown to have one.

What a proof needs besides is the library: the derivatives of the functions in use, and tactics that
follow the chain rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Rational, Symbol, nsimplify

from symcnn.derivation import Derivation
from symcnn.document.theory.specimen import Subject, specimen
from symcnn.document.theory.statement import Statement, statement
from symcnn.equations.functions.brackets import maximum
from symcnn.proofs.analysis.claims import Claim
from symcnn.proofs.analysis.formulas import NotWrittenError, Terms, identifier
from symcnn.proofs.analysis.scripts import Script
from symcnn.proofs.text import called

_ABOUT = """\
   The loss is a function of all entries of what is given and learned. Each closed form is its
   derivative wherever every maximum is taken by one entry alone, and at the problem's numbers."""


def closed_forms(
    title: str, derivation: Derivation, values: Mapping[str, Sequence[Rational]]
) -> str:
    """Return the file for Rocq of a network with numbers.

    Args:
        title: What the network is called.
        derivation: Its derivation.
        values: The exact numbers of what is given and learned, by tensors.
    """
    given = [t for t in derivation.network.given if t.name in values]
    pairs = ((t, zip(t.positions(), values[t.name], strict=True)) for t in given)
    entries = {t.symbol(at): number for t, own in pairs for at, number in own}
    return ClosedForms(title, derivation, entries).text()


@dataclass(frozen=True)
class ClosedForms:
    """The loss of a network, and its derivatives in closed form.

    Attributes:
        title: What the network is called.
        derivation: Its derivation.
        values: The numbers of its given and learned entries.
    """

    title: str
    derivation: Derivation
    values: Mapping[Symbol, Rational]

    @cached_property
    def loss(self) -> Expr:
        """The loss, down to what is given and learned."""
        loss = self.derivation.network.loss_tensor
        return self.derivation.entries.closed(loss.symbol((0,)))

    @cached_property
    def slopes(self) -> dict[Symbol, Expr]:
        """The closed form of every derivative."""
        return self.derivation.partials()

    @cached_property
    def letters(self) -> tuple[Symbol, ...]:
        """All entries that the loss is a function of."""
        return tuple(sorted(self.loss.free_symbols, key=lambda s: s.name))

    @cached_property
    def apart(self) -> tuple[str, ...]:
        """That the two numbers of each maximum differ."""
        found = sorted(self.loss.atoms(maximum), key=str)
        return tuple(f"{_TERMS(m.args[1])} - ({_TERMS(m.args[0])}) <> 0" for m in found)

    def text(self) -> str:
        """Write the file."""
        names = [identifier(s.name) for s in self.letters]
        arguments = " ".join(names)
        parts = [f"Definition L ({arguments} : R) : R :=\n  {_TERMS(self.loss)}."]
        theorems = list[str]()
        for symbol, slope in self.slopes.items():
            own = identifier(symbol.name)
            parts += [
                f"Definition d_{own} ({arguments} : R) : R :=\n  {_TERMS(slope)}.",
                *self._theorem(own, arguments),
            ]
            theorems += [f"derivative_{own}_proved", f"at_the_numbers_{own}"]
        return written(self.title, _ABOUT, parts, theorems)

    def _theorem(self, own: str, arguments: str) -> Iterator[str]:
        apart = "".join(f"  {fact} ->\n" for fact in self.apart)
        facts = "".join(f" apart{n}" for n, _ in enumerate(self.apart))
        yield (
            f"Definition derivative_{own} : Prop :=\n  forall {arguments} : R,\n{apart}"
            f"  is_derive (fun {own} => L {arguments}) {own} (d_{own} {arguments})."
        )
        yield (
            f"Theorem derivative_{own}_proved : derivative_{own}.\nProof.\n"
            f"move=> {arguments}{facts}; rewrite /L /d_{own}.\n"
            "eapply derive_equal; first derive.\n"
            "by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.\nQed."
        )
        at = {identifier(s.name): _number(self.values[s]) for s in self.letters}
        numbers = " ".join(at.values())
        moved = " ".join(own if name == own else number for name, number in at.items())
        yield (
            f"Theorem at_the_numbers_{own} :\n"
            f"  is_derive (fun {own} => L {moved}) {at[own]} (d_{own} {numbers}).\n"
            f"Proof. by apply: derivative_{own}_proved; lra. Qed."
        )


_TERMS = Terms(())


def _number(value: Rational) -> str:
    exact = nsimplify(value, rational=True)
    return str(exact) if exact.is_Integer and exact >= 0 else f"({_TERMS(exact)})"


_HEAD = """\
(* {title}

{about} *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

"""

_ABOUT_THEOREM = """\
   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read."""


_UNPROVED: Mapping[str, str] = {
    "Huber": "its sign is written by comparisons of y - t, and its value by those of t - y"
}
"""What tactics do not prove, and why."""


def analysis(subject: Subject) -> str:
    """Return a file for Rocq with the theorem of a smooth layer or loss, and its proof.

    Args:
        subject: A class such as ``LayerNorm``, or an instance.

    Raises:
        NotWrittenError: If its formulas hold what proofs over the real numbers have no word for.
        SymcnnError: If the subject is no layer or loss, or takes no letters for its sizes.
    """
    made = specimen(subject)
    return analysis_of(made.name, statement(made))


def analysis_of(name: str, made: Statement) -> str:
    """Return the file of a statement.

    Raises:
        NotWrittenError: If there is no word for it, or its proof is not found yet.
    """
    if name in _UNPROVED:
        raise NotWrittenError(f"no proof is found yet: {_UNPROVED[name]}")
    claim = Claim(called(name), made)
    return written(name, _ABOUT_THEOREM, [claim.text, Script(claim).text], [f"{claim.name}_proved"])


def written(title: str, about: str, parts: list[str], theorems: list[str]) -> str:
    """Return a file with a title, its parts, and what its theorems rest on."""
    axioms = "\n".join(f"Print Assumptions {name}." for name in theorems)
    return _HEAD.format(title=title, about=about) + "\n\n".join([*parts, axioms]) + "\n"
