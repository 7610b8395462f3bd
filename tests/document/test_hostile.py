"""Nothing that a problem file says reaches a reader's TeX, HTML or Markdown as a command.

A hostile text stands in every field that holds one. The document, the page and the module that
are made of it have the commands, tags and names of the same file with plain texts, and no others.
"""

import json
import random
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.problems.write import problem_file
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.document.hostile import ALPHABET, PLAIN, TEXTS, called, check_document
from tests.draws import drawn, half, one_of
from tests.problems.example import written

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


@pytest.mark.parametrize("text", one_of(TEXTS))
def test_a_hostile_text_is_printed_and_no_command(tmp_path, plain, text):
    problem = hostile(tmp_path, text)
    check_document(sc.explain(problem), plain[1])


def test_terminals_print_it_too(tmp_path):
    pytest.importorskip("rich")
    for text in half(TEXTS):
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
    pdf = sc.explain(problem, detail="brief").to_pdf()
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
def test_a_formula_that_is_none_is_one_line_when_the_file_is_read(
    tmp_path, monkeypatch, key, remark, reason
):
    monkeypatch.chdir(tmp_path)
    said = [(remark, PLAIN) if key == "source" else (PLAIN, remark)]
    with pytest.raises(sc.SymcnnError, match=reason) as caught:
        loaded(Path(), PLAIN, "plain", said)
    assert str(caught.value).startswith(f"problem.toml: published[0] {key}")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("sign", "#&%_")
def test_words_in_a_formula_print_every_sign(tmp_path, sign):
    problem = loaded(tmp_path, PLAIN, "plain", [(PLAIN, rf"$x = \text{{a {sign} b \{sign}}}$")])
    assert rf"\text{{a \{sign} b \{sign}}}" in sc.explain(problem).to_latex()


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
