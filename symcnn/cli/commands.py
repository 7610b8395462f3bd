"""The commands. What they need is imported when they run, so that --help is quick."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from symcnn.cli import markdown
from symcnn.cli.files import create, replace_in
from symcnn.cli.lines import say, saying_what_is_not_compiled
from symcnn.cli.progress import bar
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from symcnn.document.theory.specimen import Subject
    from symcnn.problems import Problem

_TEMPLATE = Path(__file__).with_name("new.toml")


def evaluate(arguments: Namespace) -> None:
    """Print outputs, loss and gradients, or outputs alone."""
    from symcnn.cli.results import evaluated

    notes: list[str] = []
    asked = arguments.results
    problem = problem_of(arguments, notes.append, asked)
    with saying_what_is_not_compiled(), bar("evaluating"):
        results = evaluated(problem, arguments.exact, arguments.digits, arguments.backend, asked)
    for warning in results.warnings:
        say("warning", warning)
    if arguments.json:
        noted = {"notes": notes} if notes else {}
        print(json.dumps({**results.as_json(), **noted}, allow_nan=False))
        return
    from symcnn.cli.table import show

    show(results, arguments.digits, notes)


def mark(arguments: Namespace) -> None:
    """Mark the answers of a student or of a class, with errors carried forward."""
    from symcnn.cli.marking import run, run_variants, write_template

    markdown.math_of(arguments)
    is_folder = arguments.problem is not None and Path(arguments.problem).is_dir()
    if arguments.template:
        write_template(None if is_folder else problem_of(arguments), arguments)
    elif is_folder:
        run_variants(Path(arguments.problem), arguments)
    else:
        run(problem_of(arguments), arguments)


def worksheet(arguments: Namespace) -> None:
    """Write sheets with friendly numbers, their keys and questions for Moodle."""
    from symcnn.cli.worksheets import run
    from symcnn.problems.examples import cnn_by_hand

    if arguments.network is None:
        arguments.network = cnn_by_hand()
    run(arguments)


def summary(arguments: Namespace) -> None:
    """Print the layers in a table; numbers may be missing from the file."""
    from symcnn.problems.examples import cnn_by_hand
    from symcnn.problems.load import load_network

    if arguments.problem is None:
        network, title = cnn_by_hand().network, cnn_by_hand().title
    else:
        network, heading, _ = load_network(arguments.problem)
        title = heading.get("title", "")
    print(*filter(None, (title, str(network.summary()))), sep="\n\n")


def train(arguments: Namespace) -> None:
    """Train the network, and write the weights and the curve of the loss."""
    from symcnn.cli.training import run

    run(problem_of(arguments), arguments)


def theorem(arguments: Namespace) -> None:
    """State the derivatives of layers and losses for all sizes."""
    from symcnn.document.theory import theorem as stated
    from symcnn.document.theory.theorem import TITLE, subjects
    from symcnn.equations.values import known
    from symcnn.problems.catalog import LAYERS, LOSSES

    kinds, math = {**LAYERS, **LOSSES}, markdown.math_of(arguments)
    if arguments.all == bool(arguments.names):
        raise SymcnnError("symcnn theorem needs either names, such as conv2d, or --all")
    for name in arguments.names:
        if name not in kinds:
            raise SymcnnError(f"there is no layer or loss {shown(name)}: {known(name, [*kinds])}")
    chosen = (kinds[name].made for name in arguments.names)
    made: list[Subject] = [*(subjects() if arguments.all else chosen)]
    if "v" in arguments.formats:
        _prove(made, arguments)
        arguments.formats.remove("v")
        if not arguments.formats:
            return
    with bar("stating"):
        document = stated(
            *made,
            index_base=arguments.index_base,
            decimal=arguments.decimal,
            title=TITLE if arguments.all else "",
            letters=dict(arguments.letters),
        )
    if not arguments.formats:
        print(document.to_text())
        return
    stem = "atlas" if arguments.all else "theorem"
    files = (document.files(format, stem, math) for format in arguments.formats)
    replace_in(
        arguments.folder, {name: content for made in files for name, content in made.items()}
    )


def _prove(made: Sequence[Subject], arguments: Namespace) -> None:
    """Write claims and proofs for Rocq; of all layers those that have some."""
    from symcnn.proofs import rocq

    replace_in(arguments.folder, rocq(*made, all=not arguments.all))


def new(arguments: Namespace) -> None:
    """Write a commented problem file to edit."""
    create(arguments.file, _TEMPLATE.read_text(encoding="utf-8"))
    print(f"wrote {arguments.file}: edit it, then run symcnn derive {arguments.file}")


def problem_of(
    arguments: Namespace,
    note: Callable[[str], None] | None = None,
    results: Literal["all", "outputs"] = "all",
) -> Problem:
    """Return the problem of a file, or the built-in example; the options are those of ``load``."""
    from symcnn.problems import load
    from symcnn.problems.examples import cnn_by_hand

    if arguments.problem is None:
        return cnn_by_hand()
    return load(arguments.problem, note, results=results)
