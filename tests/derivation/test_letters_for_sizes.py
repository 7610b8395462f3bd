"""Networks whose sizes are letters: one derivation for all sizes.

A formula with letters, at numbers, is compared with what the concrete network's reference pass
finds by adding up all paths to the loss, which knows no formula for a derivative.
"""

import pickle
import random

import numpy as np
import pytest
from sympy import Integer, Max, Min, Sum, ceiling, floor, symbols

import symcnn as sc
from symcnn import SymcnnError, index, size
from symcnn.derivation.float_values import Computed
from symcnn.reference import Forward
from tests.draws import MANY, THOROUGH, one_of

H, W, C, F, K, J, S, D, G, B, A, N, Q = (size(name) for name in "HWCFKJSDGBANQ")
P = size("P", least=0)
i, k, r, c = (index(name) for name in "ikrc")
IMAGE, SEQUENCE = (H, W, C), (H, C)
UPSTREAM = sc.Upstream()

NETWORKS_OF_LETTERS = {
    "sequence": (SEQUENCE, [sc.Conv1D(F, K, stride=S, padding=P, dilation=D)], UPSTREAM, None),
    "image": (IMAGE, [sc.Conv2D(F, (K, J), stride=(S, D), padding=P)], UPSTREAM, N),
    "dilated": (IMAGE, [sc.Conv2D(F, (K, 2), dilation=(D, S), padding=(P, 1))], UPSTREAM, None),
    "groups": ((H, W, G * B), [sc.Conv2D(G * F, (K, J), groups=G)], UPSTREAM, None),
    "sums": (
        (H, C * (G + 1)),
        [sc.Conv1D(F * (G + 1), K, stride=S + 1, padding=P, dilation=D + 1, groups=G + 1)],
        UPSTREAM,
        None,
    ),
    "transposed": (IMAGE, [sc.ConvTranspose2D(F, (K, J), stride=S, padding=P)], UPSTREAM, None),
    "maxima": (IMAGE, [sc.MaxPool2D((K, J), stride=S, padding=P, dilation=D)], UPSTREAM, None),
    "halves": (IMAGE, [sc.MaxPool2D(2)], UPSTREAM, N),
    "means": (IMAGE, [sc.AvgPool2D(K, stride=S, padding=P)], UPSTREAM, None),
    "counted": (
        IMAGE,
        [sc.AvgPool2D(K, padding=Q, count_include_pad=False)],
        UPSTREAM,
        None,
    ),
    "batch": (IMAGE, [sc.BatchNorm(), sc.ReLU()], UPSTREAM, N),
    "classes": (
        IMAGE,
        [sc.Conv2D(F, K, padding=1), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(A)],
        sc.SoftmaxCrossEntropy(),
        N,
    ),
    "halved": (
        (2 * H, 2 * W, C),
        [sc.Conv2D(F, 3, stride=2, padding="same"), sc.Tanh(), sc.AvgPool2D(1, padding="same")],
        UPSTREAM,
        None,
    ),
    "residual": (
        IMAGE,
        [
            sc.Conv2D(C, K, padding="same", name="a"),
            sc.Add(inputs=("a", "x")),
            sc.Conv2D(F, K, padding="same", name="b"),
            sc.Concatenate(inputs=("add1", "b")),
            sc.GlobalAvgPool2D(),
            sc.Dense(1),
        ],
        sc.MeanSquaredError(),
        N,
    ),
}


def made(name):
    shape, layers, loss, batch = NETWORKS_OF_LETTERS[name]
    return sc.Network(shape, layers, loss, batch=batch)


def instances(network, seed, count):
    """Return networks with numbers in place of letters, as many as are asked for."""
    rng, found = random.Random(seed), 0
    while found < count:
        most = {letter: 6 if letter in (H, W) else 3 for letter in network.sizes}
        numbers = {s: rng.randint(int(s.is_positive is True), n) for s, n in most.items()}
        try:
            concrete = network.at(numbers)
        except SymcnnError:  # a kernel longer than its input, a window without an entry
            continue
        if sum(tensor.size for tensor in concrete.tensors.values()) < 800:
            found += 1
            yield numbers, concrete


@pytest.mark.parametrize("name", one_of(NETWORKS_OF_LETTERS))
def test_formulas_hold_at_numbers(name):
    network = made(name)
    derivation = sc.derive(network)
    for numbers, concrete in instances(network, name, 40 if THOROUGH else 10 if MANY else 3):
        rng = np.random.default_rng(len(name))
        values = {t.name: rng.uniform(0.1, 1, t.shape) for t in concrete.given}
        passed, own = Forward(concrete, values), sc.derive(concrete)
        slopes = {name: passed.derivatives(name) for name in own.adjoints}
        computed = Computed(own, passed.joint_values, slopes)
        for of, true in slopes.items():
            form = derivation.partial(of).xreplace(network.relations)
            form = form.xreplace({s: Integer(n) for s, n in numbers.items()})
            at, free = own.entries.general(form), derivation.indices(of)
            for position in list(np.ndindex(true.shape))[:: max(1, true.size // 12)]:
                found = computed.number(at(dict(zip(free, position, strict=True))))
                assert found == pytest.approx(true[position], rel=1e-9, abs=1e-11), (of, numbers)


def test_a_convolution_in_closed_form():
    network = sc.Network(SEQUENCE, [sc.Conv1D(F, K, stride=S, padding=P)], sc.Upstream())
    (M,) = network.relations  # noqa: N806 - as on paper
    assert str(M) == "M"
    assert network.relations[M] == floor((H + 2 * P - K) / S).expand() + 1
    derivation, tensors = sc.derive(network), network.tensors
    delta, w = derivation.adjoints["conv1"], tensors["conv1.weight"]
    low = Max(0, ceiling(((r + P - K + 1) / S).expand()), evaluate=False)
    high = Min(M - 1, floor(((r + P) / S).expand()), evaluate=False)
    term = delta[i, k] * w[r + P - S * i, c, k]
    expected = Sum(term, (k, 0, F - 1), (i, low, high))
    assert derivation.indices("x") == (r, c)
    assert derivation.partial("x") == expected


def test_a_convolution_without_padding_has_no_conditions():
    network = sc.Network(SEQUENCE, [sc.Conv1D(F, K, stride=S)], sc.Upstream())
    (M,) = network.relations  # noqa: N806
    u, delta = index("u"), sc.derive(network).adjoints["conv1"]
    term = delta[i, k] * network.tensors["x"][S * i + u, c]
    assert sc.derive(network).partial("conv1.weight") == Sum(term, (i, 0, M - 1))


def test_numbers_give_the_network_that_is_written_with_them():
    network = made("classes").at({H: 6, W: 5, C: 2, F: 3, K: 3, A: 4, N: 2})
    layers = [sc.Conv2D(3, 3, padding=1), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(4)]
    assert network == sc.Network((6, 5, 2), layers, sc.SoftmaxCrossEntropy(), batch=2)
    assert network.sizes == ()


def test_some_letters_may_stay():
    network = made("image").at({K: 3, J: 3, S: 1, D: 1, P: 1})
    assert network.sizes == (H, W, C, F, N)
    assert network.tensors["conv1"].shape == (N, H, W, F)


def test_tensors_keep_their_names_at_numbers():
    y, p = size("y"), size("p")
    layers = [sc.BatchNorm(), sc.Dense(p)]
    network = sc.Network((y,), layers, sc.SoftmaxCrossEntropy(), batch=N)
    labels = {name: tensor.label for name, tensor in network.tensors.items()}
    assert (labels["batch_norm1"], labels["batch_norm1.normalised"]) == ("y^(2)", "xhat")
    assert (labels["loss.probabilities"], labels["loss.normaliser"]) == ("p^(2)", "ell")
    concrete = network.at({y: 3, p: 2, N: 2})
    assert {name: tensor.label for name, tensor in concrete.tensors.items()} == labels
    assert pickle.loads(pickle.dumps(concrete)) == concrete


def test_indices_of_an_axis_of_differences_are_printed():
    derivation = sc.derive(sc.Network((A, H - 1, C), [sc.Flatten()], UPSTREAM))
    latex = derivation.latex("x", index_base=0)
    assert r"f}_{C \left(H - 1\right) i + C j + c}" in latex
    assert "M =" not in latex  # the length of what is read is no part of the formula


def test_a_rounded_quotient_of_one_is_printed():
    network = sc.Network(SEQUENCE, [sc.Conv1D(F, K, stride=S, padding=1, dilation=S)], UPSTREAM)
    latex = sc.derive(network).latex("conv1.weight")
    assert r"\sum_{i=\max\left(1, 3 - u\right)}^{\min" in latex  # ceil(1/S) is 1


def test_sums_cancel_where_they_divide():
    network = sc.Network((H * (S + 1), C), [sc.MaxPool1D(S + 1)], UPSTREAM)
    assert network.output.shape == (H, C)
    assert network.relations == {}


def test_sympys_positive_integers_serve_as_letters():
    q = symbols("Q", integer=True, positive=True)
    network = sc.Network((q,), [sc.Dense(2)], sc.Upstream())
    assert network.tensors["dense1.weight"].shape == (2, q)


def test_two_layers_have_letters_of_their_own():
    layers = [sc.Conv1D(F, K), sc.MaxPool1D(2), sc.Conv1D(F, K)]
    network = sc.Network(SEQUENCE, layers, sc.Upstream())
    assert [str(n) for n in network.relations] == ["M", "N", "O"]
    assert network.relations[network.output.shape[0]].free_symbols == {H, K}


def test_no_tensor_or_index_is_called_like_a_size():
    w, u = size("w"), size("u")
    network = sc.Network((H, C), [sc.Conv1D(w, u)], sc.Upstream())
    assert network.tensors["conv1.weight"].label == "w^(2)"
    assert "u" not in network.tensors["conv1.weight"].axes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: size("P", least=2), "the least value 2 of a size is invalid: give 1 or 0"),
        (lambda: made("image").at({i: 3}), "'i' is not the letter of a size"),
        (lambda: made("image").at({H: 0}), "H = 0 is invalid: give an integer that is at least 1"),
        (lambda: made("image").at({P: -1}), "P = -1 is invalid: give an integer that is at least"),
        (
            lambda: sc.Network((size("L"),), [sc.Dense(1)], sc.Upstream()),
            "a size cannot be called L: L stands for the loss in formulas",
        ),
        (
            lambda: sc.Network((size("a b"),), [sc.Dense(1)], sc.Upstream()),
            "a size cannot be called 'a b'",
        ),
        (
            lambda: sc.Network((H, W, C), [sc.Conv2D(F, K, groups=G)], sc.Upstream()),
            "groups = G must divide both the number of input channels (C) and the number of",
        ),
        (
            lambda: sc.Network((H, C), [sc.Conv1D(F, K, padding=symbols("q"))], sc.Upstream()),
            "padding = q is invalid",
        ),
        (
            lambda: sc.Network((H, C), [sc.Conv1D(F, H + 1)], sc.Upstream()),
            "the window spans H + 1 entries along axis 0, but the padded input has only H",
        ),
        (
            lambda: sc.derive(made("image")).partial("conv1.weight", (0, 0, 0, 0)),
            "whose entries cannot be listed: substitute numbers",
        ),
        (lambda: sc.derive(made("image")).partials(), "cannot be listed"),
        (lambda: sc.lambdify(sc.derive(made("image"))), "the network has letters for sizes, H, W"),
        (lambda: sc.Problem(made("image"), {}, "x"), "the network has letters for sizes"),
        (
            lambda: sc.derive(made("image")).hessian(["conv1.weight"]),
            "the network has letters for sizes",
        ),
    ],
)
def test_what_cannot_be_is_one_line(make, message):
    with pytest.raises(SymcnnError) as caught:
        make()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_guards_with_letters_over_few_terms():
    """No term is counted as long as a letter decides how many there are."""
    crop = sc.ConvTranspose1D(1, 2, padding=P, bias=False)
    derivation = sc.derive(sc.Network((5, 1), [crop], UPSTREAM))
    formula = derivation.latex("conv_transpose1", notation="convolution")
    assert formula == r"z = \operatorname{crop}_{P}\left(x \ast w\right)"
