"""``symcnn check`` and ``check-formula``: functions and formulas, checked against equations."""

from __future__ import annotations

import argparse
import re
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from symcnn.cli import options
from symcnn.cli.settings import layer_of, settings, stated
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from symcnn.classroom.checks.code.of_file import FileFunction, PythonFile
    from symcnn.classroom.checks.verdict import Verdict


_SUITES = ("cs231n", "coursera")
_FUNCTIONS = re.compile(r"(.+):([A-Za-z_]\w*)(?:,([A-Za-z_]\w*))?")
_CACHES = ("cache", "caches")


def check_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is checked, against which layer, and how the function is called."""
    parser.set_defaults(command=check)
    add = parser.add_argument
    about = (
        "the file and its function, which is run in a process of its own; of a backward pass that "
        "takes a cache, FILE.py:FORWARD,BACKWARD; with --suite, the file alone"
    )
    add("target", metavar="FILE.py[:FUNCTION]", help=about)
    about = "the layer or loss that the function belongs to, by its type in problem files"
    add("--layer", metavar="TYPE", help=about)
    about = "check all functions of a file that have the names of this course"
    add("--suite", choices=_SUITES, help=about)
    about = "the function is a forward pass: check its output (default: the gradients it returns)"
    add("--forward", action="store_true", help=about)
    _calling(parser)
    about = "the seconds after which a function is stopped (default: 10)"
    add("--seconds", metavar="N", type=seconds, default=10.0, help=about)
    add("--json", action="store_true", help="print a JSON object instead of text")
    settings(parser)


def _calling(parser: argparse.ArgumentParser) -> None:
    """Add the order of axes, of arguments and of results."""
    add = parser.add_argument
    about = "the order of the axes of images, such as NCHW (default: NHWC)"
    add("--layout", metavar="AXES", help=about)
    about = (
        "the order of the axes of kernels, such as OIHW (default: as --layout suggests), or of the "
        "matrices of dense layers, OI or IO"
    )
    add("--kernel-layout", metavar="AXES", help=about)
    about = (
        "what the function is given, in its order, such as dout,x,w,b (default: by the names of "
        "its parameters)"
    )
    add("--arguments", metavar="NAME,...", type=options.names, help=about)
    about = "what the function returns, in its order, such as dx,dw,db (default: x, weight, bias)"
    add("--returns", metavar="NAME,...", type=options.names, help=about)
    about = "the shape of one sample in the layout HWC, such as 5,4,2 (default: several)"
    add("--input-shape", metavar="H,W,C", type=shape, help=about)
    add("--batch", metavar="N", type=positive, help="the number of samples (default: 2)")
    about = "leave out arrays with tied maxima, at which only a convention tells what is right"
    add("--no-ties", dest="ties", action="store_false", help=about)


def check(arguments: Namespace) -> int:
    """Print the verdict on a function, or on those of a suite; the status is 1 if one is wrong."""
    verdict: Any = _suite(arguments) if arguments.suite else _function(arguments)
    return printed(verdict, as_json=arguments.json)


def _suite(arguments: Namespace) -> Any:
    from symcnn.classroom.checks.suites import check_file
    from symcnn.cli.lines import bar

    alone = {"layer": arguments.layer, "forward": arguments.forward, **_options(arguments)}
    for name in (*(n for n, given in alone.items() if given), *stated(arguments)):
        flag = f"--{name.replace('_', '-')}"
        raise SymcnnError(f"{flag} and --suite are both given: a suite knows it, so leave it out")
    if not Path(arguments.target).exists() and _FUNCTIONS.fullmatch(arguments.target):
        raise SymcnnError(
            f"{shown(arguments.target)} names a function: name the file alone, or give --layer in "
            "place of --suite"
        )
    with bar("checking") as told:
        return check_file(
            arguments.target, arguments.suite, seconds=arguments.seconds, progress=told
        )


def _options(arguments: Namespace) -> dict[str, Any]:
    """Return what was stated of how the function is called."""
    names = ("layout", "kernel_layout", "arguments", "returns", "input_shape", "batch")
    found = ((name, getattr(arguments, name)) for name in names)
    return {name: value for name, value in found if value is not None}


def _function(arguments: Namespace) -> Verdict:
    parts = _FUNCTIONS.fullmatch(arguments.target)
    if parts is None:
        raise SymcnnError(
            f"{shown(arguments.target)} names no function: give FILE.py:FUNCTION, or add --suite "
            "to check all functions of the file"
        )
    if arguments.layer is None:
        raise SymcnnError(
            f"name the layer that {parts[3] or parts[2]} belongs to, such as --layer conv2d"
        )
    layer, notes = layer_of(arguments.layer, stated(arguments))

    from symcnn.classroom.checks.code.of_file import python_file
    from symcnn.classroom.checks.judging import check_backward, check_forward

    file = python_file(Path(parts[1]), arguments.seconds)
    function, said = _called(file, parts[2], parts[3], arguments.forward)
    given = {**_options(arguments), "seconds": arguments.seconds}
    if arguments.forward:
        verdict = check_forward(function, layer, **given)
    else:
        verdict = check_backward(function, layer, ties=arguments.ties, **given)
    return replace(verdict, notes=(*said, *notes, *verdict.notes))


def _called(
    file: PythonFile, first: str, second: str | None, forward: bool
) -> tuple[Any, list[str]]:
    """Return the function that is checked, or the pair of it and what returns its cache."""
    if second is not None:
        return (file.function(first), file.function(second)), []
    function = file.function(first)
    if forward or not _takes_cache(function):
        return function, []
    partner = first.replace("backward", "forward")
    if partner == first or partner not in file.functions:
        raise SymcnnError(
            f"{file.path}: {first} takes a cache: name the function that returns it as well, "
            f"{file.path.name}:FORWARD,{first}"
        )
    said = f"What {first} takes as its cache is what {partner} returns."
    return (file.function(partner), function), [said]


def _takes_cache(function: FileFunction) -> bool:
    names = [name for name, _, is_required in function.parameters or () if is_required]
    return any(name.lower() in _CACHES for name in names)


def shape(written: str) -> tuple[int, ...]:
    """Return the sizes of 5,4,2."""
    return tuple(positive(part.strip()) for part in written.split(","))


def positive(written: str) -> int:
    """Return a positive whole number."""
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:7]) < 10**6):
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not a positive whole number")
    return int(written)


def seconds(written: str) -> float:
    """Return a positive number of seconds."""
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not a positive number of seconds")
    return number


WRONG = 1
"""The exit status where something is not right."""


class Printable(Protocol):
    """A verdict on a function, on those of a suite, or on a formula; it is true if all is right."""

    def __bool__(self) -> bool:
        """Whether everything is right."""

    def to_text(self) -> str:
        """Return everything that was found."""

    def to_json(self) -> str:
        """Return the same as JSON."""


def printed(verdict: Printable, *, as_json: bool) -> int:
    """Print a verdict, and return the exit status."""
    print(verdict.to_json() if as_json else verdict.to_text().rstrip())
    return 0 if verdict else WRONG


def formula_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the formula, the problem file, what it is a formula of, and the letters."""
    about = r"the formula, such as '\sum_{i,j} \delta_{ij} x_{i+m,j+n}'; - reads it from the input"
    parser.add_argument("formula", metavar="FORMULA", help=about)
    parser.set_defaults(command=check_formula)
    add = parser.add_argument
    add("problem", metavar="PROBLEM.toml", help="the problem file, which needs no numbers")
    about = "what it is a formula of: gradient of conv1.weight, gradient of x, or conv1 for a value"
    add("--of", metavar="WHAT", required=True, help=about)
    about = "what a letter stands for, if that is not plain: K=conv1.weight; may be repeated"
    options.several(parser, "--letter", "LETTER=TENSOR", options.letter, about, dest="letters")
    add("--json", action="store_true", help="print a JSON object instead of text")


def check_formula(arguments: Namespace) -> int:
    """Print the verdict on a formula; the status is 1 if it is wrong, and 2 if not understood."""
    from symcnn.classroom.checks.formulas import check_formula as checked
    from symcnn.problems.load import load_network

    text = _read() if arguments.formula == "-" else arguments.formula
    network = load_network(arguments.problem).network
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
