from dataclasses import dataclass

import numpy as np
import pytest

import symcnn as sc
from symcnn import (
    ELU,
    Add,
    Auxiliary,
    AvgPool1D,
    AvgPool2D,
    Concatenate,
    Conv1D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    HalfSquaredError,
    Layer,
    LeakyReLU,
    MaxPool1D,
    MaxPool2D,
    Network,
    Parameter,
    ReLU,
    Sigmoid,
    SymcnnError,
    TooLargeError,
    define,
)

IMAGE = (4, 5, 2)
CONV, MAX, AVG, DENSE = (
    f"layers[0] ({name}): " for name in ("Conv2D", "MaxPool2D", "AvgPool2D", "Dense")
)


def refusal(layers, shape=IMAGE, **fields):
    with pytest.raises(SymcnnError) as refused:
        Network(shape, layers, HalfSquaredError(), **fields)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_kernel_larger_than_the_padded_input():
    assert refusal([Conv2D(1, (7, 3), padding=1)]) == (
        CONV + "the window spans 7 entries along axis 0, but the padded input has only 6: use "
        "a smaller kernel or more padding"
    )


def test_a_dilated_kernel_larger_than_the_padded_input():
    assert refusal([Conv2D(1, 3, dilation=(1, 3))]) == (
        CONV + "the window spans 7 entries along axis 1, but the padded input has only 5: use "
        "a smaller kernel or more padding"
    )


@pytest.mark.parametrize("value", [0, -1, True, 2.0, "2", None, (1, 2, 3), (1, 0), [1, "2"]])
@pytest.mark.parametrize("field", ["kernel_size", "stride", "dilation"])
def test_what_is_no_pair_of_positive_integers(field, value):
    assert refusal([Conv2D(**{"filters": 1, "kernel_size": 2, field: value})]) == (
        CONV + f"{field} = {value!r} is invalid: give one or 2 positive integers"
    )


@pytest.mark.parametrize("value", [0, -1, True, 2.0, "2", None, (2, 2)])
def test_what_is_no_count(value):
    end = f" = {value!r} is invalid: give a positive integer"
    assert refusal([Conv2D(value, 2)]) == CONV + f"filters{end}"
    assert refusal([Conv2D(2, 2, groups=value)]) == CONV + f"groups{end}"
    assert refusal([Dense(value)], (4,)) == DENSE + f"units{end}"


@pytest.mark.parametrize(
    "value", [-1, (1, -1), ((0, 1), (0, -1)), 1.0, True, (1, 2, 3), ((1, 2, 3), 1), None]
)
def test_what_is_no_padding(value):
    assert refusal([AvgPool2D(2, padding=value)]) == (
        AVG + f"padding = {value!r} is invalid: give n, one n or [before, after] per axis, "
        '"valid" or "same"'
    )


def test_a_padding_of_another_name():
    assert refusal([Conv2D(1, 2, padding="full")]) == (
        CONV + 'padding = \'full\' is unknown: choose "valid" or "same"'
    )


@pytest.mark.parametrize(("groups", "filters"), [(3, 3), (2, 3)])
def test_groups_that_do_not_divide(groups, filters):
    assert refusal([Conv2D(filters, 1, groups=groups)]) == (
        CONV + f"groups = {groups} must divide both the number of input channels (2) and the "
        f"number of filters ({filters})"
    )


def test_a_pool_window_that_holds_padding_alone():
    assert refusal([MaxPool2D(2, stride=1, padding=((0, 0), (2, 0)))]) == (
        MAX + "padding = ((0, 0), (2, 0)) leaves the window at position 0 of axis 1 without an "
        "entry of the input: use padding smaller than the window"
    )


def test_ties_of_another_name():
    assert refusal([MaxPool2D(2, ties="last")]) == (
        MAX + 'ties = \'last\' is unknown: choose "first" or "split"'
    )


def test_a_dense_layer_on_an_image():
    assert refusal([Dense(2)]) == (
        DENSE + "the input has the shape (4, 5, 2), but a vector is needed: insert a flatten "
        "layer before it"
    )


@pytest.mark.parametrize("layer", [Conv2D(1, 1), MaxPool2D(1), AvgPool2D(1)])
def test_a_sliding_window_on_a_vector(layer):
    assert refusal([Flatten(), layer]) == (
        f"layers[1] ({type(layer).__name__}): the input has the shape (40,), but an image "
        "(height, width, channels) is needed"
    )


def test_no_layers():
    assert refusal([]) == "the network has no layers: give at least one"


def test_a_name_twice():
    assert refusal([Sigmoid(name="a"), Sigmoid(name="a")]) == (
        "layers[1] (Sigmoid): the layer name 'a' is already taken: choose another name"
    )
    assert refusal([Sigmoid(name="x")]) == (
        "layers[0] (Sigmoid): the layer name 'x' is already taken: choose another name"
    )


@pytest.mark.parametrize(("first", "second"), [("head", "Head"), ("a.B", "A.b"), ("Maße", "MASSE")])
def test_names_that_differ_by_a_capital_are_one(first, second):
    assert f"the layer name {second!r} is already taken" in refusal(
        [Sigmoid(name=first), Sigmoid(name=second)]
    )
    dense = Dense(1, name=first)
    assert f"{first}.weight' is already taken" in refusal(
        [Sigmoid(name=f"{second}.Weight"), dense], (2,)
    )


@pytest.mark.parametrize(
    ("shape", "axis"), [((0,), 0), ((3, -1, 1), 1), ((2.0, 2, 1), 0), ((True,), 0), (("3",), 0)]
)
def test_what_is_no_input_shape(shape, axis):
    assert refusal([Sigmoid()], shape) == (
        f"input shape[{axis}] = {shape[axis]!r} is invalid: give a positive integer"
    )


def test_how_many_axes_an_input_has():
    assert refusal([Sigmoid()], ()) == "the input shape has 0 axes: give 1 to 8"
    assert refusal([Sigmoid()], (1,) * 9) == "the input shape has 9 axes: give 1 to 8"


@pytest.mark.parametrize("name", ["", " ", ".b", "a..b", "a.", "a\nb", "a" * 61, 5, True])
def test_what_is_no_name(name):
    remedy = "give 1 to 60 printable characters, with something on both sides of a dot"
    assert remedy in refusal([Sigmoid(name=name)])


def test_a_name_with_dots_is_no_parameters_name():
    conv, other = Conv2D(1, 1, name="a.b"), "the layer name 'a.b.bias' is already taken"
    assert other in refusal([conv, Sigmoid(name="a.b.bias")], (1, 1, 1))
    assert other in refusal([Sigmoid(name="a.b.bias"), conv], (1, 1, 1))
    assert "'loss.normaliser' is already taken" in refusal([Sigmoid(name="loss.normaliser")])


@pytest.mark.parametrize("batch", [0, -2, 1.0, True, "3"])
def test_what_is_no_batch(batch):
    assert refusal([Sigmoid()], batch=batch).startswith(f"batch = {batch!r} is invalid")


@pytest.mark.parametrize(
    "ask",
    [
        lambda network: sc.lambdify(sc.derive(network)),
        lambda network: sc.Problem(network, {}),
        lambda network: sc.derive(network).partial("conv1.weight", (0, 0, 0, 0)),
        lambda network: sc.derive(network).hessian(["conv1.bias"]),
    ],
)
def test_an_absurd_size_is_refused_before_it_is_allocated(ask):
    network = Network((10**6, 10**6, 1), [Conv2D(1, 3)], HalfSquaredError(), 1000)
    with pytest.raises(TooLargeError, match=r"x alone 1,000,000,000,000,000"):
        ask(network)


def test_an_unknown_reduction_of_the_loss():
    with pytest.raises(SymcnnError) as refused:
        Network((2,), [Sigmoid()], HalfSquaredError("median"), batch=2).equations  # noqa: B018
    assert str(refused.value) == 'loss: reduction = \'median\' is unknown: choose "mean" or "sum"'


@pytest.mark.parametrize("alpha", ["0.1", None, True, float("inf"), [1]])
@pytest.mark.parametrize("layer", [LeakyReLU, ELU])
def test_an_alpha_that_is_no_number(layer, alpha):
    name = layer.__name__
    message = refusal([layer(alpha)])
    assert message.startswith(f"layers[0] ({name}): alpha is ")
    assert message.endswith(": a finite number is needed")


@pytest.mark.parametrize("layer", [Conv1D(1, 1), MaxPool1D(1), AvgPool1D(1)])
def test_a_window_over_a_sequence_on_an_image(layer):
    assert refusal([layer]) == (
        f"layers[0] ({type(layer).__name__}): the input has the shape (4, 5, 2), but a sequence "
        "(length, channels) is needed"
    )


def test_one_number_for_the_one_axis_of_a_sequence():
    assert refusal([Conv1D(1, (2, 2))], (4, 1)) == (
        "layers[0] (Conv1D): kernel_size = (2, 2) is invalid: give a positive integer"
    )


def test_a_transposed_convolution_that_crops_everything():
    assert refusal([ConvTranspose2D(1, 3, padding=((3, 3), (0, 0)))]) == (
        "layers[0] (ConvTranspose2D): padding = ((3, 3), (0, 0)) leaves 0 output entries "
        "along axis 0: use less padding or a larger kernel"
    )


def test_a_dilated_pool_window_that_holds_padding_alone():
    assert "leaves the window at position 0 of axis 0 without an entry" in refusal(
        [MaxPool2D((2, 1), dilation=(9, 1), padding=((5, 5), (0, 0)), stride=1)]
    )


def test_an_average_over_padding_alone():
    pool = AvgPool2D(1, padding=1, count_include_pad=False)
    assert refusal([pool]) == (
        AVG
        + "padding = 1 leaves the window at position 0 of axis 0 without an entry of the input: "
        "use padding smaller than the window"
    )


@pytest.mark.parametrize("layer", [Add, Concatenate])
def test_a_merge_of_one_input(layer):
    for given in ({}, {"inputs": ("x",)}):
        assert refusal([layer(**given)]) == (
            f"layers[0] ({layer.__name__}): a single input cannot be merged: give inputs = "
            '["...", "..."]'
        )


def test_shapes_that_do_not_merge():
    layers = [Flatten(), Add(inputs=("x", "flatten1"))]
    shapes = "inputs of shapes (4, 5, 2), (40,)"
    assert refusal(layers) == (
        f"layers[1] (Add): {shapes} cannot be added: use layers of equal shape, or with "
        "axes of length 1"
    )
    layers = [Flatten(), Concatenate(inputs=("x", "flatten1"))]
    assert refusal(layers) == (
        f"layers[1] (Concatenate): {shapes} cannot be concatenated: they may differ only in the "
        "last axis"
    )


def test_an_input_that_is_no_earlier_layer():
    assert refusal([Sigmoid(), ReLU(inputs=("sigmoid2",))]) == (
        "layers[1] (ReLU): the input 'sigmoid2' is not an earlier layer: choose from x, sigmoid1"
    )


def test_weights_that_do_not_fit():
    layers = [Flatten(), Dense(2), Dense(2, weight_from="dense1")]
    assert refusal(layers) == (
        "layers[2] (Dense): weight_from = 'dense1': the weight of shape (2, 2) is needed, but "
        "it has (2, 40)"
    )
    assert refusal([Flatten(), Dense(2, weight_from="dense1")]) == (
        "layers[1] (Dense): weight_from = 'dense1' is not an earlier layer: the layers are flatten1"
    )
    without = [Flatten(), Dense(40, bias=False), Dense(40, weight_from="dense1")]
    assert refusal(without) == (
        "layers[2] (Dense): weight_from = 'dense1': the bias of shape (40,) is needed, but "
        "it has none"
    )


@dataclass(frozen=True)
class Scale(Layer):
    """y = w x, whatever its author made of the shapes."""

    shape: object = (1,)
    made: object = None

    def output_shape(self, shape):
        return shape if self.made is None else self.made

    def parameters(self, shape):
        if self.shape in (None, 7):
            return self.shape and {"weight": self.shape}
        return {"weight": Parameter(self.shape, "w", "i")}

    def forward(self, y, x, weight):
        return (define(y[y.indices], weight[0] * x[x.indices]),)


@pytest.mark.parametrize("shape", [(0,), (-1,), (2.0,), (True,), ("3",)])
def test_what_is_no_shape_of_a_parameter_or_of_an_output(shape):
    end = f"shape[0] = {shape[0]!r} is invalid: give a positive integer"
    assert refusal([Scale(shape=shape)], (3,)) == f"layers[0] (Scale): parameter {end}"
    with pytest.raises(SymcnnError, match="auxiliary shape"):
        Auxiliary(shape, "h", "i")
    end = end.replace("shape", "output_shape", 1)
    assert refusal([Scale(made=shape)], (3,)) == f"layers[0] (Scale): {end}"


def test_a_shape_of_one_axis_is_a_number_too():
    layers = [Scale(shape=1, made=3), Scale(shape=[1], made=[np.int64(3)])]
    network = Network(3, layers, HalfSquaredError())
    shapes = [tensor.shape for tensor in network.tensors.values()]
    assert shapes == [(3,), (1,), (3,), (1,), (3,), (3,), (1,)]


def test_what_a_layer_returns_in_place_of_a_table():
    assert refusal([Scale(shape=None)], (3,)) == (
        "layers[0] (Scale): what parameters returns is a NoneType: return a table such as "
        '{"weight": Parameter((3, 2), "w", "ij")}'
    )
    assert refusal([Scale(shape=7)], (3,)).startswith(
        "layers[0] (Scale): what parameters returns as 'weight' is 7: return a table such as"
    )
