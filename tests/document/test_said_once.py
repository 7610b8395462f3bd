"""What a document explains, it explains once, and only where it is so."""

import re
from collections import Counter

import pytest

import symcnn as sc
from symcnn.document.blocks import Matrices
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.document.shared import explained
from tests.document.test_theorems import words
from tests.draws import one_of, slow

CONVOLUTION = "the kernel is not flipped"
STRICTLY = "strictly speaking this is a cross-correlation"
SIGNAL = "the derivative of the loss with respect to it"
MAXIMUM = "The error signal of a window goes to its winner, and to it alone."
LOCALLY = "a small change of any other entry changes nothing: so the error"
LOCALLY_IN_SHORT = "A small change of a smaller entry leaves the maximum as it is."
SUBTRACTED = r"The mean of \$z\$ is subtracted later, and (\S+) with it"
DEVIATIONS = "Deviations from a mean sum to 0"


def document(shape, layers, loss=None, batch=None, **options):
    network = sc.Network(shape, layers, loss or sc.HalfSquaredError(), batch=batch)
    return sc.explain(problem_of(network, "said"), **options)


def text_of(*given, **options):
    return words(*document(*given, **options).blocks)


POOLED = (7, 7, 1), [sc.Conv2D(1, 2), sc.MaxPool2D(4)]


@pytest.mark.parametrize("detail", ["standard", "full"])
def test_cross_correlation_maxima_and_error_signals_are_explained_once(detail):
    text = text_of(*POOLED, detail=detail)
    assert text.count(CONVOLUTION) == text.count(SIGNAL) == text.count(MAXIMUM) == 1
    assert STRICTLY not in text
    assert text.count(LOCALLY) == 1
    assert LOCALLY_IN_SHORT not in text


def test_what_was_not_said_before_a_section_is_said_there():
    assert STRICTLY in text_of(*POOLED, sections=["forward"])
    backward = text_of(*POOLED, sections=["backward"])
    assert backward.count(SIGNAL) == backward.count(MAXIMUM) == 1
    assert backward.count(LOCALLY_IN_SHORT) == 1
    assert LOCALLY not in backward


@slow
def test_the_indices_of_a_maximum_and_its_bracket_are_explained():
    """The window of 4 entries reads 4 rows of 6; the others are in no window."""
    text = text_of(*POOLED)
    window = r"is 1 if entry $\left(u, v\right)$ of the window at "
    assert window in text
    bracket = re.escape(r"\left[i \leq 4,\; j \leq 4\right]")
    assert re.search(rf"The bracket \${bracket}\$ is 0 for entries on which nothing depends", text)
    assert "on which nothing depends" not in text_of((6, 6, 1), [sc.Conv2D(1, 3), sc.MaxPool2D(4)])


@slow
def test_groups_have_theorems_of_their_own_name_and_letters_that_are_defined():
    text = text_of((4, 4), [sc.Conv1D(6, 2, groups=2), sc.Conv1D(2, 2)])
    names = re.findall(r"Theorem \d+ \((.*?)\)", text)
    assert max(Counter(names).values()) == 1
    assert "grouped convolution: derivative with respect to the weights" in names
    assert (
        "Channel $m$ of group $g$ is channel $k_{gm} = N_{m} (g - 1) + m$ of $z$, and "
        "channel $s$ of the group is channel $c_{gs} = N_{s} (g - 1) + s$ of $x$; "
        "$N_{m}$ and $N_{s}$ are the numbers of channels in a group of $z$ and of $x$."
    ) in text
    assert "of the group" not in text_of((4, 4), [sc.Conv1D(6, 2)])


def test_the_quotient_of_a_group_is_not_explained_by_windows():
    text = text_of((4, 4), [sc.Conv1D(4, 2, groups=2)])
    quotient = r"\left\lceil{c / 2}\right\rceil"
    assert text.count(f"Channel $c$ belongs to group ${quotient}$ alone.") == 1
    assert "do not overlap" not in text
    pooled = text_of((4, 4), [sc.MaxPool1D(2)])
    assert "The windows do not overlap, so the sum over windows has a single term" in pooled
    assert "belongs to group" not in pooled


def test_a_depthwise_convolution_has_one_letter_for_its_channels():
    """z[i, k] = sum over u of w[u, k] x[i + u, k]: the filters are the channels of the output."""
    network = sc.Network((4, 3), [sc.Conv1D(3, 2, groups=3, bias=False)], sc.SumOfOutputs())
    problem = problem_of(network, "depthwise")
    latex = problem.derivation.latex
    assert latex("conv1").startswith(r"z_{ik} = \sum_{u=1}^{2} w_{uk} x_{i+u-1, k}")
    assert latex("gradient of conv1").startswith(r"\delta^{z}_{ik} = ")
    assert latex("conv1.weight").startswith(r"\frac{\partial L}{\partial w_{uk}} = ")


NORMED = [sc.Conv1D(2, 2), sc.BatchNorm(), sc.Conv1D(2, 1), sc.Add(inputs=("batch_norm1", "conv2"))]


@pytest.mark.parametrize("affine", one_of([False, True]))
def test_a_bias_before_a_normalisation_is_said_to_have_no_effect(affine):
    layers = [sc.Conv1D(2, 2), sc.BatchNorm(affine=affine), *NORMED[2:]]
    made = document((4, 2), layers, batch=2)
    text = words(*made.blocks)
    assert re.findall(SUBTRACTED, text) == ["$b$"]
    assert DEVIATIONS in text
    problem = problem_of(sc.Network((4, 2), layers, sc.HalfSquaredError(), batch=2), "said")
    slopes = sc.evaluate(problem).gradients
    assert abs(slopes["conv1.bias"]).max() < 1e-12 < abs(slopes["conv2.bias"]).min()


@slow
def test_a_bias_that_is_read_past_the_normalisation_has_an_effect():
    layers = [sc.Conv1D(2, 2), sc.BatchNorm(), sc.Add(inputs=("conv1", "batch_norm1"))]
    assert not re.search(SUBTRACTED, text_of((4, 2), layers))


def test_the_two_contributions_to_a_softmax_with_cross_entropy_are_stated():
    text = text_of((2,), [sc.Dense(3)], sc.SoftmaxCrossEntropy())
    assert "The error signal of an output is its probability minus its target: positive" in text
    assert "reaches the loss in two ways" not in text


def test_the_complex_step_is_explained_in_full_detail():
    text = text_of((2,), [sc.Dense(1)], detail="full")
    assert text.count("complex step") == 1
    assert text.count("No difference is taken, so no digits are lost to cancellation") == 1
    assert "complex" not in text_of((2,), [sc.Dense(1)])


def test_a_wide_vector_is_no_row():
    text = document((9,), [sc.Dense(1), sc.Tanh()]).to_markdown()
    assert "| Vector | Its entries |" in text
    assert "| Row |" not in text
    batch = document((9,), [sc.Dense(1), sc.Tanh()], batch=2).to_markdown()
    assert "| Row | Its entries |" in batch


@pytest.mark.parametrize(
    "options", one_of([{"detail": "brief"}, {"weight": "conv1.weight[0,0,0,0]"}])
)
def test_short_documents_define_brackets_and_the_indices_of_a_maximum(options):
    layers = [sc.Conv2D(1, 2), sc.ReLU(), sc.MaxPool2D(4)]
    text = text_of((7, 7, 1), layers, **options)
    assert text.count("equals 1 if all the conditions inside it hold, and 0 otherwise.") == 1
    assert text.count("is its maximum (if several are, the first), and 0 otherwise.") == 1
    assert "he bracket" not in text_of((7, 7, 1), [sc.Conv2D(1, 2), sc.Tanh()], **options)


def test_the_letters_stand_with_the_layers_or_among_the_symbols():
    given = (3, 3, 1), [sc.Conv2D(2, 2), sc.Flatten(), sc.Dense(3)], sc.SoftmaxCrossEntropy()
    both = document(*given, sections=["problem", "symbols"]).to_markdown()
    assert both.count("$`w_{uvk}`$") == 1
    listed = re.findall(r"^\| \$`(.*?)`\$ \|", both.partition("Symbols")[2], re.MULTILINE)
    assert listed == []  # what layers compute on the way has its letter where it is computed
    alone = document(*given, sections=["symbols"]).to_markdown()
    assert "| $`w_{uvk}`$ | conv1.weight |" in alone


@slow
def test_many_windows_stand_in_two_columns_of_paper_without_the_entries_of_the_matrices():
    few = document((2, 3, 1), [sc.Conv2D(1, 1), sc.MaxPool2D(2, 1)]).to_markdown()
    many = document((3, 6, 1), [sc.Conv2D(1, 1), sc.MaxPool2D((3, 2), 1)])
    assert "| Window | Its entries | Winner | Margin |" in few
    for made, gaps in ((many, 0), (many.with_blanks(), 10)):
        _, _, listed = made.to_latex().partition("Window & Winner & Margin & Window & Winner &")
        table = listed.partition(r"\end{longtable}")[0]
        lines = [re.findall(r"p_\{(\d)\}", line) for line in table.splitlines() if "$p" in line]
        assert lines == [["1", "4"], ["2", "5"], ["3"]]
        assert table.count(r"\boxed") == gaps
    _, _, listed = many.to_markdown().partition("| Window | Winner | Margin |\n")
    lines = [re.findall(r"p_\{(\d)\}", line) for line in listed.splitlines()[1:6]]
    assert lines == [["1"], ["2"], ["3"], ["4"], ["5"]]


@pytest.mark.parametrize(
    ("shape", "layer", "axes"),
    [
        ((3, 3, 2), sc.Conv2D(2, 2), "height and width, the input channels"),
        (
            (3, 3, 2),
            sc.Conv2D(2, 2, groups=2),
            "height and width, the input channels of a group",
        ),
        ((3, 2), sc.Conv1D(2, 2), "length, the input channels"),
        ((2, 2, 1), sc.ConvTranspose2D(1, 2), "height and width, the input channels"),
        ((2,), sc.Dense(2), None),
    ],
)
@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_the_axes_of_a_kernel_are_named(shape, layer, axes, detail):
    text = text_of(shape, [layer], detail=detail, sections=["problem"])
    said = re.findall(r"The axes of a kernel are its (.*?) and the filters\.", text)
    is_said = axes is not None and detail != "brief"
    assert said == ([axes] if is_said else []) or (detail == "brief" and said == [axes])


def test_a_brief_document_says_what_its_picture_shows_and_the_derivatives_of_functions():
    pooled = document((2, 1), [sc.MaxPool1D(2)], sc.SumOfOutputs(), detail="brief").to_latex()
    assert "A thick edge starts at the winner of a window" in pooled
    seed = explained(detail="brief").to_latex()
    assert "begin{tikzpicture}" not in seed  # there is no room for a higher picture
    assert (
        r"with the derivative $\sigma\left(y\right) \left(1 - \sigma\left(y\right)\right)$." in seed
    )
    assert "without limits" not in seed  # a brief document states no theorem
    one = sc.explain(sc.examples.cnn_by_hand(), weight="w_23").to_latex()
    assert "without limits" not in one  # nor does one of a single weight


@slow
def test_maxima_without_limits_are_explained_when_the_first_is_stated():
    """Theorems begin at the loss: that of a convolution comes before that of a pool below it."""
    below = text_of((4, 1), [sc.MaxPool1D(2, 1), sc.Conv1D(1, 2)])
    sums, maxima = "A sum without limits runs", "A maximum without limits likewise runs"
    assert below.count(sums) == below.count(maxima) == 1
    assert below.index(sums) < below.index(maxima)
    alone = text_of((4, 4, 1), [sc.MaxPool2D(2, 1)])
    assert "A sum or maximum without limits runs" in alone
    assert maxima not in alone


@pytest.mark.parametrize("detail", ["standard", "full"])
@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ((2,), [sc.Dense(1), sc.Tanh()]),
        ((2,), [sc.Dense(1), sc.ReLU()]),
        ((3, 1), [sc.MaxPool1D(2, 1)]),
        ((3, 1), [sc.Conv1D(1, 2, padding=1)]),
        ((2,), [sc.Dense(2), sc.Softmax()]),
    ],
)
def test_brackets_are_explained_where_there_are_any(shape, layers, detail):
    text = document(shape, layers, detail=detail).to_latex()
    explained = r"The bracket $\left[\cdot\right]$ equals 1" in text
    shown = re.sub(r"\\\\\*?\[.*?\]|\\left\[\\cdot", "", text.partition("{Symbols.}")[2])
    assert explained == bool(re.search(r"[^\\]\[[^\]$]*(<|>|=|\\le|\\ge)", shown))


@slow
def test_an_index_of_a_transposed_convolution_keeps_its_letter():
    """The bias has the letters of the output for its loops, which mean the same."""
    layers = [sc.ConvTranspose2D(2, 2, stride=2), sc.Sigmoid()]
    text = document((2, 2, 1), layers).to_latex()
    assert set(re.findall(r"(?<!\^)z_\{([a-z]+)\}", text)) >= {"ijk"}
    assert not re.search(r"z_\{gh", text)


@pytest.mark.parametrize(
    ("loss", "batch", "said"),
    [
        (sc.HalfSquaredError(), None, None),
        (sc.HalfSquaredError(), 2, "mean of this over all samples."),
        (sc.HalfSquaredError("sum"), 2, "sum of this over all samples."),
        (
            sc.HalfSquaredError(l2=0.1),
            2,
            "mean of this over all samples, plus an L2 penalty (weight decay) on the weights, with "
            "factor $0.1$.",
        ),
    ],
)
def test_what_a_batch_makes_of_the_losses_of_its_samples_is_said(loss, batch, said):
    text = text_of((2,), [sc.Dense(1)], loss, batch, sections=["loss"])
    found = re.findall(r"The loss is the ((?:mean|sum) of this .*?\.)(?=\s|$)", text)
    assert found == ([] if said is None else [said])


def test_cases_are_no_brackets_in_a_brief_document():
    layers = [sc.Dense(2), sc.LeakyReLU()]
    assert "he bracket" not in text_of((2,), layers, detail="brief")
    assert "The bracket" in text_of((2,), [sc.Dense(2), sc.ReLU()], detail="brief")


class FiltersFirst(sc.Conv1D):
    """A convolution of somebody else's, whose kernel has the shape (filters, channels, length)."""

    def parameters(self, shape):
        return {"weight": sc.Parameter((self.filters, shape[-1], self.kernel_size), "w", "kcu")}

    def forward(self, y, x, weight):
        i, k = y.indices
        _, c, u = weight.indices
        over = {i: y.shape[0], k: y.shape[1], c: x.shape[1], u: weight.shape[2]}
        return [sc.define(y[i, k], weight[k, c, u] * x[i + u, c], over=over)]


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_the_axes_of_a_kernel_in_another_order_are_not_claimed(detail):
    text = text_of((3, 2), [FiltersFirst(2, 2)], detail=detail, sections=["problem"])
    assert "cross-correlation" in text
    assert "axes of a kernel" not in text


def test_a_softmax_and_its_cross_entropy_are_written_as_quotient_and_logarithm_once():
    quotient, logarithm = r"= \frac{e^{z_{m}}}", r"t_{m} \log"
    for sections in ((), ["backward"]):
        made = document((2,), [sc.Dense(3)], sc.SoftmaxCrossEntropy(), sections=sections)
        text = made.to_latex()
        assert (text.count(quotient), text.count(logarithm)) == (1, 1)


def test_no_entry_of_a_mere_copy_is_worked_beside_its_matrix():
    """A bias is added once, so its derivatives are the error signals; a weight is multiplied."""
    text = document((2,), [sc.Dense(7)], detail="standard").to_latex()
    assert text.count(r"\frac{\partial L}{\partial b_{m}} &=") == 1
    assert text.count(r"\frac{\partial L}{\partial b_{1}} &= \delta") == 0
    assert text.count(r"\frac{\partial L}{\partial w_{22}} &= \delta") == 1


@pytest.mark.parametrize(
    ("detail", "printed"),
    [
        ("brief", [r"\delta^{z(2)}", r"\delta^{z}"]),  # those that lead to derivatives of weights
        ("standard", [r"\delta^{z(2)}", r"\delta^{s}", r"\delta^{z}", r"\delta^{x}"]),
    ],
)
def test_an_error_signal_that_is_passed_on_unchanged_is_printed_once(detail, printed):
    layers = [sc.Dense(3), sc.Tanh(), sc.Add(inputs=("dense1", "tanh1")), sc.Dense(2)]
    made = document((2,), layers, detail=detail, follow=None if detail == "brief" else "x_1")
    named = [latex(m.left) for b in made.blocks if isinstance(b, Matrices) for m in b.matrices]
    assert [name for name in named if name.startswith(r"\delta")] == printed
    assert r"\delta^{a}_{m} &= \delta^{s}_{m}" in made.to_latex()
