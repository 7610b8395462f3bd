"""``symcnn theorem``: the derivatives of layers and losses for all sizes."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

import symcnn
from symcnn.cli import markdown, options, own_macros
from symcnn.cli.files import replace, replace_in
from symcnn.cli.lines import bar
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from symcnn.document.document import Document
    from symcnn.document.pages.dialects import Math
    from symcnn.document.theory.specimen import Subject


def theorem_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the layers, the formats, and how a fragment for a paper is written."""
    parser.set_defaults(command=theorem)
    add = parser.add_argument
    about = "layers and losses, by their types in problem files, such as conv2d"
    add("names", metavar="NAME", nargs="*", help=about)
    add("--all", action="store_true", help="write the theorems of all layers and losses")
    add("--title", metavar="TEXT", default="", help="the title (default: the layer's name)")
    options.index_base(parser)
    options.decimal(parser)
    options.letters(parser)
    listed = ", ".join(options.THEOREM_FORMATS)
    about = f"the formats to write, from {listed}; v: claims and proofs (default: print the text)"
    options.format(parser, [], about, options.theorem_formats)
    markdown.math(parser)
    options.folder(parser)
    _fragment(parser)


def _fragment(parser: argparse.ArgumentParser) -> None:
    """Add what a fragment for a paper has."""
    add = parser.add_argument
    about = "write LaTeX without a preamble, for a paper (default: print it)"
    add("--fragment", action="store_true", help=about)
    about = "the environment of a fragment's theorems, which the paper defines (default: theorem)"
    add("--environment", metavar="NAME", default="theorem", help=about)
    about = "number the equations of a fragment and give them labels, or not (default: align)"
    add("--display", choices=["align", "align*"], default="align", help=about)
    about = "what a fragment's labels say, thm:NAME and eq:NAME-z (default: the title)"
    add("--label", metavar="NAME", default="", help=about)
    about = "the width of a fragment's lines in points, for letters of 10 points (default: 345)"
    add("--width", metavar="POINTS", type=float, default=345.0, help=about)
    about = "leave out at how many sizes the formulas of a fragment were checked"
    add("--no-checks", dest="checks", action="store_false", help=about)
    about = "leave out the proofs of a fragment"
    add("--no-proof", dest="proof", action="store_false", help=about)
    about = "add formulas in convolution notation to a fragment"
    add("--convolutions", action="store_true", help=about)
    own_macros.macros(parser)
    about = "write a BibTeX file with the works that define the layers, and with symcnn"
    add("--bib", metavar="FILE.bib", type=Path, help=about)


STYLE = ("index_base", "decimal", "letters")
_OF_FRAGMENTS = (
    *("environment", "display", "label", "width", "checks", "proof", "convolutions", "macros"),
)


def theorem(arguments: Namespace) -> None:
    """State the derivatives of layers and losses for all sizes."""
    math = markdown.math_of(arguments)
    subjects = _subjects(arguments)
    bib: dict[Path, str] = {}
    if arguments.bib is not None:
        from symcnn.document.theory.bibliography import bibliography

        bib = {arguments.bib: bibliography(_sources(subjects), symcnn.__version__)}
    if arguments.fragment:
        _write_fragment(subjects, arguments)
    else:
        _check_no_fragment(arguments)
        _write(subjects, arguments, math)
    if bib:
        replace(bib)
        if not arguments.fragment or arguments.formats:
            print(f"wrote {arguments.bib}")


def _subjects(arguments: Namespace) -> list[Subject]:
    from symcnn.document.theory.theorem import subjects
    from symcnn.equations.values import known
    from symcnn.problems.catalog import LAYERS, LOSSES

    kinds = {**LAYERS, **LOSSES}
    if arguments.all == bool(arguments.names):
        raise SymcnnError("symcnn theorem needs either names, such as conv2d, or --all")
    for name in arguments.names:
        if name not in kinds:
            raise SymcnnError(f"there is no layer or loss {shown(name)}: {known(name, [*kinds])}")
    return [*(subjects() if arguments.all else (kinds[name].made for name in arguments.names))]


def _sources(subjects: list[Subject]) -> list[str]:
    """Return the works that define layers, each once."""
    found = (getattr(subject, "source", "") for subject in subjects)
    return [*dict.fromkeys(filter(None, found))]


def _write(subjects: list[Subject], arguments: Namespace, math: Math) -> None:
    """Write claims and proofs for Rocq, if they are asked for, and the other formats."""
    others = [format for format in arguments.formats if format != "v"]
    if "v" in arguments.formats:
        from symcnn.proofs import rocq

        replace_in(arguments.folder, rocq(*subjects, all=not arguments.all))
    if others or "v" not in arguments.formats:
        _write_document(subjects, arguments, others, math)


def _write_document(
    subjects: list[Subject], arguments: Namespace, formats: list[str], math: Math
) -> None:
    with bar("stating"):
        document = stated(arguments, subjects)
    if not formats:
        print(document.to_text())
        return
    files = (document.files(format, _stem(arguments), math) for format in formats)
    replace_in(
        arguments.folder, {name: content for made in files for name, content in made.items()}
    )


def stated(arguments: Namespace, subjects: list[Subject] | None = None) -> Document:
    """Return the document of theorems of some subjects, or of those that arguments name."""
    from symcnn.document.theory import theorem as made_of
    from symcnn.document.theory.theorem import TITLE

    title = arguments.title or (TITLE if arguments.all else "")
    given = options.given(arguments, *STYLE)
    return made_of(*(subjects or _subjects(arguments)), title=title, **given)


def _stem(arguments: Namespace) -> str:
    return "atlas" if arguments.all else "theorem"


def _check_no_fragment(arguments: Namespace) -> None:
    """Refuse options of fragments where there is none.

    Raises:
        SymcnnError: Names them.
    """
    parser = argparse.ArgumentParser()
    _fragment(parser)
    usual = parser.parse_args([])
    if any(getattr(arguments, n) != getattr(usual, n) for n in _OF_FRAGMENTS):
        raise SymcnnError(
            "--environment, --display, --label, --width, --no-checks, --no-proof, --convolutions "
            "and --macro apply only to fragments: add --fragment"
        )


def _write_fragment(subjects: list[Subject], arguments: Namespace) -> None:
    from symcnn.document.theory import theorem_for_paper

    if arguments.formats not in ([], ["tex"]):
        raise SymcnnError("--fragment applies only to LaTeX: omit --format, or add --format tex")
    with bar("stating"):
        text = f"% symcnn {symcnn.__version__}\n" + theorem_for_paper(
            *subjects, **options.given(arguments, "title", *STYLE, *_OF_FRAGMENTS)
        )
    if arguments.formats:
        replace_in(arguments.folder, {f"{_stem(arguments)}.tex": text})
    else:
        print(text, end="")
