"""What the parameters of a function are taken for."""

from functools import partial

import pytest

from symcnn.classroom.checks.code.arguments import (
    OfAllSettings,
    OfArray,
    OfCache,
    OfParameters,
    OfSetting,
)
from symcnn.classroom.checks.code.signature import Offered, guessed, words_of
from symcnn.errors import SymcnnError

OFFERED = Offered(("dout", "x", "weight", "bias"), ("stride", "padding"))
POOL = Offered(("dout", "x"), ("pool_size", "stride"))
NETWORK = Offered(
    ("x", "target", "conv1.weight", "conv1.bias", "dense1.weight", "dense1.bias"), bundled=True
)
FOUR = [OfArray(name) for name in OFFERED.names]
STRIDE, PADDING = OfSetting("stride"), OfSetting("padding")


def function(parameters):
    return eval(f"lambda {parameters}: None")


@pytest.mark.parametrize(
    ("parameters", "offered", "meant"),
    [
        ("dout, x, w, b", OFFERED, FOUR),
        ("delta, inputs, kernel, biases", OFFERED, FOUR),
        ("dZ, A_prev, W, b, hparameters", OFFERED, [*FOUR, OfAllSettings()]),
        ("dout, x, w, b, conv_param", OFFERED, [*FOUR, OfAllSettings()]),
        ("grad_output, input, weight, bias, strides, pad", OFFERED, [*FOUR, STRIDE, PADDING]),
        ("upstream, X, filters, b, s, p", OFFERED, [*FOUR, STRIDE, PADDING]),
        ("x, w, b, dy", OFFERED, [*FOUR[1:], FOUR[0]]),
        ("one, two, three, four", OFFERED, FOUR),
        ("x, w, b, what", OFFERED, [*FOUR[1:], FOUR[0]]),
        ("first, second, third", OFFERED, FOUR[:3]),
        ("dout, gamma, x, beta", OFFERED, [FOUR[0], FOUR[2], FOUR[1], FOUR[3]]),
        (
            "dout, x, pool_height, pool_width, stride",
            POOL,
            [*FOUR[:2], OfSetting("pool_size", -2), OfSetting("pool_size", -1), STRIDE],
        ),
        ("dA, x, f, sh", POOL, [*FOUR[:2], OfSetting("pool_size"), OfSetting("stride", -2)]),
        ("X, y, W1, b1, W2, b2", NETWORK, [OfArray(name) for name in NETWORK.names]),
        ("params, x, t", NETWORK, [OfParameters(NETWORK.names[2:]), FOUR[1], OfArray("target")]),
        ("conv1_weight, x", NETWORK, [OfArray("conv1.weight"), FOUR[1]]),
        ("dout, cache", Offered(("dout",), cached=True), [FOUR[0], OfCache()]),
        ("g, kept, shape", Offered(("dout",), cached=True), [FOUR[0], OfCache(0), OfCache(1)]),
    ],
)
def test_names_and_order_say_what_is_passed(parameters, offered, meant):
    if "kept" in parameters:
        parameters = parameters.replace("g,", "dout,")
    arguments = guessed(function(parameters), offered).arguments
    assert list(arguments.positional) == meant
    assert arguments.keywords == {}


def test_what_a_partial_holds_is_not_passed_again():
    found = guessed(partial(function("dout, x, w, b, stride=1, pad=0"), stride=2), OFFERED)
    assert found.arguments.taken(("stride", "padding")) == ("padding",)
    assert found.arguments.keywords == {"pad": PADDING}


def test_words_are_those_that_are_still_to_be_passed():
    first, second = function("x, w, stride, pad"), function("dout, cache")
    assert words_of((partial(first, stride=2), second)) == ("x", "w", "pad", "dout", "cache")


def test_what_is_behind_a_default_is_passed_by_keyword():
    found = guessed(function("dout, x, w, b, momentum=0.9, stride=1"), OFFERED)
    assert found.arguments.keywords == {"stride": STRIDE}
    assert found.notes == (
        "Guessed from the signature of <lambda>: w is weight, b is bias.",
        "momentum keeps its default.",
    )


def test_open_signatures_are_given_everything():
    found = guessed(function("*arrays, **settings"), OFFERED)
    assert list(found.arguments.positional) == FOUR
    assert found.arguments.taken(("stride", "padding")) == ("stride", "padding")
    assert found.notes == ("The arrays are passed in their usual order.",)


def test_the_output_is_no_argument_that_is_due():
    offered = Offered((*OFFERED.names, "y"))
    assert list(guessed(function("x, w, b, what"), offered).arguments.positional) == [
        *FOUR[1:],
        FOUR[0],
    ]
    assert list(guessed(function("dout, out"), offered).arguments.positional) == [
        FOUR[0],
        OfArray("y"),
    ]
    without_bias = Offered(("dout", "x", "weight", "y"))
    with pytest.raises(SymcnnError, match='what b is: give arguments="dout, x, weight" in'):
        guessed(function("dout, x, w, b"), without_bias)


def test_names_of_symcnn_need_no_note():
    assert guessed(function("dout, x, weight, bias, stride"), OFFERED).notes == ()


def test_what_cannot_be_guessed_is_refused_with_the_remedy():
    with pytest.raises(SymcnnError) as error:
        guessed(function("x, this, that, w, other"), OFFERED)
    assert str(error.value) == (
        "<lambda>(x, this, that, w, other): it is not clear what this, that and other are: give "
        'arguments="dout, x, weight, bias" in the order of the parameters'
    )
