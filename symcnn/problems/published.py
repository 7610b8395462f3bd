"""What is wrong in the source of a problem: [[published]] figures, or a known notebook.

    [[published]]
    quantity = "gradient of conv1.weight"     # as in quantities.py
    values = [100, 60, 100, 40]               # as the source prints them
    layout = "filters-first"                  # optional: a kernel's figures, filter by filter
    source = "The first version"              # optional
    work = "A. Author: Title, 2020."          # optional: the source as bibliographies name it
    remark = "The kernel was flipped."        # optional: what went wrong

In ``source`` and ``remark`` formulas may stand between dollar signs; they are read here, and
never passed on as they were written. The derivation sets the figures beside the right ones,
which it computes. For a published computation that symcnn knows, ``reconcile = "name"`` says
all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from symcnn.equations.values.evaluation import Layout
from symcnn.errors import Mistakes, SymcnnError, located
from symcnn.problems.layouts import Kernels, layout_of, names_of_kernels
from symcnn.problems.problem import Fault, Problem, Quoted, Reconciliation
from symcnn.problems.reading import array, as_written, text
from symcnn.problems.section import Section, table, unknown
from symcnn.writing.formula.reader import prose

RECONCILIATIONS = {"cnn_by_hand_as_published": "symcnn.problems.examples.builtin"}
"""For each published computation the module whose ``reconciliation(problem)`` sets it right.

It is imported when a file asks for it: built-in examples are problem files themselves.
"""

TITLE = "What the source prints"


def reconciled(problem: Problem, file: Section, layout: Layout) -> Problem:
    """Return the problem with what its file says of its source, if anything.

    Args:
        problem: The problem.
        file: The file.
        layout: The layout of kernels in tables that state none.
    """
    readers: Mapping[str, Callable[[Problem, Section], Reconciliation]] = {
        "reconcile": _known,
        "published": partial(_published, layout=layout),
    }
    asked = [key for key in readers if key in file.content]
    if len(asked) > 1:
        raise SymcnnError("reconcile and published are both given: remove one of the two")
    for key in asked:
        problem = replace(problem, reconciliation=readers[key](problem, file))
    return problem


def _known(problem: Problem, file: Section) -> Reconciliation:
    name = file.content["reconcile"]
    if not isinstance(name, str) or name not in RECONCILIATIONS:
        raise SymcnnError(f"reconcile: the example {unknown(name, list(RECONCILIATIONS))}")
    made: Reconciliation = import_module(RECONCILIATIONS[name]).reconciliation(problem)
    return made


def _published(problem: Problem, file: Section, layout: Layout) -> Reconciliation:
    listed = file.content["published"]
    if not isinstance(listed, list):
        raise SymcnnError("published is a single value: give each figure a table, [[published]]")
    mistakes, faults = Mistakes(), list[Fault]()
    for place, value in enumerate(listed):
        with mistakes.collected():
            section = table(f"published[{place}]", value, "[[published]]")
            faults.append(_fault(problem, section, layout))
    mistakes.end()
    return Reconciliation(TITLE, (), tuple(faults))


def _fault(problem: Problem, section: Section, layout: Layout) -> Fault:
    """Read one figure that the source prints, to be set beside the problem's own."""
    section.only(["quantity", "values", "layout", "source", "work", "remark"])
    section.required("quantity", "name what is printed")
    name = section.read("quantity", text)
    given = section.required("values", "give the numbers as they are printed")
    with located(section.where("quantity")):
        shape = problem.quantities.shape(name)
    layout = section.read("layout", layout_of) or layout
    kernels = Kernels(names_of_kernels(problem.derivation), layout, "in its table")
    values = tuple(array(given, shape, section.where("values"), kernels))
    written = tuple(kernels.ordered(as_written(given), shape))
    source, remark = (section.read(key, _prose) for key in ("source", "remark"))
    work = section.read("work", text) or ""
    called = name.replace("$", r"\$")  # a layer's name holds no formula
    own = name.partition(" after ")[0]
    article = "" if own in problem.network.tensors and own != "loss" else "the "
    said = f"{source or 'The source'} prints {article}{called}. {remark or ''}".strip()
    printed = Quoted(name, values, written)
    return Fault(said[0].upper() + said[1:], printed, Quoted(name), source or "", work=work)


def _prose(value: Any, place: str) -> str:
    """Read a text with formulas between dollar signs."""
    written = text(value, place)
    with located(place):
        prose(written)
    return written
