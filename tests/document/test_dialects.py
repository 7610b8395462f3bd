"""Kinds of Markdown: the same document for GitHub, Pandoc and MyST."""

import re
from dataclasses import replace

import pytest

import symcnn as sc
from symcnn.document.blocks import EQUAL, Diagram, Note, Paragraph, Reference, Row, Rows, Side
from symcnn.document.claims import Claim
from symcnn.document.document import Document
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula import read
from tests.document.shared import explained

CLAIM = Claim((), lambda symbol: ())
FIRST = Row(read("a"), (Side(EQUAL, (read("b"),)),), CLAIM)
SECOND = replace(FIRST, left=read("c"), number="1")
PICTURE = Picture(10.0, 10.0, (), alt="Two [nodes]")
BLOCKS = (
    Paragraph(
        (
            "+ By ",
            Reference("1", "equation"),
            " and ",
            Reference("2"),
            " @x^2 {eval}",
        )
    ),
    Rows((FIRST, SECOND)),
    Note(("A rule",), (Rows((FIRST,)),), "2"),
    Diagram(PICTURE, ("What it shows",), number="3"),
)
WRITTEN = Document("On $x", BLOCKS)


def test_dollars_are_what_pandoc_reads():
    assert (
        WRITTEN.to_markdown("dollars")
        == r"""# On \$x

\+ By (1) and Theorem 2 \@x\^2 \{eval\}

$$
\begin{aligned}
a &= b \\
c &= b && \text{(1)}
\end{aligned}
$$

> **A rule.**
>
> $$
> \begin{aligned}
> a &= b
> \end{aligned}
> $$

![Two \[nodes\]](derivation-1.svg)

**Figure 3.** What it shows
"""
    )


def test_myst_has_directives_and_labels():
    assert (
        WRITTEN.to_markdown("myst")
        == r"""# On \$x

\+ By {eq}`derivation-on-x-equation-1` and [Theorem 2](#derivation-on-x-theorem-2) \@x\^2 \{eval\}

```{math}
\begin{aligned}
a &= b
\end{aligned}
```

```{math}
:label: derivation-on-x-equation-1

\begin{aligned}
c &= b
\end{aligned}
```

````{admonition} A rule
:name: derivation-on-x-theorem-2
:class: note

```{math}
\begin{aligned}
a &= b
\end{aligned}
```
````

```{figure} derivation-1.svg
:name: derivation-on-x-figure-3
:alt: Two [nodes]

**Figure 3.** What it shows
```
"""
    )


def test_github_is_what_it_was():
    assert WRITTEN.to_markdown() == WRITTEN.to_markdown("github")
    assert "```math\n\\begin{aligned}\na &= b" in WRITTEN.to_markdown()
    assert "\n+ By (1) and Theorem 2 @x^2" in WRITTEN.to_markdown()


@pytest.mark.parametrize("math", ["dollars", "myst"])
def test_all_formulas_of_a_document_are_set(math):
    text = explained(detail="brief").to_markdown(math)
    github = explained(detail="brief").to_markdown()
    mark = {"dollars": r"(?<!\$)\$[^$\n]+\$", "myst": r"\{math\}`[^`]+`"}[math]
    assert len(re.findall(mark, text)) == len(re.findall(r"\$`[^`]+`\$", github))
    assert "```math\n" not in text


def test_another_kind_is_refused_in_one_line():
    with pytest.raises(sc.SymcnnError, match="math is 'tex': give github, dollars, myst"):
        WRITTEN.to_markdown("tex")
