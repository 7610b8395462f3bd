"""Second derivatives: the blocks of the Hessian as general formulas, and in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation.sensitivities import MovingWith
from symcnn.document.blocks import Block, Inline, Rows, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.curvature import Curvature
from symcnn.document.rows.apart import context_of, letters_of
from symcnn.document.story.gauss_newton import gauss_newton
from symcnn.document.story.hessian_numbers import numbers, worked_entry
from symcnn.document.story.moving_stages import Given, result, rows, stages
from symcnn.document.story.piecewise import piecewise_linear
from symcnn.document.words.words import filled, joined, listed, meaning, wherever
from symcnn.equations import long, loops_over, units

_HESSIAN = (
    "The Hessian is the matrix of the second derivatives of the loss, here with respect to "
    "{variables}. It has a block for each pair of {tensors}."
)
_ONCE = (
    "Since the order of two differentiations does not matter where the loss is smooth, each pair "
    "is given once."
)
_DIAGONAL = "Of the {pairs} pairs, those of each parameter with itself are given."
_MOVING = (
    r"Let $\theta$ be an entry of one of them. For a tensor $Y$ of the forward pass, "
    r"$J_i^Y = \frac{\partial Y_i}{\partial \theta}$ is the Jacobian, which says how fast $Y$ "
    r"changes with $\theta$, and $H_i^Y = \frac{\partial \delta_i^Y}{\partial \theta} = "
    r"\frac{\partial^2 L}{\partial Y_i \partial \theta}$ says how fast its error signal does. In "
    r"subscripts, the indices of $\theta$ follow those of $Y$. Each formula of the forward pass, "
    r"and then of the backward pass, differentiated with respect to $\theta$ by the product rule, "
    "gives one of these in terms of those before it."
)
_HERE = r"Here $\theta$ is {entry}{ranges}."
_LIKE_BEFORE = r"The other stages have the formulas given above, {indices} of $\theta$."
_BLOCK = "The formula of {derivatives}, differentiated in the same way, gives the block"
_BLOCKS = "The formulas of {derivatives}, differentiated in the same way, give the blocks"


def second_order(context: Context) -> Iterator[Block]:
    """Give the blocks of the Hessian, one entry in steps, and the Gauss-Newton matrix."""
    made = context.curvature
    if made is None:
        return
    yield heading(1, "Second derivatives")
    yield paragraph(*_opening(made))
    yield paragraph(
        *joined((filled(_MOVING, letters_of(context)), piecewise_linear(context.derivation)))
    )
    given = Given()
    for moving in made.moving:
        yield from _columns(context_of(context, moving), made, moving, given)
    yield from worked_entry(context, made)
    yield from gauss_newton(context, made)


def _opening(made: Curvature) -> Text:
    """Say what the Hessian is of, and which of its blocks are given."""
    roles = {tensor.role for m in made.moving for b in m.blocks for tensor in (m.by, b.of)}
    variables, tensors = {
        frozenset({"parameter"}): ("all weights", "parameters"),
        frozenset({"input"}): ("the input", "inputs"),
    }.get(frozenset(roles), ("the input and all weights", "the input and the parameters"))
    which = filled(_DIAGONAL, pairs=f"{made.pairs:,}") if made.pairs else (_ONCE,)
    opening = filled(_HESSIAN, variables=variables, tensors=tensors)
    return joined((opening, () if made.are_chosen or roles == {"input"} else which))


def _columns(
    context: Context, made: Curvature, moving: MovingWith, given: Given
) -> Iterator[Block]:
    """Give the blocks whose columns are the entries of one tensor."""
    v, forms = moving.by, stages(moving, moving.blocks)
    new = given.new(moving, forms)
    indices = "with these indices" if any(n > 1 for n in v.shape) else "without the indices"
    like = filled(_LIKE_BEFORE, letters_of(context), indices=indices)
    like = like if len(new) < len(forms) else ()
    yield heading(2, "Derivatives with respect to ", context.named(v), f", {meaning(v)}")
    yield paragraph(*joined((_entry(context, moving), like)))
    if new:
        yield Rows(tuple(rows(context, moving, new)))
    slopes = [Inline(context.partial(b.of.base.label)) for b in moving.blocks]
    sentence = _BLOCKS if len(slopes) > 1 else _BLOCK
    yield paragraph(*filled(sentence, derivatives=listed(slopes)))
    yield Rows(tuple(result(context, moving, block) for block in moving.blocks))
    for block in moving.blocks:
        yield from numbers(context, made, moving, block)


def _entry(context: Context, moving: MovingWith) -> Text:
    """Say which entry theta is."""
    block = moving.blocks[0]
    entry = moving.by[block.indices[len(block.of.shape) :]]
    loops = loops_over(entry)
    name = Inline(context.printed(entry.xreplace(units(loops))))
    return filled(_HERE, letters_of(context), entry=name, ranges=wherever(context, long(loops)))
