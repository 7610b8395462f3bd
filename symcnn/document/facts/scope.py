"""What a document works out: every tensor, or what lies between the loss and one weight.

Of a large tensor that is the entry that shows most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.document.facts.example_entry import Position as Position
from symcnn.document.facts.thread import Choice, Thread
from symcnn.equations import Tensor
from symcnn.writing.printing.summands import summands

FIRST = 2
"""How many terms of a sum are shown before the dots."""


class Scope:
    """Chooses entries; the derivatives with respect to a tensor are the entries of its adjoint."""

    def entries(self, tensor: Tensor) -> list[Position]:
        """Return the entries of a tensor that are worked out."""
        raise NotImplementedError

    def asked(self, tensor: Tensor) -> list[Position]:
        """Return the same number of entries, chosen without regard to their values."""
        return self.entries(tensor)

    def is_whole(self, tensor: Tensor) -> bool:
        """Tell whether no entry is left out that a reader would look for."""
        return True

    def listed(self, tensor: Tensor, together: int) -> list[Position]:
        """Return the entries that a table lists whose tensors hold so many together."""
        return self.entries(tensor)

    def closed(self, tensor: Tensor) -> list[Position]:
        """Return the entries of which a closed form is given."""
        return self.entries(tensor) if self.is_whole(tensor) else []

    @property
    def thread(self) -> Thread | None:
        """The weight that is followed through the network and back, if one is."""
        return None

    @property
    def asked_thread(self) -> Thread | None:
        """The same, chosen without regard to values."""
        return self.thread

    @property
    def most_terms(self) -> int:
        """The terms of a sum up to which a worked entry shows all of them."""
        return limits.WRITTEN_TERMS


@dataclass(frozen=True)
class Examples(Scope):
    """One worked entry of each tensor, the one that the thread meets; tables list what is small.

    Attributes:
        telling: What chooses that entry of a tensor.
        plain: What chooses one without regard to any value.
    """

    telling: Choice
    plain: Choice

    def entries(self, tensor: Tensor) -> list[Position]:
        """Return one entry."""
        return [self.telling.entry(tensor)]

    def asked(self, tensor: Tensor) -> list[Position]:
        """Return one entry, which may be less telling."""
        return [self.plain.entry(tensor)]

    @property
    def thread(self) -> Thread | None:
        """The weight that is followed."""
        return self.telling.thread

    @property
    def asked_thread(self) -> Thread | None:
        """The weight that a student follows."""
        return self.plain.thread

    def is_whole(self, tensor: Tensor) -> bool:
        """Tell whether a tensor has no other entry."""
        return tensor.size == 1

    def listed(self, tensor: Tensor, together: int) -> list[Position]:
        """Return all entries where they are few, or one."""
        return list(tensor.positions()) if _is_small(tensor) else self.asked(tensor)

    def closed(self, tensor: Tensor) -> list[Position]:
        """Return all entries where they are few; else none."""
        return list(tensor.positions()) if _is_small(tensor) else []

    @property
    def most_terms(self) -> int:
        """An example shows what a sum is made of, if not all of it."""
        return limits.EXAMPLE_TERMS


def _middle(tensor: Tensor) -> Position:
    return tuple(size // 2 for size in tensor.shape)


_MIDDLES = Examples(Choice(None, _middle), Choice(None, _middle))


@dataclass(frozen=True)
class Overview(Scope):
    """Everything: small tensors entry by entry, of large ones an example.

    Attributes:
        examples: What chooses these examples; by default they lie in the middle.
        all_weights: Whether large tensors are worked entry by entry as well.
    """

    examples: Examples = _MIDDLES
    all_weights: bool = False

    def entries(self, tensor: Tensor) -> list[Position]:
        """Return all entries, or the most telling one."""
        if self.is_whole(tensor):
            return list(tensor.positions())
        return self.examples.entries(tensor)

    def asked(self, tensor: Tensor) -> list[Position]:
        """Return all entries, or one that may be less telling."""
        return self.entries(tensor) if self.is_whole(tensor) else self.examples.asked(tensor)

    def is_whole(self, tensor: Tensor) -> bool:
        """Tell whether the tensor is small, or all are wanted."""
        return self.all_weights or _is_small(tensor)

    @property
    def thread(self) -> Thread | None:
        """The weight that the examples follow."""
        return self.examples.thread

    @property
    def asked_thread(self) -> Thread | None:
        """The weight that a student's examples follow."""
        return self.examples.asked_thread

    def listed(self, tensor: Tensor, together: int) -> list[Position]:
        """Return all entries of all tensors, or of each what is worked out."""
        every = together <= limits.LISTED_ENTRIES
        return list(tensor.positions()) if every else self.entries(tensor)


@dataclass(frozen=True)
class Path(Scope):
    """What the derivative with respect to one weight is made of, from the loss on.

    Attributes:
        name: The tensor of the weight.
        position: Which entry of it the weight is.
        positions: The entries on the way, by the labels of their tensors.
    """

    name: str
    position: Position
    positions: Mapping[str, Sequence[Position]]

    @property
    def weight(self) -> str:
        """The weight as Python would index it: conv1.weight[0, 0, 0, 0]."""
        return f"{self.name}[{', '.join(map(str, self.position))}]"

    def entries(self, tensor: Tensor) -> list[Position]:
        """Return the entries that lie on the way."""
        return list(self.positions.get(tensor.label, ()))


def path(derivation: Derivation, name: str, position: Position) -> Path:
    """Follow the formulas from the derivative with respect to one weight back to what is given.

    Of a sum that is too long to be printed whole, the terms that are printed are
    followed: so every symbol that a row shows has a row of its own, or is given.
    """
    entries, derivative = derivation.entries, derivation.adjoints[name].symbol(position)
    loss = derivation.network.loss_tensor.symbol((0,))
    reached, waiting = {derivative, loss}, [derivative, loss]
    while waiting:
        formula = entries.formula(waiting.pop())
        new = visible(formula) - reached if formula is not None else set()
        reached |= new
        waiting += new
    places = [entries.locate(symbol) for symbol in reached]
    labels = dict.fromkeys(tensor.label for tensor, _ in places)
    found = {label: sorted(p for t, p in places if t.label == label) for label in labels}
    return Path(name, position, found)


def _is_small(tensor: Tensor) -> bool:
    return tensor.size <= limits.WORKED_ENTRIES


def few(terms: Sequence[Expr], most: int | None = None) -> list[Expr]:
    """Return the terms of a sum that are shown: all, or the first two and the last.

    What is added to products, such as a bias, is shown beside the last of these.

    Args:
        terms: All terms.
        most: Up to how many of them are shown; ``limits.WRITTEN_TERMS`` unless given.
    """
    if len(terms) <= max(limits.WRITTEN_TERMS if most is None else most, FIRST + 2):
        return list(terms)  # no fewer would be shown
    factors = [len(Mul.make_args(term)) for term in terms[-2:]]
    return [*terms[:FIRST], *terms[-2 if factors[1] < factors[0] else -1 :]]


def visible(formula: Expr) -> set[Symbol]:
    """Return the symbols of the terms of a formula that are shown."""
    return symbols_in(few(summands(formula)))


def symbols_in(terms: Iterable[Expr]) -> set[Symbol]:
    """Return the symbols of all terms."""
    return {symbol for term in terms for symbol in term.free_symbols}
