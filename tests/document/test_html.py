"""The HTML page: exact markup, formulas as MathML, and names that do not collide."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from symcnn.document.blocks import (
    EQUAL,
    ROUNDED,
    Diagram,
    Inline,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Row,
    Rows,
    Side,
    Table,
    heading,
    inline,
    paragraph,
)
from symcnn.document.claims import Claim
from symcnn.document.pages.html import text as sentences
from symcnn.document.pages.html.elements import matrices
from symcnn.document.pages.html.formulas import formula
from symcnn.document.pages.writers import html
from symcnn.document.pages.writers.html import anchors
from symcnn.document.traversal import all_rows
from symcnn.writing.drawing.picture import Box, Picture
from symcnn.writing.formula import read
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.pieces import Piece
from tests.document.shared import explained

CLAIM = Claim((), lambda _: [])
ROW = Row(
    read("z_{1}"),
    (Side(EQUAL, (read("x"), read("+ 1"))), Side(ROUNDED, (read("-0.5"),))),
    CLAIM,
)
SUM = (r"\delta_{1} x_{1}", *(rf"+ \delta_{{{n}}} x_{{{n}}}" for n in range(2, 40)))
PRODUCT = r"w a \left(1 - a\right) \left(x_{1} \left[z_{1} \geq z_{2}\right] + 3\right)"
LONG = Row(
    read(r"\frac{\partial L}{\partial w_{11}}"),
    (Side(EQUAL, tuple(map(read, SUM))), Side(EQUAL, (read(PRODUCT),))),
    CLAIM,
)
MARKUP = "</title><script>alert(1)</script> & \"quoted\" <b a='b'>\x07"
BLOCKS = (
    heading(1, "One ", Inline(read("x^{2}"))),
    paragraph('With "', inline("x"), '", see:'),
    Rows((ROW,)),
    heading(2, "Two"),
    Table((("A",), (inline("b"),), ()), ((("a & b",), (inline("1"),), ("c",)),), "lrX"),
    Note(("A rule",), (Paragraph(("Text.",)), Rows((LONG,)))),
    Diagram(Picture(300, 20, (Box(1, 1, 8, 8),), "a <box>"), ("A box",)),
)
DOCUMENTS = ("the seed", "batch normalisation", "strided, padded, grouped")


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request):
    return explained(request.param)


def written(*blocks):
    """The elements that blocks become, between the title and the end."""
    return html.body("T", blocks).split("<h1>T</h1>\n")[1].removesuffix("\n</div>\n")


def elements(cut):
    """The math elements of a formula, one after the other."""
    return [cut] if isinstance(cut, Piece) else [m for part in cut.parts for m in elements(part)]


def inner(latex, room=1e9):
    """What stands in the math elements of a formula."""
    parts = [part.markup for part in elements(formula(read(latex), room))]
    return [part.removeprefix("<math>").removesuffix("</math>") for part in parts]


def test_a_heading_and_a_paragraph():
    assert written(*BLOCKS[:2]) == (
        "<h2>One <math><msup><mi>x</mi><mn>2</mn></msup></math></h2>\n"
        '<p>With “<span class="kept"><math><mi>x</mi></math>”,</span> see:</p>'
    )


def test_punctuation_stays_with_the_formula_before_it():
    text = paragraph(inline("x"), "", ".", " Then ", inline("y"), inline("z"))
    assert written(text) == (
        '<p><span class="kept"><math><mi>x</mi></math>.</span> Then '
        "<math><mi>y</mi></math><math><mi>z</mi></math></p>"
    )


def test_rows_are_a_grid_of_the_left_and_all_sides():
    assert written(BLOCKS[2]) == (
        '<div class="rows">\n'
        '<div class="left"><math displaystyle="true"><msub><mi>z</mi><mn>1</mn></msub></math></div>'
        '<div class="short"><span class="side"><math displaystyle="true">'
        "<mo>=</mo><mi>x</mi><mo>+</mo><mn>1</mn></math></span>"
        '<span class="side"><math displaystyle="true">'
        '<mo>≈</mo><mo form="prefix">−</mo><mn>0.5</mn></math></span></div>\n</div>'  # noqa: RUF001
    )


def test_a_table_names_its_columns():
    assert written(BLOCKS[4]) == (
        '<div class="scroll"><table>\n<thead><tr><th scope="col">A</th>'
        '<th scope="col" class="r"><math aria-label="b"><mi>b</mi></math></th><td></td></tr>'
        '</thead>\n<tbody>\n<tr><td>a &amp; b</td><td class="r"><math><mn>1</mn></math></td>'
        "<td>c</td></tr>\n</tbody>\n</table></div>"
    )


def test_a_column_is_broken_into_lines_where_its_cells_are_wide():
    table = Table((("A",),), ((("word " * 9,),),), "X")
    assert '<th scope="col" class="X">A</th>' in written(table)


def test_a_wide_table_scrolls_within_reach_of_the_keyboard():
    table = Table((("A",), ("B",)), ((("a" * 40,), ("b" * 40,)),), "ll")
    name = 'aria-label="Table 1: A, B"'
    width = 80 * 0.47 + 2 * 1.0
    begin = f'<div class="scroll" tabindex="0" role="region" {name} style="--wide: {width:.1f}">'
    assert written(table).startswith(f"{begin}<table>")


def test_a_note_is_named_by_its_title():
    assert written(Note(("A rule",), (Paragraph(("Text.",)),))) == (
        '<div class="note" role="note" aria-label="A rule">\n<p class="name">A rule</p>\n'
        "<p>Text.</p>\n</div>"
    )


def test_a_picture_stands_in_a_figure_with_its_words():
    figure = written(BLOCKS[6])
    assert 'role="img" aria-label="a &lt;box&gt;"' in figure
    assert figure.endswith("<figcaption>A box</figcaption>\n</figure>")


def test_text_is_text():
    assert written(paragraph("<script>alert(1)</script> a & b\x07")) == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; a &amp; b\ufffd</p>"
    )


def test_a_title_full_of_markup_is_printed():
    page = html.page(MARKUP, BLOCKS)
    shown = (
        "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; "
        "&lt;b a=&#x27;b&#x27;&gt;\ufffd"
    )
    assert f"<title>{shown}</title>" in page
    assert f"<h1>{shown}</h1>" in page
    assert "<script" not in page


def test_what_is_shown_inside_another_page_takes_no_names_in_it(document):
    shown = html.body(document.title, document.blocks)
    assert not re.findall(r'\sid="|<html|<main|<nav', shown)
    selectors = re.findall(
        r"^\s*([^{}@\s][^{}]*)\{", shown.split("</style>")[0].split("<style>")[1], re.M
    )
    assert selectors
    assert all(selector.startswith(".derivation ") for selector in selectors)


def test_the_page_needs_nothing_else(document):
    page = document.to_html()
    assert not re.findall(r"<script|<link|<img|\bsrc=|url\(|@import|https?:", page)


def test_the_same_document_is_the_same_bytes(document):
    assert document.to_html() == document.to_html()


def texts(markup):
    return "".join(re.findall(r">([^<]+)<", "".join(markup)))


MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("latex", "mathml"),
    [
        (  # a minus after a parenthesis is a sign
            r"2 \cdot (-0.5)^{2}",
            '<mn>2</mn><mo>·</mo><msup><mrow><mo stretchy="false">(</mo>'
            f'<mo form="prefix">{MINUS}</mo><mn>0.5</mn><mo stretchy="false">)</mo></mrow>'
            "<mn>2</mn></msup>",
        ),
        (  # an invisible product, and indices that are none
            r"w_{uk} x",
            "<msub><mi>w</mi><mrow><mi>u</mi><mo>\u2063</mo><mi>k</mi></mrow></msub>"
            "<mo>\u2062</mo><mi>x</mi>",
        ),
        (  # a function applied
            r"\sigma\left(z\right)",
            '<mi>σ</mi><mo>\u2061</mo><mrow><mo stretchy="false">(</mo><mi>z</mi>'  # noqa: RUF001
            '<mo stretchy="false">)</mo></mrow>',
        ),
        (
            r"\varphi(z)",
            '<mi>φ</mi><mo>\u2061</mo><mrow><mo stretchy="false">(</mo><mi>z</mi>'
            '<mo stretchy="false">)</mo></mrow>',
        ),
        (  # the name of a tensor is no product
            r"\delta^{z(2)}",
            '<msup><mi>δ</mi><mrow><mi>z</mi><mrow><mo stretchy="false">(</mo><mn>2</mn>'
            '<mo stretchy="false">)</mo></mrow></mrow></msup>',
        ),
        (
            r"\frac{\partial L}{\partial w}",
            "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><mi>w</mi></mrow></mfrac>",
        ),
        (  # limits stand below and above
            r"\sum_{k=1}^{3} x",
            '<munderover><mo>∑</mo><mrow><mi>k</mi><mo lspace="0" rspace="0">=</mo><mn>1</mn>'
            "</mrow><mn>3</mn></munderover><mi>x</mi>",
        ),
        (
            r"\max_{u} x",
            '<munder><mo movablelimits="true" lspace="0" rspace="0.1667em">max</mo><mi>u</mi>'
            "</munder><mo>\u2061</mo><mi>x</mi>",
        ),
        (  # parentheses around a fraction grow with it
            r"\left(\frac{1}{2}\right)",
            "<mrow><mo>(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>)</mo></mrow>",
        ),
        (
            r"\left[a \geq b\right]",
            '<mrow><mo stretchy="false">[</mo><mi>a</mi><mo>≥</mo><mi>b</mi>'
            '<mo stretchy="false">]</mo></mrow>',
        ),
        (  # one inch is no index
            "y_{1in}",
            "<msub><mi>y</mi><mrow><mn>1</mn><mo>\u2063</mo><mi>i</mi><mo>\u2063</mo><mi>n</mi>"
            "</mrow></msub>",
        ),
        (  # a prime is raised by its own form: as a power it would be too small
            r"\sigma'(a)",
            '<mrow><mi>σ</mi><mi>′</mi></mrow><mo>\u2061</mo><mrow><mo stretchy="false">(</mo>'  # noqa: RUF001
            '<mi>a</mi><mo stretchy="false">)</mo></mrow>',
        ),
        (  # what is opened and not closed is no group
            "[0, -1",
            '<mo stretchy="false">[</mo><mn>0</mn><mo>,</mo>'
            f'<mo form="prefix">{MINUS}</mo><mn>1</mn>',
        ),
        (  # half-open
            "[0, 1)",
            '<mrow><mo stretchy="false">[</mo><mn>0</mn><mo>,</mo><mn>1</mn>'
            '<mo stretchy="false">)</mo></mrow>',
        ),
        (
            r"\sqrt[3]{x}\,\hat{y}",
            '<mroot><mi>x</mi><mn>3</mn></mroot><mspace width="0.167em" />'
            '<mover accent="true"><mi>y</mi><mo>^</mo></mover>',
        ),
        (  # log stands apart from a factor, as in LaTeX
            r"t \log x",
            '<mi>t</mi><mo>\u2062</mo><mspace width="0.167em" /><mi>log</mi><mo>\u2061</mo>'
            "<mi>x</mi>",
        ),
        (  # words, and names of functions
            r"\text{if so} \operatorname{erf} x",
            "<mtext>if so</mtext><mi>erf</mi><mo>\u2061</mo><mi>x</mi>",
        ),
    ],
)
def test_formulas_are_mathml(latex, mathml):
    assert inner(latex) == [mathml]


def test_a_long_formula_is_cut_at_its_terms_then_its_factors():
    assert inner("a - b", 1) == ["<mi>a</mi>", f'<mo form="infix">{MINUS}</mo><mi>b</mi>']
    assert inner("i = 1, 2", 2.5) == ["<mi>i</mi>", "<mo>=</mo><mn>1</mn><mo>,</mo>", "<mn>2</mn>"]
    assert inner(r"2 \cdot 3 a", 1) == [
        "<mn>2</mn><mo>·</mo>",
        "<mn>3</mn><mo>\u2062</mo>",
        "<mi>a</mi>",
    ]


def test_ranges_that_are_cut_again_stay_together():
    """A line ended behind j = 1, 2, and the next one began with the last 3 of the range."""
    cut = formula(read(r"\left(i = 1, 2, 3,\; j = 1, 2, 3\right)"), 3)
    assert [len(elements(part)) for part in cut.parts] == [4, 3]
    assert sentences.joined(cut, 3).count('<span class="term whole">') == 1


def test_a_break_between_factors_shows_the_sign_of_a_product_if_it_is_taken():
    """A soft hyphen, for which the style has another character; not behind a sum or a sign."""
    for product, breaks in (
        (r"a b c", 2),
        (r"a \cdot b", 0),
        (r"\sum_{i=1}^{9} \sum_{j=1}^{9} a", 0),
    ):
        cut = formula(read(product), 0.5)
        assert len(elements(cut)) > 1
        assert sentences.joined(cut, 3).count("&shy;") == breaks


def test_a_relation_at_the_beginning_of_a_formula_in_a_sentence_has_no_space_before_it():
    """There were two spaces in "from ≈ 0.44", and in a cell figures stood in from others."""
    sign, figure = (Inline(read(made)) for made in (r"\approx", r"\approx 1"))
    assert '<math><mo lspace="0">≈</mo><mn>1</mn></math>' in written(paragraph("from ", figure))
    assert '<math><mo lspace="0" rspace="0">≈</mo></math>' in written(paragraph("a ", sign, " b"))
    row = replace(ROW, sides=(Side(ROUNDED, (read("1"),)),))
    assert "<mo>≈</mo>" in written(Rows((row,)))


def test_a_broad_left_side_leaves_room_for_the_right_sides_of_other_rows():
    broad, right = read("f_{4(r-1)+2(s-1)+k+4(r-1)}"), read("a + b + c + d + e + f")
    rows = [replace(ROW, left=left, sides=(Side(EQUAL, (right,)),)) for left in (ROW.left, broad)]
    alone, beside = written(Rows((rows[0],))), written(Rows(tuple(rows)))
    assert beside.count("<wbr>") == 2 * alone.count("<wbr>")
    assert beside.count('<div class="left broad">') == 1


def test_cases_stay_beside_what_they_are_for():
    """A line of text ended behind the name of a function, whose cases stood on the next two."""
    made = read(
        r"\varphi(y) = \begin{cases} y & \text{if } y > 0 \\ 0 & \text{otherwise} \end{cases}"
    )
    assert sentences.sentence(("Here ", Inline(made))).count("<math") == 1


def test_a_formula_in_a_sentence_is_broken_only_if_a_phone_is_narrower():
    whole = Inline(read(r"i_u = S (i - 1) + D (u - 1) - P + 1"))
    assert sentences.sentence(("At ", whole, " it")).count("<math>") == 1
    long = Inline(read(r"i_u = S (i - 1) + D (u - 1) - P + 1 = S (i + 1) + D (u + 1) + P"))
    assert sentences.sentence(("At ", long, " it")).count("<math>") > 1


def test_a_numbered_row_keeps_to_the_column_of_text():
    """Of 45 em, a row is one line on a wide screen, but not where text of 46 rem stands."""
    wide = read(" + ".join(["x_1 w_1"] * 12))
    row = replace(ROW, left=read("y"), sides=(Side(EQUAL, (wide,)), Side(EQUAL, (read("1"),))))
    assert '<div class="long' not in written(Rows((row,)))
    assert '<div class="long' in written(Rows((replace(row, number="1"),)))


def test_a_matrix_says_how_wide_it_is_and_has_a_large_name():
    """A phone may set it smaller; a fraction in a name was as small as a script."""
    left = read(r"\frac{\partial L}{\partial w} \approx")
    number = Row(left, (Side(ROUNDED, (read("-0.123456"),)),), CLAIM)
    shown = matrices(Matrices(tuple(Matrix(left, ((number,) * n,)) for n in (1, 3))))
    narrow, wide = shown.splitlines()[1:3]
    assert "--wide" not in narrow
    assert 20 < float(re.search(r'style="--wide: ([\d.]+)"', wide)[1]) < 26
    assert shown.count('<math displaystyle="true"><mfrac>') == 2


def test_the_ranges_of_indices_are_cut_between_each_other_first():
    first, second = inner(r"i = 1, 2,\; j = 1, 2", 4.5)
    assert first.endswith('<mn>2</mn><mo>,</mo><mspace width="0.278em" />')
    assert second.startswith("<mi>j</mi>")
    first, *_ = inner(r"x_{n}\quad \left(n = 1, 2, 3,\; i = 1, 2\right)", 9)
    assert first.endswith('<mspace width="1em" />')


def test_the_parentheses_of_a_tall_sum_are_of_one_height_in_all_of_its_pieces():
    size = 'minsize="2.3em" maxsize="2.3em"'
    assert inner(r"\left(\frac{1}{2} - \frac{1}{3}\right)", 2.5) == [
        f"<mo {size}>(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>",
        f'<mo form="infix">{MINUS}</mo><mfrac><mn>1</mn><mn>3</mn></mfrac><mo {size}>)</mo>',
    ]


def test_a_line_is_broken_before_a_factor_rather_than_in_it():
    product = formula(read(r"a \cdot \left(b_{1} - b_{2}\right)"), 3)
    a, first, second = (part.markup for part in elements(product))
    assert sentences.joined(product, 3) == (
        f'{a}<wbr><span class="term whole">{first}<wbr>{second}</span>'
    )


def test_cutting_a_formula_loses_nothing(document):
    """Of fractions, a bar may become 1 over what is below it, times, "·", what is above it."""
    for row in all_rows(document.blocks):
        for side in row.sides:
            written = latex(joined(side.terms))
            whole, cut = (shown("".join(inner(written, room))) for room in (1e9, 4))
            if "frac" in written:
                whole, cut = (Counter(re.sub("[1()·]", "", text)) for text in (whole, cut))
            assert cut == whole


def shown(markup):
    return "".join(re.findall(r">([^<]+)<", markup)).replace("\N{INVISIBLE TIMES}", "")


def test_sums_with_long_limits_are_cut_one_by_one_and_before_inner_ones():
    first, second = r"\sum_{i=\max\left(0, a\right)}^{n}", r"\sum_{j=\max\left(0, b\right)}^{m}"
    assert [part.count("∑") for part in inner(f"{first} {second} x", 5)] == [1, 1, 0]
    cut = inner(rf"{first} \left[d\right] {second} x", 9)
    assert [shown(part)[0] for part in cut] == ["∑", "∑"]


@pytest.mark.parametrize(
    ("above", "cut"),
    [("a_{1} b_{2} c_{3}", ["1JK", "a1", "b2", "c3"]), ("a_{1} + b_{2}", ["1JK", "(a1", "+b2)"])],
)
def test_a_fraction_that_is_too_wide_is_cut_behind_its_factor(above, cut):
    parts = inner(rf"\frac{{{above}}}{{J K}}", 2)
    assert [shown(part) for part in parts] == cut


def test_headings_with_the_same_words_have_names_of_their_own():
    titles = ["Conv 1", "conv1", "Conv 1", "Content", "", "卷积"]
    assert anchors([heading(1, title) for title in titles]) == [
        "conv-1",
        "conv1",
        "conv-1-2",
        "content-2",
        "section",
        "section-2",
    ]


def test_ids_are_unique_and_every_heading_is_in_the_contents(document):
    page = document.to_html()
    ids = re.findall(r'\sid="([^"]*)"', page)
    named = re.findall(r'<h[23] id="([^"]+)">', page)
    links = re.findall(r'<a href="#([^"]+)">', page.partition("<nav")[2].partition("</nav>")[0])
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    assert named == links
    assert len(named) == page.count("<h2") + page.count("<h3")


def test_every_row_begins_with_its_left_side(document):
    lefts = re.findall(r'<div class="left(?: broad)?">(.*?)</div>', document.to_html())
    printed = [formula(row.left, display=True).markup for row in all_rows(document.blocks)]
    assert lefts == printed
    assert all(left.startswith("<math") for left in lefts)


@pytest.mark.parametrize("title", ["T", MARKUP])
def test_the_markup_is_well_formed(title):
    html5lib = pytest.importorskip("html5lib")
    html5lib.HTMLParser(strict=True).parse(html.page(title, BLOCKS))


def test_documents_are_well_formed(document):
    html5lib = pytest.importorskip("html5lib")
    html5lib.HTMLParser(strict=True).parse(document.to_html())


def test_a_long_factor_stands_below_the_sums_before_it():
    """On one line with the sums, its indices were cut, and the next factor stood behind them."""
    index = r"i-2(r-1)+1, j-2(s-1)+1, k"
    long = read(rf"\sum_{{r=1}}^{{2}} \sum_{{s=1}}^{{2}} w_{{{index}}} x_{{rs}}")
    cut = formula(long, 9.0)
    sums, *factors = cut.parts[0].parts
    assert sums.markup.count("∑") == 2
    assert "<mi>w</mi>" in factors[0].markup
    assert "∑" not in factors[0].markup
    assert "<mi>x</mi>" in cut.parts[1].markup


def test_a_single_negative_number_has_its_sign_beside_it():
    """Behind a relation in an element of its own the sign had the gaps of a subtraction."""
    figure = Row(read("b"), (Side(EQUAL, (read("-3"),)),), CLAIM)
    shown = matrices(Matrices((Matrix(read("b"), ((figure,),)),)))
    assert f'<mo>=</mo><mo form="prefix">{MINUS}</mo><mn>3</mn>' in shown


@pytest.mark.parametrize("text", ["", "{}", r"\;"])
def test_a_formula_without_a_sign_is_written(text):
    """A source or a remark may have one: $ $."""
    assert "<math" in html.page("A title", [paragraph("Before", Inline(read(text)), "behind")])
