"""The loss."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Rows, heading, paragraph
from symcnn.document.general import forward_form
from symcnn.document.material import Material
from symcnn.document.rows import general_row
from symcnn.document.sections.forward import worked_entries


def loss(material: Material) -> Iterator[Block]:
    """Work out the number that is to become small."""
    network = material.derivation.network
    yield heading(1, "The loss")
    yield paragraph("The loss compares the output with the target; it is what we differentiate.")
    if network.loss_equation.reduced and network.output.size > 1:
        yield Rows((general_row(material, forward_form([network.loss_equation])),))
    yield from worked_entries(material, network.loss_tensor)
