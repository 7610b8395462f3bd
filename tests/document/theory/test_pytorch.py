"""Theorems against PyTorch in float64, at many sizes each."""

from math import prod

import numpy as np
import pytest

from symcnn.document.theory.trial import tried
from tests.document.theory.test_theorem import COUNT, OWN, name_of, stated
from tests.draws import some

torch_reference = pytest.importorskip("tests.programs.torch_reference")


def share(stage, x):
    shape, first = stage.layer.shape, int(stage.layer.first)
    kept = x.shape[:-1]
    return x[..., first : first + prod(shape)].reshape(*kept, *shape)


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    monkeypatch.setitem(torch_reference.RULES, "Share", share)


def in_pytorch(network, values):
    made = torch_reference.Reference(network, values)
    loss = np.array([made.loss.item()])
    return made.outputs | {"loss": loss}, made.gradients


@pytest.mark.parametrize("subject", some(OWN, every=29), ids=name_of)
def test_a_theorem_agrees_with_pytorch(subject):
    trial = tried(stated(subject), count=COUNT, reference=in_pytorch)
    assert len(trial.choices) == COUNT
    assert trial.entries >= COUNT
