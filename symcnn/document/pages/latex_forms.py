r"""Fields of a form in a PDF, by the commands of pdfTeX alone: no package, and no other font.

``\answerfield`` is a field of the size of a box, and ``\heldfield`` one that holds something out of
sight. All boxes of one name belong to one field, so that what is typed into one of them stands in
all. A display is set several times before it is printed: a run tells the next one, in the auxiliary
file, which of the boxes are on a page.
"""

from __future__ import annotations


def has_fields(text: str) -> bool:
    """Tell whether LaTeX has fields."""
    return "\\answerfield{" in text or "\\heldfield{" in text


FORM = r"""\makeatletter
\newcommand{\formnames}{}
\newcommand{\formbox}[2]{\expandafter\let\expandafter\@tempa\csname boxes of #1\endcsname
  \ifx\@tempa\relax\let\@tempa\@empty\fi
  \expandafter\xdef\csname boxes of #1\endcsname{\@tempa\space#2 0 R}}
\newcommand{\formfield}[4]{\ifdefined\pdfannot
  \ifcsname field #1\endcsname\else
    \pdfobj reserveobjnum\expandafter\xdef\csname field #1\endcsname{\the\pdflastobj}%
    \expandafter\gdef\csname held by #1\endcsname{#2}\g@addto@macro\formnames{\do{#1}}\fi
  \pdfannot #3 {/Subtype/Widget/Parent \csname field #1\endcsname\space 0 R
    /F #4/Q 1/BS<</W 0>>/DA(/Helv 0 Tf 0 g)}%
  \edef\@tempa{\write\@auxout{\string\formbox{#1}{\the\pdflastannot}}}\@tempa\fi}
\newcommand{\answerfield}[3]{\hbox to #2{\dimen@=#3\divide\dimen@ by 2
  \dimen@ii=\dimen@\advance\dimen@ii 2.5pt\advance\dimen@-2.5pt
  \formfield{#1}{}{width #2 height \dimen@ii depth \dimen@}{4}\hfil}}
\newcommand{\heldfield}[2]{\formfield{#1}{/V(#2)/DV(#2)/Ff 1}{width 0pt height 0pt depth 0pt}{2}}
\AtEndDocument{\ifdefined\pdfannot
  \def\do#1{\immediate\pdfobj useobjnum \csname field #1\endcsname{<</FT/Tx/T(#1)%
    \csname held by #1\endcsname/DA(/Helv 0 Tf 0 g)/Kids[\ifcsname boxes of #1\endcsname
    \csname boxes of #1\endcsname\fi]>>}}\formnames
  \immediate\pdfobj{<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>}%
  \edef\@tempa{<</Font<</Helv \the\pdflastobj\space 0 R>>>>}%
  \def\do#1{\csname field #1\endcsname\space 0 R }%
  \immediate\pdfobj{<</Fields[\formnames]/DR \@tempa/DA(/Helv 0 Tf 0 g)/NeedAppearances true>>}%
  \pdfcatalog{/AcroForm \the\pdflastobj\space 0 R}\fi}
\makeatother
"""
"""What an article with fields defines; other engines than pdfTeX leave room and no fields."""
