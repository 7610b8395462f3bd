r"""The LaTeX writer: a complete article for pdflatex, with common packages alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.document.blocks import Block, Diagram, Heading, Table
from symcnn.document.numbering import prefixed, words
from symcnn.document.outline import HeadingLevel
from symcnn.document.pages import latex_text
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_text import OGONEK, as_title
from symcnn.document.pages.latex_text import escaped as escaped
from symcnn.document.pages.writers import Files
from symcnn.document.traversal import flat, on_paper

_PREAMBLE = r"""\documentclass[a4paper,11pt,fleqn]{article}
\usepackage[textwidth=13.5cm,vmargin=1.4cm,footskip=20pt]{geometry}
\usepackage{microtype}
\DeclareMicrotypeSet*[expansion]{scalable}{encoding=OT1, family=cmr}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\mathindent}{1em}
\setcounter{tocdepth}{1}
\setlength{\floatsep}{8pt minus 2pt}
\relpenalty=5000
\binoppenalty=9999
\setlength{\emergencystretch}{12em}
\delimiterfactor=740
\let\fenceleft\left
\let\fenceright\right
\renewcommand{\left}{\mathopen{}\mathclose\bgroup\fenceleft}
\renewcommand{\right}{\aftergroup\egroup\fenceright}
\makeatletter
\let\fencesize\bBigg@
\renewcommand{\bBigg@}[2]{{\delimiterfactor=901 \fencesize{#1}{#2}}}
\renewenvironment{quote}%
  {\list{}{\topsep=4pt \partopsep=0pt \parsep=\parskip \leftmargin=0pt \@endparpenalty=10000}%
    \binoppenalty=10000 \interlinepenalty=10000 \interdisplaylinepenalty=10000
    \postdisplaypenalty=300 \item\relax}%
  {\endlist}
\renewcommand{\l@section}{\@dottedtocline{1}{0em}{2em}}
\makeatother
\newcommand{\contents}[1]{{\setlength{\parskip}{0pt}%
  \IfFileExists{\jobname.toc}{\tableofcontents}{\tableofcontents\vspace*{#1\baselineskip}}}}
"""
_LINKS = "\\usepackage[unicode,hidelinks,bookmarksnumbered,bookmarksdepth=2]{hyperref}\n"
"""Loaded last, as its manual asks for."""

_CONTENTS = "\\contents{{{}}}\n\n"
"""The table of contents of a long document; the bookmarks of a PDF name the subsections, too.

A first run leaves its lines free, so that a second one finds every section on its page.
"""

_FEW = 170
"""The most blocks of a document that is leafed through, and not looked up in: some ten pages."""

_GROUP = r"""\begingroup
\allowdisplaybreaks
\setlength{\emergencystretch}{3em}
\renewcommand{\arraystretch}{1.25}"""
"""What a fragment sets for itself alone."""

_LEVELS = ("chapter", "section", "subsection", "subsubsection", "paragraph")
"""The commands for headings, from the highest on."""


_TEXT = 345.0
"""The width of the text of an author's article, in points: article's own."""


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the article as a file."""
    return {f"{stem}.tex": article(title, blocks)}


def unprinted(title: str, blocks: Sequence[Block]) -> str:
    """Return the characters that are printed by their code points, as pdflatex has none."""
    return latex_text.unprinted(words(title, blocks))


def article(title: str, blocks: Sequence[Block]) -> str:
    """Return the whole document."""
    blocks = tuple(on_paper(blocks))
    drawing = "\\usepackage{tikz}\n" if Diagram in _kinds(blocks) else ""
    sections = sum(isinstance(block, Heading) and block.level == 1 for block in blocks)
    contents = _CONTENTS.format(sections) if len(blocks) > _FEW else ""
    text = (
        f"{{\\raggedright\\LARGE {escaped(title)}\\par}}\n\n{contents}{body(blocks, LatexPage())}"
    )
    return (
        f"{_PREAMBLE}{_PAGES}{_letters(text)}{drawing}{_LINKS}"
        f"\\hypersetup{{pdftitle={{{as_title(title)}}}}}\n\n"
        f"\\begin{{document}}\n\n{text}\n\n\\end{{document}}\n"
    )


def _letters(text: str) -> str:
    return OGONEK if r"\k{" in text else ""


def fragment(
    title: str, blocks: Sequence[Block], heading_level: HeadingLevel = "section", prefix: str = "D"
) -> str:
    """Return the body alone, to be pasted into an article, below the packages it needs.

    Args:
        title: The title.
        blocks: The document.
        heading_level: What its sections become: chapters or sections of the author's.
        prefix: What its numbers of theorems and equations begin with; the author's have another.
    """
    own = prefixed(blocks, prefix)
    level = _LEVELS.index(heading_level)
    page = LatexPage(text=_TEXT, headings=_LEVELS[level : level + 2], is_own=False)
    text = body(own, page)
    needed = "".join(f"% \\usepackage{{{name}}}\n" for name in _packages(blocks))
    return f"% {escaped(title)}\n{needed}{_GROUP}\n{_letters(text)}\n{text}\n\n\\endgroup\n"


def _packages(blocks: Iterable[Block]) -> list[str]:
    kinds = _kinds(blocks)
    tables = ["array", "booktabs", "longtable"] if Table in kinds else []
    return ["amsmath", *tables, *(["tikz"] if Diagram in kinds else [])]


def _kinds(blocks: Iterable[Block]) -> set[type[Block]]:
    return set(map(type, flat(blocks)))


_PAGES = r"""\raggedbottom
\setlength{\topskip}{10pt plus 12pt}
\finalhyphendemerits=1000000
\clubpenalty=10000
\widowpenalty=10000
\displaywidowpenalty=10000
\setlength{\jot}{3pt}
\linespread{0.98}
\setlength{\parskip}{4pt minus 1pt}
\setlength{\intextsep}{6pt minus 2pt}
\setlength{\LTpre}{6pt}
\setlength{\LTpost}{3pt}
\renewcommand{\arraystretch}{1.05}
\AtBeginDocument{\setlength{\abovedisplayskip}{8pt plus 2pt minus 2pt}%
  \setlength{\abovedisplayshortskip}{\abovedisplayskip}%
  \setlength{\belowdisplayskip}{4pt plus 1pt minus 1pt}%
  \setlength{\belowdisplayshortskip}{\belowdisplayskip}}
\makeatletter
\newcommand{\begins}[3]{\par\if@nobreak\else\penalty0
  \dimen@=\pagegoal\advance\dimen@-\pagetotal\ifdim\dimen@<.1\textheight\newpage\fi\fi
  \@startsection{#1}{#2}{\z@}{-2ex plus -1ex minus -.6ex}{#3}{\normalfont\bfseries}}
\renewcommand{\section}{\begins{section}{1}{.8ex plus .2ex}}
\newcommand{\leadingsection}{\begins{section}{1}{-.7em}}
\renewcommand{\subsection}{\begins{subsection}{2}{.5ex plus .2ex}}
\newcommand{\leadingsubsection}{\begins{subsection}{2}{-.7em}}
\makeatother
"""
"""Where pages end, and how far apart things are: no heading begins at the foot of a page."""
