"""The parameters of functions, and what each is taken for by its name or its position."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import Parameter
from pathlib import Path
from typing import Any

from symcnn.classroom.checks.code.arguments import (
    Arguments,
    OfAllSettings,
    OfArray,
    OfCache,
    OfParameters,
    OfSetting,
    Source,
)
from symcnn.classroom.checks.code.differentiated import is_autograd_function, is_module
from symcnn.classroom.checks.code.vocabulary import (
    OUTPUT,
    array_called,
    is_bundle,
    piece_called,
    setting_called,
)
from symcnn.errors import SymcnnError

_MANY = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
_CACHES = ("cache", "caches", "ctx", "context", "saved", "memory", "mem", "stored", "state")


@dataclass(frozen=True)
class Offered:
    """What can be passed to a function.

    Attributes:
        names: The arrays, in the order in which functions usually take them.
        settings: The settings of the layer.
        cached: Whether a forward pass was run before, and may have kept something.
        bundled: Whether a dictionary stands for the parameters of a network.
    """

    names: tuple[str, ...]
    settings: tuple[str, ...] = ()
    cached: bool = False
    bundled: bool = False


@dataclass(frozen=True)
class Guess:
    """The arguments of a function, and what was guessed, in a sentence each."""

    arguments: Arguments
    notes: tuple[str, ...] = ()


def parameters_of(function: Callable[..., Any]) -> tuple[Parameter, ...] | None:
    """Return the parameters that are still to be passed; None where Python does not know them."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # compiled functions may have no signature
        return None
    bound = _bound(function)
    return tuple(p for p in found if p.name not in bound)


def _bound(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(function.keywords) if isinstance(function, partial) else frozenset()


def name_of(function: Any) -> str:
    """Return what a function is called in sentences."""
    inner = function.func if isinstance(function, partial) else function
    return str(getattr(inner, "__name__", type(inner).__name__))


def guessed(
    function: Callable[..., Any],
    offered: Offered,
    parameters: Sequence[Parameter] | None = None,
    known: Mapping[str, Source] | None = None,
) -> Guess:
    """Return what each parameter of a function is taken for.

    Args:
        function: The function.
        offered: What can be passed.
        parameters: Its parameters, where they are not those of its signature.
        known: What is known of some parameters, by their names.

    Raises:
        SymcnnError: The meaning of a parameter cannot be guessed.
    """
    found = parameters_of(function) if parameters is None else tuple(parameters)
    if found is None:
        usual = [name for name in offered.names if name != OUTPUT]
        taken = ", ".join(usual)
        note = f"{name_of(function)} has no signature: it is given {taken}, in this order."
        return Guess(Arguments(tuple(map(OfArray, usual)), {}), (note,))
    meant = _by_position(found, offered, _by_name(found, offered, known or {}))
    unclear = [p.name for p in found if p.name not in meant and _is_required(p)]
    if unclear:
        raise SymcnnError(_unclear(name_of(function), found, unclear, offered))
    own = [p.name for p in found if p.name in meant and p.name not in (known or {})]
    told = {word: meant[word] for word in own}
    notes = _notes(name_of(function), found, told, meant)
    return Guess(_arranged(found, meant, offered), notes)


def _is_required(parameter: Parameter) -> bool:
    return parameter.default is Parameter.empty and parameter.kind not in _MANY


def _by_name(
    parameters: Sequence[Parameter], offered: Offered, known: Mapping[str, Source]
) -> dict[str, Source]:
    taken = {source.name for source in known.values() if isinstance(source, OfArray)}
    free, meant = [name for name in offered.names if name not in taken], dict(known)
    left = [p for p in parameters if p.name not in known]
    exact = [p for p in left if p.name in free]
    for p in (*exact, *(p for p in left if p not in exact)):
        source = None if p.kind in _MANY else _named(p.name, free, offered)
        if source is not None:
            meant[p.name] = source
        if isinstance(source, OfArray):
            free.remove(source.name)
    return meant


def _named(word: str, free: Sequence[str], offered: Offered) -> Source | None:
    if offered.bundled and is_bundle(word):
        return OfParameters(tuple(n for n in offered.names if "." in n))
    if (array := array_called(word, free)) is not None:
        return OfArray(array)
    if is_bundle(word):
        return OfAllSettings()
    if (setting := setting_called(word, offered.settings)) is not None:
        return OfSetting(setting)
    if (piece := piece_called(word, offered.settings)) is not None:
        return OfSetting(*piece)
    return OfCache() if offered.cached and word.lower() in _CACHES else None


def _by_position(
    parameters: Sequence[Parameter], offered: Offered, meant: Mapping[str, Source]
) -> dict[str, Source]:
    """Add what follows from the order: what is left over in as many places, or all in order."""
    required = [p.name for p in parameters if _is_required(p)]
    unclear = [name for name in required if name not in meant]
    taken = {source.name for source in meant.values() if isinstance(source, OfArray)}
    usual = [name for name in offered.names if name != OUTPUT]
    left = [name for name in usual if name not in taken]
    if offered.cached and unclear:
        return {**meant, **_caches(unclear)}
    if len(unclear) == len(left):
        return {**meant, **dict(zip(unclear, map(OfArray, left), strict=True))}
    in_order = dict(zip(required, map(OfArray, usual), strict=False))
    agrees = all(in_order.get(name) == meant.get(name, in_order.get(name)) for name in required)
    return {**meant, **in_order} if agrees and len(in_order) == len(required) else {**meant}


def _caches(unclear: Sequence[str]) -> dict[str, Source]:
    if len(unclear) == 1:
        return {unclear[0]: OfCache()}
    return {name: OfCache(position) for position, name in enumerate(unclear)}


def _arranged(
    parameters: Sequence[Parameter], meant: Mapping[str, Source], offered: Offered
) -> Arguments:
    """Return arguments by position as far as there is one for each, then by keyword."""
    positional, keywords, skipped, open_end = list[Source](), dict[str, Source](), False, False
    for p in parameters:
        if p.kind is Parameter.VAR_POSITIONAL and not positional:
            positional += (OfArray(name) for name in offered.names if name != OUTPUT)
        open_end |= p.kind is Parameter.VAR_KEYWORD
        if p.name not in meant:
            skipped = True
        elif p.kind is Parameter.KEYWORD_ONLY or (
            skipped and p.kind is not Parameter.POSITIONAL_ONLY
        ):
            keywords[p.name] = meant[p.name]
        elif not skipped:
            positional.append(meant[p.name])
    return Arguments(tuple(positional), keywords, open_end)


def _notes(
    name: str,
    parameters: Sequence[Parameter],
    given: Mapping[str, Source],
    meant: Mapping[str, Source],
) -> tuple[str, ...]:
    said = [f"{w} is {_called(s)}" for w, s in given.items() if _is_noted(w, s)]
    rest = [p.name for p in parameters if p.name not in meant and p.kind not in _MANY]
    notes = [f"Guessed from the signature of {name}: {', '.join(said)}."] if said else []
    if rest:
        notes.append(f"{_joined(rest)} {'keeps its' if len(rest) == 1 else 'keep their'} default.")
    if any(p.kind is Parameter.VAR_POSITIONAL for p in parameters) and not meant:
        notes.append("The arrays are passed in their usual order.")
    return tuple(notes)


def _is_noted(word: str, source: Source) -> bool:
    return not isinstance(source, OfCache) and word != getattr(source, "name", None)


def _called(source: Source) -> str:
    if isinstance(source, OfAllSettings):
        return "a dictionary of the settings"
    if isinstance(source, OfParameters):
        return "a dictionary of the parameters"
    name = getattr(source, "name", "")
    axis = getattr(source, "axis", None)
    return name if axis is None else f"{name} along axis {axis} of the window"


def _joined(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _unclear(
    name: str, parameters: Sequence[Parameter], unclear: Sequence[str], offered: Offered
) -> str:
    shown = ", ".join(p.name for p in parameters)
    usual = ", ".join(name for name in offered.names if name != OUTPUT)
    return (
        f"{name}({shown}): it is not clear what {_joined(unclear)} {_was_present(unclear)}: "
        f'give arguments="{usual}" in the order of the parameters'
    )


def _was_present(items: Sequence[str]) -> str:
    return "is" if len(items) == 1 else "are"


def words_of(function: Any) -> tuple[str, ...]:
    """Return the names of the parameters that a function is given; of a pair, those of both."""
    return tuple(p.name for part in parts_of(function) for p in parameters_of(part) or ())


def parts_of(function: Any) -> tuple[Any, ...]:
    """Return the functions that are called: of a pair both, of a module its forward pass."""
    parts = function if isinstance(function, tuple | list) else (function,)
    return tuple(p.forward if is_autograd_function(p) or is_module(p) else p for p in parts)


def files_of(function: Any) -> tuple[str, ...]:
    """Return the files that a function's code stands in, for the lines of its failures."""
    parts = function if isinstance(function, tuple | list) else (function,)
    found = [path for part in parts for path in _files(part)]
    return tuple(dict.fromkeys(found))


def _files(function: Any) -> list[str]:
    inner = function.func if isinstance(function, partial) else function
    if isinstance(said := getattr(inner, "path", None), Path):  # a function of a file
        return [str(said)]
    methods = (getattr(inner, name, None) for name in ("forward", "backward", "__call__"))
    codes = [getattr(_unwrapped(part), "__code__", None) for part in (inner, *methods)]
    return [code.co_filename for code in codes if code is not None]


def _unwrapped(function: Any) -> Any:
    return inspect.unwrap(function) if callable(function) else function
