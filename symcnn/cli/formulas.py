"""``symcnn check-formula``: a formula of somebody else, checked against the theorem."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Mapping

from symcnn.cli import options
from symcnn.cli.checking import printed
from symcnn.errors import SymcnnError


def formula_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the formula, the problem file, what it is a formula of, and the letters."""
    about = r"the formula, such as '\sum_{i,j} \delta_{ij} x_{i+m,j+n}'; - reads it from the input"
    parser.add_argument("formula", metavar="FORMULA", help=about)
    parser.set_defaults(command=check_formula)
    add = parser.add_argument
    add("problem", metavar="PROBLEM.toml", help="the problem file, whose numbers do not matter")
    about = "what it is a formula of: gradient of conv1.weight, gradient of x, or conv1 for a value"
    add("--of", metavar="WHAT", required=True, help=about)
    about = "what a letter stands for, if that is not plain: K=conv1.weight; may be repeated"
    options.several(parser, "--letter", "LETTER=TENSOR", options.letter, about, dest="letters")
    add("--json", action="store_true", help="print a JSON object instead of text")


def check_formula(arguments: Namespace) -> int:
    """Print the verdict on a formula; the status is 1 if it is wrong."""
    from symcnn.classroom.checks.formulas import check_formula as checked
    from symcnn.cli.commands import problem_of

    text = _read() if arguments.formula == "-" else arguments.formula
    network = problem_of(arguments).network
    letters = _letters(arguments.letters, network.tensors)
    verdict = checked(text, arguments.of, network, letters=letters)
    return printed(verdict, as_json=arguments.json)


def _read() -> str:
    """Read a formula from the standard input, as much as one may have and a little more."""
    from symcnn.limits import formulas as limits

    if sys.stdin is None:
        raise SymcnnError("the standard input is closed: give the formula in quotes")
    return sys.stdin.read(limits.LETTERS + 100).strip()


def _letters(pairs: list[tuple[str, str]], tensors: Mapping[str, object]) -> dict[str, str]:
    """Return the tensors by their letters; TENSOR=LETTER is read alike, as elsewhere."""
    turned = ((b, a) if a in tensors and b not in tensors else (a, b) for a, b in pairs)
    return {letter.lstrip("\\"): tensor for letter, tensor in turned}
