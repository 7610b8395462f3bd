"""The table [training] of problem files: the learning rate, and what takes the steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from symcnn.errors import SymcnnError, located
from symcnn.network.optimizers import SGD, Optimizer, kind_of
from symcnn.problems.catalog import readers
from symcnn.problems.reading import number, text
from symcnn.problems.section import Section, unknown

_USUAL = SGD.name


def descent(training: Section) -> dict[str, Any]:
    """Read the learning rate and the optimizer with its settings; what is not stated is None.

    Raises:
        SymcnnError: If the optimizer is unknown, or has no such setting, or a setting is invalid.
    """
    name = training.read("optimizer", text)
    with located(training.where("optimizer")):
        settings = readers(kind_of(_USUAL if name is None else name))
    training.only(["learning_rate", "optimizer", *settings])
    stated = {key: training.read(key, read) for key, read in settings.items()}
    given = {key: value for key, value in stated.items() if value is not None}
    with located(training.place):
        made = kind_of(_USUAL if name is None else name)(**given)
    return {"learning_rate": training.read("learning_rate", number), "optimizer": made}


def set_to(chosen: Optimizer, settings: Mapping[str, str]) -> Optimizer:
    """Return an optimizer with some settings as texts such as "0.9" or "true" state them.

    Raises:
        SymcnnError: If it has no such setting, or a text cannot be read.
    """
    known = readers(type(chosen))
    given = {f.name: getattr(chosen, f.name) for f in fields(chosen)}
    for name, written in settings.items():
        if name not in known:
            raise SymcnnError(f"the setting {unknown(name, [*known])}")
        flags = {"true": True, "false": False}
        given[name] = known[name](flags.get(written, written), name)
    return type(chosen)(**given)


def stated(made: Optimizer) -> Iterator[tuple[str, Any]]:
    """Yield what a problem file states of an optimizer: its name, and what is not as usual."""
    changed = [(f.name, getattr(made, f.name)) for f in fields(made)]
    changed = [(name, value) for name, value in changed if value != getattr(type(made)(), name)]
    if changed or made.name != _USUAL:
        yield "optimizer", made.name
        yield from changed
