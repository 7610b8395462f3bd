"""Export of a model as a Python module that imports only SymPy.

The module has one statement for each entry of each stage, forward to the loss and back to
the weights. Its variables are SymPy expressions, which are substituted into one another when
the module is imported, so that every partial derivative in it is a closed form.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy
from sympy import Expr, Function, S, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.functions import Iverson, maximum, relu
from symcnn.equations.values import Values, exact_entries
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.programs.backends.python.names import Names
from symcnn.programs.export.text import Text, assignment, constant, helpers, listing, used_names

_HEAD = '''\
"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""
'''

_ROUNDED_HEAD = _HEAD.replace(
    "``at(partials[w], values)`` substitutes the numbers, and "
    "``rounded(partials[w], dict(values))``\nrounds the result.",
    "``rounded(partials[w], dict(values))`` is its value at the numbers.",
)

_TAIL = """

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\\n    about {rounded(number, {})}")
"""

_ROUNDED_TAIL = """

if __name__ == "__main__":
    print(title)
    known = dict(values)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        print(f"{name} is about {rounded(formula, known)}")
"""

_RATIONAL = (Iverson, maximum, relu)

_OWN = {
    "title",
    "values",
    "outputs",
    "loss",
    "partials",
    "name",
    "formula",
    "number",
    "maximum",
    "known",
}
_OWN |= {"at", "rounded", "Iverson"}


def sympy_module(derivation: Derivation, values: Values, title: str) -> str:
    """Return the text of a module that contains the model and imports only SymPy.

    Args:
        derivation: The derivation of the network.
        values: Numbers by tensor name.
        title: What the module prints first; it is data there, not code.

    A closed form is short where its stages share what they are made of, and endless written
    out: past a size the module rounds numbers instead of printing them exactly. It prints sums
    as they stand, for SymPy would sort their terms by evaluating them again and again.

    Raises:
        TooLargeError: If the statements are too many to write.
    """
    _check_size(derivation)
    model = _Model(derivation)
    exact = _nesting(model.formulas) <= limits.EXPORTED_NESTING and _prints_exactly(derivation)
    head, tail = (_HEAD, _TAIL) if exact else (_ROUNDED_HEAD, _ROUNDED_TAIL)
    body = "\n".join([constant("title", title), *model.statements(values)])
    functions = helpers(body + tail, model.formulas.values())
    code = "\n\n".join([*functions, body + tail])
    return f"{head}\n{_imports(code)}\n\n\n{code}"


@dataclass(frozen=True)
class _Model:
    """The statements of the module."""

    derivation: Derivation

    @cached_property
    def names(self) -> dict[Symbol, str]:
        """A Python name for every entry of every tensor."""
        fresh = Names(_OWN | set(dir(sympy))).fresh
        tensors = (*self.derivation.network.tensors.values(), *self.derivation.adjoints.values())
        named = {s: fresh(s.name) for s in _symbols(*(t for t in tensors if t.role != "loss"))}
        return {**named, self.derivation.network.loss_tensor.symbol((0,)): "loss"}

    @cached_property
    def formulas(self) -> dict[Symbol, Expr]:
        """The formula of every entry that has one, forward and backward."""
        symbols = _symbols(*self._stages, *self._adjoints, *_partials(self.derivation))
        found = {s: self.derivation.entries.formula(s) for s in symbols}
        return {s: S.Zero if f is None else f for s, f in found.items()}

    def statements(self, values: Values) -> Iterator[str]:
        """Write symbols, numbers, the forward pass and the backward pass."""
        yield from (self._declaration(tensor) for tensor in self.derivation.network.given)
        yield self._numbers(values)
        for tensor in self._stages:
            yield self._assignments(tensor)
        yield self._outputs()
        for tensor in self._adjoints:
            yield self._assignments(tensor)
        yield self._weights()

    @property
    def _stages(self) -> list[Tensor]:
        """What is computed, each after what it is made of."""
        tensors = self.derivation.network.tensors.values()
        return [t for t in tensors if t.role in ("hidden", "auxiliary", "constant", "loss")]

    @property
    def _adjoints(self) -> list[Tensor]:
        """The adjoints of the stages that the loss depends on, from the last to the first."""
        reached = {step.of.name for step in self.derivation.steps}
        stages = (t for t in reversed(self._stages) if t.role in ("hidden", "auxiliary"))
        return [self.derivation.adjoints[t.name] for t in stages if t.name in reached]

    @cached_property
    def _text(self) -> Text:
        return Text(self.names)

    def _declaration(self, tensor: Tensor) -> str:
        lines = (f"{self.names[s]} = Symbol({s.name!r}, real=True)" for s in _symbols(tensor))
        return "\n".join([_comment(tensor), *lines])

    def _numbers(self, values: Values) -> str:
        given = self.derivation.network.given
        numbers = (number for t in given for number in exact_entries(values[t.name], t))
        pairs = zip(_symbols(*given), numbers, strict=True)
        rows = (f"    {self.names[s]}: {self._text.of(number)}," for s, number in pairs)
        return "\n".join(["\nvalues = {", *rows, "}"])

    def _assignments(self, tensor: Tensor) -> str:
        lines = (assignment(self.names[s], self._formula(s)) for s in _symbols(tensor))
        return "\n".join([_comment(tensor), *lines])

    def _outputs(self) -> str:
        rows = (
            listing(f"outputs[{y.name!r}] = [", (self.names[s] for s in _symbols(y)), "]")
            for y in (stage.output for stage in self.derivation.network.stages)
        )
        return "\n".join(["\noutputs = {}", *rows])

    def _weights(self) -> str:
        weights = _symbols(*self.derivation.network.parameters)
        pairs = zip(weights, _symbols(*_partials(self.derivation)), strict=True)
        rows = (assignment(f"partials[{self.names[w]}]", self._formula(p)) for w, p in pairs)
        title = "\n# The partial derivative of the loss with respect to every weight"
        return "\n".join([title, "partials = {}", *rows])

    def _formula(self, symbol: Symbol) -> str:
        return self._text.of(self.formulas[symbol])


def _symbols(*tensors: Tensor) -> list[Symbol]:
    return [tensor.symbol(position) for tensor in tensors for position in tensor.positions()]


def _partials(derivation: Derivation) -> list[Tensor]:
    return [derivation.adjoints[tensor.name] for tensor in derivation.network.parameters]


def _comment(tensor: Tensor) -> str:
    return f"\n# {tensor.name}: {'x'.join(map(str, tensor.shape))}"


def _imports(code: str) -> str:
    """Import the names that the code takes from SymPy."""
    used = used_names(code) - set(dir(builtins))
    if foreign := sorted(used - set(dir(sympy))):
        raise SymcnnError(
            f"{', '.join(foreign)} is not a function of SymPy: subclass DefinedFunction, which "
            "states its definition"
        )
    return f"from sympy import {', '.join(sorted(used))}"


def _check_size(derivation: Derivation) -> None:
    """Refuse a module of too many symbols or terms, which the shapes alone tell."""
    entries = sum(tensor.size for tensor in derivation.network.tensors.values())
    if entries > limits.EXPORTED_ENTRIES:
        raise TooLargeError(_refusal(f"{entries:,} entries", limits.EXPORTED_ENTRIES))
    equations = (*derivation.network.equations, *(step.equation for step in derivation.steps))
    terms = sum(equation.terms for equation in equations)
    if terms > limits.EXPORTED_TERMS:
        raise TooLargeError(_refusal(f"{terms:,} terms", limits.EXPORTED_TERMS))


def _refusal(amount: str, most: int) -> str:
    return (
        f"the module would have {amount}, more than the {most:,} of a SymPy module: "
        "export to numpy, or use a smaller network"
    )


def _nesting(formulas: Mapping[Symbol, Expr]) -> int:
    """Return how many functions of no rational values stand in each other in a closed form.

    Args:
        formulas: What every entry is made of, each after those that it reads.
    """
    found: dict[Symbol, int] = {}

    def nested(expression: Expr) -> int:
        inside = max(map(nested, expression.args), default=found.get(expression, 0))
        return inside + (isinstance(expression, Function) and not isinstance(expression, _RATIONAL))

    for symbol, formula in formulas.items():
        found[symbol] = nested(formula)
    return max(found.values(), default=0)


def _prints_exactly(derivation: Derivation) -> bool:
    """Tell whether the closed forms are small enough to be printed with their numbers."""
    left = limits.EXPORTED_NODES
    for symbol in _symbols(*_partials(derivation)):
        left -= derivation.entries.closed.nodes(symbol, left)
        if left < 0:
            return False
    return True
