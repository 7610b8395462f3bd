"""Each sentence stands where it is true: its condition, over networks of all kinds."""

import itertools
import re

import mpmath
import pytest

import symcnn as sc
from symcnn.document.blocks import ROUNDED, Rows
from symcnn.document.traversal import flat
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.draws import MANY, some
from tests.generated.walk_networks import walked
from tests.network.layers.examples import EXAMPLES
from tests.readers import Reader, Scope

SLIDES = (sc.LocalResponseNorm, sc.AdaptiveAvgPool2D)
"""Windows slide over channels in one of these; in the others their sizes come of the output's."""


def text_of(network, name="words", **options):
    return " ".join(sc.explain(problem_of(network, name), **options).to_markdown().split())


def without_windows():
    """Run over networks without windows, with heads and groups of channels."""
    heads = [sc.Scale(2), sc.Attention(inputs=("x", "x", "scale1"), heads=2, causal=True)]
    yield "heads", sc.Network((2, 4), heads, sc.SumOfOutputs())
    yield "groups", sc.Network((2, 4), [sc.GroupNorm(2), sc.Tanh()], sc.SumOfOutputs())
    for n, example in enumerate(EXAMPLES if MANY else []):
        network = sc.Network(example.input_shape, example.layers, sc.SumOfOutputs())
        has_maximum = bool(sc.derive(network).routings)
        slides = any(isinstance(layer, SLIDES) for layer in example.layers)
        if not (has_maximum or slides or any(stage.windows for stage in network.stages)):
            yield f"{n} {type(example.layer).__name__}", network


@pytest.mark.parametrize(
    ("stride", "said"),
    [
        (1, ""),
        (2, "the window moves by 2 entries: this is the stride."),
        ((2, 2), "the window moves by 2 entries: this is the stride."),
        (
            (2, 1),
            "the window moves by 2 entries along the first axis and 1 entry along the second axis: "
            "this is the stride.",
        ),
        (
            (1, 3),
            "the window moves by 1 entry along the first axis and 3 entries along the second axis: "
            "this is the stride.",
        ),
    ],
)
def test_strides_that_differ_are_told_with_their_axes(stride, said):
    convolution = sc.Conv2D(1, (2, 2), stride=stride)
    text = text_of(sc.Network((5, 5, 1), [convolution], sc.SumOfOutputs()), "strides")
    found = re.search(r"the window moves by [^.]*\.", text)
    assert (found.group(0) if found else "") == said


@pytest.mark.parametrize("layers", [[sc.Pad(1, mode="reflect")], [sc.Pad(1, mode="replicate")]])
def test_a_bracket_that_picks_entries_is_not_one_that_keeps_indices_inside(layers):
    text = text_of(sc.Network((3, 3, 1), layers, sc.HalfSquaredError()), "picked")
    assert "is 1 for the entries that have its term, and 0 for the others." in text
    assert "would lie outside its tensor" not in text


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([sc.ReLU()], "passes through one layer with no parameters"),
        ([sc.Dense(1)], "passes through one layer with three parameters"),
    ],
)
@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_no_network_has_0_parameters(layers, said, detail):
    text = text_of(sc.Network((2,), layers, sc.SumOfOutputs()), "counted", detail=detail)
    assert said in text
    assert "0 parameters" not in text


def test_a_count_of_entries_is_that_of_each_window():
    pool = sc.AvgPool1D(2, stride=1, padding=1, count_include_pad=False)
    text = text_of(sc.Network((4, 1), [pool], sc.SumOfOutputs()), "counts", detail="brief")
    assert "is the number of entries per window of pool1." in text


@pytest.mark.parametrize(("name", "network"), [*without_windows()], ids=lambda x: str(x)[:30])
def test_a_document_without_windows_mentions_none(name, network):
    sections = () if MANY else ("problem", "forward", "backward")
    assert "window" not in text_of(network, sections=sections)


def test_a_single_head_is_no_group():
    layers = [sc.Scale(2), sc.Attention(inputs=("x", "scale1", "scale1"))]
    text = text_of(sc.Network((2, 2), layers, sc.SumOfOutputs()), sections=("forward",))
    assert "group" not in text


@pytest.mark.parametrize("heads", [1, 2] if MANY else [2])
def test_a_causal_mask_is_no_index_outside_a_tensor(heads):
    layers = [sc.Scale(2), sc.Attention(inputs=("x", "scale1", "scale1"), heads=heads, causal=True)]
    network = sc.Network((3, 4), layers, sc.SumOfOutputs())
    text = text_of(network, sections=("backward",))
    assert "outside" not in text
    assert "is the causal mask: a query does not see later keys." in text


LOSSES = {
    "softmax": ([sc.Dense(3)], sc.SoftmaxCrossEntropy),
    "probabilities": ([sc.Dense(3), sc.Softmax()], sc.CrossEntropy),
    "sigmoid": ([sc.Dense(3), sc.Sigmoid()], sc.BinaryCrossEntropy),
}
KINDS = list(itertools.product(LOSSES, (None, 3), ("mean", "sum"), (0, 0.25)))


@pytest.mark.parametrize(("kind", "batch", "reduction", "l2"), some(KINDS, 9))
def test_a_loss_is_called_what_its_formula_is(kind, batch, reduction, l2):
    layers, loss = LOSSES[kind]
    network = sc.Network((2,), layers, loss(reduction, l2=l2), batch=batch)
    values = {t.name: [1 / (n + 2) for n in range(t.size)] for t in network.given}
    values["target"] = [1, 0, 0] * (batch or 1)
    explained = sc.explain(sc.Problem(network, values), sections=("loss", "backward"))
    text = " ".join(explained.to_markdown().split())
    assert not re.search(r"through (\$`L`\$|[^.]* and \$`L`\$) ", text)
    said = [
        *re.finditer(r"(The loss is|and \$`L`\$) (the [a-z]+ over the 3 samples of )?the cr", text)
    ]
    over = f"the {reduction} over the 3 samples of " if batch else None
    assert {found[2] for found in said} <= {over}
    assert ("L2 penalty (weight decay) on the weights" in text) == bool(l2)
    if kind == "softmax":
        assert said
        row, _ = text.split("The loss is the cross-entropy" if not batch else over, 1)[1].split(
            "```", 1
        )
        assert ("plus an L2 penalty (weight decay) on the weights" in row) == bool(l2)


def test_a_loss_without_a_target_depends_on_more_than_the_output_where_it_is_penalised():
    network = sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs(l2=1))
    text = text_of(network, sections=("loss",))
    assert "depends on the output alone" not in text
    assert "is added an L2 penalty (weight decay) on the weights, with factor $`1`$." in text


@pytest.mark.parametrize(
    "options", [{"sections": ("backward",)}, {"weight": "conv1.weight[0, 0, 0]"}]
)
@pytest.mark.parametrize("ties", ["first", "split"])
def test_a_maximum_is_not_said_to_depend_on_one_entry_only(ties, options):
    layers = [sc.Conv1D(1, 1), sc.MaxPool1D(2, 1, ties=ties)]
    text = text_of(sc.Network((3, 1), layers, sc.SumOfOutputs()), **options)
    assert not re.search("depends (only )?on [a-z ]*(largest|winning)", text)
    locally = "A small change of a smaller entry leaves the maximum as it is."
    shared = "over the number of largest entries" in text
    assert locally in text or shared or "Near the given values, the smaller entries" in text


def recomputed(row, digits):
    """Work out the figures of a row as they stand there: the value, its figure, and a unit."""
    *_, figures, last = [latex(joined(side.terms)) for side in row.sides]
    with mpmath.workdps(50):
        found, shown = map(exactly, (figures, last))
        exponent = int(mpmath.floor(mpmath.log10(abs(shown)))) if shown else -40
        return found, shown, mpmath.mpf(10) ** (exponent - digits + 1)


def exactly(text):
    """Work out a formula of numbers, each as it is printed."""
    kind = lambda number: mpmath.mpf(number.numerator) / number.denominator  # noqa: E731
    value, _ = Reader(text, Scope(digits=99, kind=kind)).whole()({})
    return value


def losing(document, digits):
    """Run over rows whose figures, as printed, do not come to the printed value."""
    for block in flat(document.blocks):
        for row in block.rows if isinstance(block, Rows) else ():
            if len(row.sides) < 3 or row.sides[-2].relation != ROUNDED:
                continue
            if "dots" in latex(joined(row.sides[-2].terms)):
                continue
            found, shown, unit = recomputed(row, digits)
            yield row, abs(found - shown) > 5.001 * unit


def lossy():
    """A difference of nearly equal numbers, twice."""
    network = sc.Network((2,), [sc.Dense(2), sc.Tanh(), sc.Dense(1)], sc.HalfSquaredError())
    weights = {"dense1.weight": [[0.3, 0.4], [0.3, 0.40001]], "dense2.weight": [[0.9, -0.9]]}
    biases = {"dense1.bias": [0.1, 0.1], "dense2.bias": [0]}
    return sc.Problem(network, {"x": [0.5, 0.7], "target": [0.1], **weights, **biases})


PROBLEMS = {"a difference": lossy} | {
    f"network {n}": lambda n=n: walked(n).problem for n in range(40 if MANY else 1)
}


@pytest.mark.parametrize("digits", [4, 6] if MANY else [4])
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_document_says_where_its_printed_digits_lose_some_of_a_value(name, digits):
    document = sc.explain(PROBLEMS[name](), detail="full", digits=digits)
    rows = [*losing(document, digits)]
    wrong = [latex(row.left) for row, lost in rows if lost != (row.digits is not None)]
    assert wrong == []
    text = " ".join(document.to_markdown().split())
    is_said = "The printed digits alone give " in text
    assert is_said == any(lost for _, lost in rows)
    assert ("a computation with the printed digits keeps fewer of them" in text) == is_said


def test_of_two_entries_the_one_is_worked_whose_terms_do_not_cancel():
    network = sc.Network((2,), [sc.Dense(2, bias=False), sc.Tanh()], sc.SumOfOutputs())
    values = {"x": [0.5, 0.7], "dense1.weight": [[0.7, -0.49999], [0.7, 0.2]]}
    text = sc.explain(sc.Problem(network, values), sections=("forward",)).to_markdown()
    assert r"z_{2} &= w_{21} x_{1} + w_{22} x_{2} = 0.7 \cdot 0.5 + 0.2 \cdot 0.7" in text
    assert "z_{1} &= w_{11}" not in text
