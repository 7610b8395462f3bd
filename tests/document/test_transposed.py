"""Transposed convolutions on paper: every kernel, stride, crop, bias and loss."""

from itertools import product

import pytest

import symcnn as sc
from symcnn.document.blocks import Heading
from symcnn.document.traversal import all_rows
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.document.test_printed import Letters, wrong_rows
from tests.document.test_theorems import stated
from tests.draws import MANY

SETTINGS = list(
    product(
        [(2, 1), (3, 1), (1, 1), (2, 2)],
        [1, 2],
        [0, ((1, 0), (0, 0)), "same"],
        [True, False],
        [sc.SumOfOutputs(), sc.HalfSquaredError(), sc.Upstream()],
    )
)
DRAWN = SETTINGS if MANY else SETTINGS[:: len(SETTINGS) // 6 + 1]


def transposed(kernel, stride, padding, bias, loss, shape=(2, 1, 1)):
    layer = sc.ConvTranspose2D(1, kernel, stride=stride, padding=padding, bias=bias)
    return sc.Network(shape, [layer], loss)


@pytest.mark.parametrize("settings", DRAWN, ids=str)
def test_every_row_of_every_setting_is_true(settings):
    made = problem_of(transposed(*settings), "transposed")
    assert wrong_rows(sc.explain(made), Letters(made)) == {}


def forward_row(kernel, stride, padding):
    network = transposed(kernel, stride, padding, False, sc.SumOfOutputs(), (3, 1, 1))
    document = sc.explain(problem_of(network, "forward"))
    forward = next(n for n, b in enumerate(document.blocks) if is_titled(b, "Forward pass"))
    row = next(all_rows(document.blocks[forward:]))
    return latex(joined([row.left, row.sides[0].formula]))


def is_titled(block, title):
    return isinstance(block, Heading) and block.title == (title,)


FORWARD = {
    "kernels side by side": (
        (2, 1),
        2,
        0,
        r"z_{2(r-1)+u} = w_{u} x_{r}",
        r"r = 1, 2, 3,\; u = 1, 2",
    ),
    "kernels that overlap": (
        (2, 1),
        1,
        0,
        r"z_{i} = \sum_{u=\max\left(1, i - 2\right)}^{\min\left(2, i\right)} w_{u} x_{i-u+1}",
        r"i = 1, \dots, 4",
    ),
    "gaps between kernels": (
        (1, 1),
        2,
        0,
        r"z_{i} = w x_{\left(i + 1\right) / 2} \left[2 \mid i - 1\right]",
        r"i = 1, \dots, 5",
    ),
    "kernels that are cropped": (
        (2, 1),
        2,
        ((1, 0), (0, 0)),
        r"z_{i} = w_{(i\bmod2)+1} x_{\left\lfloor{i / 2}\right\rfloor + 1}",
        r"i = 1, \dots, 5",
    ),
}


@pytest.mark.parametrize("case", FORWARD)
def test_one_formula_for_every_entry_of_the_output(case):
    *settings, formula, ranges = FORWARD[case]
    assert forward_row(*settings) == rf"{formula}\quad \left({ranges}\right)"


def test_a_theorem_holds_for_every_padding_though_the_signal_is_1_everywhere():
    network = transposed((2, 2), 1, 1, True, sc.SumOfOutputs(), (2, 3, 1))
    rows, _ = stated(
        sc.explain(problem_of(network, "sum")),
        "transposed convolution: derivative with respect to the input",
    )
    assert rows[1] == r"\delta^{x}_{rsc} = \sum_{u, v, k} \delta^{z}_{r_{u}, s_{v}, k} w_{uvck}"
