r"""The LaTeX writer: a complete article for pdflatex, with common packages alone.

A last page of a few lines is a sheet of paper for nothing. A run of LaTeX tells the next one, in
the auxiliary file, how full its last page is. If that is little, the next one sets lines, displays
and headings a little closer, and begins sections wherever they fit. If this saves a page, but the
last one is less than a third full, the one after it makes the others shorter, too. If it saves
none, the one after it goes back to the usual distances, and makes all pages but the last one
shorter where that is less than a third full, and shorter still if nothing moves to the last page.
Shorter pages may break at other places and need one page more: then the usual ones are better.
latexmk makes no more than five runs. What a run does is a number: 0 and 6 the usual, 1 with small
distances, 7 with small distances and shorter pages, 2 and 4 with shorter pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.document.blocks import Block, Diagram, Heading, Table
from symcnn.document.numbering import prefixed, words
from symcnn.document.outline import HeadingLevel
from symcnn.document.pages import latex_text
from symcnn.document.pages.extent import is_long
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_forms import FORM, has_fields
from symcnn.document.pages.latex_front import graphics
from symcnn.document.pages.latex_text import OGONEK, as_title
from symcnn.document.pages.latex_text import escaped as escaped
from symcnn.document.pages.slides import beamer
from symcnn.document.pages.writers import Files
from symcnn.document.traversal import flat, images_of, on_paper

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
    return {f"{stem}.tex": article(title, blocks), **images_of(blocks)}


def unprinted(title: str, blocks: Sequence[Block]) -> str:
    """Return the characters that are printed by their code points, as pdflatex has none."""
    return latex_text.unprinted(words(title, blocks))


def article(title: str, blocks: Sequence[Block]) -> str:
    """Return the whole document."""
    blocks = tuple(on_paper(blocks))
    drawing = "\\usepackage{tikz}\n" if Diagram in _kinds(blocks) else ""
    sections = sum(isinstance(block, Heading) and block.level == 1 for block in blocks)
    contents = _CONTENTS.format(sections) if is_long(blocks) else ""
    text = (
        f"{{\\raggedright\\LARGE {escaped(title)}\\par}}\n\n{contents}{body(blocks, LatexPage())}"
    )
    return (
        f"{_PREAMBLE}{_PAGES}{_letters(text)}{drawing}{graphics(blocks)}"
        f"{FORM if has_fields(text) else ''}{_LINKS}"
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
        heading_level: What its sections become: sections of the author's, or frames of beamer.
        prefix: What its numbers of theorems and equations begin with; the author's have another.
    """
    own = prefixed(blocks, prefix)
    level = _LEVELS.index(heading_level) if heading_level in _LEVELS else 0
    page = LatexPage(text=_TEXT, headings=_LEVELS[level : level + 2], is_own=False)
    text = beamer.fragment(title, own) if heading_level == "frame" else body(own, page)
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
\setlength{\jot}{3pt}
\displaywidowpenalty=10000
\makeatletter
\newcommand{\filling}{0}
\newcommand{\usualpages}{0}
\newcommand{\usualend}{0pt}
\newcommand{\fewpages}{0}
\newcommand{\fewend}{0pt}
\newdimen\abovesection
\newdimen\abovesubsection
\newcommand{\usualdistances}{\linespread{0.98}\selectfont
  \abovesection=2ex \abovesubsection=1.6ex
  \setlength{\parskip}{4pt minus 1pt}%
  \setlength{\intextsep}{6pt minus 2pt}\setlength{\LTpre}{6pt}\setlength{\LTpost}{3pt}%
  \renewcommand{\arraystretch}{1.05}\arounddisplays{8pt plus 2pt minus 2pt}{4pt plus 1pt minus 1pt}}
\newcommand{\smalldistances}{\linespread{0.955}\selectfont
  \abovesection=1.1ex \abovesubsection=.9ex
  \setlength{\parskip}{2.5pt minus 1pt}\setlength{\jot}{2pt}%
  \setlength{\intextsep}{4pt minus 2pt}\setlength{\LTpre}{3pt}\setlength{\LTpost}{2pt}%
  \renewcommand{\arraystretch}{1}%
  \arounddisplays{5.5pt plus 2pt minus 2pt}{2.5pt plus 1pt minus 1pt}%
  \advance\textheight 12pt \advance\topmargin-12pt
  \global\@colht\textheight \global\@colroom\textheight \global\vsize\textheight}
\newcommand{\arounddisplays}[2]{%
  \setlength{\abovedisplayskip}{#1}\setlength{\belowdisplayskip}{#2}%
  \setlength{\abovedisplayshortskip}{#1}\setlength{\belowdisplayshortskip}{#2}}
\newcommand{\shorterpages}[4]{\count@=#1 \advance\count@-1
  \dimen@ii=#4\textheight \divide\dimen@ii#1 \multiply\dimen@ii\count@
  \dimen@=#3\textheight \ifdim\dimen@>\dimen@ii \dimen@=\dimen@ii \fi
  \advance\dimen@-#2 \divide\dimen@\count@ \advance\textheight-\dimen@
  \advance\footskip\dimen@
  \global\@colht\textheight \global\@colroom\textheight \global\vsize\textheight}
\AtBeginDocument{\ifnum\filling=1 \smalldistances \else \ifnum\filling=7 \smalldistances
  \else \usualdistances \fi\fi
  \ifnum\filling=2 \shorterpages\usualpages\usualend{.6}{.8}\fi
  \ifnum\filling=4 \shorterpages\usualpages\usualend{.9}{1}\fi
  \ifnum\filling=7 \shorterpages\fewpages\fewend{.6}{.8}\fi}
\AtEndDocument{\par\penalty0 \count@=\filling
  \dimen@=\z@ \ifdim\pagegoal<\maxdimen
    \dimen@=\pagetotal \advance\dimen@\textheight \advance\dimen@-\pagegoal \fi
  \ifnum\filling=0
    \xdef\usualpages{\the\c@page}\xdef\usualend{\the\dimen@}%
    \dimen@ii=.1\textheight \multiply\dimen@ii\ifnum\c@page>20 20 \else \c@page \fi
    \ifdim\dimen@ii<.36\textheight \dimen@ii=.36\textheight \fi
    \ifnum\c@page<4 \dimen@ii=.6\textheight \fi
    \ifnum\c@page>1 \ifdim\dimen@<\dimen@ii \count@=1 \fi\fi
  \fi
  \ifnum\filling=1
    \ifnum\c@page<\usualpages\relax \ifnum\c@page>1 \ifdim\dimen@<.36\textheight \count@=7
      \xdef\fewpages{\the\c@page}\xdef\fewend{\the\dimen@}\fi\fi
    \else \count@=\ifdim\usualend<.36\textheight 2 \else 6 \fi \fi
  \fi
  \ifdim\dimen@<.36\textheight \ifnum\filling=2 \count@=4 \fi
    \ifnum\filling=7 \count@=8 \fi\fi
  \ifnum\filling=7 \ifnum\c@page>\fewpages\relax \count@=8 \fi\fi
  \ifnum\count@=8 \count@=\ifdim\usualend<.36\textheight 4 \else 6 \fi \fi
  \ifnum\c@page>\usualpages\relax \ifnum\filling=2 \count@=6 \fi \ifnum\filling=4 \count@=6 \fi\fi
  \immediate\write\@auxout{\gdef\string\filling{\the\count@}%
    \gdef\string\usualpages{\usualpages}\gdef\string\usualend{\usualend}%
    \gdef\string\fewpages{\fewpages}\gdef\string\fewend{\fewend}}}
\newcommand{\needed}[1]{\par\skip@=\lastskip\vskip-\skip@\penalty0
  \dimen@=\pagegoal\advance\dimen@-\pagetotal\advance\dimen@\pageshrink\ifdim#1>\dimen@\break\fi\vskip\skip@}
\newsavebox{\drawn}
\newcommand{\placed}[2]{\par\penalty0 \sbox{\drawn}{#1}%
  \setbox\tw@\vbox{\centering\leavevmode\copy\drawn#2\par}%
  \dimen@\pagegoal \advance\dimen@-\pagetotal \advance\dimen@-\intextsep \advance\dimen@-2pt
  \advance\dimen@-\ht\tw@ \advance\dimen@-\dp\tw@
  \ifx\@deferlist\@empty\ifdim\dimen@<\z@
    \dimen@ii\ht\drawn \advance\dimen@ii\dp\drawn \advance\dimen@\dimen@ii
    \ifdim\dimen@>.66\dimen@ii \sbox{\drawn}{\resizebox{!}{\dimen@}{\usebox{\drawn}}}\fi
  \fi\fi
  \begin{figure}[!ht]\centering\usebox{\drawn}#2\end{figure}}
\newcommand{\figuresfirst}{\ifx\@deferlist\@empty\else\newpageunless{.22}\fi}
\newcommand{\newpageunless}[1]{\par\if@nobreak\else
  \dimen@=\pagegoal\advance\dimen@-\pagetotal\ifdim\dimen@<#1\textheight\newpage\fi\fi}
\newcommand{\begins}[1]{\figuresfirst\ifodd\filling\else\newpageunless{.13}\fi\@startsection{section}{1}{\z@}%
  {-\abovesection plus -1ex minus -.6ex}{#1}{\normalfont\large\bfseries}}
\renewcommand{\section}{\begins{.8ex plus .2ex}}
\newcommand{\leadingsection}{\begins{-.7em}}
\renewcommand{\subsection}{\figuresfirst\@startsection{subsection}{2}{\z@}%
  {-\abovesubsection plus -1ex minus -.5ex}{.5ex plus .2ex}{\normalfont\normalsize\bfseries}}
\newcommand{\leadingsubsection}{\figuresfirst\@startsection{subsection}{2}{\z@}%
  {-\abovesubsection plus -1ex minus -.5ex}{-.7em}{\normalfont\normalsize\bfseries}}
\makeatother
"""
r"""Where pages end, and how far apart things are.

``\needed`` ends a page that has less room than that, and ``\section`` one that is nearly full.
Shorter pages give up what the last one lacks to be .6 or .9 full, but no more than makes all alike:
the last page is shorter, too.
``\placed`` draws a figure up to a third smaller where it would otherwise move to the next page,
past the text that follows it.
"""
