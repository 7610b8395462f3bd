"""``symcnn derive``: derivations as documents, and pages whose numbers can be changed."""

from __future__ import annotations

import argparse
import webbrowser
from argparse import Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from symcnn.cli import markdown, options
from symcnn.cli.commands import problem_of
from symcnn.cli.files import replace_in
from symcnn.cli.lines import bar, say
from symcnn.cli.options import FORMATS, USUAL_FORMATS
from symcnn.document.outline import HEADING_LEVELS
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown

if TYPE_CHECKING:
    from symcnn.document.document import Document
    from symcnn.document.pages.writers import Files
    from symcnn.document.rows.verify import Progress
    from symcnn.document.style import Style
    from symcnn.problems import Problem


def derivation_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symcnn derive``: its contents, its formats and its style."""
    options.problem(parser, derive)
    options.folder(parser)
    about = f"the formats to write, from {', '.join(FORMATS)} (default: %(metavar)s)"
    options.format(parser, [], about)
    markdown.math(parser)
    add = parser.add_argument
    about = 'restrict the derivation to one weight, "conv1.weight[1,0,0,2]" or its symbol, w_23'
    add("--weight", metavar="ENTRY", help=about)
    about = (
        "the weight to follow through the network and back, such as w_23 (default: a telling one)"
    )
    add("--follow", metavar="ENTRY", help=about)
    about = (
        "explain only these layers of a large network: a name, or what several names begin with, "
        "such as layer1.0; may be repeated"
    )
    options.layers(parser, about)
    options.contents(parser)
    about = "add the second derivatives: the blocks of the Hessian"
    add("--second-order", action="store_true", help=about)
    about = "write a student's version with blanks, and the solution as separate files"
    add("--blanks", action="store_true", help=about)
    about = "write the student's version as a page that marks what is typed (needs --format html)"
    add("--practice", action="store_true", help=about)
    about = "write a page of HTML on which every given number can be changed"
    add("--interactive", action="store_true", help=about)
    add("--open", action="store_true", help="open the page of --interactive in the browser")
    about = "write LaTeX without a preamble, to be included in your own document"
    add("--fragment", action="store_true", help=about)
    about = "the level of a fragment's headings (default: section)"
    add("--heading-level", choices=HEADING_LEVELS, help=about)
    about = "the letters before the numbers of a fragment's theorems and equations (default: D)"
    add("--prefix", metavar="LETTERS", help=about)
    options.style(parser)


def derive(arguments: Namespace) -> None:
    """Write the derivation as a document, in every format that was asked for."""
    from symcnn.cli.results import in_range

    if arguments.interactive:
        _check_interactive(arguments)
        _write_interactive(arguments)
        return
    if arguments.open:
        raise SymcnnError("--open applies only to pages that can be changed: add --interactive")
    arguments.formats = arguments.formats or USUAL_FORMATS
    if arguments.fragment and arguments.formats != ["tex"]:
        raise SymcnnError("--fragment applies only to LaTeX: add --format tex")
    if not arguments.fragment and (arguments.heading_level or arguments.prefix is not None):
        raise SymcnnError("--heading-level and --prefix apply only to fragments: add --fragment")
    markdown.math_of(arguments)
    if arguments.practice and arguments.formats != ["html"]:
        raise SymcnnError("--practice needs --format html")
    if arguments.practice and arguments.blanks:
        raise SymcnnError("--practice is the student's version already: omit --blanks")
    problem = problem_of(arguments)
    with in_range():
        with bar("deriving") as told:
            solution = explained(problem, arguments, told)
        with bar("writing"):
            contents = _contents(problem, solution, arguments)
    replace_in(arguments.folder, contents)
    if (arguments.blanks or arguments.practice) and not arguments.layers:
        _tell_points(problem, solution)
    for format in arguments.formats:
        if letters := solution.unprinted(format):
            say("warning", _missing(format, letters))


def explained(
    problem: Problem, arguments: Namespace, told: Progress = lambda done, of: None
) -> Document:
    """Return the derivation of a problem, with the contents and the style that are asked for."""
    from symcnn.classroom.explain import explain

    names = ("layers", "weight", "follow", "detail", "sections", "second_order", *options.STYLE)
    return explain(problem, progress=told, **options.given(arguments, *names))


def _contents(problem: Problem, solution: Document, arguments: Namespace) -> Files:
    if arguments.practice:
        return {"practice.html": _practice(problem, solution, arguments)}
    return {
        name: content
        for stem, document in _documents(solution, arguments).items()
        for format in arguments.formats
        for name, content in _files(document, format, stem, arguments).items()
    }


def _practice(problem: Problem, solution: Document, arguments: Namespace) -> str:
    from symcnn.classroom.practice import page

    return page(problem.with_letters(dict(arguments.letters)), solution, _style(arguments))


def _style(arguments: Namespace) -> Style:
    from symcnn.document.style import Style

    return Style(arguments.digits, arguments.index_base, arguments.decimal)


def _tell_points(problem: Problem, solution: Document) -> None:
    """Say which figures have no boxes, though ``symcnn mark`` asks for them."""
    from symcnn.classroom.practice.boxes import without_boxes

    with suppress(TooLargeError):  # what symcnn mark would refuse
        left_out = without_boxes(problem, solution.with_blanks(0).blocks)
        if not left_out:
            return
        others = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
        say(
            "note",
            f"there are no boxes for some of the figures of {left_out[0]}{others}, which symcnn "
            "mark asks for: add --detail full, or state the quantities in the problem's [answers]",
        )


def _missing(format: str, letters: str) -> str:
    """Say in a line which letters a format has not."""
    code = f"[U+{ord(letters[0]):04X}]"
    after = f": it prints their numbers, such as {code}; use the format html, or other words"
    return fitted(f"{format} has no letters for ", shown(letters), after)


def _documents(solution: Document, arguments: Namespace) -> dict[str, Document]:
    """Return the documents to write, by what their files are called."""
    if not arguments.blanks:
        return {"derivation": solution}
    return {"student": solution.with_blanks(), "solution": solution}


def _files(document: Document, format: str, stem: str, arguments: Namespace) -> Files:
    if arguments.fragment:
        given = options.given(arguments, "heading_level", "prefix")
        chosen = {name: value for name, value in given.items() if value is not None}
        return {f"{stem}.tex": document.to_latex(fragment=True, **chosen)}
    return document.files(format, stem, markdown.math_of(arguments))


_NOT_INTERACTIVE = {
    "weight": "--weight",
    "follow": "--follow",
    "second_order": "--second-order",
    "blanks": "--blanks",
    "practice": "--practice",
    "layers": "--layer",
    "fragment": "--fragment",
    "math": "--math",
}
"""The options that pages whose numbers can be changed do not have."""


def _check_interactive(arguments: Namespace) -> None:
    """Refuse what pages whose numbers can be changed do not have.

    Raises:
        SymcnnError: Names the option.
    """
    for name, option in _NOT_INTERACTIVE.items():
        if getattr(arguments, name):
            raise SymcnnError(f"--interactive pages have no {option}: omit one of the two")
    if arguments.formats not in ([], ["html"]):
        raise SymcnnError("--interactive writes HTML alone: leave --format out")


def _write_interactive(arguments: Namespace) -> None:
    """Write the page whose numbers can be changed, and open it if that is asked for."""
    name = "interactive.html"
    replace_in(arguments.folder, {name: _interactive_page(arguments)})
    if arguments.open and not webbrowser.open((arguments.folder / name).resolve().as_uri()):
        say("note", "no browser was found: open this file in a browser")


def _interactive_page(arguments: Namespace) -> str:
    """Return the page; of a network that is too large for one, the usual page."""
    from symcnn.classroom.explain import explain
    from symcnn.classroom.interactive import interactive_page as page
    from symcnn.cli.results import in_range

    problem = problem_of(arguments)
    given = options.given(arguments, "detail", "sections", *options.STYLE)
    with in_range(), bar("deriving"):
        try:
            return page(problem, **given).html
        except TooLargeError as error:
            say("warning", f"{error}; this is the page without controls")
            return explain(problem, **given).to_html()
