r"""Theorems of layers as LaTeX for a paper of an author's.

\begin{theorem}[Dense]\label{thm:dense}
Given ... \begin{align} z_{m} &= ... \label{eq:dense-z} \end{align} If L is ..., then ...
\end{theorem}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from symcnn.document.blocks import Paragraph, Rows, Text, joined
from symcnn.document.pages.latex_paper import WIDTH, PaperPage, labelled, printed
from symcnn.document.pages.latex_text import sentence
from symcnn.document.theory.bibliography import OWN, keys
from symcnn.document.theory.checked import tried
from symcnn.document.theory.conventions import conventions, sometimes_positive
from symcnn.document.theory.naming import in_words
from symcnn.document.theory.page import convolution_rows, convolutions_defined, forms, rows_of
from symcnn.document.theory.proof import proof, rule
from symcnn.document.theory.proved import proved
from symcnn.document.theory.specimen import Subject
from symcnn.document.theory.statement import Printed, TensorFormula
from symcnn.document.theory.theorem import source_of, stated
from symcnn.document.theory.trial import Trial
from symcnn.document.theory.trial import tried as tried_at
from symcnn.document.theory.words import givens, independence, meanings, remarks, supposition
from symcnn.errors import SymcnnError, check_choice, shown
from symcnn.writing.formula.substitution import Macro, macros_of
from symcnn.writing.printing.manner import DecimalMark

Display = Literal["align", "align*"]

_NAME = re.compile(r"[A-Za-z]{1,40}\*?")
_LABEL = re.compile(r"[A-Za-z0-9:.-]{0,60}")


@dataclass(frozen=True)
class Manner:
    """How theorems are written in a paper.

    Attributes:
        environment: The environment of theorems, as ``amsthm`` defines it.
        display: The environment of displays: numbered, or not.
        label: What labels say that the theorem is called; by default its title.
        width: The width of a line in points, in letters of 10 points.
        checks: Whether it is said at how many sizes the formulas were checked.
        proof: Whether there is a proof.
        convolutions: Whether formulas stand in convolution notation, too.
        macros: Commands of the author's, by what they stand for.
    """

    environment: str = "theorem"
    display: Display = "align"
    label: str = ""
    width: float = WIDTH
    checks: bool = True
    proof: bool = True
    convolutions: bool = False
    macros: tuple[Macro, ...] = ()


def theorem_for_paper(
    *subjects: Subject,
    title: str = "",
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
    environment: str = "theorem",
    display: Display = "align",
    label: str = "",
    width: float = WIDTH,
    checks: bool = True,
    proof: bool = True,
    convolutions: bool = False,
    macros: Mapping[str, str] | None = None,
) -> str:
    r"""Return theorems of layers or losses as LaTeX without a preamble, to be pasted.

    Above them stand, as comments, the packages that they need. Labels are those of the theorem,
    ``thm:dense``, and of its equations, ``eq:dense-z`` and ``eq:dense-grad-w``.

    Args:
        subjects: Classes or instances, as for ``theorem``.
        title: The title of the theorem, if there is one alone; by default the layer's name.
        index_base: What the first index is, 1 or 0 as in Python.
        decimal: The decimal mark of constants, a point or a comma.
        letters: Letters of tensors, as for ``theorem``.
        environment: The environment, such as "proposition", which the paper defines.
        display: "align", whose equations are numbered and have labels, or "align*".
        label: What the labels say instead of the title.
        width: The width of a line in points, in letters of 10 points, such as 240.
        checks: Whether it is said at how many sizes the formulas were checked.
        proof: Whether there is a proof.
        convolutions: Whether formulas stand in convolution notation, too.
        macros: LaTeX in place of letters: {r"\delta^{#1}": r"\bar{#1}", "w": r"\mathbf{w}"}.

    Raises:
        SymcnnError: If a subject is no layer or loss, or a setting is wrong.
        UnverifiedError: If a formula fails at some sizes.

    >>> import symcnn as sc
    >>> made = sc.theorem_for_paper(sc.Dense, title="A linear map", checks=False)
    >>> print(next(line for line in made.splitlines() if line.startswith("\\begin")))
    \begin{theorem}[{A linear map}]\label{thm:a-linear-map}
    """
    _check(environment, display, label, width)
    manner = Manner(
        *(environment, display, label, float(width), checks, proof, convolutions),
        macros_of(macros or {}),
    )
    made, titles = stated(subjects, title, index_base, decimal, letters)
    parts = [
        _head(made, manner),
        _said([joined(conventions(made, index_base, by_example=True))], manner),
    ]
    positive = sometimes_positive(made)
    cited = keys(filter(None, map(source_of, made)))
    for p, own in zip(made, titles, strict=True):
        parts += _theorem(_Paper(p, own, manner, len(made) > 1), positive, cited)
    return "\n\n".join(filter(None, parts)) + "\n"


def _check(environment: str, display: str, label: str, width: float) -> None:
    if not (isinstance(environment, str) and _NAME.fullmatch(environment)):
        raise SymcnnError(f"environment is {shown(environment)}: give letters, such as theorem")
    check_choice("display", display, ("align", "align*"), '"align" or "align*"')
    if not (isinstance(label, str) and _LABEL.fullmatch(label)):
        raise SymcnnError(f"label is {shown(label)}: give ASCII letters, digits, ':', '.' or '-'")
    if isinstance(width, bool) or not isinstance(width, int | float) or not width >= 100:
        raise SymcnnError(f"width is {shown(width)}: give at least 100 points")


@dataclass(frozen=True)
class _Paper:
    """A statement on its way into a paper."""

    p: Printed
    title: Text
    manner: Manner
    is_one_of_several: bool

    @property
    def label(self) -> str:
        """What the labels of the theorem and its equations hold."""
        own = "-".join(re.findall("[a-z0-9]+", in_words(self.title).lower()))
        chosen = self.manner.label
        return f"{chosen}-{own}" if chosen and self.is_one_of_several else chosen or own

    @property
    def page(self) -> PaperPage:
        """Where it is printed."""
        width = self.manner.width
        return PaperPage(line=width, text=width, display=self.manner.display)

    def rows(self, formulas: Sequence[TensorFormula], kind: str) -> tuple[Rows, Text]:
        """Return formulas with labels, and what is said of their indices."""
        block, over = rows_of(self.p, formulas)
        names = [f.tensor.label for f in formulas]
        labels = dict(zip(block.rows, self._labels(names, kind), strict=True))
        return labelled(block, labels, self.page), over

    def _labels(self, names: Sequence[str], kind: str) -> Iterator[str]:
        for n, name in enumerate(names):
            slug = "-".join(re.findall("[A-Za-z0-9]+", name))
            again = f"-{n}" if slug in names[:n] else ""
            yield f"eq:{self.label}-{kind}{slug}{again}"


def _theorem(one: _Paper, positive: set[str], cited: Mapping[str, str]) -> Iterator[str]:
    """Run over the theorem, what it says in convolution notation, its proof and its check."""
    trial = tried_at(one.p.made)
    name = one.manner.environment
    inside = "\n".join(_inside(one, positive, cited, trial))
    title = sentence(one.title)
    yield f"\\begin{{{name}}}[{{{title}}}]\\label{{thm:{one.label}}}\n{inside}\n\\end{{{name}}}"
    if one.manner.convolutions and (made := forms(one.p)):
        page, rows = one.page, convolution_rows(one.p, made)
        labels = {r: f"eq:{one.label}-convolution-{n}" for n, r in enumerate(rows.rows, 1)}
        said = Paragraph(joined((convolutions_defined([(one.p, made)]), ("Then",))))
        yield printed([said, labelled(rows, labels, page)], page, one.manner.macros)
    if one.manner.proof and one.p.made.backward:
        reasons = _said([(f"{rule([one.p])} ",), proof(one.p)], one.manner)
        yield f"\\begin{{proof}}\n{reasons}\n\\end{{proof}}"
    if one.manner.checks:
        checked = _said([tried(one.p, trial)], one.manner).removesuffix(".")
        how = _said([proved(one.p)], one.manner)
        yield f"{checked}~\\cite{{{OWN}}}. {how}".rstrip()


def _inside(
    one: _Paper, positive: set[str], cited: Mapping[str, str], trial: Trial
) -> Iterator[str]:
    p, page, macros = one.p, one.page, one.manner.macros
    results, over = one.rows(p.made.forward, "")
    yield printed([Paragraph(givens(p)), results], page, macros)
    behind = joined([over, remarks(p, trial, positive)])
    source = source_of(p)
    see = f"See~\\cite{{{cited[source]}}}. {p.departs}".rstrip() if source else ""
    if said := " ".join(filter(None, (_said([behind], one.manner) if behind else "", see))):
        yield said + "\n"
    if not p.made.backward:
        yield _said([independence(p)], one.manner)
        return
    derivatives, over = one.rows(p.made.backward, "grad-")
    yield printed([Paragraph(supposition(p)), derivatives], page, macros)
    if rest := joined([over, meanings(p)]):
        yield _said([rest], one.manner)


def _said(texts: Sequence[Text], manner: Manner) -> str:
    """Print sentences as one paragraph."""
    text = tuple(part for text in texts for part in text)
    return printed([Paragraph(text)], PaperPage(text=manner.width), manner.macros)


def _head(made: Sequence[Printed], manner: Manner) -> str:
    """Say in comments what the paper needs for this."""
    name = manner.environment.rstrip("*")
    needs_bib = manner.checks or any(map(source_of, made))
    lines = [
        r"% \usepackage{amsmath}",
        r"% \usepackage{amsthm}",
        rf"% \newtheorem{{{name}}}{{{name.capitalize()}}}",
        *([r"% \bibliography{...}, with the entries that symcnn theorem --bib writes"] * needs_bib),
    ]
    return "\n".join(lines)
