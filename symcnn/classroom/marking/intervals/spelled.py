r"""How people write numbers, and how programs write the same ones.

    3.04·10⁻², 3.04*10^-2, 3.04 \cdot 10^{-2}    3.04e-2
    24 %, 24\%                                   0.24
    ≈ 0.0304, = 0.0304, ~0.0304                  0.0304
    ½, \frac{1}{2}                               1/2
    0{,}24, 0,24                                 0,24

No digit is added and none is lost. The decimal mark is a point or a comma, and there is one at
most: 1,234 is 1.234. Spaces may separate groups of three digits; other marks between thousands are
never guessed. The page that marks what is typed has the same rules, in
``document/pages/html/typed.js``.
"""

from __future__ import annotations

import re

LONGEST = 1_000
"""The characters of a text that is looked at: no number has more, with all that LaTeX adds."""

SPACES = (
    " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What separates words, narrow or wide."""

_SIGNS = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # of full width
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\u2044\u2215\u00f7"), "/"),
    **dict.fromkeys(map(ord, "\u00b7\u22c5\u2219\u2022\u00d7\u2715\u2a2f\u2217"), "*"),
    **dict.fromkeys(map(ord, SPACES), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None),
}
_RAISED = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u207b\u207d\u207e]+")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")
_SPACE = re.compile(" +")

_PLAIN = re.compile(
    r"[+-]? ?(?:[0-9][0-9 ]*(?:[.,][0-9 ]*)?|[.,][0-9 ]+)(?:[eE] ?[+-]? ?[0-9]+)?"
    r"|[+-]? ?[0-9]+ ?/ ?[0-9]+"
)
"""What programs write, and spaces."""

_REWRITTEN = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"^ ?(?:\$+|\\\()|(?:\$+|\\\)) ?$", ""),
        (r"\{([.,])\}", r"\1"),
        (r"\\!", ""),
        (r"\\[,;: ]", " "),
        (r"\\%", "%"),
        (r"\\(?:cdot|times)(?![a-zA-Z])", "*"),
        (
            r"^ ?(?:(?:[=\u2248~\u223c\u2243\u2245\u2250]|\\(?:approx|simeq|sim)(?![a-zA-Z])) ?)+",
            "",
        ),
        (r"(?:\.{2,}|…|\\l?dots) ?$", ""),
        (r"[.,;] ?$", ""),
        (r" +", " "),
        (
            r"^ ?([+-]?) ?\\[dt]?frac ?(?:\{ ?([0-9]+) ?\}|([0-9])) ?"
            r"(?:\{ ?([0-9]+) ?\}|([0-9])) ?$",
            r"\1\2\3/\4\5",
        ),
        (r"^ ?\\[dt]?frac ?\{ ?([+-] ?[0-9]+) ?\} ?\{ ?([0-9]+) ?\} ?$", r"\1/\2"),
        (r"\^ ?(?:\{ ?([+-]? ?[0-9]+) ?\}|\( ?([+-]? ?[0-9]+) ?\))", r"^\1\2"),
        (r"^ ?([+-]?) ?10 ?(?:\^|\*\*) ?([+-]? ?[0-9]+)(?! ?[0-9])", r"\g<1>1e\2"),
        (r"([0-9.,]) ?[*xX] ?10 ?(?:\^|\*\*) ?([+-]? ?[0-9]+)(?! ?[0-9])", r"\1e\2"),
    )
)
"""What is put in place of what, one after the other."""

_VULGAR = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5"},
    **{"⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8"},
    **{"⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10"},
}
_MIXED = re.compile(rf" ?([+-]?) ?([0-9]{{0,9}}) ?([{''.join(_VULGAR)}]) ?")
_PERCENT = re.compile(r" ?([+-]?) ?([0-9]*)(?:([.,])([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))? ?% ?")
_APART = re.compile(r"[0-9] [0-9]")
_WHOLE = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+")
_PLACES = re.compile(r"(?:[0-9]{3} )+[0-9]{1,3}")


def plain(text: str) -> str:
    r"""Return a number as programs write it; what is no number is returned in some form.

    >>> plain("3.04·10⁻²"), plain("24 %"), plain("≈ 0,0304"), plain(r"-\frac{1}{2}"), plain("½")
    ('3.04e-2', '0.24', '0,0304', '-1/2', '1/2')
    """
    raised = _RAISED.sub(lambda found: f"^{found[0].translate(_LOWERED)}", text)
    written = _SPACE.sub(" ", raised.translate(_SIGNS)).strip(" ")
    if not _PLAIN.fullmatch(written):
        for pattern, put in _REWRITTEN:
            written = pattern.sub(put, written)
        written = _of_hundred(_mixed(written))
    return _together(written)


def why_unread(written: str) -> str:
    """Return why a text in its plain form is no number."""
    if _APART.search(written):
        return "Spaces may only separate groups of three digits. Write the number without spaces."
    if re.fullmatch(r"[+-]?[0-9]+(?:[.,'\u2019_][0-9]+)+", written):
        return "A number has one decimal mark at most. Write thousands without separators."
    return "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3."


def _mixed(written: str) -> str:
    """Return a fraction that is one sign, perhaps behind an integer, with a slash."""
    found = _MIXED.fullmatch(written)
    if found is None:
        return written
    above, below = map(int, _VULGAR[found[3]].split("/"))
    return f"{found[1]}{int(found[2] or 0) * below + above}/{below}"


def _of_hundred(written: str) -> str:
    """Return a percentage as the number that it is, with as many digits."""
    found = _PERCENT.fullmatch(written)
    if found is None or not (found[2] or found[4]):
        return written
    sign, whole, mark, places, power = (part or "" for part in found.groups())
    if power:
        return f"{sign}{whole}{mark}{places}e{int(power) - 2}"
    digits = whole.zfill(3)
    return f"{sign}{digits[:-2]}{mark or '.'}{digits[-2:]}{places}"


def _together(written: str) -> str:
    """Leave spaces out, but for those between digits that are no groups of three."""
    mantissa, _, power = re.sub(" ?([.,]) ?", r"\1", written).lower().partition("e")
    for at, group in enumerate(re.split("[.,]", mantissa.strip(" +-"))):
        if _APART.search(group) and not (_PLACES if at else _WHOLE).fullmatch(group):
            return written
    if _APART.search(power) or ("/" in written and _APART.search(written)):
        return written
    return written.replace(" ", "")
