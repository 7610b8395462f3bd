"""What formulas take for granted is said where it matters, and nowhere else."""

import pytest

import symcnn as sc
from tests.document.networks import problem_of
from tests.document.test_theorems import words
from tests.draws import slow

NATURAL = "Logarithms are natural."
OUTSIDE = "Terms whose indices lie outside their tensor are omitted."


def written(*layers, loss=None, detail="brief"):
    pytest.importorskip("rich")
    network = sc.Network((4, 1), layers, loss or sc.HalfSquaredError())
    values = {t.name: [0.5 for _ in range(t.size)] for t in network.given}
    return " ".join(sc.explain(sc.Problem(network, values), detail=detail).to_text().split())


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize(
    ("layer", "loss", "has_logarithms"),
    [
        (sc.Sigmoid(), sc.BinaryCrossEntropy(), True),
        (sc.Softplus(), sc.SumOfOutputs(), True),
        (sc.LogSoftmax(), sc.SumOfOutputs(), True),
        (sc.Sigmoid(), sc.SumOfOutputs(), False),
        (sc.GELU(), sc.HalfSquaredError(), False),
    ],
)
def test_logarithms_are_natural(layer, loss, has_logarithms, detail):
    assert (NATURAL in written(sc.Flatten(), layer, loss=loss, detail=detail)) is has_logarithms


@pytest.mark.parametrize(
    ("layer", "reads_outside"),
    [
        (sc.Conv1D(1, 3, padding=1), True),
        (sc.MaxPool1D(3, 1, padding=1), True),
        (sc.Conv1D(1, 3), False),
    ],
)
def test_of_padding_a_short_document_says_what_it_means(layer, reads_outside):
    assert (OUTSIDE in written(layer)) is reads_outside


@slow
def test_the_axes_of_a_kernel_are_those_of_its_window_though_every_row_meets_every_row():
    """The notebook's operation has the kernel of a convolution; a dense layer has none."""
    text = words(*sc.explain(sc.examples.cnn_by_hand_as_published()).blocks)
    axes = "The axes of a kernel are its height and width, the input channels and the filters."
    assert text.count(axes) == 1
    dense = sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs())
    assert "axes of a kernel" not in words(*sc.explain(problem_of(dense, "dense")).blocks)


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize(("layer", "says"), [(sc.Conv1D(1, 3, stride=2), 1), (sc.Conv1D(1, 2), 0)])
def test_floors_and_ceilings_are_explained_where_there_are_any(layer, says, detail):
    """With a stride, an entry is read by the windows from ceil((r - 2)/2) to floor(r/2)."""
    network = sc.Network((5, 1), [layer], sc.SumOfOutputs())
    values = {"x": [*range(5)], "conv1.weight": [1, 2, 3][: layer.kernel_size], "conv1.bias": [0]}
    tex = sc.explain(sc.Problem(network, values), detail=detail).to_latex()
    assert (r"\lfloor" in tex.partition("\\begin{document}")[2]) == bool(says)
    assert tex.count("is rounded down to a whole number") == says


@pytest.mark.parametrize(("dilation", "says"), [(2, 1), (1, 0)])
def test_the_span_of_a_dilated_window_is_defined(dilation, says):
    network = sc.Network((5, 1), [sc.Conv1D(1, 2, dilation=dilation)], sc.SumOfOutputs())
    values = {"x": [*range(5)], "conv1.weight": [1, 2], "conv1.bias": [0]}
    tex = sc.explain(sc.Problem(network, values)).to_latex()
    assert tex.count("The span of a dilated window is") == says


ROUNDED = {"⌊": "A number in ⌊·⌋ is rounded down", "⌈": "in ⌈·⌉ is rounded up"}


@pytest.mark.parametrize("detail", ["brief", "standard"])
@pytest.mark.parametrize(
    "layer",
    [
        sc.Conv1D(1, 2, stride=2, padding=1),
        sc.Conv1D(1, 2, dilation=2),
        sc.ConvTranspose1D(1, 3, stride=2, padding=1),
        sc.MaxPool1D(2),
        sc.AvgPool1D(2),
        sc.Conv1D(1, 2),
    ],
    ids=repr,
)
def test_signs_of_rounding_are_explained_where_they_are_printed(layer, detail):
    """A floor of the derivation may be printed as a ceiling, ⌈i/2⌉ for ⌊(i - 1)/2⌋ + 1."""
    text = written(layer, detail=detail)
    for sign, meaning in ROUNDED.items():
        assert (sign in text.replace("⌊·⌋", "").replace("⌈·⌉", "")) == (meaning in text)
