"""Texts that would be commands to TeX, a browser, Markdown or Python, and how to tell.

A document, a page or a module with such texts has the commands, tags and names of the same one
with plain texts, and no others.
"""

import ast
import re
from html.parser import HTMLParser

import pytest

from symcnn.document.pages.latex_text import OGONEK, composed
from symcnn.writing.formula.signs import ACCENTS, SIGNS

TEXTS = [
    r"\input{secret.txt}",
    r"\immediate\openout1=a \write1{b}\write18{id}",
    r"^^5cinput{secret} ^^M",
    r"\csname input\endcsname a % b",
    r"\end{document} \begin{verbatim} \def\x{y} #1 ~ & _ ^",
    "`$x` <script>alert(2)</script> `y$`",
    "$`x`$ ```math",
    "</title></style></head><body onload=alert(1)><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "--> <!-- ]]> <![CDATA[ <?php ?>",
    "&lt;script&gt; &#60;b&#62;",
    "![a](http://a.invalid/a.png) [b](javascript:alert(1)) <http://a.invalid>",
    "# a * b * _c_ ~~d~~ | e | \\ [^1]: > f",
    '#import "a": * #read("/etc/passwd") $#x$ */ // @a <b> ] )',
    '" #read("/etc/passwd") "',
    '""" + __import__("os").system("id") + """',
    "''' ; import os # \\",
    "{x.__class__} {{7*7}} %(a)s {0}",
    "[bold]a[/bold] :smile: [link=http://a.invalid]b[/link]",
]
PLAIN = "plain words"

SPECIAL = {
    *("textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar"),
    *("raggedright", "arraybackslash", "textwidth", "contents"),
    *("L", "l", "OE", "oe", "i", "j", "u", "r", "H", "v", "c", *"`'^~=.\""),
    *"#$%&_{}",
}
"""The commands that print a character of a text, or an accent over one, and those of a column
of long texts and of a document that these make long."""

MATHEMATICS = {command[1:] for command in (*SIGNS, *ACCENTS) if command[0] == "\\"}
MATHEMATICS |= {"frac", "sqrt", "left", "right", "text", "operatorname"}
"""The commands of formulas; each prints a sign, or sets what is given to it."""

DANGEROUS = (
    "input include openin openout write immediate read def let csname href url catcode special"
)

ALPHABET = [
    *("\\", "{", "}", "$", "`", "<", ">", "#", "&", "%", "^", "_", " ", '"', "'", "]", "[", "("),
    *("input", "write18", "script", "\\text{", "\\$", "\\left", "|", "!", "x", "5c", "/", "**"),
    *("\\frac", "\\sqrt", "\\hat", "\\begin{a}", ")", "\\right", "\\{", "javascript:", "~", "é"),
]
"""What texts at random are made of."""


def commands(tex):
    return {command or sign for command, sign in re.findall(r"\\(?:([a-zA-Z]+)|(.))", tex, re.S)}


RARE = [made for made in map(composed, map(chr, range(0xA1, 0x250))) if made]
RARE = [made for made in RARE if commands(made) - SPECIAL - MATHEMATICS]
"""Letters that are composed by further commands, as a letter with an ogonek is."""

SCALED = "\\resizebox{\\linewidth}{!}{%\n"
"""How a picture begins that is too wide for the page, as one with long names can be."""


FENCES = re.compile(
    r"^\\let\\fence\w+\\\w+@?\n"
    r"|^\\hypertarget\{figure-\d+\}\{\}%\n|^\\begin\{figure\}\[!ht\]\\centering\n|^\\end\{figure\}\n",
    re.MULTILINE,
)
"""Lines of every preamble, and how a figure begins, for which long names leave no room."""


def without_ours(tex):
    for ours in (SCALED, OGONEK, *RARE):
        tex = tex.replace(ours, "")
    return FENCES.sub("", tex)


def check_tex(tex, usual):
    tex, usual = (without_ours(text) for text in (tex, usual))
    known = commands(usual) | SPECIAL | MATHEMATICS | {"\\", "\n"}
    assert not (extra := commands(tex) - known), extra
    assert not known & set(DANGEROUS.split())
    assert "^^" not in tex, "^^"
    bare = re.sub(r"\\.", "", tex.replace("\\\\", ""), flags=re.S)
    assert bare.count("%") == usual.replace("\\\\", "").replace("\\%", "").count("%"), "%"


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found |= {tag, *((tag, name) for name, _ in attributes)}

    def handle_comment(self, data):
        self.found.add("comment")

    def handle_pi(self, data):
        self.found.add("instruction")

    def unknown_decl(self, data):
        self.found.add("declaration")


MATHML = {"mo", "mi", "mn", "mtext", "mrow", "msub", "msup", "msubsup", "mfrac", "mspace", "mover"}
MATHML |= {"munder", "msqrt", "span"}
ATTRIBUTES = {"class", "stretchy", "lspace", "rspace", "width", "form", "mathvariant", "accent"}
ATTRIBUTES |= {"role", "tabindex", "aria-label", "minsize", "maxsize"}
"""Of formulas alone: no texts stand in them."""


def check_html(page, usual):
    known = Tags(usual).found
    found = Tags(page).found - known
    tags = {tag if isinstance(tag, str) else tag[0] for tag in found} - known
    assert tags <= MATHML, tags - MATHML
    names = {tag[1] for tag in found if isinstance(tag, tuple)}
    assert names <= ATTRIBUTES, names - ATTRIBUTES


def check_markdown(page, usual):
    """Read with a renderer that knows no formulas: what stands in them is code or text."""
    render = pytest.importorskip("mistune").create_markdown(escape=False, plugins=["table"])
    extra = Tags(render(page)).found - Tags(render(usual)).found
    assert not extra, extra


def check_document(document, usual):
    check_tex(document.to_latex(), usual.to_latex())
    check_html(document.to_html(), usual.to_html())
    check_html(document._repr_html_(), usual._repr_html_())
    check_markdown(document.to_markdown(), usual.to_markdown())


def called(module):
    """List what a module imports, calls and asks of objects."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
