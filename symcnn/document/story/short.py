"""What two pages have room for: formulas alone, and of one weight what is on the way to it."""

from __future__ import annotations

from dataclasses import replace

from symcnn.derivation.general import General
from symcnn.document.blocks import Row, Side
from symcnn.document.context import Context
from symcnn.document.facts.scope import Path, visible
from symcnn.document.rows.general import general_row
from symcnn.document.rows.matrices import is_written_out
from symcnn.document.rows.rows import worked_row
from symcnn.equations import Tensor
from symcnn.writing.formula import Atom, nodes
from symcnn.writing.formula.breaking import number_of_lines

_LINES = 3
"""The most lines in which one number is worked out; in an overview there is one."""


def of_one(context: Context, tensor: Tensor, general: General) -> Row:
    """Work out a tensor of one entry; where terms would be omitted, give the rule and the value.

    What a student gets does not depend on how long numbers are.
    """
    symbol = tensor.symbol((0,) * len(tensor.shape))
    formula = context.derivation.entries.formula(symbol)
    assert formula is not None
    worked, rule = worked_row(context, symbol, formula), valued(context, tensor, general)
    if Atom(r"\cdots") in nodes(worked.sides[0].formula):
        return rule
    opening = replace(worked.open, sides=worked.open.sides[:1])
    asked = worked if number_of_lines(opening) == 1 else rule
    most = 1 if is_overview(context) else _LINES
    made = worked if number_of_lines(worked) <= most else rule
    return made if made is asked else replace(made, asked=asked)


def valued(context: Context, tensor: Tensor, general: General) -> Row:
    """Give the rule of a tensor of one entry, and its value."""
    symbol = tensor.symbol((0,) * len(tensor.shape))
    rule, number = general_row(context, general), context.numeral(symbol)
    claim = replace(rule.claim, value=context.value(symbol))
    return replace(rule, sides=(*rule.sides, Side.of(number)), claim=claim, task="value")


_FEW = 4
"""The most entries of a stage that are worked out; of more their matrices are given."""

_FIGURES = 8
"""The most entries that a number of the forward pass is worked out of."""

_MANY = 40
"""From how many entries of the forward pass on the pages have room for what is needed alone."""


def is_long(context: Context) -> bool:
    """Tell whether the forward pass to a weight would fill much of a page with matrices."""
    stages = (stage.output for stage in context.derivation.network.stages)
    together = sum(tensor.size for tensor in stages if is_written_out(context, tensor))
    return isinstance(context.scope, Path) and together > _MANY


def is_overview(context: Context) -> bool:
    """Tell whether a short document is about the whole network: it has room for what leads on."""
    is_whole = not isinstance(context.scope, Path) and not context.style.quantities
    return is_whole and context.tells("rule")


def is_few(context: Context, tensor: Tensor) -> bool:
    """Tell whether the entries on the way to a weight are few, or too many for matrices."""
    if not isinstance(context.scope, Path):
        return False
    most = 1 if is_long(context) else _FEW
    return len(context.worked_derivatives(tensor)) <= most or not is_written_out(context, tensor)


def read_on_the_way(context: Context) -> set[str]:
    """Return the names of the tensors that the figures of the way back, and the loss, need."""
    derivation = context.derivation
    network, entries = derivation.network, derivation.entries
    signals = (
        derivation.adjoints[tensor.name].symbol(position)
        for tensor in (*context.differentiated, *network.parameters)
        if context.is_reached(tensor)
        for position in context.worked_derivatives(tensor)
    )
    numbers = (t.symbol((0,) * len(t.shape)) for t in network.tensors.values() if t.size == 1)
    read = [visible(made) for made in map(entries.formula, signals) if made is not None]
    loss = [visible(made) for made in map(entries.formula, numbers) if made is not None]
    known = [*read, *(symbols for symbols in loss if len(symbols) <= _FIGURES)]
    return {entries.locate(symbol)[0].name for symbols in known for symbol in symbols}
