"""Networks of every kind to write documents of."""

from random import Random

import numpy as np
from sympy import Rational

import symcnn as sc
from tests.supplied import supplied

NETWORKS = {
    "strided, padded, grouped": sc.Network(
        (5, 5, 2),
        [
            sc.Conv2D(4, 3, stride=2, padding=1, groups=2),
            sc.Tanh(),
            sc.MaxPool2D(2, 1),
            sc.Flatten(),
            sc.Dense(3),
            sc.Sigmoid(),
        ],
        sc.HalfSquaredError(),
    ),
    "a batch through two convolutions": sc.Network(
        (4, 4, 1),
        [
            sc.Conv2D(2, 2, padding=((1, 0), (1, 0))),
            sc.ReLU(),
            sc.AvgPool2D(2),
            sc.Conv2D(2, 2),
            sc.Flatten(),
            sc.Dense(2),
        ],
        sc.HalfSquaredError(),
        batch=2,
    ),
    "dilated, with split ties": sc.Network(
        (6, 6, 1),
        [
            sc.Conv2D(1, 3, dilation=2),
            sc.MaxPool2D(2, padding=1, ties="split"),
            sc.Flatten(),
            sc.Dense(4),
            sc.Tanh(),
            sc.Dense(2),
        ],
        sc.HalfSquaredError("sum"),
        batch=3,
    ),
    "a residual connection with a shared kernel": sc.Network(
        (3, 3, 1),
        [
            sc.Conv2D(1, 3, padding=1, name="first"),
            sc.Tanh(),
            sc.Conv2D(1, 3, padding=1, weight_from="first"),
            sc.Add(inputs=("tanh1", "conv2")),
            sc.GlobalAvgPool2D(),
        ],
        sc.SumOfOutputs(),
    ),
    "batch normalisation": sc.Network(
        (2, 1, 2), [sc.BatchNorm(), sc.ReLU(), sc.Flatten()], sc.Upstream(), batch=2
    ),
    "softmax and its logarithm": sc.Network(
        (3,), [sc.Dense(2), sc.LogSoftmax(), sc.Softmax()], sc.MeanSquaredError(), batch=2
    ),
    "embedding": sc.Network(
        (4,),
        [sc.Embedding(3, 2), sc.Conv1D(2, 2, bias=False), sc.Tanh(), sc.Flatten(), sc.Dense(1)],
        sc.SquaredError(),
    ),
    "masks of two samples": sc.Network(
        (3,),
        [sc.Dropout(), sc.Dense(2), sc.BatchNorm(mode="inference"), sc.Sigmoid()],
        sc.BinaryCrossEntropy(weighted=True),
        batch=2,
    ),
    "an image": sc.Network(
        (5, 5, 1),
        [
            sc.Conv2D(2, 3, stride=2, padding=1),
            sc.ReLU(),
            sc.MaxPool2D(2, stride=1),
            sc.Flatten(),
            sc.Dense(3),
        ],
        sc.SoftmaxCrossEntropy(),
    ),
    "logits": sc.Network((3,), [sc.Dense(3), sc.GELU()], sc.SoftmaxCrossEntropy(l2=0.1)),
}


def problem(name: str) -> sc.Problem:
    return problem_of(NETWORKS[name], name)


def problem_of(network: sc.Network, name: str) -> sc.Problem:
    random = Random(name)
    others = supplied(network, np.random.default_rng(len(name)))
    values = {name: numbers.tolist() for name, numbers in others.items()} | {
        tensor.name: [Rational(random.randint(-16, 16), 16) for _ in range(tensor.size)]
        for tensor in network.tensors.values()
        if tensor.role in ("input", "parameter", "target")
    }
    if isinstance(network.loss, sc.SoftmaxCrossEntropy):
        values["target"] = [Rational(1, 4), Rational(1, 4), Rational(1, 2)]
    if isinstance(network.loss, sc.BinaryCrossEntropy):
        values["target"] = [abs(number) for number in values["target"]]
    return sc.Problem(network, values, title=name, learning_rate=Rational(1, 10))
