"""A derivation from its first section to its last, in the order in which they are read."""

from __future__ import annotations

from symcnn.document.blocks import Block
from symcnn.document.context import Context
from symcnn.document.sections.backward import backward, weights
from symcnn.document.sections.check import check
from symcnn.document.sections.closed_forms import closed_forms
from symcnn.document.sections.forward import forward, loss
from symcnn.document.sections.pictures import network_picture, window_pictures
from symcnn.document.sections.problem import problem
from symcnn.document.sections.reconciliation import reconciliation
from symcnn.document.sections.results import results
from symcnn.document.sections.routing import routing
from symcnn.document.sections.symbols import symbols

_SECTIONS = (
    problem,
    network_picture,
    symbols,
    forward,
    routing,
    loss,
    window_pictures,
    backward,
    weights,
    closed_forms,
    results,
    check,
    reconciliation,
)


def sections(context: Context) -> tuple[Block, ...]:
    """Write every section; one that has nothing to say is empty."""
    return tuple(block for section in _SECTIONS for block in section(context))
