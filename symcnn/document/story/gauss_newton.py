"""The Gauss-Newton matrix: the second derivatives of the loss between first ones of the layers."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import MovingWith
from symcnn.document.blocks import Block, Inline, Rows, heading, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.curvature import Curvature
from symcnn.document.rows.apart import context_of, letters_of
from symcnn.document.story.hessian_numbers import numbers
from symcnn.document.story.moving_stages import Given, result, rows, stages
from symcnn.document.words.words import filled, joined, listed
from symcnn.writing.formula.build import joined as between
from symcnn.writing.formula.build import parenthesized

_OPENING = (
    r"If only the loss is differentiated twice, and the layers count as linear, what remains of "
    r"$\frac{\partial^2 L}{\partial w \partial \theta}$ is the entry "
    r"$\frac{\partial^2 L}{\partial Y_m \partial Y_n} \frac{\partial Y_m}{\partial w} "
    r"\frac{\partial Y_n}{\partial \theta}$ of the Gauss-Newton matrix, summed over all $m$ and "
    r"$n$, where $Y$ is the output {y}. It has no negative eigenvalue if the loss is a convex "
    "function of the output."
)
_OTHERS = (
    "In its formulas, $G$ stands in place of $H$, and terms with error signals{penalty} are "
    "missing. Those that are different for this reason are:"
)
_SAME = "For the pairs {pairs}, its blocks are equal to those of the Hessian."
_SAME_ONE = "For the pair {pairs}, its block is equal to that of the Hessian."
_ALL = "Here it is equal to the Hessian: no term with an error signal occurs above."


def gauss_newton(context: Context, made: Curvature) -> Iterator[Block]:
    """Give the formulas that differ from those of the Hessian, and the numbers of such blocks."""
    pairs = [(m, *both) for m in made.moving for both in zip(m.blocks, m.linear, strict=True)]
    changed = {linear.result: list(_changed(m, block, linear)) for m, block, linear in pairs}
    differing = [(m, linear) for m, _, linear in pairs if changed[linear.result]]
    yield heading(2, "The Gauss-Newton matrix")
    penalty = " and those of the penalty" if context.derivation.network.loss.l2 else ""
    letters = letters_of(context)
    opening = filled(_OPENING, letters, y=context.named(context.derivation.network.output))
    yield paragraph(
        *joined((opening, filled(_OTHERS if differing else _ALL, letters, penalty=penalty)))
    )
    given = Given()
    for moving in made.moving:
        own = context_of(context, moving)
        blocks = [linear for m, linear in differing if m is moving]
        names = {name for block in blocks for name in changed[block.result]}
        forms = [form for form in stages(moving, blocks) if form[0].name in names]
        new = given.new(moving, forms)
        ends = (result(own, moving, b) for b in blocks if b.result.name in changed[b.result])
        if formulas := (*rows(own, moving, new), *ends):
            yield Rows(formulas)
    for moving, block in differing:
        yield from numbers(context_of(context, moving), made, moving, block)
    same = [linear for _, _, linear in pairs if not changed[linear.result]]
    if same and differing:
        named = [_pair(context, block) for block in same]
        yield paragraph(*filled(_SAME if len(same) > 1 else _SAME_ONE, pairs=listed(named)))


def _changed(moving: MovingWith, block: SecondOrder, linear: SecondOrder) -> Iterator[str]:
    """Run over the stages whose formulas differ, by their names."""
    names = {tensor.name: tensor.base for tensor, _ in block.groups}
    bases = {tensor.base: names.get(tensor.name, tensor.base) for tensor, _ in linear.groups}
    forms, others = block.forms, linear.forms
    for name in {**forms, **others}:
        one, other = forms.get(name), others.get(name)
        if one is None or other is None or one.right != other.right.xreplace(bases):
            yield name


def _pair(context: Context, block: SecondOrder) -> Inline:
    assert block.by is not None
    pair = (context.named(tensor).formula for tensor in (block.of, block.by))
    return inline(parenthesized(between([*pair], ",")))
