"""The forward pass: every entry, symbol = formula = numbers = value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symcnn.document.blocks import Block, Rows, heading, paragraph
from symcnn.document.general import forward_form
from symcnn.document.material import Material
from symcnn.document.rows import general_row, worked_row
from symcnn.document.sections.operations import operation
from symcnn.document.sections.told import Told
from symcnn.document.sections.words import joined, listed, ranges
from symcnn.equations import Equation, Tensor
from symcnn.wiring import Stage


def forward(material: Material) -> Iterator[Block]:
    """Work through the layers in order."""
    yield heading(1, "Forward pass")
    told = Told()
    for stage in material.derivation.network.stages:
        if material.worked(stage.output):
            yield from _layer(material, stage, told)


def _layer(material: Material, stage: Stage, told: Told) -> Iterator[Block]:
    own = [e for e in stage.equations if e.target.base == stage.output.base]
    yield heading(2, stage.output.name)
    yield from _shared(material, stage)
    yield from computed_on_the_way(material, stage.auxiliaries, stage.equations, told)
    yield from _general(material, own, told)
    yield from worked_entries(material, stage.output)


def _shared(material: Material, stage: Stage) -> Iterator[Block]:
    """Say whose parameters a layer uses, if they are another one's."""
    if stage.shares:
        letters = listed([material.named(tensor) for tensor in stage.parameters.values()])
        yield paragraph(f"It shares the parameters of {stage.layer.weight_from}: ", *letters, ".")


def computed_on_the_way(
    material: Material,
    auxiliaries: Mapping[str, Tensor],
    equations: Sequence[Equation],
    told: Told,
) -> Iterator[Block]:
    """Work out what a layer or the loss computes before its result."""
    openings = iter(("First the ", *["Then the "] * len(auxiliaries)))
    worked = {key: tensor for key, tensor in auxiliaries.items() if material.worked(tensor)}
    for key, tensor in worked.items():
        own = [e for e in equations if e.target.base == tensor.base]
        yield paragraph(next(openings), f"{key} ", material.named(tensor), ":")
        yield from _general(material, own, told)
        yield from worked_entries(material, tensor)


def _general(material: Material, equations: Sequence[Equation], told: Told) -> Iterator[Block]:
    general = forward_form(equations)
    over = (("Here ", ranges(material, general.free), "."),) if general.free else ()
    yield paragraph(*joined((operation(material, equations, told), *over)))
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
