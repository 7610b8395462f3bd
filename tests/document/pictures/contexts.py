"""Derivations with numbers, to be drawn."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import symcnn as sc
from symcnn.document.blocks import Inline
from symcnn.document.context import Context
from symcnn.document.explanation import Numbers
from symcnn.document.facts.given import Check
from symcnn.document.pictures.texts import Texts
from symcnn.document.style import Style
from symcnn.writing.formula.latex import latex
from tests.document import networks
from tests.document.pictures import transposed
from tests.draws import seeds
from tests.programs.random_networks import example, tiny_example

GALLERY = sorted((Path(__file__).parents[3] / "derivations").glob("*/problem.toml"))

MAKERS = {
    "seed": sc.examples.cnn_by_hand,
    **{path.parent.name: lambda path=path: sc.load(path) for path in GALLERY},
    **{name: lambda name=name: networks.problem(name) for name in networks.NETWORKS},
    **{name: lambda name=name: transposed.problem(name) for name in transposed.CASES},
    **{f"small {n}": lambda n=n: random_problem(tiny_example(n)) for n in (*seeds(0, 0.3), 111)},
    **{f"random {n}": lambda n=n: random_problem(example(n)) for n in seeds(0, 0.3)},
}


def random_problem(drawn):
    return sc.Problem(drawn.network, drawn.values, title="random")


@cache
def context(name):
    return material_of(MAKERS[name]())


def material_of(problem, detail="standard"):
    value, style = Numbers(problem).value, Style(detail=detail)
    return Context(problem.title, problem.derivation, value, Check("none", [], 0.0), style=style)


def asked_window(window):
    """The window as a student sees it."""
    return replace(window, texts=Texts(window.context, is_solved=False))


def said(label):
    """What a label says: words as they stand, a formula as LaTeX."""
    return label.text if isinstance(label.text, str) else latex(label.text)


def words(text):
    """What a caption says, its formulas as LaTeX."""
    return "".join(latex(part.formula) if isinstance(part, Inline) else str(part) for part in text)
