"""Figures as people write them: each text stands beside its numbers, which were typed by hand."""

from fractions import Fraction

import pytest

from symcnn.classroom.marking.intervals.written import Unread, figure, read
from symcnn.errors import SymcnnError

ROUNDED = {
    ("304", 4): [  # 304 / 10^4, and half of 1 / 10^4 to both sides
        "0.0304",
        "3.04e-2",
        "3.04E-2",
        "3.04e\N{MINUS SIGN}2",
        "3.04 e -2",
        "3.04·10^-2",
        "3.04 · 10^-2",
        "3.04⋅10^-2",
        "3.04 \N{MULTIPLICATION SIGN} 10⁻²",
        "3.04\N{MULTIPLICATION SIGN}10⁻²",
        "3.04 x 10^-2",
        "3.04X10^-2",
        "3.04*10^-2",
        "3.04 * 10^(-2)",
        "3.04*10**-2",
        "3.04 ∙ 10^{-2}",
        r"3.04 \cdot 10^{-2}",
        r"3.04\cdot10^{-2}",
        r"3.04 \times 10^{-2}",
        r"$3.04 \times 10^{-2}$",
        r"\(3.04\,\cdot\,10^{-2}\)",
        "3,04·10⁻²",
        "3,04e-2",
        "3{,}04 \\cdot 10^{-2}",
        "30.4e-3",
        "3.04 %",
        "3.04%",
        "3,04\N{NO-BREAK SPACE}%",
        r"3.04\,\%",
        "≈ 0.0304",
        "≈0.0304",
        "= 0.0304",
        "~0.0304",
        r"\approx 0.0304",
        "≈ 3.04 · 10⁻²",
        "= ≈ 0.0304",
        "0,0304",
        "0{,}0304",
        "+0.0304",
        ".0304",
        "0.0304.",
        "0.0304...",
        "0,0304…",
        r"0.0304\ldots",
        "0.0304;",
        "\N{FULLWIDTH DIGIT ZERO}.0304",
        " 0.0304\t",
        "0.030\N{NARROW NO-BREAK SPACE}4",
    ],
    ("-24", 2): [
        "-0.24",
        "-24%",
        "- 0.24",
        "\N{MINUS SIGN}0,24",
        "\N{EN DASH}0.24",
        "\N{MINUS SIGN}24 %",
    ],
    ("24", 2): ["0.24", "24%", "24 %", r"24\%", "2.4e-1", "24 e-2", "24·10^-2", ".24", "2.4e1%"],
    ("240", 3): ["0.240", "24.0%", "0,240", "240e-3", "2.40·10⁻¹"],
    ("5", 2): ["5%", "0.05", "5e-2", "5·10^-2"],
    ("1", 2): ["10^-2", "10^{-2}", "10⁻²", "1e-2", "1 %"],
    ("1", 3): [".1%", "0.1%", "10⁻³"],
    ("150", 2): ["150%", "1.50", "1,50"],
    ("3", -2): ["3e2", "3·10²", "3·10^2", "3*10^{+2}"],
    ("1000", 0): ["1000", "1 000", "1\N{THIN SPACE}000", r"1\,000", "1000.", "1000,"],
    ("1234", 3): ["1,234", "1.234", "1,234.", "1234e-3"],
    ("12345", 1): ["1 234,5", "1234.5"],
    ("30481", 5): ["0.304 81", "0.30481"],
}
"""Texts by their digits and the places of the last one: 1,234 is 1.234, as no thousands are
separated by commas."""

EXACT = {
    Fraction(2, 3): [
        "2/3",
        "2 / 3",
        r"\frac{2}{3}",
        r"\frac23",
        r"\dfrac{2}{3}",
        r"$\tfrac{2}{3}$",
    ],
    Fraction(-1, 2): [
        "-1/2",
        "\N{MINUS SIGN}1/2",
        r"-\frac{1}{2}",
        r"\frac{-1}{2}",
        "-½",
        "- ½",
        "-1\N{FRACTION SLASH}2",
    ],
    Fraction(1, 2): ["½", "1/2", "1\N{DIVISION SLASH}2", "= ½", r"\frac 1 2", "+1/2", "1/2."],
    Fraction(7, 8): ["⅞", "7/8"],
    Fraction(7, 4): ["1¾", "1 ¾", "7/4"],
    Fraction(1, 10): ["⅒"],
    Fraction(0): ["0", "-0", "0.", "0e3", "0/7"],
}

APART = "Spaces may only separate groups of three digits. Write the number without spaces."
MARKS = "A number has one decimal mark at most. Write thousands without separators."
NONE = "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3."
LONG = "This is too long for a number."

UNREAD = {
    APART: [
        "1 1/2",
        "1 2",
        "0.24 0.26",
        "0.30 48",
        "12 34",
        "1 0000",
        "3.04e-2 1",
        "3 / 4 5",
        "100 000 %",
    ],
    MARKS: [
        "1.234,5",
        "1,234.5",
        "1.234.567",
        "1'000",
        "1\N{RIGHT SINGLE QUOTATION MARK}000",
        "1_000",
        "0.2.4",
    ],
    NONE: [
        *(
            "much",
            "x",
            "0.2x",
            "-",
            "--1",
            "±0.2",
            "(0.24)",
            "0x1F",
            "1e",
            "e5",
            "%",
            "1/2%",
            "1/-2",
        ),
        *(
            "nan",
            "Infinity",
            "٣.\N{ARABIC-INDIC DIGIT FIVE}",
            "0.5/2",
            "2^-3",
            "3.04·10-2",
            "3.04·10^",
            "0.24 ≈ 0.2",
        ),
        *("10^2.5", r"\frac{1}{\frac{2}{3}}", r"\frac{1}{2", r"\sqrt{2}", "=1+1", "2·3", "1/2/3"),
        *("0.24 or 0.25", "<b>1</b>", "½½", "0.24°", "3.04*10^-2^2", "True", "-%"),
    ],
    "A number cannot be divided by 0.": ["1/0", r"\frac{1}{0}", "0/0", "-3 / 000"],
    "Write a number below 10^300.": ["1e301", "1e-301", "10^999999", "2·10^{-5000}", "1e303%"],
    LONG: ["1" * 401, "1" * 10**6, "(" * 10**6, "10^" + "9" * 999],
}
"""Texts that are no numbers, by what is said of them."""


def test_a_figure_stands_for_what_rounds_to_it():
    for (digits, places), texts in ROUNDED.items():
        unit = 1 / Fraction(10) ** places
        ends = (int(digits) * unit - unit / 2, int(digits) * unit + unit / 2)
        for text in texts:
            found = read(text)
            assert (found.least, found.greatest) == ends, text
            assert read(found.text) == found, text


def test_a_fraction_stands_for_itself():
    for value, texts in EXACT.items():
        for text in texts:
            found = read(text)
            assert (found.least, found.greatest) == (value, value), text
            assert read(found.text) == found, text


def test_what_is_left_out_is_no_figure():
    for text in ("", "?", "  ", "\N{NO-BREAK SPACE}", "=", "≈ ", "…", "$ $", "≈ ?"):
        assert read(text) is None, text


def test_what_is_no_number_is_unread():
    for why, texts in UNREAD.items():
        for text in texts:
            assert read(text) == Unread(text[:1000], why), text[:50]


def test_what_a_computer_wrote_varies_in_its_last_digits():
    """Of 15 digits and more, 10^-14 of the number to both sides."""
    found = read("2.6599999999999996·10⁻¹")
    assert found.greatest - found.value == Fraction("0.26599999999999996") / 10**14


def test_where_a_number_has_to_stand_a_text_is_refused():
    with pytest.raises(SymcnnError, match=r"^cell B2 is 'much': This is not a number"):
        figure("much", "cell B2")


HOSTILE = ("$", " ", "=", ".", "1 ", "½", "\\frac{", "10^", "1.", "~ ", "⁻²", "{,}", "\\cdot", "0")


def test_hostile_texts_are_refused():
    for part in HOSTILE:
        for size in (999, 10**6):
            assert isinstance(read((part * size)[:size] + "x"), Unread)
