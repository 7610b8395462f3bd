"""The types that a file can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Optional

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.equations.values import Real
from symcnn.network.layers.window import Padding, Pair
from symcnn.problems import catalog, register
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.problems.write import problem_file
from tests.problems.example import written

KINDS = {**LAYERS, **LOSSES}


@pytest.fixture(autouse=True)
def _as_it_was():
    """What a test registers is gone after it."""
    yield
    for name in LAYERS.keys() - KINDS.keys():
        del LAYERS[name]


CONVOLUTION = "filters kernel_size stride padding dilation groups bias weight bias_values"
POOL = "pool_size stride padding ceil_mode"
WEIGHTED = "target reduction weighted weight"

# As the format states them: beside type, name, inputs and weight_from.
LAYER_KEYS = {
    "conv1d": CONVOLUTION,
    "conv2d": CONVOLUTION,
    "conv3d": CONVOLUTION,
    "conv_transpose1d": f"{CONVOLUTION} output_padding",
    "conv_transpose2d": f"{CONVOLUTION} output_padding",
    "conv_transpose3d": f"{CONVOLUTION} output_padding",
    "lp_pool2d": f"{POOL} norm dilation",
    "local_response_norm": "size alpha beta k",
    "max_pool3d": f"{POOL} ties dilation",
    "avg_pool3d": f"{POOL} count_include_pad dilation divisor",
    "dense": "units bias weight bias_values",
    "flatten": "",
    "reshape": "shape",
    "transpose": "permutation",
    "slice": "axis start stop step",
    "reduce_sum": "axis keepdims",
    "reduce_mean": "axis keepdims",
    "reduce_max": "axis keepdims ties",
    "reduce_prod": "axis keepdims",
    "reduce_log_sum_exp": "axis keepdims",
    "elementwise": "expression weight_shape constant_shape weight constant",
    "pad": "padding mode value",
    "upsample2d": "factor size mode align_corners",
    "pixel_shuffle": "factor",
    "channel_shuffle": "groups",
    "scale": "factor offset",
    "add_parameter": "shape bias_values",
    "multiply_parameter": "shape weight",
    "max_pool1d": f"{POOL} ties dilation",
    "max_pool2d": f"{POOL} ties dilation",
    "avg_pool1d": f"{POOL} count_include_pad dilation divisor",
    "avg_pool2d": f"{POOL} count_include_pad dilation divisor",
    "global_avg_pool2d": "",
    "global_max_pool2d": "ties",
    "adaptive_avg_pool2d": "output_size",
    "batch_norm": "epsilon affine mode weight bias_values mean variance",
    "layer_norm": "over epsilon affine weight bias_values",
    "rms_norm": "over epsilon affine weight",
    "group_norm": "groups epsilon affine weight bias_values",
    "instance_norm": "epsilon affine weight bias_values",
    "dropout": "rate masked mask",
    "embedding": "entries units weight",
    "gather": "shape axis indices",
    "scatter_add": "length axis indices",
    "cumsum": "axis exclusive reverse",
    "einsum": "equation weight_shape factor_shape weight factor",
    "sigmoid": "",
    "tanh": "",
    "relu": "",
    "leaky_relu": "alpha",
    "elu": "alpha",
    "softplus": "",
    "silu": "",
    "gelu": "approximate",
    "mish": "",
    "clip": "low high",
    "relu6": "",
    "hard_sigmoid": "",
    "hard_swish": "",
    "prelu": "shared weight",
    "softmax": "axis",
    "log_softmax": "axis",
    "add": "",
    "subtract": "",
    "multiply": "",
    "divide": "",
    "concatenate": "",
    "max_unpool2d": "pool_size stride",
    "matmul": "transpose_a transpose_b",
    "attention": "heads causal scale",
}
# Beside type and l2.
LOSS_KEYS = {
    "half_squared_error": WEIGHTED,
    "squared_error": WEIGHTED,
    "mean_squared_error": WEIGHTED,
    "huber": f"{WEIGHTED} delta",
    "hinge": WEIGHTED,
    "kl_divergence": WEIGHTED,
    "focal": f"{WEIGHTED} gamma alpha",
    "dice": "target reduction smooth",
    "binary_cross_entropy": f"{WEIGHTED} label_smoothing",
    "cross_entropy": f"{WEIGHTED} label_smoothing",
    "softmax_cross_entropy": "target reduction label_smoothing",
    "sum": "",
    "upstream": "gradient",
}


def test_the_keys_are_those_of_the_format():
    for kinds, stated in ((LAYERS, LAYER_KEYS), (LOSSES, LOSS_KEYS)):
        for name, keys in stated.items():
            common = {"type", "name", "inputs", "weight_from", "weight_axes", "l2"}
            assert set(kinds[name].keys) - common == set(keys.split())


def test_what_has_no_default_is_required():
    assert LAYERS["conv2d"].required == ("filters", "kernel_size")
    assert LAYERS["max_pool1d"].required == ("pool_size",)
    assert LAYERS["dense"].required == ("units",)
    assert LAYERS["batch_norm"].required == LOSSES["upstream"].required == ()


def test_a_number_key_is_turned_off_by_a_setting():
    for kind in KINDS.values():
        assert {switch.partition(" ")[0] for switch in kind.numbers.values()} <= {
            "",
            *kind.settings,
        }


@dataclass(frozen=True)
class Everything(sc.Tanh):
    """A layer with a setting of every type."""

    yes: bool = False
    whole: int = 0
    scale: float = 1.0
    exact: Real = 1
    title: str = ""
    which: Literal["first", "last"] = "first"
    perhaps: Optional[Literal["a", "b"]] = None  # noqa: UP045 - people still write it
    pair: Pair = 1
    padding: Padding = 0
    per_axis: tuple[int, ...] | None = None
    names: tuple[str, ...] = ()
    knots: tuple[float, ...] = ()
    weights: tuple[Real, ...] = ()
    made: tuple[int, ...] = field(default_factory=tuple)


STATED = """
input = {shape = [1], values = [1]}
loss = {type = "sum"}
layers = [{type = "everything", SETTINGS}]
"""


def stated(settings, tmp_path):
    register(Everything)
    return sc.load(written(tmp_path, STATED.replace("SETTINGS", settings)))


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("yes = true", True),
        ("whole = 3", 3),
        ("scale = 0.1", 0.1),
        ("scale = 2", 2.0),
        ('scale = "1/4"', 0.25),
        ('exact = "1/3"', Rational(1, 3)),
        ('title = "a"', "a"),
        ('which = "last"', "last"),
        ('perhaps = "b"', "b"),
        ("pair = 2", 2),
        ("pair = [1, 2]", (1, 2)),
        ('padding = "same"', "same"),
        ("padding = [[1, 0], [0, 1]]", ((1, 0), (0, 1))),
        ("per_axis = [1, 2, 3]", (1, 2, 3)),
        ('names = ["x", "y"]', ("x", "y")),
        ("knots = [0, 0.5]", (0.0, 0.5)),
        ('weights = [0.1, "1/3"]', (Rational(1, 10), Rational(1, 3))),
        ("made = [1]", (1,)),
    ],
)
def test_a_setting_is_read_by_its_type(setting, read, tmp_path):
    problem = stated(setting, tmp_path)
    (layer,) = problem.network.layers
    value = getattr(layer, setting.split(" = ")[0])
    assert value == read
    assert type(value) is type(read)
    assert sc.load(written(tmp_path, problem_file(problem))) == problem


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("yes = 1", "layers[0] (everything) yes is 1: give true or false"),
        ("scale = true", "layers[0] (everything) scale is True: a finite number is needed"),
        ('which = "middle"', 'layers[0] (everything) which is \'middle\': give "first" or "last"'),
        ("perhaps = 2", 'layers[0] (everything) perhaps is 2: give "a" or "b"'),
        ("knots = ['a']", "layers[0] (everything) knots[0] is 'a': give a number"),
    ],
)
def test_a_value_of_another_type_is_one_line(setting, message, tmp_path):
    with pytest.raises(sc.SymcnnError) as refused:
        stated(setting, tmp_path)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_field_of_another_type_is_refused_when_it_is_registered():
    @dataclass(frozen=True)
    class Tabled(sc.Tanh):
        table: dict[str, int] = field(default_factory=dict)

    with pytest.raises(sc.SymcnnError) as refused:
        register(Tabled)
    assert str(refused.value) == (
        "Tabled.table is of the type dict[str, int], which problem files cannot hold: use "
        "bool, int, float, Real, str, a Literal of texts, or tuples of numbers or texts"
    )


def test_a_type_that_is_not_there_is_refused_when_it_is_registered():
    @dataclass(frozen=True)
    class Absent(sc.Tanh):
        rate: Nowhere = None  # noqa: F821 - that is the point

    with pytest.raises(sc.SymcnnError, match="Absent: name 'Nowhere' is not defined"):
        register(Absent)


def test_a_layer_of_ones_own_is_no_type_until_it_is_registered(tmp_path):
    with pytest.raises(sc.SymcnnError, match="'everything' is unknown"):
        sc.load(written(tmp_path, STATED.replace("SETTINGS", "whole = 1")))
    assert stated("whole = 1", tmp_path).network.layers == (Everything(whole=1),)


@dataclass(frozen=True)
class Scaled(sc.Layer):
    """y = w x, whose class does not name the weight."""

    def parameters(self, shape):
        return {"scale": sc.Parameter((1,), "w", "k")}

    def forward(self, y, x, scale):
        return (sc.define(y[y.indices], scale[0] * x[y.indices]),)


@dataclass(frozen=True)
class Named(Scaled):
    """The same, and the class names it."""

    learned = {"scale": ""}  # noqa: RUF012 - as users write it


SCALED = """
input = {shape = [2], values = [1, 2]}
layers = [{type = "TYPE"SCALE}]
loss = {type = "sum"}
"""


def test_parameters_of_a_registered_layer_are_keys_by_what_it_learns(tmp_path):
    register(Named)
    text = SCALED.replace("TYPE", "named").replace("SCALE", ", scale = [3]")
    problem = sc.load(written(tmp_path, text))
    assert sc.evaluate(problem).loss == 9
    assert sc.load(written(tmp_path, problem_file(problem))) == problem


def test_a_parameter_that_the_class_does_not_name_is_one_line(tmp_path):
    register(Scaled)
    text = SCALED.replace("TYPE", "scaled").replace("SCALE", "")
    with pytest.raises(
        sc.SymcnnError, match=r"\(scaled\): its class has the parameter 'scale': list it in"
    ):
        sc.load(written(tmp_path, text))


def test_a_name_is_given_once():
    taken = type("Conv2D", (sc.Tanh,), {})
    with pytest.raises(
        sc.SymcnnError, match="Conv2D: the type 'conv2d' is already taken: choose another"
    ):
        register(taken)


@pytest.mark.parametrize(
    ("name", "type_name"), [("PReLU", "prelu"), ("EnergyPool2D", "energy_pool2d"), ("L1", "l1")]
)
def test_the_name_is_that_of_the_class_in_snake_case(name, type_name):
    assert catalog.type_name(type(name, (sc.Layer,), {})) == type_name


def test_a_class_can_have_a_name_of_its_own():
    own: Any = type("Swish", (sc.Layer,), {"type_name": "x_sigmoid"})
    assert catalog.type_name(own) == "x_sigmoid"
    assert catalog.type_name(type("Harder", (own,), {})) == "harder"
