"""A document about what moves with one tensor, whose rows say with which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr

from symcnn.derivation.jacobians import second_letters
from symcnn.derivation.sensitivities import Sensitivities
from symcnn.document.blocks import Row, Side
from symcnn.document.context import Context
from symcnn.equations.notation import letter_of
from symcnn.writing.formula import Formula
from symcnn.writing.printing.names import named


def context_of(context: Context, moving: Sensitivities) -> Context:
    """Return a context in which entries are those of what moves with V."""
    assert context.curvature is not None
    value = context.curvature.values.get(moving.by.name, context.value)
    return replace(context, derivation=moving, value=value, arrays={})


def labelled(moving: Sensitivities, made: Row) -> Row:
    """Return a row whose claim tells entries of second order apart by what they move with."""
    claim = made.claim
    right = {
        moving.labelled(case): list(map(moving.labelled, claim.right(case))) for case in claim.left
    }

    def found(symbol: Expr) -> list[Expr]:
        return right[symbol]

    indices = {moving.labelled(case): at for case, at in claim.indices.items()}
    told = replace(claim, left=tuple(right), right=found, twice=True, indices=indices)
    sides = tuple(_labelled_side(moving, side) for side in made.sides)
    asked = labelled(moving, made.asked) if made.asked else None
    return replace(made, sides=sides, claim=told, asked=asked)


def _labelled_side(moving: Sensitivities, side: Side) -> Side:
    shown = None if side.shown is None else moving.labelled(side.shown)
    figures = side.figures and {moving.labelled(s): n for s, n in side.figures.items()}
    return replace(side, shown=shown, figures=figures)


def letters_of(context: Context) -> Mapping[str, Formula]:
    """Return what stands for J, H, G and theta in sentences, where other tensors have these."""
    tensors, chosen = context.derivation.network.tensors, second_letters(context.derivation)
    others = {own: named(letter) for own, letter in chosen.items() if own != letter}
    taken = {letter_of(tensor.label) for tensor in tensors.values()}
    variable = next(name for name in ("theta", "phi", "psi", "xi", "zeta_2") if name not in taken)
    return {**context.letters, **others, r"\theta": named(variable)}
