"""Every built-in layer and loss says what it does, at all settings, and that is so."""

import itertools
import re
from functools import cache

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.facts.meant import meant
from symcnn.equations import accesses
from symcnn.network import layers, losses
from symcnn.network.meaning import meaning_of
from tests.draws import some
from tests.network.layers.check import as_given, random_values
from tests.network.layers.examples import EXAMPLES, Example

CLASSES = [
    made
    for made in {**vars(layers), **vars(losses)}.values()
    if isinstance(made, type) and issubclass(made, sc.Layer | sc.Loss)
    if made not in (sc.Layer, sc.Activation, sc.Loss)
]
FURTHER = [
    Example(layer, shape, (), 0, None, before)
    for layer, shape, before in [
        (sc.Conv2D(1, 3), (3, 3, 1), ()),
        (sc.Conv2D(2, (1, 1)), (3, 3, 2), ()),
        *((sc.Conv1D(f, 1, s, p, groups=g), (6, 2), ()) for f, s, p, g in [
            (1, 1, 0, 1), (2, 1, "same", 1), (2, 2, 0, 1), (2, 1, 1, 1), (2, 1, (0, 1), 1),
            (2, 1, 0, 2), (1, 2, 0, 1),
        ]),
        (sc.Conv1D(1, 2, dilation=2, stride=2), (7, 1), ()),
        (sc.ConvTranspose1D(3, 2), (2, 2), ()),
        *((sc.MaxPool1D(k, s, p, dilation=d), (6, 1), ()) for k, s, p, d in [
            (2, 2, 0, 1), (3, 2, 0, 1), (2, 1, 0, 2), (2, 3, 1, 2), (3, 3, 1, 2), (2, 3, 0, 3),
        ]),
        *((sc.ReLU(), shape, ()) for shape in [(1,), (2, 1)]),
        *((made, (1,), ()) for made in (sc.Sigmoid(), sc.SiLU(), sc.Scale(2), sc.HardSwish())),
        (sc.Pad(0), (2, 1), ()),
        (sc.Pad(1), (2, 1), ()),
        (sc.Pad((1, 1, 1), "reflect"), (3, 3, 2), ()),
        (sc.Pad((1, 1), value=2), (2, 1), ()),
        (sc.ReduceMean((0, 1, 2)), (2, 2, 1), ()),
        (sc.ReduceSum(1, keepdims=True), (2, 3), ()),
        (sc.ReduceSum(), (2, 2), ()),
        (sc.ChannelShuffle(1), (2, 2), ()),
        (sc.ChannelShuffle(2), (2, 2), ()),
        (sc.PixelShuffle(1), (2, 2, 2), ()),
        (sc.Transpose((0, 1)), (2, 3), ()),
        (sc.Reshape((2, 3)), (2, 3), ()),
        (sc.Flatten(), (3,), ()),
        *((sc.Conv1D(f, 1, s, bias=b), (4, 1), ()) for f, s, b in [
            (1, 1, True), (2, 1, True), (2, 2, True), (1, 1, False), (2, 1, False),
        ]),
        *((sc.Dense(units), (1,), ()) for units in (1, 2)),
        *((made(1, 2), (4, 2), ()) for made in (sc.AvgPool1D, sc.MaxPool1D)),
        (sc.LPPool2D(2, norm=3), (4, 4, 1), ()),
        (sc.GlobalMaxPool2D(), (2, 2, 1), ()),
        (sc.GlobalAvgPool2D(), (2, 2, 1), ()),
        (sc.Scale(1, 3), (2,), ()),
        (sc.Conv1D(2, 1, 3), (3, 2), ()),
        *((sc.Slice(0, step=step), (3, 2), ()) for step in (1, 2, -1)),
        (sc.ConvTranspose1D(4, 2, groups=2), (2, 2), ()),
        (sc.Upsample2D(1), (2, 2, 1), ()),
        (sc.GroupNorm(2), (4,), ()),
        (sc.MultiplyParameter((1,)), (1,), ()),
        *((sc.Attention(h, inputs=("x", "x", "x")), shape, ()) for h, shape in [
            (1, (2, 2)), (1, (3, 1)), (2, (3, 2)), (1, (2, 3, 2)), (1, (1, 3, 2)),
        ]),
        (sc.GroupNorm(1), (2, 2), ()),
        (sc.RMSNorm(over=2), (2, 2), ()),
        (sc.Attention(2, inputs=("x", "scale1", "x")), (2, 4), (sc.Scale(2),)),
        (sc.Multiply(inputs=("x", "pool1")), (2, 2, 2), (sc.GlobalAvgPool2D(),)),
        (sc.Multiply(inputs=("x", "scale1")), (2, 2), (sc.Scale(2),)),
        (sc.Multiply(inputs=("x", "scale1", "x")), (2,), (sc.Scale(2),)),
    ]
]  # fmt: skip
PLACES = [*EXAMPLES, *FURTHER]
ENDS = [
    made(**dict(zip(names, chosen, strict=True)))
    for made in CLASSES
    if issubclass(made, sc.Loss)
    for names in [[n for n in ("reduction", "weighted", "label_smoothing") if hasattr(made, n)]]
    for chosen in itertools.product(
        *(
            {"reduction": ("mean", "sum"), "weighted": (False, True)}.get(n, (0, 0.25))
            for n in names
        )
    )
]


@cache
def stage_of(example, batch=None):
    network = sc.Network(example.input_shape, example.layers, sc.HalfSquaredError(), batch)
    return network, network.stages[-1]


def told(network, stage):
    """Return what is said of each tensor that a layer computes, and of each derivative."""
    own = meant(network)[stage.output.name]
    made = {"y": stage.output, **stage.auxiliaries}
    forward = {name: own.forward(tensor) for name, tensor in made.items()}
    moved = {name: t for name, t in stage.auxiliaries.items() if t.role != "constant"}
    moved |= {} if stage.layer.takes_indices else {f"x{n}": t for n, t in enumerate(stage.inputs)}
    return forward, {name: own.backward(tensor) for name, tensor in moved.items()}


def is_sentence(text):
    is_one = re.fullmatch(r"[A-Z{][^|\[\]]*\.", text) and "{}" not in text
    return is_one and not re.search(r" [.,;:]|  |\.\.|\.[A-Z{]", text)


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_every_class_says_what_it_does_forward_and_backward(made):
    meaning = vars(made).get("meaning")
    assert meaning is not None
    assert all(any(table.values()) for table in meaning.tables())


def test_the_settings_are_those_of_all_classes():
    made = {type(example.layer) for example in PLACES} | {type(end) for end in ENDS}
    assert made == {*CLASSES}


@pytest.mark.parametrize("batch", [None, 2])
def test_at_all_settings_every_tensor_and_every_derivative_has_a_sentence(batch):
    for example in PLACES:
        network, stage = stage_of(example, batch)
        for key, text in [pair for table in told(network, stage) for pair in table.items()]:
            assert is_sentence(text), (str(example), key, text)


@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("end", some(ENDS, 12), ids=repr)
def test_at_all_settings_a_loss_has_its_sentences(end, outputs, batch):
    network = sc.Network((2,), [sc.Dense(outputs)], end, batch)
    own, stage = meant(network)["loss"], network.loss_stage
    forward = [own.forward(tensor) for tensor in (stage.loss, *stage.auxiliaries.values())]
    derivation = sc.derive(network)
    moved = [t for t in stage.auxiliaries.values() if derivation.depends_on(t)]
    backward = [own.backward(tensor) for tensor in (network.output, *moved)]
    assert [text for text in (*forward, *backward) if not is_sentence(text)] == []
    (first, *_), (signal, *_) = forward, backward
    is_averaged = batch and getattr(end, "reduction", "") == "mean"
    weighted = getattr(end, "weighted", False)
    if isinstance(end, sc.HalfSquaredError | sc.Huber | sc.SquaredError):
        assert ("proportional to" in signal) == bool(is_averaged or weighted)
    if isinstance(end, sc.HalfSquaredError):
        assert ("added up over the outputs" in first) == (outputs > 1)
    assert ("{weight}" in first) == weighted
    assert "Each class is weigh" not in first  # the weights have the shape of the outputs


def sizes(stage):
    return [t.of_one_sample().shape for t in stage.inputs]


def shares(stage):
    """Tell whether two windows read one entry, by listing what they read."""
    for window in stage.windows:
        read = [
            {int(window.entry(p, u)) for u in range(window.kernel)} & {*range(window.size)}
            for p in range(window.positions)
        ]
        if any(one & other for one, other in itertools.combinations(read, 2)):
            return True
    return False


def gate(stage):
    """Return which of two inputs has one factor for each channel of the other, larger one."""
    shapes = sizes(stage)
    if len(shapes) != 2:
        return None
    for own, (factor, of) in enumerate((shapes[::-1], shapes)):
        if len(of) > 1 and np.prod(factor) == factor[-1] == of[-1] < np.prod(of):
            return 1 - own
    return None


CONVOLUTIONS = sc.Conv1D | sc.Conv2D | sc.Conv3D
ARITHMETIC = sc.Add | sc.Subtract | sc.Multiply | sc.Divide
POOLS = sc.MaxPool1D | sc.MaxPool2D | sc.MaxPool3D
MEANS = sc.AvgPool1D | sc.AvgPool2D | sc.AvgPool3D


def kernel(stage):
    return {int(window.kernel) for window in stage.windows}


def at_positions(stage):
    """Tell whether each position of a convolution's result reads that position, and all of it."""
    if not isinstance(stage.layer, CONVOLUTIONS) or stage.layer.groups != 1:
        return False
    pairs = ((w, range(w.positions)) for w in stage.windows)
    own = (w.positions == w.size and all(int(w.entry(p, 0)) == p for p in at) for w, at in pairs)
    return kernel(stage) == {1} and all(own)


def one(stage):
    """Tell whether each filter has a single weight."""
    return stage.parameters["weight"].size == stage.layer.filters


def order(stage):
    axes = tuple(range(len(stage.input.shape)))
    return axes[::-1] if stage.layer.permutation is None else tuple(stage.layer.permutation)


def still(stage):
    return {int(window.positions) for window in stage.windows} == {1}


def mode(name):
    return lambda s: isinstance(s.layer, sc.Pad) and s.layer.mode == name and adds(s)


def adds(stage):
    return stage.output.size > stage.input.size


SAID_IF = {
    "slides over": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and kernel(s) != {1} and not still(s)
    ),
    "lies on": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and still(s) and not (at_positions(s) and one(s))
    ),
    "covers one position": lambda s: (
        isinstance(s.layer, CONVOLUTIONS)
        and kernel(s) == {1}
        and not still(s)
        and not (at_positions(s) and one(s))
    ),
    "the entry there by its weight": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and one(s) and kernel(s) == {1} and not at_positions(s)
    ),
    "by the one weight {weight}": lambda s: at_positions(s) and s.parameters["weight"].size == 1,
    "every entry of {x} by its weight": lambda s: (
        at_positions(s) and one(s) and s.layer.filters > 1
    ),
    "hears {x} through": lambda s: isinstance(s.layer, sc.Dense) and s.input.size == 1,
    " its bias": lambda s: "bias" in s.parameters and (
        isinstance(s.layer, sc.Dense) or (at_positions(s) and one(s) and s.layer.filters > 1)
    ),
    "{y} at its own position": lambda s: at_positions(s) and s.layer.filters > 1,
    "one entry of {y}, at its own position": lambda s: at_positions(s) and s.layer.filters == 1,
    "whose window covers it": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and not at_positions(s) and s.output.size > 1
    ),
    "the error signal of {y}, times the weight that it met": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and not at_positions(s) and s.output.size == 1
    ),
    "slope at {x}": lambda s: (
        isinstance(s.layer, sc.ReLU | sc.SiLU | sc.HardSwish) and s.input.size == 1
    ),
    "holds a single entry": lambda s: isinstance(s.layer, POOLS | MEANS) and kernel(s) == {1},
    "Of each window of": lambda s: (
        isinstance(s.layer, POOLS) and kernel(s) != {1} and s.output.size > 1
    ),
    "squared and added up": lambda s: getattr(s.layer, "norm", 0) == 2,
    "stay in their order": lambda s: (
        isinstance(s.layer, sc.Transpose) and sorted(order(s)) == list(order(s))
    ),
    "has this shape already": lambda s: (
        isinstance(s.layer, sc.Reshape) and s.input.shape == s.output.shape
    ),
    "single axis": lambda s: isinstance(s.layer, sc.Flatten) and len(s.input.shape) == 1,
    "With factor 1": lambda s: isinstance(s.layer, sc.PixelShuffle) and s.layer.factor == 1,
    "Each group is a single channel": lambda s: (
        isinstance(s.layer, sc.ChannelShuffle) and s.layer.groups == s.input.shape[-1]
    ),
    "{offset} is added to": lambda s: isinstance(s.layer, sc.Scale) and s.layer.factor == 1,
    "serve as queries, keys and values at once": lambda s: (
        isinstance(s.layer, sc.Attention) and len({t.name for t in s.inputs}) == 1
    ),
    "error signal, times the other factor": lambda s: (
        isinstance(s.layer, sc.Multiply) and len(s.inputs) == 2 and gate(s) is None
    ),
    "of its group whose window covers it": lambda s: (
        isinstance(s.layer, CONVOLUTIONS) and s.layer.groups > 1
    ),
    "The filter": lambda s: (
        isinstance(s.layer, CONVOLUTIONS)
        and s.layer.filters == 1
        and not (at_positions(s) and one(s))
    ),
    "Each filter": lambda s: isinstance(s.layer, CONVOLUTIONS) and s.layer.filters > 1,
    "The neuron": lambda s: isinstance(s.layer, sc.Dense) and s.output.size == 1,
    "Windows overlap": lambda s: isinstance(s.layer, POOLS) and shares(s),
    "shared equally": lambda s: getattr(s.layer, "ties", "") == "split",
    "to its winner": lambda s: (
        getattr(s.layer, "ties", "") == "first"
        and kernel(s) != {1}
        and not isinstance(s.layer, sc.ReduceMax)
    ),
    "dropped": lambda s: isinstance(s.layer, sc.Dropout),
    "is dropped;": lambda s: isinstance(s.layer, sc.Dropout) and s.layer.masked,
    "one group alone": lambda s: isinstance(s.layer, sc.ChannelShuffle) and s.layer.groups == 1,
    "{groups}": lambda s: (
        isinstance(s.layer, sc.ChannelShuffle | sc.GroupNorm)
        and s.layer.groups not in (1, s.input.shape[-1])
    ),
    "up to its own position": lambda s: getattr(s.layer, "causal", False),
    "{heads} heads": lambda s: getattr(s.layer, "heads", 1) > 1,
    "square root of the number of features": lambda s: (
        isinstance(s.layer, sc.Attention) and s.layer.scale is None
        and sizes(s)[0][-1] != s.layer.heads
    ),
    "the score is their product": lambda s: (
        isinstance(s.layer, sc.Attention) and sizes(s)[0][-1] == 1
    ),
    "The entries of {x1} serve": lambda s: (
        isinstance(s.layer, sc.Attention) and len({t.name for t in s.inputs}) == 1
        and sizes(s)[0][-1] == 1
    ),
    "the entries of {x3}": lambda s: (
        isinstance(s.layer, sc.Attention) and sizes(s)[2][-1] == 1
    ),
    "its own feature": lambda s: (
        isinstance(s.layer, sc.Attention) and 1 < s.layer.heads == sizes(s)[0][-1]
    ),
    "every key of its own sequence": lambda s: (
        isinstance(s.layer, sc.Attention) and len(sizes(s)[0]) > 2 and sizes(s)[0][0] > 1
    ),
    "by its gate": lambda s: isinstance(s.layer, sc.Multiply) and gate(s) is not None,
    "an entry of {x1}": lambda s: isinstance(s.layer, sc.Multiply) and gate(s) == 0,
    "that an input lacks": lambda s: (
        isinstance(s.layer, ARITHMETIC)
        and len({*sizes(s)}) > 1
        and not (isinstance(s.layer, sc.Multiply) and gate(s) is not None)
    ),
    " itself.": lambda s: (
        isinstance(s.layer, sc.Add | sc.Multiply) and len({t.name for t in s.inputs}) == 1
    ),
    "along the axes that it lacks": lambda s: (
        isinstance(s.layer, sc.AddParameter | sc.MultiplyParameter)
        and s.parameters[next(iter(s.parameters))].shape != sizes(s)[0]
    ),
    "in all samples": lambda s: isinstance(s.layer, sc.BatchNorm) and s.output.batched,
    "The given mean": lambda s: getattr(s.layer, "mode", "") == "inference",
    "by the learned {bias}": lambda s: "normalised" in s.auxiliaries and "bias" in s.parameters,
    "zeros": lambda s: mode("constant")(s) and s.layer.value == 0,
    "the number {value}": lambda s: mode("constant")(s) and s.layer.value != 0,
    "mirror images": mode("reflect"),
    "copies of the outermost": mode("replicate"),
    "opposite end": mode("circular"),
    "Nothing is added": lambda s: isinstance(s.layer, sc.Pad) and not adds(s),
    "raised to the power": lambda s: isinstance(s.layer, sc.LPPool2D) and s.layer.norm > 2,
    "All entries of {x} are added": lambda s: (
        isinstance(s.layer, sc.ReduceSum) and s.output.size == 1
    ),
    "mean of all entries": lambda s: isinstance(s.layer, sc.ReduceMean) and s.output.size == 1,
    "the transpose of": lambda s: (
        isinstance(s.layer, sc.MatMul) and (s.layer.transpose_a or s.layer.transpose_b)
    ),
    "a copy of the entry": lambda s: (
        getattr(s.layer, "mode", "") == "nearest" and sizes(s)[0] != s.output.shape
    ),
    "each kernel of its group": lambda s: (
        isinstance(s.layer, sc.ConvTranspose1D | sc.ConvTranspose2D | sc.ConvTranspose3D)
        and 1 < s.layer.groups
        and s.layer.filters > 1
    ),
    "opposite order": lambda s: getattr(s.layer, "step", 0) == -1 and not adds(s),
    "are picked: no entry": lambda s: (
        isinstance(s.layer, sc.Slice) and s.layer.step == 1 and sizes(s)[0] == s.output.shape
    ),
    " all positions and": lambda s: (
        isinstance(s.layer, sc.GroupNorm) and len(s.input.shape) > 1
    ),
    "by an approximation": lambda s: getattr(s.layer, "approximate", "") == "tanh",
    "and {offset} is added": lambda s: (
        bool(getattr(s.layer, "offset", 0)) and s.layer.factor != 1
    ),
    "one for each channel": lambda s: (
        isinstance(s.layer, sc.PReLU) and s.parameters["weight"].size > 1
    ),
    "number of entries": lambda s: "entries" in s.auxiliaries,
}  # fmt: skip
"""Words, and of which layers they are said: of all of these, and of no others."""


@pytest.mark.parametrize("words", SAID_IF)
def test_words_that_depend_on_settings_are_said_where_they_are_so_and_nowhere_else(words):
    found = set()
    for example in PLACES:
        network, stage = stage_of(example)
        text = " ".join(t for table in told(network, stage) for t in table.values())
        holds = bool(SAID_IF[words](stage)) if words != "in all samples" else False
        assert (words in text) == holds, (str(example), text)
        found.add(holds)
    assert found == {True, False} or words == "in all samples"


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("inputs", [1, 2])
def test_a_single_number_is_not_added_up(inputs, units):
    network = sc.Network((inputs,), [sc.Dense(units)], sc.HalfSquaredError())
    (said,) = told(network, network.stages[0])[0].values()
    weighs = "weighs the entries of {x} and adds them up with its bias."
    does = "multiplies {x} by its weight and adds its bias." if inputs == 1 else weighs
    assert said == f"{'The' if units == 1 else 'Each'} neuron {does}"


@pytest.mark.parametrize("batch", [None, 1, 2])
def test_a_batch_is_spoken_of_where_there_is_one(batch):
    network = sc.Network((2, 2), [sc.BatchNorm()], sc.HalfSquaredError(), batch)
    assert ("in all samples" in told(network, network.stages[0])[0]["mean"]) == (batch == 2)


class Numbers:
    """A layer between random numbers: what it reads and makes, and both error signals."""

    def __init__(self, example):
        before, layer = example.before, example.layer
        network = sc.Network(example.input_shape, [*before, layer], sc.Upstream())
        values = random_values(network, seed=3)
        self.layer = layer
        self.x = np.array(values["x"], dtype=float)
        shape = network.output.shape
        drawn = np.random.default_rng(4).integers(1, 99, size=shape) / 16
        numbers = {**as_given(values), "gradient": drawn.ravel().tolist()}
        found = sc.evaluate(sc.Problem(network, numbers))
        self.y = np.array(found.outputs[network.output.name], dtype=float)
        self.signal = np.asarray(drawn, dtype=float)
        self.back = np.array(found.gradients["x"], dtype=float).round(12)

    def same(self, one, other):
        return np.allclose(one, other, rtol=1e-9, atol=1e-12)

    def slopes(self):
        return self.back / self.signal


@pytest.mark.parametrize(
    ("shape", "batch", "met"),
    [
        ((3, 2), None, "every key"),
        ((3, 2), 1, "every key"),
        ((3, 2), 4, "every key of its own sample"),
        ((2, 3, 2), 4, "every key of its own sequence"),
    ],
)
def test_a_query_meets_the_keys_of_its_own_sequence_alone(shape, batch, met):
    layer = sc.Attention(inputs=("x", "x", "x"))
    network = sc.Network(shape, [layer], sc.HalfSquaredError(), batch)
    stage = network.stages[-1]
    said = meant(network)[stage.output.name].forward(stage.auxiliaries["scores"])
    assert f"is compared with {met}: the score" in said
    (score,) = (e for e in network.equations if e.target.base == stage.auxiliaries["scores"].base)
    reads = [read.indices[:-2] for read in accesses(score.value)]
    assert len({*reads}) == 1
    assert len(reads[0]) == len(network.input.shape) - 2


def passes(low, high=np.inf):
    return lambda n: n.same(n.back, n.signal * ((n.x > low(n)) & (n.x < high(n))))


def at_each_position(n, alone):
    """Tell whether one matrix takes the error signal of every position to that of what is read."""
    signal, back = (a.reshape(-1, a.shape[-1]) for a in (n.signal, n.back))
    assert alone == (signal.shape[1] == 1)
    assert len(signal) > signal.shape[1]
    found, *_ = np.linalg.lstsq(signal, back, rcond=None)
    return n.same(signal @ found, back) and np.count_nonzero(found) == found.size


TRUE_OF = {
    "{y} at its own position": lambda n: at_each_position(n, alone=False),
    "one entry of {y}, at its own position": lambda n: at_each_position(n, alone=True),
    "Nothing was computed": lambda n: n.same(np.sort(n.back.ravel()), np.sort(n.signal.ravel())),
    "passes where {x} is positive, and is stopped": lambda n: n.same(n.back, n.signal * (n.x > 0)),
    "at most 1/4": lambda n: (n.slopes() <= 0.25 + 1e-12).all() and (n.slopes() > 0).all(),
    "slope of tanh": lambda n: (n.slopes() <= 1 + 1e-12).all() and (n.slopes() > 0).all(),
    "passes unchanged where {x} is positive": lambda n: n.same(n.back[n.x > 0], n.signal[n.x > 0]),
    "by {alpha} where it is not": lambda n: n.same(
        n.back[n.x <= 0], n.signal[n.x <= 0] * float(n.layer.alpha)
    ),
    "the sigmoid of its entry": lambda n: n.same(n.slopes(), 1 / (1 + np.exp(-n.x))),
    "between the bounds": lambda n: n.same(
        n.back, n.signal * ((n.x > float(n.layer.low)) & (n.x < float(n.layer.high)))
    ),
    "lies between 0 and 6": lambda n: n.same(n.back, n.signal * ((n.x > 0) & (n.x < 6))),
    "divided by 6": lambda n: n.same(n.back, n.signal * (abs(n.x) < 3) / 6),
    "to its winner": lambda n: n.same(n.back.sum(), n.signal.sum())
    and np.count_nonzero(n.back) <= n.signal.size,
    "shared equally among its largest": lambda n: n.same(n.back.sum(), n.signal.sum()),
    "each of its terms, unchanged": lambda n: {*n.back.ravel()} <= {*n.signal.ravel()}
    or isinstance(n.layer, sc.Add),
    "passes its error signal on unchanged": lambda n: n.same(n.back, n.signal),
    "A mean hands an equal share": lambda n: n.same(n.back.sum(), n.signal.sum()),
    "Each channel hands an equal share": lambda n: n.same(
        n.back, np.broadcast_to(n.signal / np.prod(n.x.shape[:2]), n.x.shape)
    ),
    "that was left out receives 0": lambda n: n.same(
        np.sort(n.back[n.back != 0].ravel()), np.sort(n.signal.ravel())
    ),
    "of all its copies": lambda n: n.same(n.back.sum(), n.signal.sum()),
    "error signals of its own entries alone": lambda n: {*n.back.ravel()} <= {*n.signal.ravel()},
    "is multiplied by {factor} as well": lambda n: n.same(
        n.back, n.signal * float(n.layer.factor)
    ),
    "times its own sign": lambda n: (n.back * n.x >= 0).all(),
    "an entry is in absolute value, the more it receives": lambda n: (n.back * n.x >= 0).all(),
    "No entry moved": lambda n: n.same(n.back.ravel(), n.signal.ravel()),
    "returns unchanged to the entry that was kept": lambda n: n.same(
        np.sort(n.back[n.back != 0].ravel()), np.sort(n.signal.ravel())
    ),
    "divided by {kept} as well": lambda n: {*np.unique(n.back / n.signal).round(9)}
    <= {0, round(1 / (1 - float(n.layer.rate)), 9)},
    "passed on unchanged": lambda n: n.same(n.back, n.signal),
}  # fmt: skip
"""What is said of error signals, and what must then be so of numbers."""


@pytest.mark.parametrize("words", TRUE_OF)
def test_what_is_said_of_an_error_signal_is_true_of_numbers(words):
    said = 0
    for example in PLACES:
        network, stage = stage_of(example)
        if words in " ".join(told(network, stage)[1].values()) and not example.before:
            said += 1
            assert TRUE_OF[words](Numbers(example)), str(example)
    assert said


@pytest.mark.parametrize(
    ("layer", "makes"),
    [
        (sc.ReLU(), lambda x: np.maximum(x, 0)),
        (sc.Clip(-0.5, 0.5), lambda x: np.clip(x, -0.5, 0.5)),
        (sc.ReLU6(), lambda x: np.clip(x, 0, 6)),
        (sc.HardSigmoid(), lambda x: np.clip((x + 3) / 6, 0, 1)),
        (sc.HardSwish(), lambda x: x * np.clip((x + 3) / 6, 0, 1)),
        (sc.LeakyReLU(0.25), lambda x: np.where(x > 0, x, 0.25 * x)),
        (sc.SiLU(), lambda x: x / (1 + np.exp(-x))),
        (sc.Scale(2, 3), lambda x: 2 * x + 3),
        (sc.Dropout(masked=False), lambda x: x),
    ],
    ids=lambda made: "" if callable(made) else repr(made),
)
def test_what_is_said_of_an_output_is_what_it_is(layer, makes):
    """The functions that the sentences describe, at large numbers too."""
    numbers = [-9, -6.5, -3, -1, 0, 0.25, 2, 3, 6.5, 9]
    network = sc.Network((10,), [layer], sc.SumOfOutputs())
    made = sc.evaluate(sc.Problem(network, {"x": numbers})).outputs[network.output.name]
    assert np.allclose(made, makes(np.array(numbers)))


def test_for_large_and_very_negative_numbers_gates_do_what_is_said():
    for layer in (sc.SiLU(), sc.Mish(), sc.GELU(), sc.GELU("tanh")):
        network = sc.Network((2,), [layer], sc.SumOfOutputs())
        found = sc.evaluate(sc.Problem(network, {"x": [20, -20]}))
        assert np.allclose(found.outputs[network.output.name], [20, 0], atol=1e-6)
        assert np.allclose(found.gradients["x"], [1, 0], atol=1e-6)


def test_a_subclass_says_nothing_of_the_layer_that_it_changes():
    class Plain(sc.ReLU):
        """Another layer."""

    assert meaning_of(Plain()) is None
