"""From what is asked for to the data of a page."""

from __future__ import annotations

import argparse
import json
import os
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from symcnn.cli import options
from symcnn.cli.arguments import Parser, parse
from symcnn.cli.deriving import explained
from symcnn.cli.embedded.content import Data, alone, of_blocks, picture
from symcnn.cli.embedded.request import Request, Source
from symcnn.cli.figures import KINDS as FIGURES
from symcnn.cli.figures import drawn
from symcnn.cli.results import in_range
from symcnn.cli.settings import SETTINGS, layer_of
from symcnn.cli.stating import of_one, place_of, statements_of
from symcnn.cli.theorems import STYLE
from symcnn.derivation.statement import Statement
from symcnn.document.theory import theorem
from symcnn.errors import SymcnnError, located, shown
from symcnn.limits import CLOSED_FORM_NODES
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.problems.examples import cnn_by_hand
from symcnn.problems.load import loads, made_of
from symcnn.problems.reading import tables
from symcnn.problems.section import Section

if TYPE_CHECKING:
    from symcnn.network.layers import Layer
    from symcnn.network.losses import Loss
    from symcnn.problems import Problem


def made(request: Request) -> list[Data]:
    """Return what a directive shows.

    Raises:
        SymcnnError: If the problem, the subject or an option is wrong, as on the command line.
    """
    try:
        with in_range():
            return _MAKERS[request.kind](request)
    except MemoryError:
        raise SymcnnError("the network does not fit into memory: use smaller shapes") from None
    except RecursionError:
        raise SymcnnError(
            "the formulas are nested too deeply to be written: use a smaller network"
        ) from None


def problem_of(request: Request) -> Problem:
    """Return the problem of a file or a text, or the built-in example."""
    source = request.source
    if source is None:
        return cnn_by_hand()
    if not source.name:
        return loads(source.lines, source.folder)
    with located(source.name):
        return loads(source.text, source.folder)


def _derivation(request: Request) -> list[Data]:
    if request.subject:
        raise SymcnnError(
            f"a derivation is of a problem file, not of {shown(request.subject)}: give FILE.toml"
        )
    arguments = parse(["derive", *request.arguments])
    return of_blocks(explained(problem_of(request), arguments).blocks)


def _theorem(request: Request) -> list[Data]:
    names, source = request.subject.split(), request.source
    if source is not None and (source.name or len(names) > 1):
        raise SymcnnError(
            "a theorem is of a layer, not of a problem: give its type, such as conv2d, and below "
            "it nothing but settings of this one layer"
        )
    if not names:
        raise SymcnnError("a theorem needs the type of a layer or a loss, such as conv2d")
    given = {name: text for name, text in request.options.items() if _setting(name) in SETTINGS}
    others = {name: text for name, text in request.options.items() if name not in given}
    arguments = parse(["theorem", *names, *replace(request, options=others).arguments])
    settings = {_setting(name): text for name, text in given.items()}
    subjects = [_stated(source, names[0])] if source else [layer_of(n, settings)[0] for n in names]
    return of_blocks(theorem(*subjects, **options.given(arguments, *STYLE)).blocks)


def _stated(source: Source, name: str) -> Layer | Loss:
    """Return a layer with the settings that a text has, as a problem file has them."""
    kinds = {**LAYERS, **LOSSES}
    return made_of(*Section("", {**tables(source.lines), "type": name}).kind(kinds))[-1]


def _setting(name: str) -> str:
    return name.replace("-", "_")


def _figure(request: Request) -> list[Data]:
    kind = request.subject or FIGURES[0]
    arguments = parse(["figure", kind, *request.arguments])
    return [picture(drawn(problem_of(request), arguments).picture)]


def _formula(request: Request) -> list[Data]:
    made = statement(request)
    return [alone(made.left, made.right)]


def statement(request: Request) -> Statement:
    """Return one formula.

    Raises:
        SymcnnError: If there is no such quantity or entry, or an option is wrong.
    """
    arguments = _formula_arguments(request)
    derivation = problem_of(request).with_letters(dict(arguments.letters)).derivation
    name, index = place_of(arguments, request.subject, derivation)
    if not name:
        raise SymcnnError("a formula needs its quantity, such as conv1.weight: name it")
    statements = statements_of(arguments, derivation)
    most = None if arguments.staged else CLOSED_FORM_NODES
    return statements.stated(name, index, most, arguments.notation)


def _formula_arguments(request: Request) -> Namespace:
    parser = Parser(prog="symcnn latex", examples="")
    formula_options(parser)
    return parser.parse_args([*request.arguments])


def formula_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of one formula."""
    of_one(parser)
    options.style(parser)


_MAKERS: dict[str, Callable[[Request], list[Data]]] = {
    "derivation": _derivation,
    "theorem": _theorem,
    "figure": _figure,
    "formula": _formula,
}


def kept(request: Request, folder: Path, make: Callable[[Request], list[Data]]) -> list[Data]:
    """Return what a request is for, which is made if no file holds it.

    Args:
        request: What is asked for.
        folder: Where the files are; several processes may write there at the same time.
        make: Makes it.

    Raises:
        SymcnnError: If it cannot be made; that is not kept.
    """
    file = folder / f"{request.key}.json"
    with suppress(OSError, ValueError):  # there is none, or it is damaged
        found: list[Data] = json.loads(file.read_text(encoding="utf-8"))
        return found
    data = make(request)
    folder.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(data), encoding="utf-8")
    draft.replace(file)
    return data
