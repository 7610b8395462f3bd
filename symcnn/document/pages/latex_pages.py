r"""How the pages of a LaTeX article are filled.

A last page of a few lines is a sheet of paper for nothing. A run of LaTeX tells the next one, in
the auxiliary file, whether its last page is less than three tenths full. The next one sets lines,
displays and headings a little closer; if the last page is nearly empty again, the one after it
begins that page earlier, with a section that fills more of it, and goes back to the usual distances
unless the smaller ones saved a page.
"""

from __future__ import annotations

PAGES = r"""\raggedbottom
\setlength{\topskip}{10pt plus 12pt}
\finalhyphendemerits=1000000
\clubpenalty=10000
\widowpenalty=10000
\setlength{\jot}{3pt}
\displaywidowpenalty=10000
\makeatletter
\newcommand{\filling}{0}
\newcommand{\mostfilling}{1}
\newcommand{\usualpages}{0}
\newdimen\abovesection
\newdimen\abovesubsection
\newcommand{\usualdistances}{\linespread{0.98}\selectfont
  \abovesection=2ex \abovesubsection=1.6ex
  \setlength{\parskip}{4pt minus 1pt}%
  \setlength{\intextsep}{6pt minus 2pt}\setlength{\LTpre}{6pt}\setlength{\LTpost}{3pt}%
  \renewcommand{\arraystretch}{1.05}\arounddisplays{3pt plus 2pt minus 1pt}}
\newcommand{\smalldistances}{\linespread{0.95}\selectfont
  \abovesection=1.3ex \abovesubsection=1ex
  \setlength{\parskip}{3pt minus 1pt}%
  \setlength{\intextsep}{4pt minus 2pt}\setlength{\LTpre}{4pt}\setlength{\LTpost}{2pt}%
  \renewcommand{\arraystretch}{1}\arounddisplays{2pt plus 2pt minus 1pt}%
  \advance\textheight 12pt \advance\topmargin-12pt
  \global\@colht\textheight \global\@colroom\textheight \global\vsize\textheight}
\newcommand{\arounddisplays}[1]{%
  \setlength{\abovedisplayskip}{#1}\setlength{\belowdisplayskip}{#1}%
  \setlength{\abovedisplayshortskip}{#1}\setlength{\belowdisplayshortskip}{#1}}
\AtBeginDocument{\ifodd\filling\relax \smalldistances \else \usualdistances \fi}
\AtEndDocument{\par\penalty0 \count@=\filling
  \ifdim\pagegoal<\maxdimen \dimen@=\pagetotal \advance\dimen@\textheight \advance\dimen@-\pagegoal
    \ifnum\c@page>1 \ifdim\dimen@<.3\textheight \ifnum\count@<\mostfilling\relax
      \ifnum\count@=1 \ifnum\c@page<\usualpages\relax \advance\count@1 \fi\fi
      \advance\count@1 \fi\fi\fi\fi
  \ifnum\filling=0 \xdef\usualpages{\the\c@page}\fi
  \immediate\write\@auxout{\gdef\string\filling{\the\count@}\gdef\string\usualpages{\usualpages}}}
\newcommand{\lastpage}{\gdef\mostfilling{2}\ifnum\filling>1 \newpage \fi}
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
\newcommand{\figuresfirst}{\par\ifx\@deferlist\@empty\else\if@nobreak\else
  \dimen@=\pagegoal\advance\dimen@-\pagetotal\ifdim\dimen@<.22\textheight\newpage\fi\fi\fi}
\renewcommand{\section}{\figuresfirst\@startsection{section}{1}{\z@}%
  {-\abovesection plus -1ex minus -.6ex}{.8ex plus .2ex}{\normalfont\large\bfseries}}
\renewcommand{\subsection}{\figuresfirst\@startsection{subsection}{2}{\z@}%
  {-\abovesubsection plus -1ex minus -.5ex}{.5ex plus .2ex}{\normalfont\normalsize\bfseries}}
\makeatother
"""
r"""Where pages end, and how far apart things are.

``\needed`` ends a page that has less room than that, and ``\lastpage`` stands where the last page
is to begin that would otherwise be nearly empty. ``\placed`` draws a figure up to a third
smaller where it would otherwise move to the next page, past the text that follows it.
"""
