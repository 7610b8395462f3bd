"""Where a layer has little to do, documents say so: a softmax of one entry, a window of one."""

import pytest

import symcnn as sc
from tests.document.networks import problem_of


def text_of(shape, *layers, loss=None):
    network = sc.Network(shape, [*layers], loss or sc.HalfSquaredError())
    return " ".join(sc.explain(problem_of(network, "degenerate")).to_markdown().split())


OF_SEVERAL = "are divided by their sum"


@pytest.mark.parametrize(
    ("shape", "axis", "said"),
    [
        ((3, 1), -1, "So every entry of $`p`$ is 1."),
        ((1, 3), 0, "So every entry of $`p`$ is 1."),
        ((1,), -1, "$`p`$ is 1."),
        ((1, 3), -1, OF_SEVERAL),
        ((3, 1), 0, OF_SEVERAL),
    ],
)
def test_a_softmax_along_an_axis_of_length_1_is_1(shape, axis, said):
    text = text_of(shape, sc.Tanh(), sc.Softmax(axis))
    alone = "The softmax runs along an axis of length 1, where $`\\ell`$ is $`a`$ itself."
    assert said in text
    assert (alone in text) == (said != OF_SEVERAL)
    assert ("$`p`$ does not depend on $`a`$." in text) == (said != OF_SEVERAL)
    assert ("lowers the others that are divided by the same sum" in text) == (said == OF_SEVERAL)


def test_a_log_softmax_along_an_axis_of_length_1_is_0():
    text = text_of((2, 1), sc.Tanh(), sc.LogSoftmax())
    assert "gives the logarithm of the softmax of $`a`$, which is 0." in text
    assert "several entries" not in text


@pytest.mark.parametrize("classes", [1, 2])
def test_no_output_changes_the_cross_entropy_of_a_single_class(classes):
    network = sc.Network((2,), [sc.Dense(classes, bias=False)], sc.SoftmaxCrossEntropy())
    given = {"x": [1, 2], "dense1.weight": [1, 2] * classes, "target": [1, 0][:classes]}
    text = " ".join(sc.explain(sc.Problem(network, given)).to_markdown().split())
    single = "There is a single class: its softmax is 1 whatever $`z`$ is"
    assert (single in text) == (classes == 1)
    assert ("takes away again through the product with the target" in text) == (classes == 1)


POOLED = {
    "one window": ((2, 2, 1), sc.MaxPool2D(2), [3, 3, 1, 3]),
    "two windows": ((2, 4, 1), sc.MaxPool2D(2), [3, 3, 2, 1, 0, 3, 2, 2]),
    "one of two": ((2, 4, 1), sc.MaxPool2D(2), [3, 3, 2, 1, 0, 3, 0, 0]),
    "a channel": ((2, 2, 1), sc.GlobalMaxPool2D(), [3, 3, 1, 3]),
    "none": ((2, 2, 1), sc.MaxPool2D(2), [3, 2, 1, 0]),
}
TIED = {
    "one window": ("In the window of $`p`$ three entries are the largest", "each window has"),
    "two windows": ("In the windows of $`p_{1}`$ and $`p_{2}`$ several entries are", "each window"),
    "one of two": ("In the window of $`p_{1}`$ three entries are the largest", "each window has"),
    "a channel": ("Three entries share the maximum $`p`$", "each maximum is"),
    "none": ("", "each window has"),
}


@pytest.mark.parametrize("which", POOLED)
def test_several_largest_entries_are_counted_and_excepted_from_the_theorem(which):
    shape, pool, x = POOLED[which]
    network = sc.Network(shape, [pool, sc.ReduceSum()], sc.SumOfOutputs())
    solution = sc.explain(sc.Problem(network, {"x": x}))
    text = " ".join(solution.to_markdown().split())
    said, supposed = TIED[which]
    assert text.count(said) == (2 if said else text.count(""))
    assert f"Suppose that {supposed} " in text
    assert ("; there the theorem does not apply, and $`R" in text) == bool(said)
    assert ("by this convention" in text) == bool(said)
    of_windows = isinstance(pool, sc.MaxPool2D)
    assert ("Which entry wins each window" in text) == of_windows
    assert ("Which entries are the largest" in text) != of_windows
    asked = " ".join(solution.with_blanks().to_markdown().split())
    asked = asked.replace("to three significant digits", "")
    assert "three" not in asked.lower()
    assert "Where several entries are the largest, the theorem does not apply" in asked
    assert "by this convention" in asked


@pytest.mark.parametrize(
    ("stride", "said"),
    [
        (1, "Each window of $`a`$ holds a single entry, which is kept."),
        *(
            (n, "holds a single entry, which is kept; the other entries are left out.")
            for n in (2, 3)
        ),
    ],
)
@pytest.mark.parametrize("pool", [sc.AvgPool1D, sc.MaxPool1D])
def test_windows_of_one_entry_keep_it(pool, stride, said):
    text = text_of((3, 1), sc.Tanh(), pool(1, stride))
    assert said in text
    assert "Each error signal returns unchanged to the entry that was kept." in text


NORMS = {
    "over all entries of each channel.": (sc.BatchNorm(), (2, 2)),
    "over all entries.": (sc.BatchNorm(), (2, 1)),
    "over its last axis.": (sc.LayerNorm(), (2, 2)),
    "of $`x`$ over all entries.": (sc.LayerNorm(2), (2, 2)),
    "of the squares of $`x`$ over all entries.": (sc.RMSNorm(), (3,)),
    "over all positions.": (sc.InstanceNorm(), (3, 1)),
    "over all positions of each channel.": (sc.InstanceNorm(), (2, 2)),
}


@pytest.mark.parametrize("said", NORMS)
def test_what_a_mean_is_taken_over_is_said_of_one_channel_too(said):
    layer, shape = NORMS[said]
    assert said in text_of(shape, layer)


@pytest.mark.parametrize("layer", [sc.GroupNorm(1), sc.GroupNorm(2), sc.LayerNorm(), sc.RMSNorm()])
@pytest.mark.parametrize("epsilon", [0, 1])
def test_what_stands_below_a_root_is_explained_if_it_does(layer, epsilon):
    text = text_of((2, 2, 2), type(layer)(**{**layer.settings(), "epsilon": epsilon}))
    assert ("below the root keeps it away from 0" in text) == bool(epsilon)


def test_of_a_weight_that_several_layers_use_each_gives_a_part_of_the_derivative():
    layers = [sc.Dense(2), sc.Tanh(), sc.Dense(2, weight_from="dense1")]
    text = text_of((2,), *layers)
    both = "$`w`$ reaches the loss in two ways: through $`z^{(2)}`$ and $`z`$. What comes back is"
    assert both in text
    for made in ("z^{(2)}", "z"):
        once = f"is used once in $`{made}`$: it receives the error signal there, times the number"
        assert text.count(once) == 1
        assert text.count(f"is added once in $`{made}`$: it receives the error signal there") == 1
    assert "so its derivative is" not in text


@pytest.mark.parametrize("l2", [0, 1])
def test_a_penalty_gives_a_part_of_the_derivative_too(l2):
    text = text_of((3, 1), sc.Conv1D(1, 2), loss=sc.HalfSquaredError(l2=l2))
    assert ("it receives the sum of the error signals there, each times" in text) == bool(l2)
    assert ("of $`w`$ is used at every position $`i`$ of $`z`$, so its" in text) == (not l2)


def test_ties_are_said_to_share_where_they_do():
    pools = [sc.MaxPool1D(2, 1), sc.MaxPool1D(2, 1, ties="split")]
    text = text_of((4, 1), *pools)
    assert "Several entries that are the largest share it equally in $`p^{(2)}`$." in text
    assert "Several entries that are the largest share it equally. " in text_of((4, 1), pools[1])
    assert "share it equally" not in text_of((4, 1), pools[0])


@pytest.mark.parametrize(
    ("layers", "loss", "said"),
    [
        (
            [sc.Dense(3)],
            sc.SoftmaxCrossEntropy(),
            r"$`\ell`$ is the log-sum-exp of $`z`$ and $`p`$ its softmax.",
        ),
        (
            [sc.Tanh(), sc.Softmax()],
            sc.HalfSquaredError(),
            r"$`\ell`$ is the log-sum-exp of $`a`$.",
        ),
        ([sc.LayerNorm()], sc.HalfSquaredError(), "the normalised input of layer_norm1; $"),
        ([sc.LayerNorm(name="mine")], sc.HalfSquaredError(), "input of the layer mine; $"),
    ],
)
def test_a_brief_document_says_what_statistics_are_of(layers, loss, said):
    problem = problem_of(sc.Network((2,), layers, loss), "statistics")
    text = " ".join(sc.explain(problem, detail="brief").to_markdown().split())
    assert said in text.replace("\\_", "_")


@pytest.mark.parametrize("kernel", [1, 2])
def test_a_window_is_explained_where_one_slides_first(kernel):
    """One weight for all entries explains nothing of windows."""
    text = text_of((4, 1), sc.Conv1D(1, kernel), sc.Tanh(), sc.Conv1D(1, 2))
    assert text.count("it multiplies the entries that it covers by its weights, one by one") == 1
    again = "The filter slides over $`a`$ and multiplies and adds as before."
    assert (again in text) == (kernel == 2)


def test_why_a_derivative_is_an_error_signal_is_said_once():
    text = text_of((2,), sc.Dense(2), sc.Tanh(), sc.Dense(3), sc.Tanh(), sc.Dense(1))
    assert text.count("is used once, so its derivative is the error signal there, times") == 1
    assert text.count("is used once, too.") == 2
    assert text.count("is added once, so its derivative is the error signal itself.") == 1
    assert text.count("is added once, too.") == 2
    positions = text_of((3, 1), sc.Conv1D(2, 2), sc.Tanh(), sc.Conv1D(1, 1))
    assert positions.count("so its derivative is the sum of the error signals there.") == 1
    assert positions.count("the error signals there add up to its derivative.") == 1


@pytest.mark.parametrize(
    ("dilation", "said"),
    [
        (2, "are 2 entries apart: this is the dilation."),
        (
            (1, 2),
            "are 1 entry apart along the first axis and 2 entries apart along the second axis:",
        ),
    ],
)
def test_how_far_entries_are_apart_is_said_of_each_axis(dilation, said):
    assert f"The entries that the window covers {said}" in text_of(
        (4, 4, 1), sc.Conv2D(1, 2, dilation=dilation)
    )


@pytest.mark.parametrize("detail", ["brief", "standard"])
def test_a_constant_is_given_once_beside_the_formula_that_has_it(detail):
    problem = problem_of(sc.Network((3,), [sc.LayerNorm()], sc.HalfSquaredError()), "epsilon")
    text = " ".join(sc.explain(problem, detail=detail).to_markdown().split())
    opening = "; " if detail == "brief" else "Here "
    before, given, _ = text.partition(opening + r"$`\varepsilon = 0.00001`$.")
    assert given
    assert text.count(given) == 1
    assert (r"\sqrt{V + \varepsilon}" in before) == (detail == "brief")


def test_what_is_added_to_itself_receives_the_error_signal_for_each_time():
    text = text_of((2,), sc.Tanh(), sc.Add(inputs=("tanh1", "tanh1")))
    assert "$`a`$ receives the error signal of $`s`$ once for each time that it is added." in text
    assert "unchanged" not in text


def test_only_without_epsilon_is_the_divisor_the_standard_deviation():
    layers = [sc.Tanh(), sc.LayerNorm(epsilon=1, affine=False)]
    text = text_of((2, 3), *layers)
    assert "standard deviation" not in text
    assert "is divided by the square root of the variance plus a constant." in text
    layers = [sc.Tanh(), sc.LayerNorm(epsilon=0, affine=False)]
    assert "in units of the standard deviation" in text_of((2, 3), *layers)


def test_a_query_of_causal_attention_has_the_softmax_of_the_keys_that_it_sees():
    layers = [sc.Tanh(), sc.Attention(inputs=("tanh1",) * 3, causal=True)]
    text = text_of((3, 2), *layers)
    assert (
        "are the softmax of its scores with the keys up to its own position: positive numbers "
        "that sum to 1. Later keys get 0."
    ) in text
    assert "own position: positive" not in text_of(
        (3, 2), sc.Tanh(), sc.Attention(inputs=("tanh1",) * 3)
    )


def test_a_long_sum_of_exact_numbers_is_equal_to_them():
    network = sc.Network((30, 1), [sc.AvgPool1D(30), sc.Flatten()], sc.HalfSquaredError())
    values = {"x": [0.1] * 15 + [0.2] * 15, "target": [1]}
    text = " ".join(sc.explain(sc.Problem(network, values)).to_latex().split())
    assert r" = \frac{1}{30} \cdot (0.1 + 0.1 + \cdots + 0.2) = 0.15" in text
