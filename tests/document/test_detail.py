"""Levels of detail and chosen sections: each says enough, and none says a thing twice."""

import re
import shutil
from itertools import pairwise, product

import pytest
from sympy import Integer, Rational

import symcnn as sc
from symcnn.cli.run import main
from symcnn.document.blocks import Heading, Matrices, Rows
from symcnn.document.facts.example_entry import example_entry
from symcnn.document.outline import DETAILS, OUTLINES, SECTIONS, SOLUTION
from symcnn.document.rows.verify import claiming
from symcnn.document.traversal import all_rows
from symcnn.writing.formula import Gap
from tests.document.latex import compiled, complaints, one_after_the_other
from tests.document.networks import problem_of
from tests.document.shared import NAMES, explained, problem_named
from tests.draws import one_of, slow, some

SHORT = ("brief", "standard")
SLOPES = ["-0.006098", "-0.03049", "-0.01463", "-0.002439", "-0.01220", "-0.02561"]
"""The derivatives with respect to the seed's kernel, row by row."""

SLOPE = re.escape(r"\frac{\partial L}{\partial w}")


def figures(matrix):
    return [float(figure.claim.value) for row in matrix.figures for figure in row]


def tasks(made):
    return [block for block in made.blocks if isinstance(block, Matrices) and block.task]


def titles(made):
    sections = (b for b in made.blocks if isinstance(b, Heading) and b.level == 1)
    return ["".join(map(str, section.title)) for section in sections]


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pdflatex_has_nothing_to_complain_of_and_the_documents_have_their_pages(tmp_path):
    chosen = [("the seed", level) for level in SHORT] + [("an image", "standard")]
    chosen += [(name, level) for level, name in some(product(DETAILS, NAMES[1:]), len(NAMES) + 4)]
    pages = "\\typeout{page \\thepage}\n\\end{document}\n"
    articles = (explained(*one).to_latex().replace("\\end{document}\n", pages) for one in chosen)
    log = compiled(one_after_the_other(list(articles)), tmp_path)
    assert "Output written" in log
    assert complaints(log) == []
    first, second, third, *_ = map(int, re.findall(r"^page (\d+)$", log, re.MULTILINE))
    assert first == 2
    assert second - first <= 7
    assert third - second <= 8


@pytest.mark.parametrize("level", ["brief", "standard", "full", "one weight"])
def test_every_block_has_a_role_that_its_level_tells(level):
    weight = {"weight": "conv1.weight[0, 0, 0, 0]"} if level == "one weight" else {"detail": level}
    made = sc.explain(sc.examples.cnn_by_hand(), **weight)
    assert {block.role for block in made.blocks} <= {*OUTLINES[level].roles}
    assert not {block.role for block in made.with_blanks().blocks} & {*SOLUTION}


@pytest.mark.parametrize("detail", SHORT)
def test_the_kernels_derivatives_stand_once_as_a_matrix(detail):
    """That of the weight which is followed is also worked out, and stands in a picture."""
    text = explained("the seed", detail).to_latex()
    (found,) = re.findall(rf"(?<!eta ){SLOPE} \\approx (.*?)\\right\)", text, re.DOTALL)
    assert re.findall(r"-?[\d.]{3,}", found) == SLOPES
    in_a_picture = detail == "standard"
    assert text.count("-0.02561") == 2 + in_a_picture


@pytest.mark.parametrize("detail", one_of(SHORT))
@pytest.mark.parametrize("name", one_of(NAMES))
def test_every_derivative_stands_in_a_document(name, detail):
    stated = problem_named(name)
    claims = (row.claim for row in claiming(explained(name, detail).blocks))
    shown = {claim.left[0]: claim.value for claim in claims if claim.value is not None}
    right = sc.evaluate(stated, exact=True).gradients
    for tensor in stated.network.parameters:
        adjoint = stated.derivation.adjoints[tensor.name]
        symbols = [adjoint.symbol(position) for position in tensor.positions()]
        entries = stated.derivation.entries  # that of a bias may be an error signal shown before
        known = (s if s in shown else entries.formula(s) for s in symbols)
        slopes = [float(shown[symbol]) for symbol in known]
        assert slopes == pytest.approx([*map(float, right[tensor.name].ravel())], rel=1e-12)


@pytest.mark.parametrize(("size", "detail"), [(10, "standard"), (11, "standard"), (11, "full")])
def test_an_example_of_a_long_sum_shows_its_first_and_last_terms(size, detail):
    """What stands for all terms has the sign of their values, which are exact."""
    pytest.importorskip("rich", reason="needs rich")
    network = sc.Network((size,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    values = {"x": [*range(1, size + 1)], "dense1.weight": [2] * size}
    text = " ".join(sc.explain(sc.Problem(network, values), detail=detail).to_text().split())
    cut = "z = w₁ x₁ + w₂ x₂ + ⋯ + w₁₁ x₁₁ = 2 · 1 + 2 · 2 + ⋯ + 2 · 11 = 132"
    assert (cut in text) == (size == 11 and detail == "standard")
    assert "2 · 5" in text or cut in text


def test_a_worksheet_leaves_results_open_and_gives_what_is_given():
    made = explained("the seed", "standard").with_blanks()
    matrices = [m for b in made.blocks if isinstance(b, Matrices) for m in b.matrices]
    gaps = [
        [isinstance(f.sides[0].terms[0].parts[0], Gap) for row in m.figures for f in row]
        for m in matrices
    ]
    assert [all(one) for one in gaps] == [any(one) for one in gaps]
    assert [any(one) for one in gaps] == [False] * 4 + [True] * (len(gaps) - 4)
    assert not set(SLOPES) & set(re.findall(r"-?[\d.]+", made.to_latex()))


@slow
def test_standard_detail_is_the_default():
    assert (
        sc.explain(sc.examples.cnn_by_hand()).to_latex()
        == explained("the seed", "standard").to_latex()
    )


def test_full_detail_works_every_entry():
    assert len(list(all_rows(explained().blocks))) > 2 * len(
        list(all_rows(explained("the seed", "standard").blocks))
    )


def unprinted(problem, made):
    """The values and derivatives, of tensors that are not renamed ones, that stand nowhere."""
    printed = {row.claim.left[0] for row in claiming(made.blocks) if row.claim.value is not None}
    network, adjoints = problem.network, problem.derivation.adjoints
    shown = [t for t in network.tensors.values() if t.name in adjoints and "flatten" not in t.name]
    named = [tensor for t in shown for tensor in (t, adjoints[t.name])]
    moved = {
        t.symbol(p) - problem.learning_rate * adjoints[t.name].symbol(p)
        for t in network.parameters
        for p in t.positions()
        if problem.learning_rate
    }
    return (moved | {t.symbol(p) for t in named for p in t.positions()}) - printed


@slow
@pytest.mark.parametrize(
    "name", some(["strided, padded, grouped", "a batch through two convolutions"])
)
def test_every_number_is_printed_in_full_detail(name):
    assert unprinted(problem_named(name), explained(name, "full")) == set()


@pytest.mark.parametrize("detail", one_of(["standard", "full"]))
def test_many_weights_are_printed_too(detail):
    """In standard detail, of the updated ones those that students compute."""
    network = sc.Network((7,), [sc.Dense(30, bias=False), sc.Tanh()], sc.SumOfOutputs())
    values = {
        "x": [1, 2, -1, 0, 1, 3, 1],
        "dense1.weight": [Rational(n % 7, 8) for n in range(210)],
    }
    problem = sc.Problem(network, values, learning_rate=Rational(1, 2))
    left = unprinted(problem, sc.explain(problem, detail=detail))
    assert left == set()


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_weights_that_meet_padding_alone_are_explained(detail):
    pytest.importorskip("rich")
    convolution = sc.Conv1D(1, 2, padding=1, dilation=2, bias=False)
    network = sc.Network((1, 1), [convolution], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [[2]], "conv1.weight": [[[1]], [[3]]]})
    printed = sc.explain(problem, detail=detail).to_text()
    slopes = [line for line in printed.splitlines() if "∂L/∂w" in line]
    assert all(line.endswith(" 0") or "( 0  0 )" in line for line in slopes)
    assert "One edge leads" in printed


@pytest.mark.parametrize("detail", SHORT)
def test_rows_that_follow_each_other_are_one_block(detail):
    blocks = explained("logits", detail).blocks
    rows = (isinstance(block, Rows) and not block.alike for block in blocks)
    assert not any(map(all, pairwise(rows)))


def test_copies_are_said_to_be_copies():
    text = explained("the seed", "standard").to_markdown()
    assert "the error signal only returns to the shape of" in text
    assert "(reindexing)" not in text
    assert "f_{1} = p_{1}" not in text


LOSSES = [
    ("the seed", "which gives the loss L (half squared error)."),
    ("a batch through two convolutions", "(half squared error, mean over the samples)"),
    ("dilated, with split ties", "(half squared error, sum over the samples)"),
    ("batch normalisation", "(inner product of output and gradient), given the gradient"),
    ("logits", "(softmax cross-entropy, plus an L2 penalty)"),
]


@pytest.mark.parametrize(("name", "said"), some(LOSSES))
def test_a_brief_document_names_the_loss(name, said):
    pytest.importorskip("rich")
    assert said in " ".join(explained(name, "brief").to_text().split())
    assert said not in " ".join(explained(name, "standard").to_text().split())


def test_a_brief_document_says_what_indices_and_dots_stand_for():
    text = explained("batch normalisation", "brief").to_markdown()
    rows = re.findall(r"^(?:\\delta|[a-z\\]+_)\S*_\{\w+\} &=(?:.|\n &)*", text, re.M)
    assert len(rows) == 5
    assert [
        row for row in rows if not re.search(r"\\left\((?:\w, )*\w = 1, .*\\right\)", row)
    ] == []


def test_an_entry_with_the_most_terms_that_are_not_0_is_worked_out():
    network = sc.Network((2, 4), [sc.Conv1D(1, 3, padding=1, bias=False)], sc.SumOfOutputs())
    values = {"x": [0, 1, 1, 1, 0, 0, 1, 1], "conv1.weight": [1] * 12}
    made = sc.Problem(network, values)
    entries, z = made.derivation.entries, network.tensors["conv1"]
    chosen = example_entry(entries, made.point.value)(z)
    assert chosen == (0, 0)
    few = example_entry(entries, lambda term: Integer("x_13" in str(term)))(z)
    assert few == (0, 0)


@slow
def test_sections_are_chosen_by_name_and_come_in_their_order():
    seed = sc.examples.cnn_by_hand()
    made = sc.explain(seed, sections=["weights", "forward"])
    assert titles(made) == ["Forward pass", "Every weight's derivative"]
    short = sc.explain(seed, detail="brief", sections=["step", "problem"])
    assert titles(short) == ["The problem", "One step of gradient descent"]
    every = {title for name in SECTIONS for title in titles(sc.explain(seed, sections=[name]))}
    assert every == {*titles(explained("the seed", "standard")), "Second derivatives"}


def test_theorems_are_stated_where_the_sections_before_are_left_out():
    alone = sc.explain(sc.examples.cnn_by_hand(), detail="standard", sections=["weights"])
    assert "Theorem 1 (convolution: derivative with respect to the weights)" in alone.to_latex()


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"detail": "short"}, "detail is 'short': give 'brief', 'standard' or 'full'"),
        ({"sections": ["forwards"]}, "a section is 'forwards': give some of problem, symbols, "),
        ({"detail": "brief", "all_weights": True}, "all weights are worked in full detail: "),
    ],
)
def test_what_does_not_go_together_is_one_line(options, line):
    with pytest.raises(sc.SymcnnError, match=f"^{re.escape(line)}"):
        sc.explain(sc.examples.cnn_by_hand(), **options)


def test_the_command_line_takes_both(tmp_path, capsys):

    main(
        ["derive", "--detail", "brief", "--sections", "step", "--format", "md", "-o", str(tmp_path)]
    )
    text = (tmp_path / "derivation.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["1 One step of gradient descent"]
    assert main(["derive", "--sections", "forward,back"]) == 2
    assert "there is no section 'back': choose from problem, symbols, " in capsys.readouterr().err


def test_every_figure_of_a_matrix_is_checked():
    made = list(claiming(explained("the seed", "brief").blocks))
    assert sum(row.claim.value is not None for row in made) > 40


def test_entries_that_are_worked_in_half_a_line_stand_beside_each_other():
    """The error signals of twelve entries are copies of those behind them: three to a line."""
    network = sc.Network((3, 4), [sc.Flatten(), sc.Dense(1)], sc.HalfSquaredError())
    text = sc.explain(problem_of(network, "copies"), detail="full").to_latex()
    lines = [line for line in text.splitlines() if line.startswith(r"\delta^{x}_{1")]
    assert sum(line.count("&=") for line in lines if "&=" in line) >= 4
    assert max(line.count("&=") for line in lines) > 1
