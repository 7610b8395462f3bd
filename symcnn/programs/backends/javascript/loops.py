"""Larger plans: plain loops over typed arrays, equation by equation."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.derivation import Routing
from symcnn.equations import Group, Tensor
from symcnn.programs.backends.javascript.language import JAVASCRIPT
from symcnn.programs.backends.javascript.names import string
from symcnn.programs.backends.javascript.printing import Printer
from symcnn.programs.backends.loops.block import Block
from symcnn.programs.backends.loops.routings import routed
from symcnn.programs.backends.loops.sums import made
from symcnn.programs.backends.loops.texts import Texts
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.plans.plan import Plan


class Loops:
    """The statements of a plan, equation by equation."""

    def __init__(self, plan: Plan) -> None:
        """Write them."""
        self._texts = Texts(plan.tensors, JAVASCRIPT, Printer)
        self.unpack = [f"const {self.row(t)} = given[{string(t.name)}];" for t in plan.given]
        self.forward = [*map(self._group, plan.forward)]
        self.backward = [*map(self._routing, plan.routings), *map(self._group, plan.backward)]
        self.further: Sequence[Block] = ()

    def row(self, tensor: Tensor) -> str:
        """Return the array of a tensor."""
        return self._texts.array(tensor.base)

    def winners(self, routing: Routing) -> str:
        """Return the array of the places of a routing that are not 0."""
        return self._texts.beside("winner", routing.tensor.base)

    def _group(self, group: Group) -> Block:
        """Write the equations that add up to a tensor; without one it is 0."""
        return Block([*map(note, group[1])], [*made(self._texts, group)])

    def _routing(self, routing: Routing) -> Block:
        return Block([note_of_routing(routing)], [*routed(self._texts, routing)])
