"""``symcnn latex`` and ``symcnn macros``: formulas by themselves."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcnn.cli import options, own_macros
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from symcnn.derivation import Derivation
    from symcnn.derivation.statement import Statement, Statements

FORMATS = ("latex", "mathml", "unicode", "sympy")
NOTATIONS = ("indices", "convolution", "matrix")


def latex_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the network, what the formula is of, and how it is printed."""
    parser.set_defaults(command=latex)
    add = parser.add_argument
    add("problem", metavar="PROBLEM.toml", help="the problem file, whose numbers may be missing")
    about = (
        "what the formula is of: conv1.weight or x for the derivative with respect to it, conv1 or "
        'loss for a value of the forward pass, "gradient of conv1" for an error signal'
    )
    add("quantity", metavar="QUANTITY", help=about)
    of_one(parser)
    about = "the language of the formula (default: latex)"
    add("--format", choices=FORMATS, default="latex", help=about)
    _printing(parser)


def of_one(parser: argparse.ArgumentParser) -> None:
    """Add which of a quantity's formulas it is, and its notation."""
    add = parser.add_argument
    about = 'one entry, by its symbol, w_23, or by its name, "conv1.weight[1,0,0,2]"'
    add("--entry", metavar="ENTRY", help=about)
    about = "write an entry in terms of the named stages before it"
    add("--staged", action="store_true", help=about)
    about = "the notation of a formula for all entries (default: indices)"
    add("--notation", choices=NOTATIONS, default="indices", help=about)


def _printing(parser: argparse.ArgumentParser) -> None:
    """Add how formulas are printed."""
    add = parser.add_argument
    about = "break formulas into lines of this width, in points, for letters of 10 points"
    add("--width", metavar="POINTS", type=float, help=about)
    about = "leave out what the free indices run over"
    add("--no-conditions", dest="conditions", action="store_false", help=about)
    about = "significant digits of constants that are rounded, 1 to 17 (default: 6)"
    add("--digits", type=options.digits, default=6, help=about)
    options.index_base(parser)
    options.decimal(parser)
    options.letters(parser)
    own_macros.macros(parser)


def latex(arguments: Namespace) -> None:
    """Print one formula."""
    from symcnn.writing.formula.substitution import macros_of

    if arguments.format == "sympy":
        from symcnn.programs.export.text import formula_text

        _check_sympy(arguments)
        print(formula_text(_asked(arguments, "expression")))
        return
    made = statement(arguments)
    given = options.given(arguments, "format", "conditions", "width")
    print(made.written(**given, macros=macros_of(dict(arguments.macros))))


def statement(arguments: Namespace) -> Statement:
    """Return one formula."""
    made: Statement = _asked(arguments, "stated", arguments.notation)
    return made


def _asked(arguments: Namespace, how: str, *others: str) -> Any:
    from symcnn import limits

    derivation = derivation_of(arguments)
    name, index = place_of(arguments, arguments.quantity, derivation)
    most = None if arguments.staged else limits.CLOSED_FORM_NODES
    return getattr(statements_of(arguments, derivation), how)(name, index, most, *others)


def statements_of(arguments: Namespace, derivation: Derivation) -> Statements:
    """Return what prints the formulas of a derivation as it was asked for."""
    from symcnn.derivation.statement import Statements

    return Statements(derivation, arguments.index_base, arguments.digits, arguments.decimal)


def derivation_of(arguments: Namespace) -> Derivation:
    """Return the derivation of a network whose numbers may be missing, with its letters."""
    from dataclasses import replace

    from symcnn.derivation import derive
    from symcnn.problems.load import load_network

    network, *_ = load_network(arguments.problem)
    chosen = {**network.letters, **dict(arguments.letters)}
    return derive(replace(network, letters=chosen) if arguments.letters else network)


def place_of(
    arguments: Namespace, quantity: str, derivation: Derivation
) -> tuple[str, tuple[int, ...] | None]:
    """Return a quantity, or what an entry is of that is asked for alone, and the entry's place.

    Raises:
        SymcnnError: If the entry is one of another quantity, or there is none where one is needed.
    """
    from symcnn.derivation.statement import GRADIENT
    from symcnn.document.explanation.focus import place

    if arguments.entry is None:
        if arguments.staged:
            raise SymcnnError("--staged applies only to an entry: add --entry, such as w_23")
        return quantity, None
    name, index = place(arguments.entry, derivation, arguments.index_base)
    if quantity and name != quantity.removeprefix(GRADIENT):
        raise SymcnnError(
            f"{shown(arguments.entry)} is an entry of {name}, not of {shown(quantity)}"
        )
    return quantity or name, index


def _check_sympy(arguments: Namespace) -> None:
    """Refuse options of printed formulas.

    Raises:
        SymcnnError: Names the option.
    """
    if arguments.width is not None or arguments.macros or arguments.notation != "indices":
        raise SymcnnError("--format sympy has no --width, --notation or --macro: omit them")


def macros_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the network, and how its formulas are printed."""
    parser.set_defaults(command=macros)
    add = parser.add_argument
    add("problem", metavar="PROBLEM.toml", help="the problem file, whose numbers may be missing")
    add("-o", dest="file", metavar="FILE.tex", type=Path, help="the file (default: print it)")
    about = "the letters that all names begin with, where a paper has several networks"
    add("--prefix", metavar="LETTERS", default="", help=about)
    _printing(parser)


def macros(arguments: Namespace) -> None:
    """Write the formulas of a network as commands of LaTeX."""
    import symcnn
    from symcnn.cli.files import replace
    from symcnn.derivation.macros import macros as defined

    names = ("index_base", "digits", "decimal", "prefix", "conditions", "width")
    given, own = options.given(arguments, *names), dict(arguments.macros)
    made = defined(derivation_of(arguments), own=own, **given)
    source = ascii(Path(arguments.problem).name)[1:-1]
    head = (
        f"% symcnn {symcnn.__version__}: symcnn macros {source}\n"
        "% \\usepackage{amsmath}\n"
        "% Every command is used in mathematics, $...$ or a display.\n"
    )
    text = head + made
    if arguments.file is None:
        print(text, end="")
        return
    replace({arguments.file: text})
    print(f"wrote {arguments.file}")
