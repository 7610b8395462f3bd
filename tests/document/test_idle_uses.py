"""What documents say of uses that do not reach the loss, and of terms that cancel in a softmax."""

import pytest

import symcnn as sc
from symcnn.document.facts.leaving import may_leave
from symcnn.document.facts.operation import operations
from symcnn.document.pictures.items import end_of
from tests.document.networks import problem_of


def text_of(shape, *layers, loss=None, batch=None, **options):
    network = sc.Network(shape, [*layers], loss or sc.HalfSquaredError(), batch)
    return " ".join(sc.explain(problem_of(network, "idle"), **options).to_markdown().split())


ON_PADDING = "No weight meets an entry of $`y`$ here, so only the bias is left."


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (sc.Conv1D(2, 2, dilation=3, padding=2), ON_PADDING),
        (sc.Conv1D(2, 2, dilation=3, padding=2, bias=False), "here: $`z`$ is 0."),
        (sc.Conv1D(2, 2, dilation=2, padding=2), None),
        (sc.Conv1D(2, 2, padding=1), None),
    ],
)
def test_a_convolution_whose_weights_all_lie_on_padding_says_so(layer, said):
    text = text_of((1, 2), sc.Scale(2), layer)
    unmet = "In $`z`$, no weight meets an entry of $`y`$. So the loss does not depend on $`y`$"
    assert (said or "No weight meets an entry") in text or said is None
    assert ("No weight meets an entry" in text) == (said is not None)
    assert (unmet in text) == (said is not None)
    assert ("Each filter slides" in text) == (said is None)


def test_of_a_weight_on_padding_the_penalty_alone_is_left():
    layer, penalised = sc.Conv1D(2, 2, dilation=3, padding=2), sc.HalfSquaredError(l2=1)
    alone = "The penalty alone contributes to this derivative."
    assert alone in text_of((1, 2), layer, loss=penalised)
    assert alone not in text_of((4, 2), sc.Conv1D(2, 2), loss=penalised)


@pytest.mark.parametrize(
    ("parameter", "is_shift"), [((1, 1), True), ((2, 1), True), ((1, 3), False)]
)
def test_a_parameter_that_a_softmax_ignores_is_told_why(parameter, is_shift):
    layers = [sc.Conv1D(3, 1, bias=False), sc.AddParameter(parameter, name="add"), sc.Softmax()]
    text = text_of((2, 2), *layers)
    told = "the same number to all entries of which a softmax is taken" in text
    assert told == is_shift
    assert "the terms of its sum cancel" not in text


def test_a_use_on_which_the_loss_does_not_depend_gives_nothing_back():
    first = sc.AddParameter((1, 2), name="add")
    again = sc.AddParameter((1, 2), name="again", weight_from="add")
    idle = [first, sc.Conv1D(2, 2, dilation=3, padding=2), again]
    reached = [first, sc.Conv1D(2, 1), again]
    said = "on which the loss does not depend: nothing comes back from there."
    assert said in text_of((1, 2), *idle)
    assert said not in text_of((1, 2), *reached)


@pytest.mark.parametrize(
    ("norm", "title", "supposes"),
    [
        (1, "sum of absolute values over a window", True),
        (2, "sum of squares over a window", False),
        (3, "sum over a window", False),
    ],
)
def test_a_theorem_of_absolute_values_supposes_that_no_entry_is_0(norm, title, supposes):
    text = text_of((4, 4, 1), sc.LPPool2D(2, norm=norm), sc.Flatten())
    assert f"({title})" in text
    assert ("Suppose that no entry of $`x`$ is 0, that $`" in text) == supposes


@pytest.mark.parametrize(("padding", "leaves"), [(((1, 0), (0, 0)), True), (0, False)])
def test_terms_are_said_to_be_omitted_where_a_printed_index_may_leave(padding, leaves):
    layers = [sc.LPPool2D(2, stride=1, padding=padding, norm=1)]
    made = operations(sc.derive(sc.Network((3, 3, 1), layers, sc.HalfSquaredError())))
    (pool,) = (o for o in made.values() if o.result.role == "hidden")
    assert may_leave(pool.general) == pool.leaves == leaves
    text = text_of((3, 3, 1), *layers)
    assert ("Terms whose indices lie outside $`x`$ are omitted." in text) == leaves


def test_signs_of_rounding_are_explained_where_sizes_have_them():
    down, up = r"(written $`\lfloor \cdot \rfloor`$)", r"(written $`\lceil \cdot \rceil`$)"
    rounded = text_of((6, 6, 1), sc.AvgPool2D(2, 3, ceil_mode=False))
    assert down in rounded
    assert up not in rounded
    assert up in text_of((7, 7, 1), sc.AvgPool2D(2, 3, ceil_mode=True))
    assert down not in text_of((5, 5, 1), sc.AvgPool2D(2, 3, padding=0))


def test_the_sign_of_divisors_is_explained_before_the_forward_pass_that_has_it():
    laid = text_of((1, 3), sc.ConvTranspose1D(1, 2, stride=3, dilation=2, padding=1))
    means = r"In a bracket, $`m \mid n`$ says that $`m`$ divides $`n`$."
    assert laid.count(means) == (r"\mid" in laid.split("Forward pass")[1].split("Backward")[0])
    assert means not in text_of((4, 1), sc.Conv1D(1, 2, stride=2))


def test_a_bound_is_told_with_the_other_and_a_norm_always():
    text = text_of((4, 4, 1), sc.Clip(high=2), sc.LPPool2D(2))
    assert "low -1, high 2" in text
    assert "norm 2" in text


def test_a_minus_behind_a_comma_is_a_sign():
    pytest.importorskip("rich")
    network = sc.Network((2,), [sc.Clip(-1, 0)], sc.HalfSquaredError())
    text = sc.explain(sc.Problem(network, {"x": [-0.5, 2], "target": [0, 0]})).to_text()
    assert "[-0.5 > -1,  -0.5 < 0]" in text
    assert ",  - 0" not in text


@pytest.mark.parametrize(("loss", "given"), [
    (sc.HalfSquaredError(), "the target"), (sc.Upstream(), "the gradient"),
    (sc.SumOfOutputs(), None),
])  # fmt: skip
def test_a_picture_of_layers_says_what_the_loss_is_given(loss, given):
    network = sc.Network((3, 3), [sc.Tanh(), sc.Scale(2)], loss)
    assert end_of(network).note == (f"given {given}" if given else "")


def test_what_reaches_the_loss_twice_is_told_directly_where_one_way_leads_through_the_other():
    through = [sc.Sigmoid(name="s", inputs=("x",)), sc.Multiply(inputs=("x", "s"))]
    apart = [
        *(sc.Scale(f, name=f"m{f}", inputs=("x",)) for f in (2, 3)),
        sc.Add(inputs=("m2", "m3")),
    ]
    assert "in two ways: through $`y`$ directly, and through $`a`$." in text_of((2,), *through)
    assert " directly, and through" not in text_of((2,), *apart)


def test_a_single_channel_is_one_part():
    layers = [sc.Conv1D(1, 1, name="one"), sc.Concatenate(inputs=("x", "one"))]
    text = text_of((3, 2), *layers)
    assert "receives the error signal of its own part of" in text
    assert "of its own channels" not in text


@pytest.mark.parametrize(("layer", "winner"), [
    (sc.MaxPool1D(2), "starts at the winner of a window"),
    (sc.GlobalMaxPool2D(), "starts at a winner, a dashed one"),
])  # fmt: skip
def test_a_winner_is_that_of_a_window_where_there_are_windows(layer, winner):
    shape = (4, 1) if isinstance(layer, sc.MaxPool1D) else (2, 2, 1)
    assert winner in text_of(shape, sc.Scale(2), layer)


@pytest.mark.parametrize(("layer", "said"), [
    (sc.Slice(0, step=2), "every second entry of"), (sc.Slice(0, start=3, step=-2), "Some entries"),
    (sc.Slice(0, stop=1), "a single entry of"), (sc.Slice(0, stop=2), "Some entries"),
])  # fmt: skip
def test_a_slice_says_which_entries_it_picks(layer, said):
    assert said in text_of((6, 2), layer)
