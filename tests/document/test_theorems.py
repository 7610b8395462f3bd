"""Theorems: each layer's formula in letters, its reasons, and what is said once."""

import dataclasses
import re

import numpy as np
import pytest
from sympy import Symbol

import symcnn as sc
from symcnn.document.blocks import Inline, Note, Paragraph, Rows
from symcnn.document.context import Context
from symcnn.document.explanation import Numbers, oracles
from symcnn.document.facts.derivative import Derivative
from symcnn.document.facts.given import Check
from symcnn.document.facts.letters import letters
from symcnn.document.rows.read_back import RowReader
from symcnn.document.rows.verify import verify
from symcnn.document.theorems.rows import formula_row
from symcnn.document.theorems.theorem import theorem
from symcnn.document.traversal import all_rows
from symcnn.document.words.sentences import unlinked
from symcnn.equations import accesses
from symcnn.errors import UnverifiedError
from symcnn.writing.formula import build
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.document.shared import explained
from tests.draws import slow

STRIDED = sc.Network(
    (5, 6, 2), [sc.Conv2D(3, (3, 2), stride=2, padding=1, dilation=(1, 2))], sc.HalfSquaredError()
)
TRANSPOSED = sc.Network(
    (3, 3, 1), [sc.ConvTranspose2D(2, 3, stride=(2, 1), padding=1)], sc.HalfSquaredError()
)


@pytest.fixture(scope="module")
def seed():
    return explained()


@pytest.fixture(scope="module")
def strided():
    return sc.explain(problem_of(STRIDED, "strided"))


@pytest.fixture(scope="module")
def grouped():
    return explained("strided, padded, grouped")


def words(*blocks):
    """Write the sentences of blocks, with formulas between dollars."""
    parts = []
    for block in blocks:
        if isinstance(block, Note):
            parts += [written(block.title), words(*block.blocks)]
        elif isinstance(block, Paragraph):
            parts.append(written(block.text))
    return "\n".join(parts)


def written(text):
    return "".join(
        f"${latex(part.formula)}$" if isinstance(part, Inline) else part for part in unlinked(text)
    )


def stated(document, title):
    """Return the rows of one theorem, and the sentences in it."""
    note = next(b for b in document.blocks if isinstance(b, Note) and title in written(b.title))
    rows = [latex(build.row(r.left, r.sides[0].formula)) for r in all_rows([note])]
    return rows, words(note)


def titles(document):
    notes = [block for block in document.blocks if isinstance(block, Note)]
    return [written(note.title) for note in notes]


def test_the_seed_states_one_theorem_for_each_step(seed):
    assert titles(seed) == [
        "Theorem 1 (chain rule)",
        "Theorem 2 (function of single entries)",
        "Theorem 3 (dense layer: derivative with respect to the input)",
        "Theorem 4 (reindexing)",
        "Theorem 5 (maximum over a window)",
        "Theorem 6 (convolution: derivative with respect to the input)",
        "Theorem 7 (convolution: derivative with respect to the weights)",
        "Theorem 8 (dense layer: derivative with respect to the weights)",
    ]


THEOREMS = {
    "function of single entries": [
        r"\delta^{z(2)}_{m} = \delta^{a}_{m} \varphi'\left(z^{(2)}_{m}\right)"
    ],
    "reindexing": [r"f_{m_{rsk}} = p_{rsk}", r"\delta^{p}_{rsk} = \delta^{f}_{m_{rsk}}"],
    "maximum over a window": [
        r"p_{rsk} = \max_{u, v} z_{r_{u}, s_{v}, k}",
        r"\delta^{z}_{ijk} = \sum_{r, s, u, v} \delta^{p}_{rsk} R^{p}_{rskuv} "
        r"\left[r_{u} = i\right] \left[s_{v} = j\right]",
    ],
    "convolution: derivative with respect to the input": [
        r"z_{ijk} = \sum_{u, c} w_{uck} x_{i_{u}, j, c}",
        r"\delta^{x}_{rsc} = \sum_{i, k, u} \delta^{z}_{isk} w_{uck} \left[i_{u} = r\right]",
    ],
    "convolution: derivative with respect to the weights": [
        r"\frac{\partial L}{\partial w_{uck}} = \sum_{i, j} \delta^{z}_{ijk} x_{i_{u}, j, c}"
    ],
}
"""The kernel of the seed covers one column, along which it has no window."""

IN_TWO_AXES = (
    r"\frac{\partial L}{\partial w_{uvck}} = \sum_{i, j} \delta^{z}_{ijk} x_{i_{u}, j_{v}, c}"
)


@pytest.mark.parametrize("title", THEOREMS)
def test_the_seeds_theorems_as_a_textbook_has_them(seed, title):
    assert stated(seed, title)[0] == THEOREMS[title]


def test_a_dense_layer_is_a_matrix_and_a_column(seed):
    rows, said = stated(seed, "dense layer: derivative with respect to the input")
    supposed = "Suppose that $z^{(2)} = w^{(2)} f$, with $f$ and $z^{(2)}$ as columns, and that "
    input_only = supposed + "$L$ depends on $f$ only through $z^{(2)}$. Then "
    assert rows == []
    assert input_only + r"$\delta^{f} = \left(w^{(2)}\right)^{\top} \delta^{z(2)}$." in said
    _, said = stated(seed, "dense layer: derivative with respect to the weights")
    weights_only = supposed + "$L$ depends on $w^{(2)}$ only through $z^{(2)}$. Then "
    slope = r"\frac{\partial L}{\partial w^{(2)}}"
    assert weights_only + rf"${slope} = \delta^{{z(2)}} f^{{\top}}$." in said


@pytest.mark.parametrize("bias", [True, False])
def test_what_stands_in_matrices_comes_to_what_is_derived(bias):
    network = sc.Network((4,), [sc.Tanh(), sc.Dense(3, bias=bias)], sc.HalfSquaredError())
    problem = problem_of(network, "matrices")
    found = sc.evaluate(problem)
    f, signal = (found.outputs["tanh1"].ravel(), found.gradients["dense1"].ravel())
    w = np.array(problem.values["dense1.weight"], dtype=float).reshape(3, 4)
    assert found.gradients["tanh1"].ravel() == pytest.approx(w.T @ signal)
    assert found.gradients["dense1.weight"] == pytest.approx(np.outer(signal, f))
    _, said = stated(sc.explain(problem), "dense layer: derivative with respect to the input")
    assert ("$z = w a + b$" in said) == bias


def test_letters_are_defined_where_they_first_stand_and_given_numbers_where_these_matter(seed):
    _, sentences = stated(seed, "maximum over a window")
    assert "$r_{u} = S (r - 1) + D (u - 1) - P + 1$ of $z$; $s_{v}$ is defined in" in sentences
    text = words(*seed.blocks)
    assert text.count("be the stride, $D$ the dilation") == 1
    _, again = stated(seed, "convolution: derivative with respect to the input")
    assert "Let $i_{u} = S (i - 1) + D (u - 1) - P + 1$, with $S$, $D$ and $P$ as in" in again
    assert "By Theorem 6:" in text
    assert (
        r"with $\varphi\left(y\right) = \sigma\left(y\right)$ and $\varphi'\left(y\right)" in text
    )


def test_stride_padding_and_dilation_are_read_off_the_indices(strided):
    rows, _ = stated(strided, "convolution: derivative with respect to the weights")
    assert rows == [IN_TWO_AXES]
    text = words(*strided.blocks)
    for number in (2, 3):
        assert f"By Theorem {number} with stride 2, dilation (1, 2) and padding 1, for " in text


def test_every_axis_has_its_own_stride(strided):
    _, sentences = stated(strided, "convolution: derivative with respect to the input")
    assert "Along each axis let $S$ be the stride" in sentences
    assert "entry $i_{u} = S (i - 1) + D (u - 1) - P + 1$ of $x$; $j_{v}$ is defined" in sentences


def test_what_is_as_usual_is_not_said():
    network = sc.Network((4, 4, 1), [sc.Conv2D(1, 2)], sc.HalfSquaredError())
    text = words(*sc.explain(problem_of(network, "usual")).blocks)
    assert re.findall("By Theorem [23] with", text) == []
    assert len(re.findall("By Theorem [23][:,]", text)) == 2
    for tic in ("takes one value", "run over $", "Here $S", "We differentiate", "is given by eq"):
        assert tic not in text


def test_a_kernel_of_one_entry_has_no_window():
    network = sc.Network((4, 3, 2), [sc.Conv2D(3, 1), sc.Tanh()], sc.HalfSquaredError())
    document = sc.explain(problem_of(network, "pointwise"))
    rows, said = stated(document, "linear map at each position: derivative with respect to the inp")
    assert rows == [
        r"z_{ijk} = \sum_{c} w_{ck} x_{ijc} + b_{k}",
        r"\delta^{x}_{ijc} = \sum_{k} \delta^{z}_{ijk} w_{ck}",
    ]
    assert "stride" not in said
    title = "linear map at each position: derivative with respect to the weights"
    rows, _ = stated(document, title)
    assert rows[-1] == r"\frac{\partial L}{\partial w_{ck}} = \sum_{i, j} \delta^{z}_{ijk} x_{ijc}"
    strided = sc.Network((4, 2), [sc.Conv1D(3, 1, stride=2)], sc.HalfSquaredError())
    assert "convolution" in titles(sc.explain(problem_of(strided, "strided")))[1]


def test_a_tensor_that_is_used_twice_has_no_theorem_but_the_chain_rule():
    layers = [sc.Conv1D(2, 2, padding="same"), sc.Add(inputs=("conv1", "x"))]
    made = titles(sc.explain(problem_of(sc.Network((4, 2), layers, sc.SumOfOutputs()), "added")))
    assert not any("derivative with respect to the input" in title for title in made)


@pytest.mark.parametrize("layer", [sc.Conv1D(1, 2), sc.Dense(2)], ids=["conv", "dense"])
def test_the_theorem_of_a_penalty_supposes_it(layer):
    shape = (4, 1) if isinstance(layer, sc.Conv1D) else (3,)
    network = sc.Network(shape, [layer], sc.HalfSquaredError(l2=0.1))
    rows, said = stated(sc.explain(problem_of(network, "penalised")), "with a penalty")
    supposed = (
        r"that \$L\$ is the sum of \$0\.1 \\sum_\{[a-z, ]+\} w_\{[a-z]+\}\^\{2\}\$ and a term"
    )
    assert re.search(supposed + r" that depends on \$w\$ only through \$z\$\. Then", said)
    assert rows[-1].startswith(r"\frac{\partial L}{\partial w_{")
    (left,) = re.findall(r"^\\frac\{\\partial L\}\{\\partial w_\{([a-z]+)\}\}", rows[-1])
    assert rf"= \frac{{1}}{{5}} w_{{{left}}}" in rows[-1]  # an axis of length 1 as well


def test_a_transposed_convolution_is_known_by_where_its_window_stands():
    document = sc.explain(problem_of(TRANSPOSED, "transposed"))
    rows, _ = stated(document, "transposed convolution: derivative with respect to the input")
    assert rows[1] == r"\delta^{x}_{rsc} = \sum_{u, v, k} \delta^{z}_{r_{u}, s_{v}, k} w_{uvck}"


def test_groups_are_counted_row_by_row(grouped):
    rows, _ = stated(grouped, "convolution: derivative with respect to the weights")
    assert rows == [
        r"\frac{\partial L}{\partial w_{u, v, h, k_{gm}}} = \sum_{i, j} \delta^{z}_{i, j, k_{gm}} "
        r"x_{i_{u}, j_{v}, c_{gh}}"
    ]
    rows, said = stated(grouped, "convolution: derivative with respect to the input")
    assert rows == [
        r"z_{i, j, k_{gm}} = \sum_{u, v, h} w_{u, v, h, k_{gm}} x_{i_{u}, j_{v}, c_{gh}} "
        r"+ b_{k_{gm}}",
        r"\delta^{x}_{r, s, c_{gh}} = \sum_{i, j, m, u, v} \delta^{z}_{i, j, k_{gm}} "
        r"w_{u, v, h, k_{gm}} \left[i_{u} = r\right] \left[j_{v} = s\right]",
    ]
    assert "$k_{gm} = N_{m} (g - 1) + m$" in said


def test_a_theorem_is_stated_once(grouped):
    assert sum("function of single entries" in title for title in titles(grouped)) == 1
    assert words(*grouped.blocks).count(r"By Theorem 2 with $\varphi\left(y\right) = \tanh") == 1


def test_a_theorem_holds_for_every_stride_and_size():
    layers = [sc.Conv2D(2, 2, padding=1), sc.Tanh(), sc.Conv2D(1, (3, 2), stride=(2, 1))]
    network = sc.Network((4, 4, 1), [*layers, sc.Tanh()], sc.HalfSquaredError())
    document = sc.explain(problem_of(network, "several"), detail="full")
    made = [title.partition(" (")[2] for title in titles(document)]
    assert len(made) == len(set(made)) == 4
    text = words(*document.blocks)
    assert text.count("with stride (2, 1)") == text.count("with padding 1") == 2


def test_the_formulas_of_a_theorem_have_letters_of_their_own():
    """The channels of a grouped convolution are new letters: not those of the rows of x."""
    network = sc.Network((3, 3, 2), [sc.Conv2D(2, 2, groups=2)], sc.SumOfOutputs())
    tex = sc.explain(problem_of(network, "grouped")).to_latex()
    (forward,) = re.findall(r"z_\{([^=]*)\} &?= .* x_\{i_\{u\}, j_\{v\}, c_\{gh\}\} \+ b", tex)
    (rows,) = re.findall(r"\\delta\^\{x\}_\{([a-z], [a-z]), c_\{gh\}\} &?= \\sum_\{i", tex)
    assert not {*re.findall("[a-z]", forward)} & {*re.findall("[a-z]", rows)}


def test_indices_count_from_0_on_request():
    document = sc.explain(sc.examples.cnn_by_hand(), index_base=0)
    assert "entry $r_{u} = S r + D u - P$ of $z$" in stated(document, "maximum over a window")[1]


def test_a_tensor_called_s_leaves_its_letter_alone():
    (equation, *_) = sc.derive(STRIDED).network.equations
    kernel = sc.derive(STRIDED).network.tensors["conv1.weight"].base
    own = letters([equation], {kernel}, {"S"})
    assert {symbol.name for symbol in own.numbers} == {"S'", "D_i", "D_j", "P"}


# What a theorem prints is what is checked: a wrong index or letter is found.

SEED = sc.examples.cnn_by_hand()


@pytest.fixture(scope="module")
def seed_oracles():
    return oracles(Numbers(SEED))


def check(oracles, name, change=lambda part, own: (part, own)):
    """Check the row of one of the seed's theorems, with an error planted in it."""
    derivation = SEED.derivation
    made = theorem(Derivative(derivation, derivation.network.tensors[name]))
    (part,) = made.backward.parts
    changed, own = change(part, made.letters)
    formula = dataclasses.replace(made.backward, parts=(changed,))
    context = Context("", derivation, SEED.point.value, Check("", (), 0.0))
    row = formula_row(context, dataclasses.replace(made, letters=own), formula)
    verify([Rows((row,))], oracles, RowReader(context))


def renamed(old, new):
    """Put the index ``new`` where the theorem has ``old``."""

    def change(part, own):
        names = {i: Symbol(new, integer=True, nonnegative=True) for i in indices(part, old)}
        reads = {r: r.base[[names.get(i, i) for i in r.indices]] for r in accesses(part.value)}
        return dataclasses.replace(part, value=part.value.xreplace(reads)), own

    return change


def indices(part, name):
    return {i for read in accesses(part.value) for i in read.indices if str(i) == name}


def letter(name, number):
    """Give a letter another value than it has in the network."""

    def change(part, own):
        numbers = {s: number if s.name == name else n for s, n in own.numbers.items()}
        return part, dataclasses.replace(own, numbers=numbers)

    return change


def times(factor):
    return lambda part, own: (dataclasses.replace(part, value=factor * part.value), own)


def claimed(part, own):
    """Claim twice the terms, not print them."""
    wrong = dataclasses.replace(part.equation, value=2 * part.equation.value)
    return dataclasses.replace(part, equation=wrong), own


def without_bracket(part, own):
    return dataclasses.replace(part, conditions=part.conditions[1:]), own


NAMES = ["dense1", "flatten1", "pool1", "conv1", "x", "conv1.weight", "dense1.weight"]
PLANTED = {
    "an index of the input": ("conv1.weight", renamed("i_u", "i")),
    "an index of the kernel": ("x", renamed("u", "v")),
    "an index of the routing": ("conv1", renamed("u", "v")),
    "a place in a row": ("pool1", renamed("m_rsk", "r")),
    "the stride": ("x", letter("S", 2)),
    "the dilation": ("conv1.weight", letter("D", 2)),
    "the padding": ("conv1", letter("P", 1)),
    "a sign": ("dense1", times(-1)),
    "a factor": ("flatten1", times(2)),
    "a bracket": ("x", without_bracket),
    "a claim": ("x", claimed),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_theorems_hold(seed_oracles, name):
    check(seed_oracles, name)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_error_is_caught(seed_oracles, planted):
    with pytest.raises(UnverifiedError):
        check(seed_oracles, *planted)


# The sentences stand where their equations call for them, in full once.


def sentences_of(*layers, shape=(5, 5, 1)):
    network = sc.Network(shape, list(layers), sc.HalfSquaredError())
    return words(*sc.explain(problem_of(network, "sentences")).blocks)


PADDED = "Near the border the window may extend beyond $x$. There it meets"
PADDED_WEIGHT = "a weight is multiplied by padding, that is by 0"
STRIDE = "From one position to the next the window moves by 2 entries: this is the stride."
DILATION = "The entries that the window covers are 2 entries apart: this is the dilation."
DIVISIBLE = "no window reaches"
BY_STRIDE = "moves by 2 entries, the stride: the limits of $i$ come from a division by 2"
BY_DILATION = "moves by 2 entries, the dilation: the limits of $u$ come from a division by 2"
FLOORED = "do not overlap, so the sum over windows has a single term: that of the window at"
LIMITS = "The limits keep every index within its tensor"
FLIPPED = "this sum is taken with the flipped kernel"
CORRELATION = "means cross-correlation here"
GEOMETRY = [
    (sc.Conv2D(1, 3), {LIMITS, FLIPPED, CORRELATION}),
    (
        sc.Conv2D(1, 3, padding=1),
        {LIMITS, FLIPPED, CORRELATION, PADDED, PADDED_WEIGHT},
    ),
    (sc.Conv2D(1, 3, stride=2), {LIMITS, FLIPPED, CORRELATION, STRIDE, BY_STRIDE}),
    (
        sc.Conv2D(1, 2, stride=2, dilation=2),
        {LIMITS, FLIPPED, CORRELATION, STRIDE, DILATION, DIVISIBLE, BY_DILATION},
    ),
    (sc.Conv2D(1, 2, dilation=2), {LIMITS, FLIPPED, CORRELATION, DILATION, BY_DILATION}),
    (sc.MaxPool2D(2, padding=1), {STRIDE, PADDED, FLOORED}),
    (sc.MaxPool2D(2, 1), {LIMITS}),
    (sc.MaxPool2D(1, 2), {STRIDE, DIVISIBLE}),
    (sc.Tanh(), set()),
]


@pytest.mark.parametrize(("layer", "expected"), GEOMETRY, ids=[repr(g[0]) for g in GEOMETRY])
def test_padding_stride_and_dilation_are_explained_where_they_are(layer, expected):
    text = sentences_of(layer)
    every = {PADDED, PADDED_WEIGHT, STRIDE, DILATION, DIVISIBLE, LIMITS}
    every |= {FLIPPED, FLOORED, CORRELATION, BY_STRIDE, BY_DILATION}
    assert {sentence for sentence in every if sentence in text} == expected


@slow
def test_what_was_explained_is_not_explained_again():
    layers = sc.Conv2D(2, 2, padding=1), sc.Tanh(), sc.Conv2D(1, 3, padding=1)
    text = sentences_of(*layers, shape=(3, 3, 1))
    for sentence in (PADDED_WEIGHT, LIMITS, FLIPPED, CORRELATION):
        assert text.count(sentence) == 1
    assert text.count("so its derivative is a sum over all these uses") == 1
    assert text.count("multiplies the entries that it covers by its weights, one by one") == 1
    assert text.count("adds the products and a bias") == 1
    assert "A bias is added" not in text
    assert "The filter slides over $a$ and multiplies and adds as before." in text
    assert "$a$ is padded with zeros, too." in text
    shared = "An entry $w^{(2)}_{uvk}$ of $w^{(2)}$ is used at every position $r, s$ of $z^{(2)}$:"
    assert shared in text


def test_the_theorem_about_an_average_is_called_that_of_a_mean():
    network = sc.Network((4, 1), [sc.AvgPool1D(2, 1)], sc.SumOfOutputs())
    made = sc.explain(problem_of(network, "-"))
    assert "Theorem 2 (mean over a window)" in words(*made.blocks)
    assert r"\sum_{u} \frac{x_{i_{u}, c}}{N_{u}}" in made.to_latex()
    assert "with $N_{u} = 2$" in made.to_latex()


@pytest.mark.parametrize("layer", [sc.MaxPool2D((2, 3), 1), sc.LPPool2D((2, 3), 1)])
def test_a_window_without_a_kernel_has_a_number_of_entries(layer):
    """The axes of no tensor say over which entries of a window its sum or maximum runs."""
    network = sc.Network((4, 4, 1), [layer], sc.SumOfOutputs())
    tex = sc.explain(problem_of(network, "-")).to_latex()
    assert "Let $u$ run over $N_{u}$ values and $v$ over $N_{v}$." in tex
    assert "with $N_{u} = 2$ and $N_{v} = 3$" in tex
    convolved = sc.Network((4, 4, 1), [sc.Conv2D(1, (2, 3))], sc.SumOfOutputs())
    assert "run over" not in sc.explain(problem_of(convolved, "-")).to_latex()


def test_settings_are_given_in_words(grouped):
    assert "4 filters, kernel size 3, stride 2, padding 1, 2 groups" in grouped.to_markdown()
    assert (
        "3 filters, kernel 2\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}1, no bias"
        in explained().to_markdown()
    )
    layers = [sc.Elementwise("x*sigmoid(x)"), sc.Elementwise("w*x**2", weight_shape=(2,))]
    made = sc.explain(problem_of(sc.Network((2,), layers, sc.SumOfOutputs()), "-"), detail="brief")
    text = made.to_markdown()
    assert r"| $`x \sigma\left(x\right)`$ |" in text
    assert r"| $`w x^{2}`$, weight shape 2 |" in text


@slow
def test_ties_shared_equally_are_said_to_be(seed):
    text = words(*explained("dilated, with split ties").blocks)
    assert "is 1 over the number of largest entries of the window at" in text
    assert "is its maximum, and 0 otherwise." in words(*seed.blocks)


@slow
def test_a_batch_shares_weights_too():
    text = words(*explained("softmax and its logarithm").blocks)
    used = "An entry $w_{mq}$ of $w$ is used in every sample of $z$, so its derivative is a sum"
    assert f"{used} over all these uses: the error signal there, times $x_{{nq}}$," in text


def test_a_mean_of_terms_is_told_from_a_mean_of_entries():
    """Of a mean of squares the formula speaks alone, in a layer that has no meaning of its own."""

    class Plain(sc.BatchNorm):
        """The same equations, and no words."""

    network = sc.Network((2, 2), [Plain()], sc.SumOfOutputs(), batch=2)
    text = words(*sc.explain(problem_of(network, "plain"), sections=("backward",)).blocks)
    assert r"Each entry of $\mu$ is a mean of entries of $x$" in text
    assert "is a mean of terms" not in text
    assert r"Each entry of $V$ is a mean" not in text
