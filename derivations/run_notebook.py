"""Run the notebooks in this folder and keep their outputs, or check that they still hold.

    python derivations/run_notebook.py            # run, and write what changed
    python derivations/run_notebook.py --check    # exit status 1 and a diff on a difference

A notebook is written without times, counters of a session and traces of a machine, so that
a run changes it only where the code shows something else. It needs nbconvert and ipykernel:
``pip install -e ".[notebook]"``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode

HERE = Path(__file__).parent
SECONDS = 120
MOST_LINES = 40
WIDEST = 400


def notebooks() -> list[Path]:
    """List the notebooks."""
    return sorted(HERE.glob("*/*.ipynb"))


def executed(path: Path) -> NotebookNode:
    """Run a notebook in its own folder, with symcnn from this checkout."""
    notebook = cleaned(nbformat.read(path, as_version=4))
    run = ExecutePreprocessor(timeout=SECONDS, kernel_name="python3")
    with patch.dict(os.environ, {"PYTHONPATH": str(HERE.parent), "PYTHONHASHSEED": "0"}):
        run.preprocess(notebook, {"metadata": {"path": str(path.parent)}})
    return cleaned(notebook)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without what differs from run to run and from machine to machine."""
    cells = [cleaned_cell(number, cell) for number, cell in enumerate(notebook.cells, start=1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def cleaned_cell(number: int, cell: NotebookNode) -> NotebookNode:
    """Return a cell with a fixed name and no metadata."""
    name = f"cell-{number}"
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(cell.source, id=name)
    outputs = [cleaned_output(output) for output in cell.outputs]
    count = cell.execution_count
    return nbformat.v4.new_code_cell(cell.source, id=name, execution_count=count, outputs=outputs)


def cleaned_output(output: NotebookNode) -> NotebookNode:
    """Return a document's output as Markdown alone, any other as it is.

    Viewers that do not trust a file take the MathML out of its HTML and leave letters in a
    row; some show the LaTeX of a document as one formula. All show Markdown as it is meant.
    """
    if "text/html" in output.get("data", {}):
        kept = ("text/markdown", "text/plain")
        output.data = NotebookNode({kind: output.data[kind] for kind in kept})
    return output


def text(notebook: NotebookNode) -> str:
    """Return the notebook as its file."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def difference(path: Path, made: str) -> str:
    """Compare a run with the file; a line of data is cut."""
    here = path.read_text(encoding="utf-8")
    lines = ([line[:WIDEST] + "\n" for line in t.splitlines()] for t in (here, made))
    name = f"derivations/{path.relative_to(HERE)}"
    return "".join(islice(unified_diff(*lines, name, "run again"), MOST_LINES))


def changed() -> Iterator[tuple[Path, str]]:
    """Run all notebooks; yield those that come out differently."""
    for path in notebooks():
        made = text(executed(path))
        if made != path.read_text(encoding="utf-8"):
            yield path, made


def main(arguments: list[str]) -> int:
    """Write, or check and print what differs."""
    different = dict(changed())
    if arguments == ["--check"]:
        print(*(difference(path, made) for path, made in different.items()), sep="\n")
        print(f"{len(notebooks())} notebooks, {len(different)} differ")
        return 1 if different else 0
    for path, made in different.items():
        path.write_text(made, encoding="utf-8")
    print(f"{len(notebooks())} notebooks, {len(different)} written")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(f"usage: {Path(sys.argv[0]).name} [--check]")
    sys.exit(main(sys.argv[1:]))
