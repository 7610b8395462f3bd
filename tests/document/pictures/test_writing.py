"""TikZ and SVG of one picture, letter for letter, and what both must be."""

import re
from xml.etree import ElementTree

import pytest

from symcnn.document.pages.writers.tex import escaped
from symcnn.writing.drawing.picture import (
    BRIGHT,
    DARK,
    HEAT,
    HOT_BRIGHT,
    HOT_DARK,
    Box,
    Disc,
    Label,
    Line,
    Picture,
)
from symcnn.writing.drawing.svg import standalone, svg
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula import read
from symcnn.writing.formula.letters import Run, runs

TINY = Picture(
    60,
    30,
    (
        Box(1, 2, 20, 10, 1, filled=True),
        Line(((21, 7), (40, 7.25)), -1, arrow=True),
        Line(((0, 20), (9, 20)), thick=True),
        Disc(50, 7, 9, 2),
        Label(50, 7, read("w^{(2)}_{12}"), 2),
        Label(1, 25, "a_b & c", anchor="start", small=False),
    ),
    "a box <1> and a disc",
)


def test_tikz_is_exact():
    assert tikz(TINY, escaped) == (
        "\\begin{tikzpicture}[x=1pt, y=-1pt, inner sep=0pt, line width=0.6pt, line cap=round,\n"
        "  every node/.style={font=\\fontsize{10}{12}\\selectfont}]\n"
        "\\definecolor{symcnnfaint}{HTML}{5F6873}\n"
        "\\definecolor{symcnn1}{HTML}{0B62C4}\n"
        "\\definecolor{symcnn2}{HTML}{B4470A}\n"
        "\\useasboundingbox (0,0) rectangle (60,30);\n"
        "\\draw[symcnn1, fill=symcnn1!12] (1,2) rectangle (21,12);\n"
        "\\draw[symcnnfaint, -latex] (21,7) -- (40,7.2);\n"
        "\\draw[black, line width=1.8pt] (0,20) -- (9,20);\n"
        "\\draw[symcnn2] (50,7) circle[radius=9pt];\n"
        "\\node[symcnn2, anchor=base, font=\\fontsize{8}{9.6}\\selectfont] at (50,9.6) "
        "{$w^{(2)}_{12}$};\n"
        "\\node[black, anchor=base west] at (1,28.2) {a\\_b \\& c};\n"
        "\\end{tikzpicture}"
    )


def test_svg_is_exact():
    head, *shapes, end = svg(TINY).splitlines()
    assert re.sub("<style>.*?</style>", "", head) == (
        '<svg class="symcnn" role="img" aria-label="a box &lt;1&gt; and a disc" '
        'viewBox="0 0 60 30" style="display:block;width:90px;height:auto">'
        "<title>a box &lt;1&gt; and a disc</title>"
    )
    assert shapes == [
        '<rect class="ink1 filled" x="1" y="2" width="20" height="10"/>',
        '<path class="faint" d="M21 7L40 7.2"/>'
        '<path class="head faint" d="M40 7.2L35 9.2L35 5.2Z"/>',
        '<path class="thick" d="M0 20L9 20"/>',
        '<circle class="ink2" cx="50" cy="7" r="9"/>',
        '<text class="ink2" x="50" y="9.6" font-size="8" text-anchor="middle">'
        '<tspan class="italic">w</tspan><tspan font-size="5.8" dy="2.2">12</tspan>'
        '<tspan font-size="5.8" dx="-5.8" dy="-5.8">(2)</tspan></text>',
        '<text x="1" y="28.2" font-size="10">a_b &amp; c</text>',
    ]
    assert end == "</svg>"


def test_svg_is_xml_without_names_that_could_meet():
    root = ElementTree.fromstring(standalone(TINY))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root[0].text == TINY.alt
    assert not any("id" in element.attrib for element in root.iter())
    assert ElementTree.fromstring(svg(TINY)).get("viewBox") == "0 0 60 30"


HALO = Picture(
    40,
    10,
    (
        Line(((0, 5), (40, 5))),
        Label(20, 5, read("w_{1}"), halo=True),
        Label(32, 5, read(r"f\left(\cdot\right)"), halo=True),
        Box(1, 1, 4, 4, heat=-3),
        Label(5, 5, "1", tiny=True),
    ),
    "a label on a line",
)


def test_a_label_on_a_line_has_a_halo_below_it():
    """Its letters are drawn twice: runs would be painted over each other's halos."""
    drawn = svg(HALO)
    assert "fill:var(--paper,Canvas);stroke:var(--paper,Canvas)" in drawn
    below, label = re.findall(r"<text[^>]*>.*?w.*?</text>", drawn)
    assert below == label.replace("<text", '<text class="halo"')
    assert drawn.count('<path class="halo"') == 1
    assert ".symcnn .halo{fill:#0d1117" in standalone(HALO)
    assert "anchor=base, font=\\fontsize{8}{9.6}\\selectfont, fill=white" in tikz(HALO, escaped)
    assert "halo" not in svg(TINY)


def test_a_cell_of_a_heat_map_has_no_outline():
    assert '<rect class="cold3" x="1" y="1" width="4" height="4"/>' in svg(HALO)
    assert f".symcnn .cold3{{fill:#{HOT_BRIGHT[-3]};stroke:none}}" in svg(HALO)
    themed = f"light-dark(#{HOT_BRIGHT[-3]},#{HOT_DARK[-3]})"
    assert themed in svg(HALO, themed=True)
    assert "\\fill[symcnncold3] (1,1) rectangle (5,5);" in tikz(HALO, escaped)
    assert f"\\definecolor{{symcnncold3}}{{HTML}}{{{HOT_BRIGHT[-3]}}}" in tikz(HALO, escaped)
    assert 'font-size="6"' in svg(HALO)


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(f * p for f, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("colours", "pages"), [(BRIGHT, ["FFFFFF"]), (DARK, ["121212", "0D1117"])])
def test_colours_can_be_read_on_their_pages(colours, pages):
    assert contrast("FFFFFF", "000000") == pytest.approx(21)
    assert all(contrast(colour, page) >= 4.5 for colour in colours.values() for page in pages)
    assert len(set(colours.values())) == len(BRIGHT) == len(DARK)


@pytest.mark.parametrize(("heats", "letters"), [(HOT_BRIGHT, BRIGHT), (HOT_DARK, DARK)])
def test_numbers_can_be_read_in_cells_of_every_colour(heats, letters):
    assert {*heats} == {n for n in range(-HEAT, HEAT + 1) if n}
    assert all(contrast(colour, letters[0]) >= 4.5 for colour in heats.values())
    for sign in (1, -1):
        away = [contrast(heats[sign * n], letters[0]) for n in range(1, HEAT + 1)]
        assert away == sorted(away, reverse=True)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("-0.5", [Run("\u22120.5")]),
        (r"\approx 0.1", [Run("≈\u20090.1")]),
        (r"\sigma\left(\cdot\right)", [Run("\u03c3", italic=True), Run("(·)")]),
        ("x_{1}", [Run("x", italic=True), Run("1", shift=0.27, scale=0.72)]),
        (
            r"\partial L / \partial w",
            [
                Run("∂"),
                Run("L", italic=True),
                Run("/∂"),
                Run("w", italic=True),
            ],
        ),
        (r"\frac{1}{3}", [Run("1/3")]),
        (r"2 \times 10^{-3}", [Run("2\u2009\u00d7\u200910"), Run("\u22123", False, -0.46, 0.72)]),
        (r"\hat{x}", [Run("x\u0302", italic=True)]),
        (r"\sqrt{2}", [Run("√(2)")]),
    ],
)
def test_a_formula_becomes_runs_of_letters(latex, expected):
    assert runs(read(latex)) == expected
