"""Regenerate what stands in this folder, or check that regenerating changes nothing.

    python derivations/regenerate.py            # write
    python derivations/regenerate.py --check    # exit status 1 and a diff on a difference
    python derivations/regenerate.py --check cnn-by-hand    # of some folders

Every folder with a ``problem.toml`` gets its derivation in every format, a page whose numbers
can be changed, and the model as a SymPy and as a NumPy module. The built-in example has a
student's version, a page for practice and a module of JavaScript besides; its problem file is
copied from the package. The notebook's own computation has a derivation alone, and the atlas
the theorems of all layers, with proofs for Rocq and the list of what is proved, which the
theorems read (where it changes, this runs twice); ``gallery.py`` makes the index of them all. Text
is compared by its bytes, a PDF by its text; PDFs need latexmk, and pdftotext to compare.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from functools import partial
from itertools import islice
from pathlib import Path
from shutil import copy, which
from tempfile import TemporaryDirectory

import gallery  # beside this file

import symcnn
from symcnn.document.document import Document
from symcnn.document.theory import atlas
from symcnn.document.theory.proved import LIST
from symcnn.document.theory.theorem import subjects
from symcnn.problems.examples.builtin import CNN_BY_HAND
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from symcnn.proofs import listed, proofs_of

HERE = Path(__file__).parent
BUILT_IN, AS_PUBLISHED = "cnn-by-hand", "cnn-by-hand-as-published"
ATLAS, PROOFS = "atlas", "atlas/proofs"
INDEX = Path("README.md")
PROVED = Path("..", "symcnn", "document", "theory", LIST)
TEXTS = ("tex", "md", "html", "txt")
MOST_LINES = 40


def folders() -> list[str]:
    """List the folders that are made."""
    stated = {file.parent.name for file in HERE.glob("*/problem.toml")}
    return sorted({BUILT_IN, AS_PUBLISHED, ATLAS, PROOFS} | stated)


def texts(folder: str) -> Iterator[tuple[Path, str]]:
    """Make every text file of a folder: its path in here, and what belongs in it."""
    if folder == AS_PUBLISHED:
        problem = symcnn.problems.examples.cnn_by_hand_as_published()
        yield from pages(folder, symcnn.explain(problem))
        return
    if folder == ATLAS:
        yield from pages(folder, atlas(), ATLAS)
        return
    if folder == PROOFS:
        found = [proofs_of(subject) for subject in subjects()]
        for one in found:
            if one.file:
                yield Path(folder, one.file), one.text
        yield PROVED, listed(found)
        return
    if folder == BUILT_IN:
        yield Path(folder, "problem.toml"), CNN_BY_HAND.read_text(encoding="utf-8")
    source = CNN_BY_HAND if folder == BUILT_IN else HERE / folder / "problem.toml"
    problem = symcnn.load(source)
    document = symcnn.explain(problem)
    yield from pages(folder, document)
    if folder == BUILT_IN:
        yield from pages(folder, document.with_blanks(), "student")
        yield Path(folder, "practice.html"), symcnn.practice_page(problem)
    yield Path(folder, "interactive.html"), symcnn.interactive_page(problem).html
    model = problem.derivation, problem.values, problem.title
    yield Path(folder, "model.py"), sympy_module(*model)
    yield Path(folder, "numpy_model.py"), exported(*model)
    if folder == BUILT_IN:
        yield Path(folder, "model.mjs"), exported(*model, "javascript")


def pages(folder: str, document: Document, stem: str = "derivation") -> Iterator[tuple[Path, str]]:
    """Lay a document out in every format that is text."""
    for format in TEXTS:
        for name, text in document.files(format, stem).items():
            assert isinstance(text, str)
            yield Path(folder, name), text


def write_all(target: Path, names: list[str]) -> list[Path]:
    """Write files of some folders and the index below ``target``; return their paths in it."""
    if not which("latexmk"):
        print("latexmk is not there: PDFs are left as they are")
    with ProcessPoolExecutor() as processes:
        written = processes.map(partial(write, target), names)
        made = [path for paths, _ in zip(written, shown(names), strict=True) for path in paths]
    (target / INDEX).write_text(gallery.page(), encoding="utf-8")
    return [*made, INDEX]


def write(target: Path, folder: str) -> list[Path]:
    """Write the files of one folder."""
    made = []
    for path, text in texts(folder):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(text.encode())
        made.append(path)
        if path.suffix == ".tex" and which("latexmk"):
            made.append(typeset(target, path))
    return made


def shown(names: list[str]) -> Iterable[str]:
    """Run over names and show how far it is, on a terminal and where rich is there."""
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return names
    console = Console(stderr=True)
    return track(names, "Deriving", console=console, disable=not console.is_terminal)


def typeset(target: Path, path: Path) -> Path:
    """Make the PDF of a LaTeX file beside it, dated 1970 so that it does not change."""
    with TemporaryDirectory() as scratch:
        subprocess.run(
            ["latexmk", "-pdf", "-silent", "-halt-on-error", f"-outdir={scratch}", path.name],
            cwd=(target / path).parent,
            env=os.environ | {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"},
            check=True,
            capture_output=True,
        )
        pdf = path.with_suffix(".pdf")
        copy(Path(scratch, pdf.name), target / pdf)
    return pdf


def content(path: Path) -> str:
    """Return what two versions of a file are compared by."""
    if not path.exists():
        return ""
    if path.suffix != ".pdf":
        return path.read_bytes().decode()
    if not which("pdftotext"):
        return "pdftotext is not there: one PDF counts as good as another"
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def differences(made: Path, paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Compare the files below ``made`` with those that stand here."""
    for path in paths:
        here, there = content(HERE / path), content(made / path)
        if here != there:
            lines = (text.splitlines(keepends=True) for text in (here, there))
            diff = unified_diff(*lines, f"derivations/{path}", "regenerated")
            yield path, "".join(islice(diff, MOST_LINES))


def main(*, check: bool, names: list[str]) -> int:
    """Write, or check and print what differs."""
    with TemporaryDirectory() as scratch:
        made = Path(scratch, HERE.name)
        made.mkdir()
        paths = write_all(made, names)
        changed = dict(differences(made, paths))
        if check:
            print(*changed.values(), f"{len(paths)} files, {len(changed)} differ", sep="\n")
            return 1 if changed else 0
        for path in changed:
            (HERE / path).parent.mkdir(parents=True, exist_ok=True)
            copy(made / path, HERE / path)
        print(f"{len(paths)} files, {len(changed)} written")
    return 0


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="all where none is named")
    parser.add_argument("--check", action="store_true", help="write nothing, and say what differs")
    options = parser.parse_args()
    for name in {*options.folders} - {*folders()}:
        parser.error(f"there is no {name}: choose from {', '.join(folders())}")
    sys.exit(main(check=options.check, names=options.folders or folders()))
