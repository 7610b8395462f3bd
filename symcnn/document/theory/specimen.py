"""A layer or a loss by itself, with letters for all of its sizes.

    Conv2D   ->   Conv2D(F, (K, J), (S, T), (P, Q), dilation=(D, E))  of  x, H x W x C

The layer reads the input of a network, whose loss takes any derivative with respect to the
layer's output; a loss reads an output. What is chosen is looked up by the names of settings, so
a class of somebody else's is treated alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from typing import Any

from sympy import Integer, Symbol

from symcnn.document.blocks import Text
from symcnn.document.theory.inputs import INPUTS, REPRESENTATIVES, VOLUMES, Share, divisor
from symcnn.document.theory.naming import called, in_words, listed_settings, titled, with_settings
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, number_of, size
from symcnn.equations.sizes import real as real_letter
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import Layer
from symcnn.network.losses import Loss, Upstream
from symcnn.network.network import Network

Subject = Layer | Loss | type[Layer] | type[Loss]
"""A class, or an instance with some settings of its own."""

_LETTERS: Mapping[str, tuple[str, int]] = {
    "filters": ("F", 1),
    "units": ("U", 1),
    "kernel_size": ("KJI", 1),
    "pool_size": ("KJI", 1),
    "stride": ("STY", 1),
    "padding": ("PQX", 0),
    "dilation": ("DEB", 1),
    "output_size": ("AB", 1),
    "factor": ("ST", 1),
}
"""For settings that are sizes: a letter for each axis, and the least value."""

_GROUPS = ("G", 1)
"""The letter of a number of groups that has to be given."""

_REAL = {
    "alpha": real_letter("alpha"),
    "low": real_letter("alpha"),
    "high": real_letter("beta"),
    "factor": real_letter("alpha"),
    "offset": real_letter("beta"),
    "beta": real_letter("beta"),
    "k": real_letter("kappa", is_positive=True),
    "delta": real_letter("kappa", is_positive=True),
    "gamma": real_letter("gamma", is_positive=True),
    "smooth": real_letter("eta", is_positive=True),
    "epsilon": real_letter("varepsilon", is_positive=True),
}
"""For settings that are real numbers: their letters."""

_NUMBERS = ("rate", "norm")
"""Settings that stay numbers, although they are no neutral ones: the name says which."""

_SPARE = "FUKJSTPQDEGIMOVXYZ"
_AXES = "HWV"

_DOES_NOT_FIT = (SymcnnError, TypeError, ValueError, IndexError, NotImplementedError)
"""What a layer may raise where an input of a shape is not for it."""


@dataclass(frozen=True)
class Specimen:
    """A network around a single layer or loss.

    Attributes:
        network: The network; the layer is its last one.
        title: What it is called: its class, and settings that are not the usual ones.
        name: What files and lists call it.
        is_loss: Whether the loss is meant, rather than the layer.
    """

    network: Network
    title: Text
    name: str
    is_loss: bool


def specimen(subject: Subject, letters: Mapping[str, str] | None = None) -> Specimen:
    """Return a layer or a loss by itself.

    Args:
        subject: A class, all of whose sizes become letters, or an instance.
        letters: Letters of tensors by their names in the network.

    Raises:
        SymcnnError: If it is neither, or accepts no letters for its sizes.
    """
    made = _specimen(subject)
    chosen = {**made.network.letters, **(letters or {})}
    return replace(made, network=replace(made.network, letters=chosen)) if letters else made


def _specimen(subject: Subject) -> Specimen:
    is_class = isinstance(subject, type)
    made = subject if isinstance(subject, type) else type(subject)
    if issubclass(made, Loss):
        title, name = _titled(subject)
        network = _around(made, None if is_class else subject, in_words(title))
        return Specimen(network, title, name, is_loss=True)
    if not issubclass(made, Layer):
        raise SymcnnError(
            f"a theorem is about a layer or a loss, not about {shown(str(subject))}: give a class "
            "such as Conv2D, or an instance"
        )
    title, name = _titled(subject)
    reasons: list[str] = []
    found = list(_networks(made, None if is_class else subject, reasons))
    if not found:
        raise _no_theorem(in_words(title), reasons)
    return Specimen(_simplest(found), title, name, is_loss=False)


def _titled(subject: Subject) -> tuple[Text, str]:
    """Return the title and the name of a subject: of a class, with what is chosen for it."""
    if isinstance(subject, type) and issubclass(subject, Layer) and subject in REPRESENTATIVES:
        subject = _general(subject, 2)
    if not isinstance(subject, type):
        return titled(subject), listed_settings(subject)
    settings = fields(subject) if is_dataclass(subject) else ()  # somebody's may be no such class
    given = [f"{f.name} {f.default}" for f in settings if f.name in _NUMBERS]
    own = subject.__name__
    return (with_settings(called(own), given),), f"{own} ({', '.join(given)})" if given else own


def _around(made: type[Loss], loss: Any, name: str) -> Network:
    """Return a network whose output is its input, and its loss."""
    letters = _letters("K", 1)
    try:
        end = loss or made(**_settings(made, 0))
        return Network(letters, [Share(0, letters)], end, letters={"input1": "y"})
    except _DOES_NOT_FIT as error:
        raise _no_theorem(name, [*_reason(error)]) from None


def _no_theorem(name: str, reasons: list[str]) -> SymcnnError:
    """Say that there is no theorem, and what a layer said of itself: last of its input's axes."""
    first = sorted(reasons, key=lambda reason: "the input has the shape" in reason)[:1]
    if first:
        return SymcnnError(f"{name} has no theorem: {first[0].rpartition('): ')[2]}")
    return SymcnnError(
        f"{name} takes no letters for its sizes: give an instance with numbers, and let its "
        "methods compute with SymPy's symbols"
    )


def _reason(error: Exception) -> Iterator[str]:
    if isinstance(error, SymcnnError):
        yield str(error)


def _simplest(networks: list[Network]) -> Network:
    """Choose the fewest axes for what treats all entries alike, and the most for the others."""
    first = networks[0]
    if first.input.shape != first.output.shape or first.parameters:
        return first
    *others, fewest = networks
    return others[-1] if others and _counts_an_axis(fewest) else fewest


def _counts_an_axis(network: Network) -> bool:
    """Tell whether a layer is told one of the axes of what is but a vector: it is for arrays."""
    axis = getattr(network.layers[-1], "axis", -1)
    return isinstance(axis, int) and axis >= 0 and len(network.input.shape) == 1


def _networks(made: type[Layer], layer: Any, reasons: list[str]) -> Iterator[Network]:
    """Run over networks in which the layer reads an image, a sequence or a vector.

    Why it does not read one of them, as a single input, is added to the reasons.
    """
    if made in INPUTS:
        whole = layer or _general(made, 2)
        yield _of_parts(whole, INPUTS[made](whole))
        return
    for axes in (3,) if made in VOLUMES else (2, 1, 0):
        for channels in (("C",), ("C", "B"), ("C", "C")):
            try:
                yield _network(layer or _general(made, axes), axes, channels)
                break
            except _DOES_NOT_FIT as error:
                reasons += _reason(error) if len(channels) == 1 else ()


def _general(made: type[Layer], axes: int) -> Layer:
    """Return the layer that a class stands for, with letters for its sizes."""
    if issubclass(made, Layer) and made in REPRESENTATIVES:
        return REPRESENTATIVES[made]((*_letters(_AXES[:axes], 1), *_letters("C", 1)))
    return made(**_settings(made, axes))


def _network(layer: Layer, axes: int, channels: tuple[str, ...]) -> Network:
    """Return a network in which a layer reads one input, or several."""
    positions = _letters("T" if layer.input_axes.startswith("t") else _AXES[:axes], 1)[:axes]
    counts = _letters("".join(channels), 1)
    counts = tuple(number_of([count, divisor(layer)]) for count in counts)
    if len(channels) == 1:
        shape = (*positions, *counts)
        return Network(shape, [layer], Upstream(), batch=_batch(layer, shape))
    same = len(set(channels)) == 1
    firsts = (0, 0) if same else (0, counts[0])
    whole = counts[0] if same else sum(counts)
    shares = [Share(first, (n,)) for first, n in zip(firsts, counts, strict=True)]
    return _joined((*positions, whole), shares, "ab", layer)


def _of_parts(layer: Layer, inputs: tuple[tuple[str, Shape], ...]) -> Network:
    """Return a network in which a layer reads inputs of several shapes, parts of a vector."""
    shares, first = list[Share](), Integer(0)
    for _, shape in inputs:
        shares.append(Share(first, shape))
        first += number_of(shape)
    return _joined((first,), shares, [letter for letter, _ in inputs], layer)


def _joined(shape: Shape, shares: Sequence[Share], letters: Sequence[str], layer: Layer) -> Network:
    """Return a network in which a layer reads several inputs that are called by letters."""
    names = tuple(f"input{n}" for n in range(1, len(shares) + 1))
    parts = (replace(s, name=own, inputs=("x",)) for s, own in zip(shares, names, strict=True))
    made = [*parts, replace(layer, inputs=names)]
    return Network(shape, made, Upstream(), letters=dict(zip(names, letters, strict=True)))


def _batch(layer: Layer, shape: Shape) -> Size | None:
    """Return a letter for the number of samples where the samples of a batch share something."""
    auxiliaries = layer.auxiliaries(shape).values()
    is_shared = any(not (one.sampled or one.constant) for one in auxiliaries)
    return _letters("N", 1)[0] if is_shared else None


def _settings(made: type[Layer] | type[Loss], axes: int) -> dict[str, Any]:
    """Return letters for the settings that are sizes or real numbers, or that have no default."""
    needed = [f for f in fields(made) if f.name in _LETTERS or _has_no_default(f)]
    taken = {letter for f in needed for letter in _LETTERS.get(f.name, ("", 1))[0]}
    spare = (letter for letter in _SPARE if letter not in taken)
    real = [f.name for f in fields(made) if f.name in _REAL and f.type == "Real"]
    sizes = {f.name: _setting(f.name, axes, spare) for f in needed if f.name not in real}
    return sizes | {name: _REAL[name] for name in real}


def _setting(name: str, axes: int, spare: Iterator[str]) -> Size | tuple[Size, ...]:
    groups = _GROUPS if name == "groups" else None
    letters, least = _LETTERS.get(name) or groups or (next(spare), 1)
    chosen = _letters(letters[: max(axes, 1)], least)
    return chosen if len(chosen) > 1 else chosen[0]


def _has_no_default(setting: Field[Any]) -> bool:
    return setting.default is MISSING and setting.default_factory is MISSING


def _letters(names: str, least: int) -> tuple[Symbol, ...]:
    return tuple(size(name, least=least) for name in names)
