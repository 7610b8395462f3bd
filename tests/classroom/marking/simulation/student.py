"""A student: works a network figure by figure, writes them down, and may go wrong once or twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from tests.classroom.marking.simulation.arrays import Array, added, scaled
from tests.classroom.marking.simulation.networks import RATE, Drawn
from tests.classroom.marking.simulation.pen import Pen
from tests.classroom.marking.simulation.pointwise import Pointwise
from tests.classroom.marking.simulation.residual import Residual

GRADIENT, UPDATED = "gradient of ", "updated "
STEPS = (
    *("sign of the step", "learning rate forgotten", "divided by the learning rate"),
    "only the change given",
)


class Student:
    """One student, who works a network.

    Attributes:
        drawn: The network.
        pen: How he writes.
        mistakes: What he does wrong, by the quantity in which he does.
        left_out: What he does not write down, though he may round it.
    """

    def __init__(
        self,
        drawn: Drawn,
        pen: Pen,
        mistakes: Mapping[str, str] | None = None,
        left_out: Collection[str] = (),
    ) -> None:
        self.drawn, self.pen = drawn, pen
        self.mistakes, self.left_out = mistakes or {}, left_out
        self._layers = dict(zip(drawn.names, drawn.layers, strict=True))
        self._known: dict[str, Array] = {}
        self._kept: dict[str, Array] = dict(drawn.values)

    @property
    def quantities(self) -> list[str]:
        """What he computes, in the order in which the sheet asks for it."""
        backward = [GRADIENT + name for name in reversed(self.drawn.names)]
        learned = [n for n in self.drawn.values if n not in ("x", "target")]
        return [
            *self.drawn.names,
            "loss",
            *backward,
            *(GRADIENT + name for name in reversed(learned)),
            *(UPDATED + name for name in learned),
        ]

    @property
    def asked(self) -> list[str]:
        """What he writes down: everything that is no copy."""
        return [q for q in self.quantities if not self._is_copy(q)]

    def _is_copy(self, quantity: str) -> bool:
        layer = self._layers.get(quantity.removeprefix(GRADIENT))
        return layer is not None and layer.copies

    def shown_in(self, quantity: str) -> str:
        """Return the first quantity that is written down where a mistake would show."""
        place = self.quantities.index(quantity)
        return next(q for q in self.quantities[place:] if not self._is_copy(q))

    def written(self, quantity: str) -> list[str]:
        """Return the figures of a quantity."""
        return [str(self.pen.written(n)) for n in self.exact(quantity).values()]

    def exact(self, quantity: str) -> Array:
        """Return what he finds for a quantity, before he rounds it."""
        if quantity not in self._known:
            self._known[quantity] = self.found(quantity, self.mistakes.get(quantity, ""))
        return self._known[quantity]

    def kept(self, quantity: str) -> Array:
        """Return what he goes on with."""
        if quantity not in self._kept:
            exact = self.exact(quantity)
            self._kept[quantity] = exact if self._is_copy(quantity) else self.pen.kept(exact)
        return self._kept[quantity]

    def moved(self, quantity: str, moved: Mapping[str, Array]) -> Array:
        """Return what he would find rightly with other numbers for what he wrote down."""
        other = Student(self.drawn, self.pen)
        other._kept |= moved
        return other.found(quantity)

    @property
    def shown(self) -> list[str]:
        """What he writes down."""
        return [q for q in self.asked if q not in self.left_out]

    def found(self, quantity: str, mistake: str = "") -> Array:
        """Work a quantity out, rightly or with a mistake."""
        made = self._worked(quantity, mistake)
        factor = {
            "wrong sign": Decimal(-1),
            "wrong sign of the loss's derivative": Decimal(-1),
            "factor 2 too many": Decimal(2),
            "factor 2 missing": Decimal("0.5"),
        }.get(mistake)
        return made if factor is None else scaled(made, factor)

    def _worked(self, quantity: str, mistake: str) -> Array:
        if quantity.startswith(UPDATED):
            return self._updated(quantity.removeprefix(UPDATED), mistake)
        if quantity == "loss":
            y, t = self.kept(self.drawn.names[-1]), self.kept("target")
            return {(0,): self.drawn.loss.value(y, t, mistake)}
        of = quantity.removeprefix(GRADIENT)
        if of == quantity:
            layer, name = self._layers[quantity], quantity
            return layer.forward(self.kept(self._input(name)), self._weights(name), mistake)
        if mistake.startswith(f"another quantity: {GRADIENT}"):
            other = self.kept(mistake.removeprefix("another quantity: "))
            right = self._worked(quantity, "")
            return dict(zip(right, other.values(), strict=True))
        name, _, parameter = of.partition(".")
        return self._slope(name, parameter, mistake) if parameter else self._signal(of, mistake)

    def _updated(self, name: str, mistake: str) -> Array:
        rate = {
            "sign of the step": -RATE,
            "learning rate forgotten": Decimal(1),
            "divided by the learning rate": 1 / RATE,
        }.get(mistake, RATE)
        step = scaled(self.kept(GRADIENT + name), -rate)
        return step if mistake == "only the change given" else added(self.kept(name), step)

    def _slope(self, name: str, parameter: str, mistake: str) -> Array:
        read, signal = self._input(name), self.kept(GRADIENT + name)
        if mistake == "another quantity: input":
            read = self._input(read)
        return self._layers[name].slope(parameter, self.kept(read), signal, mistake)

    def _signal(self, name: str, mistake: str) -> Array:
        """Return the derivative with respect to a layer's output."""
        if name == self.drawn.names[-1]:
            return self.drawn.loss.slope(self.kept(name), self.kept("target"), mistake)
        parts = [
            self._layers[user].backward(
                self.kept(name),
                self.kept(user),
                self.kept(GRADIENT + user),
                self._weights(user, updated=mistake == "updated weights used"),
                mistake,
            )
            for user in self._users(name)
        ]
        if mistake.startswith("path missing: "):
            return parts[int(mistake[-1])]
        return parts[0] if len(parts) == 1 else added(*parts)

    def _weights(self, name: str, *, updated: bool = False) -> dict[str, Array]:
        """Return the parameters of a layer; for a sum, also the other output."""
        found = {
            q.partition(".")[2]: self.kept(UPDATED + q if updated else q)
            for q in self.drawn.values
            if q.partition(".")[0] == name and "." in q
        }
        if isinstance(self._layers[name], Residual):
            found["skipped"] = self.kept(Residual.inputs[1])
        return found

    def _input(self, name: str) -> str:
        place = self.drawn.names.index(name)
        return self.drawn.names[place - 1] if place else "x"

    def _users(self, name: str) -> Iterator[str]:
        """Run over the layers that read an output."""
        names = self.drawn.names
        yield names[names.index(name) + 1]
        if name == Residual.inputs[1] and any(isinstance(y, Residual) for y in self.drawn.layers):
            yield names[names.index(name) + 2]

    def possible(self, quantity: str) -> list[str]:
        """Return the mistakes that can be made in a quantity and change it."""
        right = self.found(quantity)
        return [m for m in self._thinkable(quantity) if self._differs(quantity, m, right)]

    def _differs(self, quantity: str, mistake: str, right: Array) -> bool:
        try:
            return self.found(quantity, mistake) != right
        except LookupError:  # it would need entries that are not there
            return False

    def _thinkable(self, quantity: str) -> Iterator[str]:
        if quantity.startswith(UPDATED):
            yield from STEPS
        elif quantity == "loss":
            yield from self.drawn.loss.mistakes
        elif not quantity.startswith(GRADIENT):
            yield from self._layers[quantity].forward_mistakes
        else:
            yield from self._backward_mistakes(quantity.removeprefix(GRADIENT))

    def _backward_mistakes(self, of: str) -> Iterator[str]:
        name, _, parameter = of.partition(".")
        if parameter:
            other = (
                "positions not summed"
                if parameter == "bias"
                else "bias summed at one position only"
            )
            yield from (m for m in self._layers[name].slope_mistakes if m != other)
            if self._has_activation(name) and parameter == "weight":
                yield "another quantity: input"
        elif name == self.drawn.names[-1]:
            yield from self.drawn.loss.slope_mistakes
        else:
            users = [self._layers[user] for user in self._users(name)]
            yield from dict.fromkeys(m for user in users for m in user.backward_mistakes)
            yield from ("path missing: 0", "path missing: 1") if len(users) > 1 else ()
            if users[0].parameters((1, 1)):
                yield "updated weights used"
        yield from self._others(GRADIENT + of)

    def _has_activation(self, name: str) -> bool:
        before = self._input(name)
        return before != "x" and isinstance(self._layers[before], Pointwise)

    def _others(self, quantity: str) -> Iterator[str]:
        """Run over the derivatives with as many entries, which can be taken in its place."""
        size = len(self.found(quantity))
        for other in self.quantities:
            before = other.startswith(GRADIENT) and self._is_before(other, quantity)
            if before and len(self.exact(other)) == size:
                yield f"another quantity: {other}"

    def _is_before(self, other: str, quantity: str) -> bool:
        """Tell whether a derivative can be worked out before another one."""
        names = [q.removeprefix(GRADIENT).partition(".")[0] for q in (other, quantity)]
        above, below = map(self.drawn.names.index, names)
        return above > below and not self._is_copy(other)
