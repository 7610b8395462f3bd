"""The picture of a larger network: its layers one below the other, as they are to scale.

On the left values go down, on the right error signals come back up; between the two stand the names
of the layers. Branches stand beside each other where the page is wide enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symcnn.document.context import Context
from symcnn.document.pictures.fields import Field, Scale, field
from symcnn.document.pictures.flow import Flow
from symcnn.document.pictures.items import Item, end_of, item_of, ranks, shortened, start_of
from symcnn.equations import Tensor
from symcnn.writing.drawing.picture import Box, Picture
from symcnn.writing.printing.names import named

_SIDES = (11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0, 0.7, 0.5, 0.3, 0.1)
"""The sides of a cell, largest first."""

_SMALLER = tuple(_SIDES[-1] / 2**n for n in range(1, 16))
"""Those of images that do not fit otherwise."""

_HIGHEST, _USUAL = 240.0, 5.0
"""The height that is aimed at, and the side of cells where it cannot be had."""

_NUMBERED = 300.0
"""The height that is aimed at with numbers."""


class Layers(NamedTuple):
    """A network layer by layer.

    Attributes:
        picture: The picture.
        scale: How large its cells are.
        fields: What is drawn of the tensors.
        sample: Which sample is shown, if there are several.
    """

    picture: Picture
    scale: Scale
    fields: tuple[Field, ...]
    sample: int | None

    @property
    def has_signals(self) -> bool:
        """Whether error signals come back."""
        return "error signals" in self.picture.alt

    @property
    def is_coloured(self) -> bool:
        """Whether values are told."""
        return any(one.values for one in self.fields)

    @property
    def is_rounded(self) -> bool:
        """Whether numbers that stand in cells are rounded."""
        return any(one.is_rounded and one.has_numbers(self.scale) for one in self.fields)

    @property
    def is_framed(self) -> bool:
        """Whether entries have frames."""
        return any(isinstance(shape, Box) and shape.thick for shape in self.picture.shapes)


def layers(context: Context, *, is_solved: bool = True) -> Layers:
    """Draw a network layer by layer, from the input down to the loss."""
    network = context.derivation.network
    sample = _sample(context, is_solved=is_solved)

    def filled(item: Item, tensor: Tensor) -> Item:
        return _filled(context, item, tensor, sample, is_solved=is_solved)

    stages = [filled(item_of(stage), stage.output) for stage in network.stages]
    loss = filled(end_of(network), network.loss_tensor)._replace(signal=None, signals=None)
    items = shortened([filled(start_of(network), network.input), *stages, loss])
    picture, scale = drawn(items)
    fields = tuple(one for item in items for one in item.fields)
    return Layers(picture, scale, fields, sample if network.batch is not None else None)


def drawn(items: Sequence[Item]) -> tuple[Picture, Scale]:
    """Draw items as wide as a page."""
    by_ranks = ranks(items)
    flows = [Flow(made) for made in (by_ranks, [[item] for item in items])]
    least = (_SIDES[-1], *_SMALLER)
    fitting = ((flow, s) for s in least for flow in flows if flow.fits(Scale(s, flow.most)))
    flow, smallest = next(fitting, (flows[-1], least[-1]))
    scale = _scale(flow, (*_SIDES, smallest))
    shapes, size = flow.drawn(scale)
    return Picture(*size, tuple(shapes), _in_words(items)), scale


def _scale(flow: Flow, sides: Sequence[float]) -> Scale:
    """Choose the largest cells, with numbers if these have room."""
    scales = [Scale(0.0, flow.most, has_numbers=True), *(Scale(s, flow.most) for s in sides)]
    fitting = [scale for scale in scales if flow.fits(scale)]
    most = {True: _NUMBERED, False: _HIGHEST}
    low = (s for s in fitting if flow.height(s) <= most[s.has_numbers])
    small = (s for s in fitting if not s.has_numbers and s.side <= _USUAL)
    return next(low, None) or next(small, scales[-1])


def _sample(context: Context, *, is_solved: bool) -> int:
    """Return the sample that the thread meets, or the first one."""
    thread = context.scope.thread if is_solved else context.scope.asked_thread
    tensors = context.derivation.network.tensors.values()
    met = ({} if thread is None else thread.positions).items()
    batched = {tensor.label for tensor in tensors if tensor.batched}
    return next((position[0] for label, position in met if label in batched), 0)


def _filled(context: Context, item: Item, tensor: Tensor, sample: int, *, is_solved: bool) -> Item:
    """Add the letters of what leaves a layer and of what comes back to it, and their numbers."""
    derivation = context.derivation
    is_told = is_solved or tensor.is_given
    own = field(context, tensor, sample, is_told=is_told, is_framed=is_solved)
    made = item._replace(value=context.named(tensor).formula, values=own)
    adjoint = derivation.adjoints.get(tensor.name)
    if adjoint is None or not derivation.depends_on(tensor):
        return made
    return made._replace(
        signal=named(adjoint.label), signals=field(context, adjoint, sample, is_told=is_solved)
    )


def _in_words(items: Sequence[Item]) -> str:
    words = "; ".join(map(_item_in_words, items))
    arrows = "Arrows lead values down" + (
        " and error signals back up." if any(item.signal for item in items) else "."
    )
    return f"Diagram of the layers from top to bottom: {words}. {arrows}"


def _item_in_words(item: Item) -> str:
    return ", ".join(_said(item))


def _said(item: Item) -> Iterator[str]:
    shape = "" if not item.shape else f" of shape {' by '.join(map(str, item.shape))}"
    yield f"{item.name}{shape}"
    if item.note:
        yield item.note
    if item.reads:
        yield f"reads {' and '.join(item.reads)}"
