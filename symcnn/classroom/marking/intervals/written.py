r"""A figure as somebody wrote it, and the numbers that it can stand for.

0.42 stands for every number from 0.415 to 0.425, 0.420 for those from 0.4195 to 0.4205, and 2/3
for two thirds alone. Nobody rounds to a bare 0, which stands for itself; 0.00 is a rounded number,
and so is 0E-2, as computers write it.
A figure of fifteen digits or more, such as 0.26599999999999996, is a computer's, whose last digits
depend on the order of operations: it stands for all numbers that differ by 10^-14 of it.
What people write otherwise, 3.04·10^-2 or 24 %, is read as programs write it (see ``spelled``),
with as many digits. What is no number is unread, which says nothing of the figure that was meant.

How somebody rounds is read off all figures together.

How people write numbers, and how programs write the same ones.

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
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

from symcnn import limits
from symcnn.classroom.marking.intervals.interval import Interval, between, hull
from symcnn.errors import SymcnnError, shown

_FIGURE = re.compile(
    r"(?P<mantissa>[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))(?:[eE](?P<power>[+-]?[0-9]+))?"
)
_QUOTIENT = re.compile(r"([+-]?[0-9]+)/([0-9]+)")

_FLOAT_DIGITS = 15
_FLOAT_ERROR = Fraction(1, 10**14)

LEFT_OUT = ("", "?")
"""What is written where there is no answer."""


@dataclass(frozen=True)
class Written:
    """One figure.

    Attributes:
        text: What was written.
        least: The least number that rounds to it.
        greatest: The greatest.
    """

    text: str
    least: Fraction
    greatest: Fraction

    @property
    def value(self) -> Fraction:
        """The number that was written."""
        return (self.least + self.greatest) / 2


@dataclass(frozen=True)
class Unread:
    """What stands where a figure is due and is none: nobody can tell whether it is right.

    Attributes:
        text: What was written.
        reason: Why it is not read.
    """

    text: str
    reason: str

    @property
    def sentence(self) -> str:
        """The reason as a sentence."""
        return f"{self.reason[:1].upper()}{self.reason[1:].removesuffix('.')}."


def read(text: str) -> Written | Unread | None:
    """Read a figure as people write it; None for what was left out.

    >>> read("24%").least, read("1,234").value, read("?")
    (Fraction(47, 200), Fraction(617, 500), None)
    >>> read("1.234,5").reason
    'A number has one decimal mark at most. Write thousands without separators.'
    """
    given = text.strip(SPACES)
    if len(given) > LONGEST:
        return Unread(given[:LONGEST], "This is too long for a number.")
    written = plain(given)
    if written in LEFT_OUT:
        return None
    if len(written) > limits.NUMBER_DIGITS:
        return Unread(given, "This is too long for a number.")
    if quotient := _QUOTIENT.fullmatch(written):
        if not int(quotient[2]):
            return Unread(given, "A number cannot be divided by 0.")
        value = Fraction(int(quotient[1]), int(quotient[2]))
        return Written(written, value, value)
    found = _FIGURE.fullmatch(written)
    if found is None:
        return Unread(given, why_unread(written))
    power = int(found["power"] or 0)
    if abs(power) > limits.NUMBER_EXPONENT:
        return Unread(given, f"Write a number below 10^{limits.NUMBER_EXPONENT}.")
    return _rounded_to(written, found["mantissa"].replace(",", "."), power)


def _rounded_to(written: str, mantissa: str, power: int) -> Written:
    """Return all numbers that round to a decimal."""
    scale, places = Fraction(10) ** power, len(mantissa.partition(".")[2])
    value, half = Fraction(mantissa) * scale, scale / (2 * Fraction(10) ** places)
    if value == 0 and not places and power >= 0:
        half = Fraction(0)
    if len(mantissa.strip("+-").replace(".", "").lstrip("0")) >= _FLOAT_DIGITS:
        half = max(half, abs(value) * _FLOAT_ERROR)
    return Written(written, value - half, value + half)


def figure(text: str, place: str) -> Written | None:
    """Read a figure that has to be one; None for what was left out.

    Raises:
        SymcnnError: If it is no number; ``place`` says where it stands.
    """
    found = read(text)
    if isinstance(found, Unread):
        raise SymcnnError(f"{place} is {shown(text)}: {found.reason}")
    return found


_EXACT = 1_000
"""Digits enough to add 1/2 exactly."""


@dataclass(frozen=True)
class Rounding:
    """The most digits that somebody writes.

    Attributes:
        digits: The most significant digits of a figure; None where there is none.
        unit: The smallest unit of a last digit, as a power of ten. Whole numbers alone do not show
            that somebody rounds to whole numbers: of them the digits count.
    """

    digits: int | None
    unit: int

    @staticmethod
    def of(figures: Iterable[Written]) -> Rounding:
        """Read it off some figures; exact ones tell nothing."""
        found = [
            (exponent(w.greatest - w.least), exponent(w.value))
            for w in figures
            if w.value and w.greatest > w.least
        ]
        if not found:
            return Rounding(None, 0)
        return Rounding(max(top - unit + 1 for unit, top in found), min(unit for unit, _ in found))

    def precise(self, written: Written) -> Interval | None:
        """Return what a figure stands for if it has fewer digits since others would be 0.

        Who writes 0.30481926 elsewhere, and 0.5 here, may have 0.50000000.
        """
        if self.digits is None or not written.value or written.least == written.greatest:
            return None
        units = [exponent(written.value) - self.digits + 1]
        unit = max([*units, self.unit] if self.unit < 0 else units)
        half = Fraction(10) ** unit / 2
        if 2 * half >= written.greatest - written.least:
            return None
        return between(written.value - half, written.value + half)

    def around(self, interval: Interval) -> Interval:
        """Return some numbers, and what is left of them when they are rounded like this.

        They may also have a digit more than is written, as numbers on a calculator.
        """
        units = self._units(interval)
        if not units:
            return interval
        low = min(_rounded(interval.a, unit, up=False) for unit in units)
        high = max(_rounded(interval.b, unit, up=True) for unit in units)
        return hull(interval, Interval(low, high))

    def error(self, interval: Interval) -> Interval:
        """Return what rounding some numbers like this may add to them."""
        halves = (Decimal(5).scaleb(unit - 1) for unit in self._units(interval))
        most, changes = max(halves, default=Decimal(0)), self.around(interval) - interval
        return Interval(max(-most, changes.a), min(most, changes.b))

    def _units(self, interval: Interval) -> list[int]:
        """Return the units of last digits that some numbers may be rounded to; if none, none."""
        largest = max(abs(interval.a), abs(interval.b))
        if self.digits is None or not largest or not interval.is_bounded:
            return []
        own = largest.adjusted() - self.digits + 1
        return [own, own - 1, *([self.unit] if self.unit < 0 else [])]


def _rounded(end: Decimal, unit: int, *, up: bool) -> Decimal:
    """Return the nearest multiple of a power of ten, of two the upper or the lower one."""
    with localcontext() as context:
        context.prec = _EXACT
        scaled, half = end.scaleb(-unit), Decimal("0.5")
        found = floor(scaled + half) if up else ceil(scaled - half)
        return Decimal(found).scaleb(unit)


def exponent(number: Fraction) -> int:
    """Return the power of ten of the first digit."""
    found = (Decimal(number.numerator) / Decimal(number.denominator)).adjusted()
    return found if abs(number) >= Fraction(10) ** found else found - 1  # 0.99... is below 1


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
