"""The letters of a formula that stand for nothing that is known, in one line."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.entries import samples_in
from symcnn.classroom.checks.formulas.letters import Letters
from symcnn.classroom.checks.formulas.meaning import letter_of
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.tree import Ref, walk


def unbound(formula: Read, letters: Letters) -> str:
    """Return which letter is not known, and how it is bound."""
    samples = samples_in(formula.right, formula.left)
    refs = [n for n in walk(formula.right) if isinstance(n, Ref) and (n.subs or n.grad)]
    unknown = [
        ref.base for ref in refs if not letters.candidates(letter_of(ref, samples), letters.number)
    ]
    if not refs:
        refs = [n for n in walk(formula.right) if isinstance(n, Ref)] or [Ref("x")]
    name = unknown[0] if unknown else refs[0].base
    names = [*letters.network.tensors][:4]
    return (
        f"what {name} stands for is not plain, or it has other indices than any tensor: say it, "
        f"letters={{{name!r}: ...}} (--letter {name}=...), with {', '.join(names)}"
    )
