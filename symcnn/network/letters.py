"""What tensors are called: a letter for every kind of thing, and numbers from the first on.

A pool's output is p, and so is a probability: where a network has both, the pool's is h. What
attention reads are q, k and v, and their weights w^q, w^k and w^v. No letter has a number before
it has stood without one: w, w^(2), w^(3), and b for the first bias, be it that of the third layer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count
from typing import NamedTuple

from sympy import Symbol

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape, about, letter_of, superscripted
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers.declarations import Own, Parameter
from symcnn.network.layers.layer import Layer, is_shared
from symcnn.network.losses import Loss
from symcnn.writing.lettering import RESERVED, kept_letters

_GENERAL = "y"
"""The letter of any output: it stands for no kind of thing."""

_AXES = "ijklmopqrsuvc"
"""The axes of an output while a loss says what it needs besides."""


class Kind(NamedTuple):
    """A kind of thing: its letter, and another one for where its own stands for something else."""

    letter: str
    instead: str = ""


@dataclass
class _Owner:
    """A layer or a loss.

    Attributes:
        kinds: What its tensors are, by name, the output of a layer first.
        output: The name of the output, if it is a layer.
        reads: The names of the outputs that it reads.
        called: The letters of what it reads, if it has any for them.
        learned: The names of its parameters, or of those that it shares.
        slides: Whether it may read along an axis: not if each entry is a window by itself.
        above: The output whose letter stands above those of its parameters, if one does.
    """

    kinds: dict[str, Kind]
    output: str = ""
    reads: tuple[str, ...] = ()
    called: str = ""
    learned: tuple[str, ...] = ()
    slides: bool = False
    above: str = field(default="", init=False)


class Plan(NamedTuple):
    """What things are called, before layers are placed.

    Attributes:
        labels: What formulas call the tensors of layers and of the loss, by name. What has a
            chosen letter is left out, and so is what cannot be placed, and all behind it.
        axes: The indices of the input. Where no window slides, an axis keeps its letter from there
            on, and i and j are those that read best.
    """

    labels: dict[str, str]
    axes: str


def plan(
    shape: Shape,
    layers: Sequence[Layer],
    loss: Loss,
    chosen: Mapping[str, str],
    sizes: Iterable[Symbol],
) -> Plan:
    """Return what the tensors of layers and of the loss are called, and the axes of the input.

    Args:
        shape: The shape of one sample.
        layers: The layers.
        loss: The loss.
        chosen: The letters that were chosen, by tensor name.
        sizes: The letters for sizes, which no tensor is called by.
    """
    taken = {"x", "L", *kept_letters(chosen), *map(str, sizes)}
    taken |= {label.partition("^")[2] for label in chosen.values()}  # w^l would belong to l
    taken |= {RESERVED[loss.given]} if loss.given in RESERVED else set()
    owners = list[_Owner]()
    with suppress(Exception):  # placing the layer says what is wrong with it
        for owner in _owners(shape, layers, loss):
            owners.append(owner)
    for owner in owners:
        for name in chosen.keys() & owner.kinds.keys():
            del owner.kinds[name]
    letters = {letter_of(label) for label in taken}
    _give_roles(owners, letters)
    labels = _numbered(owners, _letters(owners, letters), taken)
    return Plan(labels, _axes(shape, layers, any(owner.slides for owner in owners)))


def _axes(shape: Shape, layers: Iterable[Layer], slides: bool) -> str:
    """Return the indices of the input: positions, and the channel."""
    own = next((layer.input_axes for layer in layers), "")
    if len(own) == len(shape):
        return own
    if len(shape) == 1:
        return "i" if not slides and any(layer.takes_indices for layer in layers) else "q"
    if len(shape) > 3:
        return "rsgoqlk"[: len(shape) - 1] + "c"
    return ("rs" if slides else "ij")[: len(shape) - 1] + "c"


def name_of(layer: Layer, numbers: Counter[str]) -> str:
    """Return a layer's name; by default it is numbered among those with its prefix."""
    numbers[layer.prefix] += 1
    return f"{layer.prefix}{numbers[layer.prefix]}" if layer.name is None else layer.name


def check_name(name: str) -> None:
    """Refuse a name that is empty, too long or not printable."""
    words = name if isinstance(name, str) else ""
    too_long = len(words) > limits.NAME_LETTERS
    parts = words.split(".")
    if too_long or not words.isprintable() or not all(part.strip() for part in parts):
        raise SymcnnError(
            f"the layer name {shown(name)} is invalid: give 1 to {limits.NAME_LETTERS} "
            "printable characters, with something on both sides of a dot"
        )


def _owners(shape: Shape, layers: Sequence[Layer], loss: Loss) -> Iterator[_Owner]:
    """Run over the layers and the loss with what they declare, as far as shapes fit."""
    numbers, shapes = Counter[str](), {"x": shape}
    for layer in layers:
        name = name_of(layer, numbers)
        reads = (next(reversed(shapes)),) if layer.inputs is None else tuple(layer.inputs)
        read = [shapes[one] for one in reads]
        every = layer.parameters(read[0])
        learned = {key: part for key, part in every.items() if not is_shared(layer, key)}
        parts: dict[str, Parameter | Own] = {**learned, **layer.givens(read[0])}
        parts |= layer.joined_auxiliaries(read)
        kinds = {name: Kind(layer.letter, layer.instead), **_kinds(name, parts)}
        owners = {key: layer.weight_from if is_shared(layer, key) else name for key in every}
        own = tuple(f"{owner}.{key}" for key, owner in owners.items())
        slides = not (_is_ours(layer) and all(w.is_single for w in layer.windows(read[0])))
        yield _Owner(kinds, name, reads, layer.inputs_called, own, slides)
        shapes.pop(name, None)
        shapes[name] = layer.joined_shape(read)
    last = shapes[next(reversed(shapes))]
    y = Tensor("output", last, "hidden", _GENERAL, tuple(_AXES[: len(last)]))
    is_own = loss.given is not None and RESERVED.get(loss.given) != loss.letter
    given = {str(loss.given): Kind(loss.letter)} if is_own else {}
    yield _Owner({**given, **_kinds("loss", {**loss.givens(y), **loss.auxiliaries(y)})})


def _is_ours(layer: Layer) -> bool:
    """Tell whether its windows are all that it reads along an axis, which others need not say."""
    return type(layer).__module__.startswith(Layer.__module__.rpartition(".")[0])


def _kinds(owner: str, parts: Mapping[str, Parameter | Own]) -> dict[str, Kind]:
    return {f"{owner}.{key}": Kind(part.letter, part.instead) for key, part in parts.items()}


def _give_roles(owners: Sequence[_Owner], taken: Collection[str]) -> None:
    """Call what attention reads q, k and v, unless other things are called so.

    What is read in two of these roles, as in self-attention of x itself, keeps its own letter.
    """
    roles = dict[str, set[str]]()
    for reader in owners:
        for name, role in zip(reader.reads, reader.called, strict=False):
            roles.setdefault(name, set()).add(role)
    fixed = {kind.letter for owner in owners for kind in owner.kinds.values() if not kind.instead}
    if fixed.union(taken) & set().union(*roles.values()):
        return
    made = {owner.output: owner for owner in owners}
    readers = Counter(chain.from_iterable(owner.reads for owner in owners))
    for name, called in roles.items():
        if name in made and name in made[name].kinds and len(called) == 1:
            made[name].kinds[name] = Kind(*called)
            _learns(made[name], made, readers).above = name


def _learns(owner: _Owner, made: Mapping[str, _Owner], readers: Mapping[str, int]) -> _Owner:
    """Return the layer whose parameters an output is made with: it, or one that it reshapes."""
    while not owner.learned and len(owner.reads) == 1:
        (before,) = owner.reads
        if before not in made or readers[before] > 1:
            break
        owner = made[before]
    return owner


def _letters(owners: Iterable[_Owner], taken: Collection[str]) -> dict[Kind, str]:
    """Return the letter of every kind of thing in a network.

    A kind with a second letter takes it where the first one is chosen for something else, or is
    that of another kind, which has no second one or came before, or is the second one of such a
    kind.
    """
    kinds = [*dict.fromkeys(chain.from_iterable(owner.kinds.values() for owner in owners))]
    first = {kind.letter: kind for kind in reversed(kinds)}
    first |= {kind.letter: kind for kind in kinds if not kind.instead}
    for kind in kinds:
        own = first.get(kind.instead)
        moves = kind.letter in taken or first[kind.letter] != kind
        if moves and own and own.instead and own.instead not in {*first, *taken}:
            first[kind.instead] = kind
    letters = dict[Kind, str]()
    for kind in kinds:
        is_free = kind.letter not in taken and first[kind.letter] == kind
        others = {*taken, *(letter for letter, own in first.items() if own != kind)}
        others = {*others, *letters.values()} - {_GENERAL}
        has_second = kind.instead and kind.instead not in others
        letters[kind] = kind.instead if has_second and not is_free else kind.letter
    return letters


def _numbered(
    owners: Sequence[_Owner], letters: Mapping[Kind, str], taken: Collection[str]
) -> dict[str, str]:
    """Return the labels: a letter alone at first, and then with numbers.

    What a layer learns has the number of its output: z^(3) = w^(3) a + b^(3).
    """
    numbers = _Numbers(Counter(), {*taken})
    made = [owner for owner in owners if owner.output in owner.kinds and not owner.learned]
    plain = {_GENERAL, *(letters[owner.kinds[owner.output]] for owner in made)}
    labels, later = dict[str, str](), dict[str, tuple[str, str]]()
    for owner in owners:
        own = {name: letters[kind] for name, kind in owner.kinds.items()}
        if owner.above:
            later |= {name: (own.pop(name), owner.above) for name in owner.learned if name in own}
        alike = {own[name] for name in (owner.output, *owner.learned) if name in own} - plain
        common = max(map(numbers.following, alike), default=1)
        for name, letter in own.items():
            labels[name] = numbers.label(letter, common if letter in alike else 1)
    for name, (letter, output) in later.items():
        label = about(letter, labels[output])
        labels[name] = numbers.label(letter, 1) if label in numbers.taken else label
        numbers.taken.add(label)
    return labels


@dataclass
class _Numbers:
    """The numbers that letters have reached."""

    reached: Counter[str]
    taken: set[str]

    def following(self, letter: str, least: int = 1) -> int:
        """Return the least number that a letter has not had."""
        numbers = count(max(least, self.reached[letter] + 1))
        return next(n for n in numbers if superscripted(letter, n) not in self.taken)

    def label(self, letter: str, common: int) -> str:
        """Give a letter its next number, that of what is made with it if it has stood alone."""
        number = self.following(letter)
        if number > 1:
            number = self.following(letter, common)
        self.reached[letter] = number
        self.taken.add(superscripted(letter, number))
        return superscripted(letter, number)
