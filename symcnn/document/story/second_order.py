"""Second derivatives: the blocks of the Hessian, in general and in numbers, and Gauss-Newton's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Indexed, IndexedBase

from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import partial_by
from symcnn.derivation.general import General
from symcnn.derivation.jacobians import Sensitivity
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import Sensitivities
from symcnn.derivation.statement import second_derivative
from symcnn.document.blocks import (
    Block,
    Inline,
    Row,
    Rows,
    Text,
    heading,
    inline,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.given import Curvature
from symcnn.document.rows.general import general_row
from symcnn.document.rows.sensitivities import context_of, labelled, letters_of
from symcnn.document.story.hessian_numbers import numbers, worked_entry
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, meaning, wherever
from symcnn.equations import Equation, accesses, long, loops_over, units
from symcnn.equations.functions import Iverson
from symcnn.writing.formula.build import joined as between
from symcnn.writing.formula.build import parenthesized

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
    context: Context, made: Curvature, moving: Sensitivities, given: Given
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


def _entry(context: Context, moving: Sensitivities) -> Text:
    block = moving.blocks[0]
    entry = moving.by[block.indices[len(block.of.shape) :]]
    loops = loops_over(entry)
    name = Inline(context.printed(entry.xreplace(units(loops))))
    return filled(_HERE, letters_of(context), entry=name, ranges=wherever(context, long(loops)))


_MAXIMUM = "away from ties, a maximum is equal to one of its terms"
_LINEAR = "{names} {verb} linear on either side of {its}"


def piecewise_linear(derivation: Derivation) -> Text:
    """Say where second derivatives are 0, and what counts as a constant; or nothing."""
    linear = list(dict.fromkeys(_linear(derivation)))
    verb, its = ("are", "their kinks") if len(linear) > 1 else ("is", "its kink")
    names = " and ".join([", ".join(linear[:-1]), linear[-1]] if len(linear) > 1 else linear)
    reasons = [_MAXIMUM] if derivation.routings else []
    reasons += [_LINEAR.format(names=names, verb=verb, its=its)] if linear else []
    brackets = any(step.local.has(Iverson) for step in derivation.steps)
    constant = ["$R$"] if derivation.routings else []
    constant += ["brackets"] if brackets else []
    if not constant:
        return ()
    are = " and ".join(constant)
    verb = "is" if constant == ["$R$"] else "are"
    if not reasons:
        return filled(f"Away from kinks, {are} {verb} constant.")
    whose = "their" if len(reasons) + len(linear) > 1 else "its"
    because = ", and ".join(reasons)
    because = because[0].upper() + because[1:]
    return filled(f"{because}: there {whose} second derivatives are 0, and {are} {verb} constant.")


def _linear(derivation: Derivation) -> Iterator[str]:
    """Run over the names of layers whose slopes are constant between kinks."""
    by_target = dict[object, list[Equation]]()
    for equation in derivation.network.equations:
        by_target.setdefault(equation.target.base, []).append(equation)
    for stage in derivation.network.stages:
        if any(map(_has_kink, by_target.get(stage.output.base, ()))):
            yield type(stage.layer).__name__


def _has_kink(equation: Equation) -> bool:
    """Tell whether slopes have brackets, and are constant otherwise."""
    reads = accesses(equation.value)
    slopes = [partial_by(equation.value, read) for read in reads]
    bends = any(partial_by(slope, read) != 0 for slope in slopes for read in reads)
    return any(slope.has(Iverson) for slope in slopes) and not bends


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


def _changed(moving: Sensitivities, block: SecondOrder, linear: SecondOrder) -> Iterator[str]:
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


Form = tuple[Sensitivity, General]
"""What moves, and its formula."""


@dataclass(frozen=True)
class Given:
    """The formulas that were given, each without the indices of V."""

    forms: dict[tuple[str, str], tuple[Expr, ...]] = field(default_factory=dict)

    def new(self, moving: Sensitivities, forms: Sequence[Form]) -> list[Form]:
        """Return the formulas that were not given for another V, which from now on they are."""
        return [form for form in forms if self._is_new(moving, *form)]

    def _is_new(self, moving: Sensitivities, tensor: Sensitivity, general: General) -> bool:
        plain = tuple(_without(moving, e) for e in (general.left, general.right))
        own = {s for e in general.left.indices[-len(moving.by.shape) :] for s in e.free_symbols}
        known = self.forms.setdefault((tensor.kind, tensor.of), plain)
        return known is plain or known != plain or bool(own & plain[1].free_symbols)


def _without(moving: Sensitivities, expression: Expr) -> Expr:
    """Return a formula without the indices of V."""
    axes = len(moving.by.shape)

    def plain(read: Indexed, tensor: Sensitivity) -> Expr:
        return IndexedBase(f"{tensor.kind} {tensor.of}")[read.indices[:-axes]]

    moved = (
        (read, tensor)
        for read in accesses(expression)
        if isinstance(tensor := moving.tensors[read.base], Sensitivity)
    )
    return expression.xreplace({read: plain(read, tensor) for read, tensor in moved})


def stages(moving: Sensitivities, blocks: Sequence[SecondOrder]) -> list[Form]:
    """Return what blocks are made of: from the first Jacobian to the last error signal."""
    order = list(moving.network.tensors)
    found = {
        tensor: block.forms[tensor.name]
        for block in blocks
        for tensor, _ in block.groups
        if isinstance(tensor, Sensitivity) and tensor != block.result
    }

    def place(form: Form) -> tuple[bool, int]:
        is_signal, number = form[0].kind != "jacobian", order.index(form[0].of)
        return is_signal, -number if is_signal else number

    return sorted(found.items(), key=place)


def rows(context: Context, moving: Sensitivities, forms: Sequence[Form]) -> Iterator[Row]:
    """Print formulas of what moves."""
    return (labelled(moving, general_row(context, general)) for _, general in forms)


def result(context: Context, moving: Sensitivities, block: SecondOrder) -> Row:
    """Print the formula of a block."""
    general = block.forms[block.result.name]
    left = None
    if block.kind == "signal":
        left = second_derivative(context.printer, block.variables(general.left.indices))
    return labelled(moving, general_row(context, general, left))
