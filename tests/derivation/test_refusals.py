import pytest
from sympy import Symbol

from symcnn import (
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    Network,
    Sigmoid,
    SymcnnError,
    TooLargeError,
    derive,
    index,
)
from tests.derivation.seed import NETWORK, VALUES

DERIVATION = derive(NETWORK)


def refusal(act, *args, **kwargs):
    with pytest.raises(SymcnnError) as refused:
        act(*args, **kwargs)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_an_unknown_tensor_and_the_nearest_known_one():
    assert refusal(DERIVATION.partial, "conv1.wieght") == (
        "there is no derivative with respect to 'conv1.wieght': did you mean 'conv1.weight'? "
        "choose from x, conv1.weight, conv1, pool1, flatten1, dense1.weight, dense1, sigmoid1"
    )
    assert refusal(DERIVATION.symbol, "conv2", (0,)).startswith("there is no tensor 'conv2': ")


def test_the_target_has_no_derivative():
    assert refusal(DERIVATION.partial, "target").startswith(
        "there is no derivative with respect to 'target'"
    )


@pytest.mark.parametrize(
    "entry", [(2, 0, 0, 0), (0, 0, 0, 3), (-1, 0, 0, 0), (0,), (0, 0, 0, 0, 0)]
)
def test_an_entry_out_of_range(entry):
    assert refusal(DERIVATION.partial, "conv1.weight", entry) == (
        f"conv1.weight has no entry {entry}: its shape is (2, 1, 1, 3), indices start at 0"
    )


def test_numbers_for_an_unknown_tensor():
    wrong = {**VALUES, "conv1.weights": VALUES["conv1.weight"]}
    assert refusal(DERIVATION.at, wrong).startswith(
        "the network takes no numbers for 'conv1.weights': did you mean 'conv1.weight'? "
    )


def test_numbers_of_another_shape():
    assert refusal(DERIVATION.at, {**VALUES, "x": [1, 2]}) == (
        "x has the shape 2, but 3x1x1 is needed: give nested lists of that shape or one flat "
        "list of 3 numbers"
    )


def test_free_indices_have_to_be_integers_first():
    assert refusal(DERIVATION.substitute, DERIVATION.partial("dense1.weight"), VALUES) == (
        "f[k] has free indices: replace them by integers first"
    )


def test_symbols_that_are_no_entries_stay():
    foreign = [Symbol("x_foo"), Symbol("x_99"), Symbol("alpha"), index("a"), Symbol("x_1")]
    total = sum(foreign) + Symbol("x_1", real=True)
    assert DERIVATION.substitute(total, VALUES) == sum(foreign) + 1


def deep(size):
    layers = [Conv2D(4, 3), Sigmoid(), Conv2D(4, 3), Sigmoid(), Flatten(), Dense(4), Dense(1)]
    return derive(Network((size, size, 1), layers, HalfSquaredError()))


@pytest.mark.parametrize("size", [8, 32])
def test_a_closed_form_that_would_explode_is_refused(size):
    """Were it written out first, nobody would wait for the refusal."""
    message = refusal(deep(size).partial, "conv1.weight", (0, 0, 0, 0))
    assert message == (
        "the closed form would have more than the 20,000 operations and operands that are "
        "written out: use staged=True or the general form"
    )


def test_the_staged_form_of_the_same_weight_is_small():
    staged = deep(8).partial("conv1.weight", (0, 0, 0, 0), staged=True)
    assert len(staged.args) == 36  # one product for each of the 6 x 6 positions


def test_the_size_at_which_it_is_refused_is_a_choice():
    small = DERIVATION.partial("dense1.weight", (0, 0))
    assert DERIVATION.partial("dense1.weight", (0, 0), most_nodes=10**6) == small
    with pytest.raises(TooLargeError, match="more than the 10 operations"):
        DERIVATION.partial("dense1.weight", (0, 0), most_nodes=10)


def test_a_closed_form_of_too_many_terms_is_not_written_out():
    layers = [Conv2D(64, 5), Flatten(), Dense(1)]
    large = derive(Network((64, 64, 16), layers, HalfSquaredError()))
    with pytest.raises(TooLargeError, match="use staged=True or the general form"):
        large.partial("conv1.weight", (0, 0, 0, 0))
    assert str(large.partial("dense1.bias")) == "delta^z(2)[0]"
