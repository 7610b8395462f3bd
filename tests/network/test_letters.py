"""The letters of tensors: what a reader expects, one for each kind of thing, counted from 1."""

import re
from collections import defaultdict

import pytest

import symcnn as sc
from symcnn.derivation.jacobians import letters
from symcnn.document.facts.derivative import derivatives
from symcnn.document.theorems.theorem import theorem
from symcnn.equations.notation import letter_of
from tests.document.networks import NETWORKS
from tests.draws import drawn
from tests.generated.cells import CELLS
from tests.generated.cells import problem as of_cell
from tests.programs.random_networks import example

HALF = sc.HalfSquaredError()
CROSS = sc.SoftmaxCrossEntropy()


def conv1(filters, name=None, inputs=None, **settings):
    return sc.Conv1D(filters, 1, bias=False, name=name, inputs=inputs, **settings)


def attention(before=(), after=(), loss=HALF, **chosen):
    """An attention whose queries, keys and values are made of x, with layers around it."""
    source = "x" if not before else "last"
    inputs = ("query", "key", "value")
    made = [conv1(2, name, (source,)) for name in inputs]
    layers = [*before, *made, sc.Attention(inputs=inputs), *after]
    return sc.Network((3, 2), layers, loss, letters=chosen)


SQUEEZE = [
    sc.Conv2D(2, 2, name="conv1"),
    sc.ReLU(name="relu1"),
    sc.GlobalAvgPool2D(),
    sc.Dense(1),
    sc.ReLU(),
    sc.Dense(2),
    sc.Sigmoid(name="gate"),
    sc.Multiply(inputs=("relu1", "gate")),
    sc.Flatten(),
    sc.Dense(1),
    sc.Sigmoid(),
]

RESIDUAL = [
    sc.Conv2D(1, 3, padding="same", bias=False),
    sc.BatchNorm(),
    sc.ReLU(),
    sc.Conv2D(1, 3, padding="same", bias=False, name="conv2"),
    sc.Add(inputs=("conv2", "x")),
    sc.ReLU(),
    sc.GlobalAvgPool2D(),
    sc.Dense(2),
]

TRANSFORMER = [
    *(sc.LayerNorm(), sc.Dropout(), sc.ReLU(), conv1(2, "last")),
    *(conv1(2, name, ("last",)) for name in ("query", "key", "value")),
    sc.Attention(inputs=("query", "key", "value"), heads=2, causal=True),
    sc.Add(inputs=("attention1", "last")),
    *(sc.LayerNorm(), sc.Conv1D(2, 1), sc.GELU(), sc.Conv1D(2, 1), sc.Flatten(), sc.Dense(2)),
]

IMAGE = [sc.Conv2D(2, 3), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(3)]

UPSAMPLED = [
    sc.Conv2D(1, 1),
    sc.Upsample2D(2, mode="bilinear", name="up"),
    sc.Upsample2D(2, inputs=("x",)),
    sc.Concatenate(inputs=("up", "upsample2")),
    sc.GroupNorm(1),
    sc.LPPool2D(2, norm=2),
    sc.GlobalAvgPool2D(),
]

WORDS = [
    sc.Embedding(4, 2),
    sc.Conv1D(3, 2),
    sc.Reshape((4, 1, 3)),
    sc.GlobalMaxPool2D(),
    sc.Dense(2),
]

KINDS = {
    "a classifier": sc.Network((6, 6, 1), IMAGE, CROSS),
    "regression": sc.Network((6, 6, 1), IMAGE, HALF),
    "a residual block": sc.Network((3, 3, 1), RESIDUAL, CROSS, batch=3),
    "squeeze and excitation": sc.Network((3, 3, 2), SQUEEZE, sc.BinaryCrossEntropy()),
    "attention": attention(after=[sc.Flatten(), sc.Dense(1)]),
    "a transformer": sc.Network((3, 2), TRANSFORMER, CROSS),
    "causal heads": sc.Network((2, 4), [sc.Attention(inputs=("x", "x", "x"), heads=2)], HALF),
    "words": sc.Network((5,), WORDS, CROSS),
    "upsampled": sc.Network((2, 2, 1), UPSAMPLED, sc.Huber()),
    "upsampled attention": sc.Network(
        (2, 2, 1),
        [
            sc.Upsample2D(2, mode="bilinear"),
            sc.Reshape((4, 4)),
            sc.Attention(inputs=("reshape1", "reshape1", "reshape1")),
            sc.Sigmoid(),
        ],
        HALF,
    ),
    "probabilities": sc.Network(
        (4, 4, 1), [sc.AvgPool2D(2), sc.Flatten(), sc.Dense(2), sc.Softmax()], sc.CrossEntropy()
    ),
    "weighted words": sc.Network(
        (3,), [sc.Embedding(4, 2), sc.Flatten()], sc.HalfSquaredError(weighted=True)
    ),
    "a layer by itself": sc.Network((3, 2), [sc.Attention(inputs=("x", "x", "x"))], HALF),
}


def labels(network):
    return {name: tensor.label for name, tensor in network.tensors.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a classifier", {"pool1": "h", "loss.probabilities": "p", "loss.normaliser": "ell"}),
        ("regression", {"pool1": "p"}),
        (
            "a residual block",
            {"pool1": "h", "dense1.weight": "w^(3)", "dense1": "z^(3)", "dense1.bias": "b"},
        ),
        ("squeeze and excitation", {"pool1": "p", "dense2.bias": "b^(3)", "gate": "a^(3)"}),
        (
            "attention",
            {"query": "q", "key": "k", "value": "v", "query.weight": "w^q", "key.weight": "w^k"}
            | {"attention1.weights": "a", "dense1.weight": "w", "dense1.bias": "b", "dense1": "z"},
        ),
        (
            "a transformer",
            {"attention1.weights": "A", "attention1.scores": "s", "relu1": "a", "gelu1": "a^(2)"}
            | {"layer_norm2.weight": "gamma^(2)", "value.weight": "w^v", "last.weight": "w"},
        ),
        ("causal heads", {"attention1.weights": "a", "attention1": "y"}),
        (
            "words",
            {"embedding1.weight": "E", "embedding1": "v", "conv1.weight": "w", "conv1.bias": "b"}
            | {"pool1": "h", "dense1": "z^(2)", "dense1.weight": "w^(2)", "dense1.bias": "b^(2)"},
        ),
        (
            "upsampled",
            {"group_norm1.weight": "gamma", "group_norm1.mean": "mu", "pool1.powers": "Z"}
            | {"pool1": "h", "pool2": "h^(2)", "up.row_positions": "p"},
        ),
        (
            "upsampled attention",
            {"upsample1.row_weights": "U", "attention1.weights": "A", "sigmoid1": "a"},
        ),
        ("probabilities", {"pool1": "h", "softmax1": "p"}),
        ("weighted words", {"embedding1": "v", "loss.weight": "omega"}),
    ],
)
def test_letters_are_what_a_reader_expects(name, expected):
    found = labels(KINDS[name])
    assert {name: found[name] for name in expected} == expected


def kinds_of(network):
    """Return for every letter which letters the layers declare for what has it."""
    found = defaultdict(set)
    for stage in network.stages:
        own = stage.layer.parameters(stage.input.of_one_sample().shape)
        parts = {**own, **stage.layer.givens(stage.input.of_one_sample().shape)}
        shapes = [tensor.of_one_sample().shape for tensor in stage.inputs]
        parts |= stage.layer.joined_auxiliaries(shapes)
        tensors = {**stage.parameters, **stage.givens, **stage.auxiliaries}
        for key, tensor in tensors.items():
            if key in parts:  # the tensors of steps have letters of their own
                found[tensor.label].add((parts[key].letter, parts[key].instead))
        found[stage.output.label].add((stage.layer.letter, stage.layer.instead))
    output = network.output.of_one_sample()
    loss = network.loss
    for key, part in {**loss.givens(output), **loss.auxiliaries(output)}.items():
        tensor = {**network.loss_stage.givens, **network.loss_stage.auxiliaries}[key]
        found[tensor.label].add((part.letter, part.instead))
    found["x"].add(("x", ""))
    if network.target is not None:
        found[network.target.label].add((loss.letter, ""))
    return found


def check(network):
    by_label = kinds_of(network)
    every = {label for label in labels(network).values() if not label.startswith("iota")}
    firsts = {label.partition("^[")[0] for label in every}  # or the first of some steps
    for label in every:
        number = re.fullmatch(r"(.*)\^\((\d+)\)", label)
        assert number is None or number[1] in firsts, f"{label} without a first"
    by_letter = defaultdict(set)
    for label, kinds in by_label.items():
        by_letter[letter_of(label)] |= kinds
    several = {letter: kinds for letter, kinds in by_letter.items() if len(kinds) > 1}
    several.pop("y", None)  # any output
    roles = {"q", "k", "v"} & several.keys()
    assert not several.keys() - roles, several
    for role in roles:  # z and a may be queries, but nothing else is q then
        assert not any(letter == role for letter, _ in several[role]), several
    for tensor in (t for t in network.tensors.values() if t.role != "position"):
        taken = {letter_of(label) for label in every}
        assert not taken & {*tensor.axes} - {"l"}, tensor


@pytest.mark.parametrize("name", KINDS)
def test_one_letter_is_for_one_kind_of_thing(name):
    check(KINDS[name])


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_also_in_networks_of_every_kind(network):
    check(network)


def test_also_in_random_networks():
    for seed in range(drawn(5)):
        check(example(seed).network)


def test_also_of_every_layer_with_every_loss():
    step = max(1, len(CELLS) // drawn(10))
    for cell in CELLS[::step]:
        check(of_cell(cell).network)


@pytest.mark.parametrize("chosen", ["q", "k", "w^q", r"\hat{k}", "v_1"])
def test_chosen_letters_win_over_queries_and_keys(chosen):
    net = attention(x=chosen)
    made = labels(net)
    assert made["x"] == net.letters["x"]
    assert (made["query"], made["key.weight"]) in {("z", "w^(2)"), ("q", "w^k")}
    assert len(set(made.values())) == len(made)


def test_a_chosen_letter_does_not_count():
    net = sc.Network((2,), [sc.Dense(2), sc.Dense(2), sc.Dense(1)], HALF, letters={"dense1": "u"})
    assert [net.tensors[f"dense{n}"].label for n in (1, 2, 3)] == ["u", "z", "z^(3)"]
    assert net.tensors["dense3.weight"].label == "w^(3)"


def test_a_letter_below_another_one_is_not_given():
    """w^h would belong to the pool's h."""
    chosen = {"conv1.weight": "w^h", "dense1.weight": "w^p"}
    made = labels(sc.Network((6, 6, 1), IMAGE, CROSS, letters=chosen))
    assert made["conv1.weight"] == "w^h"
    assert made["pool1"] not in ("h", "p")


def test_what_is_read_in_two_roles_keeps_its_letter():
    layers = [
        conv1(2, "memory"),
        conv1(2, "query"),
        sc.Attention(inputs=("query", "memory", "memory")),
    ]
    made = labels(sc.Network((3, 2), layers, HALF))
    assert (made["query"], made["memory"]) == ("q", "z")


def test_the_weights_behind_a_reshaped_query_are_those_of_the_query():
    layers = [conv1(2, "first", ("x",)), sc.Reshape((3, 2), name="query")]
    layers += [sc.Attention(inputs=("query", "x", "x"))]
    made = labels(sc.Network((3, 2), layers, HALF))
    assert (made["query"], made["first"], made["first.weight"]) == ("q", "z", "w^q")


def test_a_weight_of_a_query_is_found_by_its_symbol():
    problem = sc.Problem(net := attention(), values(net))
    for symbol in ("w^q_12", "w^{q}_{12}", "query.weight[0, 0, 1]"):
        assert "w^{q}_{12}" in sc.explain(problem, weight=symbol, detail="brief").to_latex()


def values(network):
    return {
        tensor.name: [(5 * n + len(tensor.name)) % 7 - 3 for n in range(tensor.size)]
        for tensor in network.given
    }


def test_a_layer_of_ones_own_gives_way():
    class Piled(sc.ReLU):
        letter = "p"
        instead = "u"

    made = labels(sc.Network((2,), [Piled(name="piled"), sc.Dense(2)], CROSS))
    assert (made["piled"], made["loss.probabilities"]) == ("u", "p")
    assert labels(sc.Network((2,), [Piled(name="piled")], HALF))["piled"] == "p"


def axes(network, *names):
    return ["".join(network.tensors[name].axes) for name in names]


def test_an_axis_keeps_its_letter_where_no_window_slides():
    """Queries, keys, values and what is made of them have the features and positions of x."""
    made = attention()
    assert axes(made, "x", "query", "key", "value", "attention1") == ["ic", *["ir"] * 4]
    assert axes(made, "attention1.weights") == ["hij"]
    layers = [sc.LayerNorm(), sc.Conv1D(3, 1), sc.GELU(), sc.Conv1D(2, 1)]
    net = sc.Network((3, 4), layers, HALF)
    assert axes(net, "x", "layer_norm1", "conv1", "gelu1", "conv2") == [
        "ic",
        "ic",
        "ik",
        "ik",
        "ic",
    ]
    formula = sc.derive(net).latex("conv1")
    assert formula.startswith(r"z_{ik} = \sum_{c=1}^{4} w_{ck} y_{ic} + b_{k}")


def test_a_window_has_positions_of_its_own():
    layers = [sc.Conv2D(2, 3), sc.ReLU(), sc.Conv2D(3, 1), sc.MaxPool2D(2)]
    net = sc.Network((6, 6, 1), layers, HALF)
    assert axes(net, "x", "conv1", "relu1", "conv2", "pool1") == ["rsc", "ijk", "ijk", "ijc", "rsc"]


def test_a_residual_block_ends_in_the_letters_in_which_it_begins():
    net = KINDS["a residual block"]
    begins = axes(net, "x")
    assert axes(net, "conv2", "add1", "relu2") == begins * 3
    assert axes(net, "conv1", "batch_norm1", "relu1") == ["nijk"] * 3
    formula = sc.derive(net).latex("add1")
    assert formula.startswith(r"s_{nrg} = x_{nrg} + z^{(2)}_{nrg}")


@pytest.mark.parametrize("name", KINDS)
def test_the_argument_of_a_function_is_no_index(name):
    """In phi(h) = sqrt(h), h is no running index of the formulas around it."""
    derivation = sc.derive(KINDS[name])
    for made in derivatives(derivation).values():
        if len(made.contributions) == 1 and made.contributions[0].is_function:
            function = theorem(made).function
            assert function is None or function.argument.name not in letters(derivation)
