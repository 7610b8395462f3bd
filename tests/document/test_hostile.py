"""Nothing that a problem file says reaches a reader's TeX, HTML, Markdown or Typst as a command.

A hostile text stands in every field that holds one. The document, the page and the module that
are made of it have the commands, tags and names of the same file with plain texts, and no others.
"""

import ast
import json
import random
import re
import shutil
import subprocess
import tomllib
from html.parser import HTMLParser

import pytest

import symcnn as sc
from symcnn.document.typst import pages
from symcnn.export import sympy_module
from symcnn.formula.signs import ACCENTS, SIGNS, UNDERLINE
from symcnn.problems.write import problem_file
from symcnn.programs.export import exported
from tests.draws import drawn
from tests.problems.example import written

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
    *("raggedright", "arraybackslash", "textwidth"),
    *"#$%&_{}",
}
"""The commands that print a character of a text, and those of a column of long texts."""

MATHEMATICS = {command[1:] for command in (*SIGNS, *ACCENTS, UNDERLINE) if command[0] == "\\"}
MATHEMATICS |= {"frac", "sqrt", "left", "right", "text", "operatorname"}
"""The commands of formulas; each prints a sign, or sets what is given to it."""

DANGEROUS = (
    "input include openin openout write immediate read def let csname href url catcode special"
)

FILE = """
title = {title}

[input]
shape = [1]
values = [2]

[[layers]]
type = "dense"
name = {name}
units = 1
bias = false
weight = [3]

[[layers]]
type = "tanh"
inputs = [{name}]

[loss]
type = "half_squared_error"
target = [1]
"""
PUBLISHED = """
[[published]]
quantity = {quantity}
values = [7]
source = {source}
remark = {remark}
"""


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def file(title, name, said):
    made = FILE.format(title=quoted(title), name=quoted(name))
    quantity = quoted(f"gradient of {name}")
    return made + "".join(
        PUBLISHED.format(quantity=quantity, source=quoted(source), remark=quoted(remark))
        for source, remark in said
    )


def loaded(folder, title, name, said):
    return sc.load(written(folder, file(title, name, said)))


def escaped_dollars(text):
    return text.replace("$", r"\$")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    problem = loaded(folder, PLAIN, "plain", [(PLAIN, PLAIN), (PLAIN, "$x$")])
    return problem, sc.explain(problem)


def hostile(folder, text):
    name = text.replace(".", "")[:60].strip()
    said = escaped_dollars(text)
    return loaded(folder, text, name, [(said, said), (PLAIN, f"{said} $x$ {said}")])


def commands(tex):
    return {command or sign for command, sign in re.findall(r"\\(?:([a-zA-Z]+)|(.))", tex, re.S)}


def check_tex(tex, usual):
    known = commands(usual) | SPECIAL | MATHEMATICS | {"\\", "\n"}
    assert commands(tex) - known == set()
    assert not known & set(DANGEROUS.split())
    assert "^^" not in tex
    bare = re.sub(r"\\.", "", tex.replace("\\\\", ""), flags=re.S)
    assert bare.count("%") == usual.replace("\\\\", "").replace("\\%", "").count("%")


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


def check_html(page, usual):
    found = Tags(page).found - Tags(usual).found
    assert {tag if isinstance(tag, str) else tag[0] for tag in found} <= MATHML | {
        "munder",
        "msqrt",
        "span",
    }
    names = {tag[1] for tag in found if isinstance(tag, tuple)}
    assert names <= {
        "class",
        "stretchy",
        "lspace",
        "rspace",
        "width",
        "form",
        "mathvariant",
        "accent",
    }


def check_markdown(page, usual):
    """Read with a renderer that knows no formulas: what stands in them is code or text."""
    render = pytest.importorskip("mistune").create_markdown(escape=False, plugins=["table"])
    assert Tags(render(page)).found <= Tags(render(usual)).found


def outside_strings(code):
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', code, flags=re.S)


def check_typst(markup, usual):
    """Outside of its strings the markup has no other words of code."""
    words = r"#[\w.]+|\b[a-z-]{2,}\b"
    ours = set(re.findall(words, outside_strings(markup)))
    known = set(re.findall(words, outside_strings(usual))) | {"op", "frac", "lr", "sqrt", "dot.op"}
    known |= {"class", "hat", "macron", "tilde", "attach", "thin", "med", "thick", "space", "quad"}
    assert ours - known <= {"wide", "underline", "root", "max", "min", "log", "dot", "op"}


def check_document(document, usual):
    check_tex(document.to_latex(), usual.to_latex())
    check_html(document.to_html(), usual.to_html())
    check_html(document._repr_html_(), usual._repr_html_())
    check_typst(pages(document.title, document.blocks), pages(usual.title, usual.blocks))
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


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_text_is_printed_and_no_command(tmp_path, plain, text):
    problem = hostile(tmp_path, text)
    check_document(sc.explain(problem), plain[1])


def test_terminals_print_it_too(tmp_path):
    pytest.importorskip("rich")
    for text in TEXTS:
        page = " ".join(sc.explain(hostile(tmp_path, text)).to_text().split())
        assert " ".join(text.split()) in page


@pytest.mark.parametrize("text", TEXTS)
def test_a_module_and_a_problem_file_hold_it_as_data(tmp_path, plain, text):
    problem = hostile(tmp_path, text)
    given = (problem.derivation, problem.values, problem.title)
    usual = (plain[0].derivation, plain[0].values, plain[0].title)
    assert {*called(sympy_module(*given))} <= {*called(sympy_module(*usual))}
    for language in ("numpy", "jax"):
        module = exported(*given, language)
        assert {*called(module)} <= {*called(exported(*usual, language))}
    again = tomllib.loads(problem_file(problem))
    assert (again["title"], again["layers"][1]["inputs"]) == (
        problem.title,
        [problem.network.stages[0].output.name],
    )


def test_what_it_names_in_a_pdf_is_text(tmp_path):
    if not (shutil.which("latexmk") and shutil.which("pdftotext")):
        pytest.skip("needs latexmk and pdftotext")
    problem = hostile(tmp_path, r"\input{secret.txt} $x$ <b> #5c")
    pdf = sc.explain(problem).to_pdf()
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True)
    assert r"\input{secret.txt} $x$ <b> #5c" in " ".join(run.stdout.decode().split())


@pytest.mark.parametrize(
    ("remark", "reason"),
    [
        (r"$\input{secret.txt}$", r"holds '\\\\input', which is not known"),
        (r"$\openout1=a$", r"holds '\\\\openout'"),
        (r"$x$ and $\text{`$x` <script>alert(2)</script> `y$`}$", "sign that not every format"),
        (r"$x` <script>alert(2)</script> `y$", "holds '`'"),
        (r"$\text{\input{a}}$", "a word with a sign"),
        (r"$x^^5c$", r"holds '\^'"),
        (r"$x", r"does not end: close it with \$, or write \\\$ for a dollar sign"),
        (r"$x_$", "does not end"),
        ("$" + "{" * 5000 + "}" * 5000 + "$", "letters: shorten it to 2,000"),
        ("$" + "{" * 900 + "}" * 900 + "$", "nested too deeply"),
    ],
)
@pytest.mark.parametrize("key", ["source", "remark"])
def test_a_formula_that_is_none_is_one_line_when_the_file_is_read(tmp_path, key, remark, reason):
    said = [(remark, PLAIN) if key == "source" else (PLAIN, remark)]
    with pytest.raises(sc.SymcnnError, match=reason) as caught:
        loaded(tmp_path, PLAIN, "plain", said)
    assert str(caught.value).startswith(f"{tmp_path / 'problem.toml'}: published[0] {key}")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("sign", "#&%_")
def test_words_in_a_formula_print_every_sign(tmp_path, sign):
    problem = loaded(tmp_path, PLAIN, "plain", [(PLAIN, rf"$x = \text{{a {sign} b \{sign}}}$")])
    assert rf"\text{{a \{sign} b \{sign}}}" in sc.explain(problem).to_latex()


ALPHABET = [
    *("\\", "{", "}", "$", "`", "<", ">", "#", "&", "%", "^", "_", " ", '"', "'", "]", "[", "("),
    *("input", "write18", "script", "\\text{", "\\$", "\\left", "|", "!", "x", "5c", "/", "**"),
    *("\\frac", "\\sqrt", "\\hat", "\\begin{a}", ")", "\\right", "\\{", "javascript:", "~", "é"),
]


def test_texts_at_random_are_a_line_of_error_or_no_command(tmp_path, plain):
    draw, accepted = random.Random(7), []
    for _ in range(drawn(2)):
        text = "".join(draw.choices(ALPHABET, k=draw.randint(1, 9)))
        for remark in (text, f"$x {text}$", rf"$\text{{{text}}}$", f"$x_{{{text}}}$"):
            try:
                loaded(tmp_path, PLAIN, "plain", [(PLAIN, f"Z{remark}")])
            except sc.SymcnnError as error:
                assert str(error).isprintable()  # noqa: PT017 - most are errors, some are none
            else:
                accepted.append((PLAIN, f"Z{remark}"))
    assert len(accepted) > drawn(2) / 5
    check_document(sc.explain(loaded(tmp_path, PLAIN, "plain", accepted)), plain[1])
