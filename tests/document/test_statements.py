r"""``Derivation.latex`` gives single formulas as documents print them, to be pasted."""

import re
import shutil

import pytest

import symcnn as sc
from tests.document.latex import compiled, complaints
from tests.document.shared import NAMES, SEED, explained, problem_named
from tests.draws import one_of, slow

DERIVATION = sc.examples.cnn_by_hand().derivation
RANGES = r"\quad \left("
BROKEN = re.compile(r"\\\\\*?(?:\[\d+pt\])?\s*&(?:\\quad |(?=[ =]))")
"""Where a row of a document goes on in the next line."""


def flowing(tex):
    """Return LaTeX without spaces, alignment and the breaks of lines."""
    return re.sub(r"[\s&]", "", BROKEN.sub("", tex))


def named(derivation):
    """Name the formulas of all tensors that documents state in general."""
    tensors = [t for t in derivation.network.tensors.values() if t.size > 1]
    shown = [t for t in tensors if t.role not in ("target", "given", "position", "auxiliary")]
    yield from (t.name for t in shown)
    yield from (f"gradient of {t.name}" for t in shown if t.name in derivation.adjoints)


@pytest.mark.parametrize("name", one_of(NAMES))
def test_a_general_formula_is_that_of_the_document(name):
    derivation, tex = (
        problem_named(name).derivation,
        flowing(explained(name).to_latex()),
    )
    formulas = [derivation.latex(asked).partition(RANGES)[0] for asked in named(derivation)]
    assert len(formulas) > 4
    assert [made for made in formulas if flowing(made) not in tex] == []


@pytest.mark.parametrize("index_base", one_of([0, 1]))
def test_an_entry_is_that_of_the_document_and_so_are_its_ranges(index_base):
    brief = sc.explain(sc.examples.cnn_by_hand(), detail="brief", index_base=index_base)
    tex = flowing(brief.to_latex())
    asked = ("conv1", "gradient of flatten1", "gradient of conv1", "dense1.weight")
    formulas = [DERIVATION.latex(name, index_base=index_base) for name in asked]
    assert all(RANGES in made for made in formulas)
    entry = ("conv1.weight", (1, 0, 0, 2))
    formulas.append(DERIVATION.latex(*entry, staged=True, index_base=index_base))
    assert [made for made in formulas if flowing(made) not in tex] == []


def test_a_closed_formula_has_given_numbers_alone():
    made = DERIVATION.latex("dense1", (0,))
    assert made.startswith("z^{(2)} = w^{(2)}_{1} \\max\\left(w_{11} x_{1} + w_{21} x_{2}, ")
    slope = DERIVATION.latex("conv1.weight", (1, 0, 0, 2))
    assert not re.search(r"\\delta|z_|p_|f_", slope)
    assert DERIVATION.latex("loss") == r"L = \frac{1}{2} \left(t - a\right)^{2}"


def test_letters_are_those_of_the_network_and_constants_decimals():
    network = sc.Network(
        (2,),
        [sc.Dense(2), sc.LeakyReLU(alpha=0.1, name="act")],
        sc.SumOfOutputs(),
        letters={"dense1.weight": "theta"},
    )
    derivation = sc.derive(network)
    assert r"\theta_{mq} x_{q} + b_{m}" in derivation.latex("dense1")
    assert r"0.1 z_{m} & \text{otherwise}" in derivation.latex("act")


def test_parentheses_grow_with_fractions():
    layers = [sc.Dense(1), sc.Sigmoid()]
    derivation = sc.derive(sc.Network((2,), layers, sc.BinaryCrossEntropy(), batch=2))
    assert r"\frac{1}{2} \left(\frac{1 - t_{n}}" in derivation.latex("gradient of sigmoid1")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DERIVATION.latex("conv2"), r"no formula of 'conv2': .*conv1"),
        (lambda: DERIVATION.latex("target"), "no formula of 'target'"),
        (lambda: DERIVATION.latex("gradient of target"), "no formula of 'gradient of target'"),
        (lambda: DERIVATION.latex("conv1", (9, 9, 9)), r"no entry \(9, 9, 9\): its shape is"),
        (lambda: DERIVATION.latex("conv1", index_base=2), "index_base is 2: give 0 or 1"),
        (lambda: DERIVATION.latex("conv1", digits=True), "digits is True: give a whole number"),
    ],
)
def test_what_there_is_not_is_refused_in_one_line(call, message):
    with pytest.raises(sc.SymcnnError, match=message):
        call()


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_formulas_are_pasted_into_an_article_as_they_are(tmp_path):
    derivations = [problem_named(name).derivation for name in NAMES if name != SEED]
    rows = [d.latex(asked) for d in derivations for asked in named(d)]
    displays = "\n".join(f"\\[{made}\\]" for made in rows)
    log = compiled(
        "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
        f"{displays}\n\\end{{document}}\n",
        tmp_path,
    )
    assert [line for line in complaints(log) if not line.startswith("Overfull")] == []
    assert "Output written" in log


def test_constants_have_the_decimal_mark_that_is_asked_for():
    network = sc.Network((2,), [sc.LeakyReLU()], sc.HalfSquaredError())
    derivation = sc.derive(network)
    assert "0{,}01 x_{q}" in derivation.latex("leaky_relu1", decimal=",")
    assert "0.01 x_{q}" in derivation.latex("leaky_relu1")
    second = derivation.hessian("x", "x")
    assert "0{,}01" in second.latex("leaky_relu1 by x", decimal=",")
    with pytest.raises(sc.SymcnnError, match="decimal is ';': give"):
        derivation.latex("leaky_relu1", decimal=";")


def test_arguments_are_told_from_decimal_commas():
    """max(a, 0,5) would be a maximum of three."""
    layers = [sc.LeakyReLU(), sc.MaxPool1D(2)]
    derivation = sc.derive(sc.Network((2, 1), layers, sc.HalfSquaredError()))
    assert derivation.latex("pool1", (0, 0), decimal=",").count(";") == 1
