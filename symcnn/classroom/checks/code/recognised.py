"""From what a user hands over to the form in which it is called, with what was guessed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import Parameter
from typing import Any

from symcnn.classroom.checks.code.arguments import Arguments, Names, listed, named, stated
from symcnn.classroom.checks.code.callee import Kind
from symcnn.classroom.checks.code.differentiated import (
    OfJax,
    OfModule,
    OfTorch,
    is_autograd_function,
    is_module,
    jax_array,
    package_of,
    parameters_of_module,
    tensor,
)
from symcnn.classroom.checks.code.forms import (
    Compiled,
    Convert,
    Form,
    Pair,
    Plain,
    is_compiled,
    unchanged,
)
from symcnn.classroom.checks.code.returned import Results
from symcnn.classroom.checks.code.signature import Guess, Offered, guessed, name_of, parameters_of
from symcnn.classroom.checks.code.source_text import STATISTICS, names_returned, returned
from symcnn.classroom.checks.code.vocabulary import (
    ERROR_SIGNAL,
    OUTPUT,
    array_called,
    gradient_called,
)
from symcnn.errors import SymcnnError

_CONVERT: Mapping[str, Convert] = {"numpy": unchanged, "torch": tensor, "jax": jax_array}


@dataclass(frozen=True)
class Asked:
    """What a user says of a function, and what a check asks of it.

    Attributes:
        kind: Whether it returns gradients of a layer, its output, or gradients of a network.
        wanted: The arrays that are due, in their natural order.
        names: The arrays that can be passed, the error signal among them.
        settings: The settings of the layer.
        arguments: What it is given, in order, where the user says it.
        returns: What it returns, in order, where the user says it.
    """

    kind: Kind
    wanted: tuple[str, ...]
    names: tuple[str, ...]
    settings: tuple[str, ...] = ()
    arguments: Names = None
    returns: Names = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The arrays that a forward pass can be given."""
        return tuple(name for name in self.names if name not in (ERROR_SIGNAL, OUTPUT))

    @property
    def ordered(self) -> tuple[str, ...]:
        """The arrays in the order in which backward passes usually take them."""
        return tuple(sorted(self.names, key=(ERROR_SIGNAL, *self.inputs, OUTPUT).index))


@dataclass(frozen=True)
class Recognised:
    """A function as it is called."""

    form: Form
    results: Results
    taken: tuple[str, ...]
    package: str
    notes: tuple[str, ...]


def recognised(function: Any, asked: Asked) -> Recognised:
    """Return a function as it is called.

    Raises:
        SymcnnError: It is no function on arrays, or its parameters cannot be guessed.
    """
    if isinstance(function, tuple | list) and len(function) == 2:
        forward, backward = function
        _check_callable(forward)
        _check_callable(backward)
        if asked.kind != "forward":
            return _pair(forward, backward, asked)
        function = forward
    _check_callable(function)
    if is_compiled(function):
        return _compiled(function, asked)
    if is_module(function):
        return _module(function, asked)
    if is_autograd_function(function):
        return _autograd_function(function, asked)
    return _function(function, asked)


def _check_callable(function: Any) -> None:
    torch_function = isinstance(function, type) and not is_autograd_function(function)
    if not callable(function) or torch_function:
        what = f"the class {function.__name__}" if torch_function else type(function).__name__
        raise SymcnnError(
            f"the function to be checked is {what}: give a function on arrays, or a pair "
            "(forward, backward)"
        )


def _guess(function: Any, asked: Asked, parameters: Sequence[Parameter] | None = None) -> Guess:
    known = named(asked.arguments, asked.names, asked.settings)
    if known is None and (words := listed(asked.arguments)) is not None:
        return Guess(stated(words, asked.names, asked.settings))
    _check_words(known or {}, parameters or parameters_of(function) or ())
    bundled = asked.kind == "gradients"
    offered = Offered(asked.ordered, asked.settings, bundled=bundled)
    return guessed(function, offered, parameters, known)


def _check_words(words: Mapping[str, Any], parameters: Sequence[Parameter]) -> None:
    """Refuse names of parameters that a function does not have."""
    known = [p.name for p in parameters]
    for word in words:
        if word not in known:
            shown = ", ".join(dict.fromkeys(known)) or "none"
            raise SymcnnError(f"arguments: there is no parameter {word!r}: there are {shown}")


def _results(function: Any, asked: Asked) -> tuple[Results, tuple[str, ...]]:
    """Return what is due, in the order of the function, and what was guessed of it."""
    if isinstance(asked.returns, Mapping):
        keys = dict(zip(asked.returns, _order([*asked.returns.values()], asked), strict=True))
        return Results(asked.wanted, tuple(keys.values()), asked.kind, keys), ()
    if {*asked.wanted} & {*STATISTICS}:
        of = returned(function, listed(asked.returns))
        return Results(asked.wanted, of.order, asked.kind, is_inverse=of.is_inverse), of.notes
    if (words := listed(asked.returns)) is not None:
        return Results(asked.wanted, _order(words, asked), asked.kind), ()
    found = None if asked.kind == "forward" else names_returned(function, asked.wanted)
    results = Results(asked.wanted, found or asked.wanted, asked.kind)
    own = [name for name in found or () if name != "_"]
    note = f"Guessed from its last line: it returns the gradients of {', '.join(own)}."
    return results, (note,) if own and tuple(own) != asked.wanted else ()


def _order(words: Sequence[str], asked: Asked) -> tuple[str, ...]:
    called = array_called if asked.kind == "forward" else gradient_called
    order = tuple(called(word, asked.wanted) or "_" for word in words)
    missing = [name for name in asked.wanted if order.count(name) != 1]
    if missing:
        wanted = ", ".join(asked.wanted)
        raise SymcnnError(
            f"returns has {missing[0]} {order.count(missing[0])} times: name each of {wanted} once"
        )
    return order


def _function(function: Callable[..., Any], asked: Asked) -> Recognised:
    guess, package = _guess(function, asked), package_of(function)
    results, notes = _results(function, asked)
    taken = guess.arguments.taken(asked.settings)
    form: Form = Plain(function, guess.arguments, _CONVERT[package])
    needs_signal = asked.kind == "backward" and ERROR_SIGNAL not in guess.arguments.arrays
    if needs_signal and (package != "numpy" or asked.arguments is None):
        form = _differentiated(function, guess.arguments, asked, package)
        results = replace(results, order=asked.wanted)
        notes = (f"{name_of(function)} is differentiated by {_AUTHORS[package]}.",)
    return Recognised(form, results, taken, package, (*guess.notes, *notes))


_AUTHORS = {"torch": "PyTorch", "jax": "JAX", "numpy": ""}


def _differentiated(
    function: Callable[..., Any], arguments: Arguments, asked: Asked, package: str
) -> Form:
    if package == "numpy":
        shown = ", ".join(p.name for p in parameters_of(function) or ())
        raise SymcnnError(
            f"{name_of(function)}({shown}) is given no error signal: name a parameter dout, give "
            'arguments="dout, ...", or the pair (forward, backward)'
        )
    kind = OfTorch if package == "torch" else OfJax
    return kind(function, arguments, _reached(asked.wanted, arguments.arrays, function))


def _reached(wanted: Sequence[str], arrays: Sequence[str], function: Any) -> tuple[str, ...]:
    missing = [name for name in wanted if name not in arrays]
    if missing:
        raise SymcnnError(
            f"{name_of(function)} is not given {', '.join(missing)}, whose gradient is due: "
            'give arguments="x, ..." in the order of the parameters'
        )
    return tuple(wanted)


def _autograd_function(function: Any, asked: Asked) -> Recognised:
    found = tuple(inspect.signature(function.forward).parameters.values())
    has_context = found[:1] and "setup_context" not in vars(function)
    own = tuple(p.replace(kind=_POSITIONAL) for p in (found[1:] if has_context else found))
    guess = _guess(function, replace(asked, names=asked.inputs), own)
    taken = guess.arguments.taken(asked.settings)
    form: Form = Plain(function.apply, guess.arguments, tensor)
    if asked.kind != "forward":
        wanted = _reached(asked.wanted, guess.arguments.arrays, function)
        form = OfTorch(function.apply, guess.arguments, wanted)
    return Recognised(
        form, Results(asked.wanted, asked.wanted, asked.kind), taken, "torch", guess.notes
    )


_POSITIONAL = Parameter.POSITIONAL_ONLY


def _module(module: Any, asked: Asked) -> Recognised:
    own = parameters_of_module(module, asked.inputs)
    missing = [n for n in asked.wanted if n not in own.values() and n not in ("x", "y")]
    if missing:
        raise SymcnnError(
            f"{type(module).__name__} has no parameter for {', '.join(missing)}: it has "
            f"{', '.join(name for name, _ in module.named_parameters()) or 'none'}"
        )
    rest = tuple(name for name in asked.inputs if name not in own.values())
    guess = _guess(module.forward, replace(asked, names=rest))
    wanted = None if asked.kind == "forward" else asked.wanted
    form = OfModule(module, own, guess.arguments, wanted)
    results = Results(asked.wanted, asked.wanted, asked.kind)
    return Recognised(form, results, guess.arguments.taken(asked.settings), "torch", guess.notes)


def _compiled(function: Any, asked: Asked) -> Recognised:
    if asked.arguments is None or asked.returns is None:
        raise SymcnnError(
            'a function of C has no signature: give arguments="dout, x, weight, x.0, x.1, stride" '
            'and returns="x, weight", the arrays it writes'
        )
    guess, (results, _) = _guess(function, asked), _results(function, asked)
    form = Compiled(function, guess.arguments, results.order)
    return Recognised(form, results, guess.arguments.taken(asked.settings), "numpy", ())


def _pair(forward: Any, backward: Any, asked: Asked) -> Recognised:
    known = named(asked.arguments, asked.names, asked.settings) or {}
    _check_words(known, (*(parameters_of(forward) or ()), *(parameters_of(backward) or ())))
    first = _guess(forward, replace(asked, names=asked.inputs, **_of(forward, asked)))
    offered = Offered(asked.ordered, asked.settings, cached=True)
    own = {p.name for p in parameters_of(backward) or ()}
    second = guessed(backward, offered, None, {w: s for w, s in known.items() if w in own})
    package = package_of(backward)
    form = Pair(forward, first.arguments, backward, second.arguments, _CONVERT[package])
    results, notes = _results(backward, asked)
    taken = {*first.arguments.taken(asked.settings), *second.arguments.taken(asked.settings)}
    ordered = tuple(name for name in asked.settings if name in taken)
    said = dict.fromkeys((*first.notes, *second.notes, *notes))
    return Recognised(form, results, ordered, package, tuple(said))


def _of(function: Any, asked: Asked) -> dict[str, Any]:
    """Return what is said of the arguments of one function of two."""
    if not isinstance(asked.arguments, Mapping):
        return {}
    own = {p.name for p in parameters_of(function) or ()}
    return {"arguments": {w: meant for w, meant in asked.arguments.items() if w in own}}
