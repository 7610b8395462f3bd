"""Formulas as trees and as text: all that the printer writes is read, nothing is lost."""
# ruff: noqa: RUF001  # characters that look alike are the point

import re
import unicodedata
from pathlib import Path

import pytest

from symcnn.document.blocks import Diagram, Heading, Inline, Note, Paragraph, Rows, Table
from symcnn.errors import SymcnnError
from symcnn.writing.drawing.picture import Label
from symcnn.writing.formula import (
    Accent,
    Atom,
    Fenced,
    Formula,
    FormulaError,
    Fraction,
    Root,
    Scripts,
    Word,
    read,
)
from symcnn.writing.formula.build import level
from symcnn.writing.formula.latex import latex as written
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.unicode import text
from tests.document.shared import explained
from tests.draws import one_of

PAGES = sorted((Path(__file__).parents[2] / "derivations").glob("*/derivation.md"))
X, ONE = Atom("x"), Atom("1")


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        ("x", (X,)),
        ("x_{1}^{2}", (Scripts(X, ONE, Atom("2")),)),
        ("x^{2}_{1}", (Scripts(X, ONE, Atom("2")),)),
        ("x_12", (Scripts(X, ONE, None), Atom("2"))),
        (r"\frac{1}{\partial x}", (Fraction(ONE, Formula((Atom(r"\partial"), X))),)),
        (r"\frac1x", (Fraction(ONE, X),)),
        (r"\tanh\left(x\right)", (Atom(r"\tanh"), Fenced("(", Formula((X,)), ")"))),
        (r"\sqrt[3]{x}", (Root(X, Atom("3")),)),
        (r"\hat{x}", (Accent(r"\hat", X),)),
        (r"\text{my\_conv 1}", (Word("my_conv 1"),)),
        ("{x_{1}}^{2}", (Scripts(Formula((Scripts(X, ONE, None),)), None, Atom("2")),)),
    ],
)
def test_the_tree_of(latex, tree):
    assert read(latex) == Formula(tree)


@pytest.mark.parametrize(
    ("latex", "complaint"),
    [
        (r"\input{x}", r"holds '\\\\input', which is not known"),
        ("a & b", "holds '&', which is not known"),
        ("x}", "holds '}', which is not known"),
        ("{x", "does not end"),
        (r"\left(x", "does not end"),
        (r"\frac{x}", "does not end"),
        ("x^", "does not end"),
        ("x^2^3", r"has two scripts '\^' in one place"),
        (r"\left\foo x\right)", r"has the fence '\\\\foo', which is not known"),
    ],
)
def test_what_the_printer_never_writes_is_an_error_that_quotes_it(latex, complaint):
    with pytest.raises(FormulaError, match=complaint) as error:
        read(latex)
    assert isinstance(error.value, SymcnnError)
    assert repr(latex) in str(error.value)


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"w_{11} x_{1} + w_{21} x_{2}", "w₁₁ x₁ + w₂₁ x₂"),
        (r"\delta^{z}_{11} = \delta^{z(2)}", "δᶻ₁₁ = δᶻ⁽²⁾"),
        (r"\frac{\partial L}{\partial w_{11}} \approx -0.0609750", "∂L/∂w₁₁ ≈ -0.0609750"),
        (r"\sum_{u=1}^{2} w_{uk} x_{i+u-1}", "∑ᵤ₌₁² wᵤₖ xᵢ₊ᵤ₋₁"),
        (r"\sigma\left(z^{(2)}\right)", "σ(z⁽²⁾)"),
        (r"(-0.1) \cdot 1 + 0.2 \cdot 0.4", "(-0.1) · 1 + 0.2 · 0.4"),
        (r"\left[z_{11} \geq z_{21}\right]", "[z₁₁ ≥ z₂₁]"),
        (r"\frac{1}{2} \left(t - a\right)^{2}", "(1/2) (t - a)²"),
        (r"\frac{a + b}{2 c}", "(a + b)/(2 c)"),
        (r"\frac{a}{b} c", "(a/b) c"),
        (r"\frac{1}{2} \cdot 3", "1/2 · 3"),
        ("p_{c}", "p_c"),
        ("p_{c}^{2}", "p_{c}²"),
        (r"x_{1,12}", "x_{1,12}"),
        (r"e^{-z_{1}}", "e^(-z₁)"),
        (r"\delta^{\hat{x}}_{1}", "δ^(x\u0302)₁"),
        (r"1.0 \times 10^{-17}", "1.0 × 10⁻¹⁷"),
        (r"\max_{1 \le u \le 2} z_{uc}", "max_{1≤u≤2} z_{uc}"),
        (r"i = 1, \dots, 4,\; k = 1, 2", "i = 1, …, 4,  k = 1, 2"),
        (r"\left\lfloor{\frac{r}{2} - \frac{1}{2}}\right\rfloor + 1", "⌊r/2 - 1/2⌋ + 1"),
        (r"w \leftarrow w - \eta\, \partial L / \partial w", "w ← w - η ∂L/∂w"),
        (r"- a \left(1 - a\right)", "-a (1 - a)"),
        ("{w^{(2)}_{1}}^{2}", "(w⁽²⁾₁)²"),
        (r"\sqrt{V_{1} + \frac{1}{100}}", "√(V₁ + 1/100)"),
        (r"\tanh\left(0.5\right)", "tanh(0.5)"),
        (r"1 - \tanh^{2}\left(y\right)", "1 - tanh²(y)"),
        (r"\sum_{u=1}^{\min\left(2, r - 1\right)} w_{u}", "∑ᵤ₌₁^(min(2,r-1)) wᵤ"),
        (r"2 \mid r - 1", "2 ∣ r - 1"),
        ("f'(z) = f(z) + (w_1 + w_2)(x_1 - (-2))", "f'(z) = f(z) + (w₁ + w₂)(x₁ - (-2))"),
        (r"0{,}24 \cdot 10", "0,24 · 10"),
        (r"\frac{1}{3} w_{1} (x_{1}", "(1/3) w₁ (x₁"),  # the other one is on the next line
    ],
)
def test_the_text_of(latex, line):
    assert text(read(latex)) == line


def formulas(block):
    """Run over all the formulas of a block, or of anything in it."""
    match block:
        case Inline(formula):
            yield formula
        case Heading(_, title):
            yield from formulas(title)
        case Paragraph(sentence):
            yield from formulas(sentence)
        case Rows(rows):
            for row in rows:
                yield from (row.left, *(term for side in row.sides for term in side.terms))
        case Table(header, rows):
            yield from formulas((header, rows))
        case Note(title, blocks):
            yield from formulas((title, blocks))
        case Diagram(picture, caption):
            yield from formulas(caption)
            labels = (shape for shape in picture.shapes if isinstance(shape, Label))
            yield from (label.text for label in labels if not isinstance(label.text, str))
        case tuple():
            for part in block:
                yield from formulas(part)


def committed(page):
    """Run over the formulas of a Markdown page, line by line."""
    written = page.read_text(encoding="utf-8")
    yield from re.findall(r"\$`(.*?)`\$", written)
    for display in re.findall(r"```math\n\\begin{aligned}\n(.*?)\n\\end{aligned}", written, re.S):
        for line in display.split("\n"):
            yield from line.removesuffix(r" \\").partition(" && ")[0].split("&", 1)


def digits(written):
    """Return the digits of a formula in one order, however they are set."""
    plain = unicodedata.normalize("NFKC", re.sub(r"\\[a-zA-Z]+", "", written))
    return sorted(re.findall(r"\d", plain))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_text_of_a_committed_page_keeps_every_digit(page):
    for latex in committed(page):
        assert digits(text(read(latex))) == digits(latex)


@pytest.mark.parametrize(
    "name", one_of(["strided, padded, grouped", "batch normalisation", "logits"])
)
def test_every_kind_of_network(name):
    """The text keeps every digit, and the LaTeX is that of the tree and of no other."""
    for formula in formulas(explained(name).blocks):
        latex, line = written(formula), text(formula)
        assert read(latex) == formula
        assert digits(line) == digits(latex)
        assert "\\" not in line
        assert "  " not in line or r"\;" in latex or r"\quad" in latex


def test_quotients_in_scripts_are_level():
    """A sum or a product beside a stroke has parentheses: ceil((i - 1)/2), 1/(2 S)."""
    made = level(read(r"a - 2 \left\lfloor{\frac{i - 1}{2}}\right\rfloor + \frac{1}{2 S}"))
    assert written(made) == (
        r"a - 2 \left\lfloor{\left(i - 1\right) / 2}\right\rfloor + 1 / \left(2 S\right)"
    )


@pytest.mark.parametrize("write", [written, text, lambda tree: mathml(tree.parts)])
def test_a_word_of_one_letter_is_not_taken_for_an_atom(write):
    """As tuples they would be equal, and what is cached of one were given for the other."""
    letter, word = read("i"), read(r"\mathrm{i}")
    assert letter != word
    assert (write(letter) == write(word)) == (write is text)
    assert write(read(r"\mathrm{i}")) == write(word)
