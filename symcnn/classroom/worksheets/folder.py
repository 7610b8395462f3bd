"""The folder of a worksheet: its variants as problem files, their sheets, and the table of keys.

One variant is worked out while the pages of others are typeset.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, as_completed
from io import StringIO
from pathlib import Path

from symcnn.classroom.marking.asked import UPDATED, asked, order_of, scheme
from symcnn.classroom.marking.formats.csv import meant
from symcnn.derivation.statement import GRADIENT
from symcnn.document.outline import Level
from symcnn.document.pages.together import Together, made
from symcnn.document.pages.writers import Files
from symcnn.equations import Tensor
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, located, shown
from symcnn.limits.files import text_of
from symcnn.problems import Problem, Worth, load

KEYS = "keys.csv"
"""The table of the keys: a row for each variant, a column for each figure."""

_VARIANT = re.compile(r"variant-0*([1-9][0-9]*)\.toml")


def variant_file(number: str) -> str:
    """Return the name of a variant's problem file."""
    return f"variant-{number}.toml"


def variants_in(folder: Path) -> dict[str, Problem]:
    """Return the problems of a worksheet by their numbers.

    Raises:
        SymcnnError: If there are none, or a file of theirs is damaged.
    """
    found = {m[1]: path for path in folder.iterdir() if (m := _VARIANT.fullmatch(path.name))}
    if not found:
        raise SymcnnError(
            f"{folder} has no variant-1.toml: name a problem file, or the folder of a worksheet"
        )
    return {number: load(found[number]) for number in sorted(found, key=int)}


def variant_number(path: Path) -> str:
    """Return the number of a variant by the name of its problem file; "" for another file."""
    found = _VARIANT.fullmatch(path.name)
    return found[1] if found else ""


def is_variant(path: Path) -> bool:
    """Tell whether a problem file is that of a variant, beside the keys of its worksheet."""
    return bool(variant_number(path)) and path.with_name(KEYS).is_file()


def asked_in(folder: Path) -> list[str]:
    """Return the quantities that a worksheet asks for: those that its keys have.

    Raises:
        SymcnnError: If there is no table of keys.
    """
    with located(folder / KEYS):
        try:
            header = next(csv.reader(StringIO(text_of(folder / KEYS), newline="")), [])
        except csv.Error as error:
            remedy = "take the table that symcnn wrote"
            raise SymcnnError(f"this is not valid CSV: {error}: {remedy}") from None
    return [*dict.fromkeys(meant(name).partition("[")[0] for name in header[1:])]


Callback = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""

Part = Callable[[], Files]
"""Makes some files."""

TYPESET = ("pdf",)
"""The formats that another program makes."""


def made_together(
    variants: Sequence[Callable[[], Iterable[tuple[str, Part]]]], callback: Callback | None = None
) -> Files:
    """Make the files of variants.

    Args:
        variants: For each of them what makes its files, with their formats.
        callback: Called with the number of variants whose files are made, and that of all.

    Raises:
        SymcnnError: If a file cannot be made; nothing more is made then.
    """
    pending = list[list[Future[Files]]]()
    with Together() as soon:
        for variant in variants:
            parts = [
                soon(make) if format in TYPESET else made(make()) for format, make in variant()
            ]
            pending.append(parts)
            _tell(callback, pending, len(variants))
        for _ in as_completed(part for parts in pending for part in parts):
            _tell(callback, pending, len(variants))
    return {
        name: content
        for parts in pending
        for part in parts
        for name, content in part.result().items()
    }


def _tell(callback: Callback | None, pending: Sequence[Sequence[Future[Files]]], of: int) -> None:
    """Say how many variants are done; raise what has failed."""
    for part in (part for parts in pending for part in parts if part.done()):
        part.result()
    if callback is not None:
        callback(sum(all(part.done() for part in parts) for parts in pending), of)


_FORWARD = ("problem", "forward")
_SECTIONS: dict[Level, tuple[str, ...]] = {
    "convolution": _FORWARD,
    "forward": _FORWARD,
    "last-layer": (*_FORWARD, "backward", "weights"),
    "full": (*_FORWARD, "backward", "weights", "step"),
}


def asked_at(problem: Problem, level: Level) -> list[str]:
    """Return the quantities that a sheet asks for: those of its level that the problem asks for.

    Raises:
        SymcnnError: If there are none, or the problem asks for an unknown one.
    """
    wanted, found = {*scheme(problem).quantities}, known_at(problem, level)
    chosen = [name for name in found if name in wanted]
    if not chosen:
        raise SymcnnError(
            f"no quantity is asked for that is on a worksheet of the level {level!r}: name one of "
            f"{', '.join(found)}"
        )
    return chosen


def worth_at(problem: Problem, level: Level) -> Worth:
    """Return what a sheet asks for and what that earns, as its problem file states it."""
    chosen = asked_at(problem, level)
    points = {name: p for name, p in problem.worth.points.items() if name in chosen}
    return Worth(
        None if {*chosen} == {*asked(problem)} else tuple(chosen), points, problem.worth.carried
    )


def check_named(problem: Problem, level: Level, names: Iterable[str]) -> None:
    """Refuse quantities that are not on the sheets of a level.

    Raises:
        SymcnnError: Names the first of them.
    """
    found = known_at(problem, level)
    for name in names:
        if name not in found:
            raise SymcnnError(
                f"{shown(name)} is not on a worksheet of the level {level!r}: {known(name, found)}"
            )


def known_at(problem: Problem, level: Level) -> list[str]:
    """Return the quantities that a level can ask for, in the order of computation.

    convolution   the outputs up to that of the first layer with weights
    forward       every output that is more than a copy, and the loss
    last-layer    also the derivatives with respect to the weights of the last layer that has some,
                  and to the outputs from this layer on
    full          every derivative, and the updated weights if there is a learning rate
    """
    there = {*shown_at(problem, level)}
    return [name for name in sorted(asked(problem), key=order_of(problem)) if name in there]


def shown_at(problem: Problem, level: Level) -> list[str]:
    """Return what the document of a level is about: what is asked for, and what that needs."""
    network, derivation = problem.network, problem.derivation
    learning = [stage for stage in network.stages if stage.parameters] or [network.stages[0]]
    tensors = [*network.tensors.values()]
    if level == "convolution":
        return _names(_until(tensors, learning[0].output))
    if level == "forward":
        return _names(tensors)
    if level == "last-layer":
        own = {tensor.name for tensor in learning[-1].parameters.values()}
        behind = {*_names(tensors)} - {*_names(_until(tensors, learning[-1].output))}
        slopes, updated = {*own, *behind, learning[-1].output.name}, list[str]()
    else:
        slopes = {tensor.name for tensor in tensors if tensor.role != "input"}
        updated = _names(network.parameters) if problem.learning_rate is not None else []
    found = (f"{GRADIENT}{name}" for name in derivation.adjoints if name in slopes)
    return [*_names(tensors), *found, *(f"{UPDATED}{name}" for name in updated)]


def sections_at(level: Level) -> tuple[str, ...]:
    """Return the sections of the document of a level."""
    return _SECTIONS[level]


def _names(tensors: Iterable[Tensor]) -> list[str]:
    return [tensor.name for tensor in tensors]


def _until(tensors: Sequence[Tensor], last: Tensor) -> Sequence[Tensor]:
    return tensors[: tensors.index(last) + 1]
