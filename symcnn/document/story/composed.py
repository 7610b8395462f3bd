"""Two stages in one, where that is simpler: sigmoid and cross-entropy together give a - t."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Indexed, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation import Derivation
from symcnn.derivation.general import backward_form, put_in
from symcnn.derivation.simplification import cancelled
from symcnn.document.blocks import Block, Citation, Rows, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.rows import general_row
from symcnn.document.story import canonical
from symcnn.document.story.substituted import Substituted
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import wherever
from symcnn.equations import Tensor, accesses


def with_the_stage_behind(
    context: Context, tensor: Tensor, mentioned: Mentioned
) -> Iterator[Block]:
    """Put the error signal that a stage's own is made of into it, if much of both cancels."""
    found = composed(context.derivation, tensor)
    if found is None:
        return
    (behind,), general = found
    row = general_row(context, general)
    theorem = list(canonical.stated(context, tensor, general, row, mentioned))
    yield paragraph(
        "Substituting the error signal of ",
        context.named(behind),
        Citation(context.derivation.adjoints[behind.name].label, " from {}"),
        " gives",
        *((" a theorem of its own.",) if theorem else (*wherever(context, general.free), ":")),
    )
    yield from theorem or [Rows((row,))]


def composed(derivation: Derivation, tensor: Tensor) -> Substituted | None:
    """Return a tensor's error signal without that of the stage behind it, if much cancels."""
    general = backward_form(derivation, tensor.name)
    names = {derivation.adjoints[name].base: name for name in derivation.adjoints}
    arriving = [read for read in accesses(general.right) if read.base in names]
    if len(arriving) != 1 or general.right.has(SymbolicSum):
        return None
    (read,) = arriving
    behind = backward_form(derivation, names[read.base])
    at = dict(zip(behind.left.indices, read.indices, strict=True))
    if behind.right.has(SymbolicSum) or not _is_any_entry(at, behind.left):
        return None
    short = cancelled(put_in(derivation, general.right, read, behind))
    collected = factor_terms(short)  # 1/3 (a - t) is multiplied out
    is_error = canonical.output_of(derivation.network, short) is not None
    if not is_error and collected.count_ops() >= general.right.count_ops():
        return None
    stage = derivation.network.tensors[names[read.base]]
    return Substituted((stage,), replace(general, right=short, checked=short))


def _is_any_entry(at: Mapping[Expr, Expr], left: Indexed) -> bool:
    """Tell whether an entry's indices are letters that differ, but those of axes of length 1."""
    letters = [index for index in left.indices if index.is_Symbol]
    others = [index for index in left.indices if not index.is_Symbol]
    return len(set(letters)) == len(letters) and all(at[index] == index for index in others)
