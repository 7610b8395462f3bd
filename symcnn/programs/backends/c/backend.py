"""C: statements on single numbers, or loops over a static workspace."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends import Backend
from symcnn.programs.backends.c.program import Program, lowered
from symcnn.programs.backends.c.source import data_text, header_text, numbers_text, source_text


def files(
    program: Program, arrays: Sequence[Array], title: str, stem: str, name: str, data: str
) -> dict[str, str]:
    """Return the files of a program: source and header, and one of the numbers where it is asked.

    Args:
        program: The program.
        arrays: The numbers of the example.
        title: What they are an example of.
        stem: What the source and the header are called, without ``.c`` and ``.h``.
        name: An identifier, with which all names begin.
        data: The file of the numbers; without it they stand in the source.
    """
    numbers, header = numbers_text(program, name, arrays), f"{stem}.h"
    source = source_text(program, name, header, title, "" if data else numbers)
    texts = {f"{stem}.c": source, header: header_text(program, name, title)}
    return texts | ({data: data_text(numbers, header, title)} if data else {})


def one_text(program: Program, arrays: Sequence[Array], title: str) -> str:
    """Return all of a program in one text, as it would stand in a file without a header."""
    texts = files(program, arrays, title, "model", "model", "")
    return texts["model.h"] + "\n" + texts["model.c"].replace('#include "model.h"\n', "")


BACKEND = Backend(
    lowered, one_text, results="gradients", offers=("all", "training", "outputs"), files=files
)
