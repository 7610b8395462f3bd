"""The forward pass: every entry, symbol = formula = numbers = value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symcnn.document.blocks import Block, Inline, Rows, Text, heading, paragraph
from symcnn.document.general import General, forward_form
from symcnn.document.material import Material
from symcnn.document.rows import general_row, worked_row
from symcnn.document.sections.words import listed, ranges
from symcnn.equations import Equation, LogSumExp, Mean, Tensor
from symcnn.wiring import Stage


def forward(material: Material) -> Iterator[Block]:
    """Work through the layers in order."""
    yield heading(1, "Forward pass")
    for stage in material.derivation.network.stages:
        if material.worked(stage.output):
            yield from _layer(material, stage)


def _layer(material: Material, stage: Stage) -> Iterator[Block]:
    own = [e for e in stage.equations if e.target.base == stage.output.base]
    yield heading(2, stage.output.name)
    yield from _shared(material, stage)
    yield from computed_on_the_way(material, stage.auxiliaries, stage.equations)
    yield from _general(material, own)
    yield from worked_entries(material, stage.output)


def _shared(material: Material, stage: Stage) -> Iterator[Block]:
    """Say whose parameters a layer uses, if they are another one's."""
    if stage.shares:
        letters = listed([material.named(tensor) for tensor in stage.parameters.values()])
        yield paragraph(f"It shares the parameters of {stage.layer.weight_from}: ", *letters, ".")


def computed_on_the_way(
    material: Material, auxiliaries: Mapping[str, Tensor], equations: Sequence[Equation]
) -> Iterator[Block]:
    """Work out what a layer or the loss computes before its result."""
    openings = iter(("First the ", *["Then the "] * len(auxiliaries)))
    worked = {key: tensor for key, tensor in auxiliaries.items() if material.worked(tensor)}
    for key, tensor in worked.items():
        own = [e for e in equations if e.target.base == tensor.base]
        yield paragraph(next(openings), f"{key} ", material.named(tensor), ":")
        yield from _general(material, own)
        yield from worked_entries(material, tensor)


def _general(material: Material, equations: Sequence[Equation]) -> Iterator[Block]:
    general = forward_form(equations)
    yield paragraph(*_introduction(material, general, equations))
    yield Rows((general_row(material, general),))


def worked_entries(material: Material, tensor: Tensor) -> Iterator[Block]:
    """Work out the entries of a tensor: all of them, or one as an example."""
    entries = material.derivation.entries
    positions = material.worked(tensor)
    symbols = [tensor.symbol(position) for position in positions]
    formulas = [(symbol, entries.formula(symbol)) for symbol in symbols]
    if not material.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(worked_row(material, symbol, formula) for symbol, formula in formulas))


def _introduction(material: Material, general: General, equations: Sequence[Equation]) -> Text:
    outside = " An index that leaves its tensor meets padding there: such terms "
    words: list[str | Inline] = [_operation(general, equations)]
    if general.free:
        words += [" Here ", ranges(material, general.free), "."]
    if general.bounded:
        words.append(outside + ("take no part." if general.window else "are 0."))
    return tuple(words)


def _operation(general: General, equations: Sequence[Equation]) -> str:
    if general.window:
        return "Each window passes its largest entry on."
    if isinstance(equations[0].reduction, LogSumExp):
        return "The logarithm of a sum of exponentials is taken."
    if isinstance(equations[0].reduction, Mean):
        return "The mean is taken."
    if any(_long(equation) for equation in equations):
        return "Each entry is a sum over what it sees of the layer before."
    if all(equation.value.is_Indexed for equation in equations):
        return _copied(equations)
    return "The same function is applied to every entry."


def _copied(equations: Sequence[Equation]) -> str:
    """Describe entries that are taken over: renamed, joined or, several to one, added."""
    if len(equations) == 1:
        return "The entries get new names, in row-major order; no number changes."
    apart = len({equation.target for equation in equations}) > 1
    return "The entries stand one after the other." if apart else "Entries are added."


def _long(equation: Equation) -> bool:
    return any(loop.size > 1 for loop in equation.reduced)
