"""Theorems for any number of steps: error signals follow from the last to the first."""

from dataclasses import dataclass

import numpy as np
import pytest

import symcnn as sc
from symcnn import Auxiliary, define, size
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import statement
from symcnn.document.theory.trial import tried

T, C, U = map(size, "TCU")


@dataclass(frozen=True)
class Leaky(sc.Layer):
    """h[t, c] = a[t, c] x[t, c], a[t, c] = h[t - 1, c]^2 + x[t, c] / 2: y is a, which h is of."""

    back: bool = False

    axes = "tc"
    input_axes = "tc"

    def auxiliaries(self, shape):
        return {
            key: Auxiliary(shape, letter, "tc") for key, letter in (("rate", "a"), ("state", "h"))
        }

    def forward(self, y, x, rate, state):
        t, c = y.indices
        before = state[t + 1 if self.back else t - 1, c]
        return (
            define(rate[t, c], before**2),
            define(rate[t, c], x[t, c] / 2),
            define(state[t, c], rate[t, c] * x[t, c]),
            define(y[t, c], rate[t, c]),
        )


@pytest.mark.parametrize("subject", [Leaky(), Leaky(back=True), sc.RNN], ids=str)
def test_a_recurrence_holds_at_many_sizes_and_one_step(subject):
    made = statement(specimen(subject))
    assert {f.tensor.name.rpartition(".")[2] for f in made.backward} >= {"state", "x"}
    trial = tried(made, count=8)
    assert min(choice[T] for choice in trial.choices) == 1
    assert max(choice[T] for choice in trial.choices) > 2


def test_what_is_printed_of_steps(monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setattr("symcnn.document.theory.trial.CHOICES", 5)
    lines = sc.theorem(sc.RNN(U), index_base=1).to_text()
    assert "δʰₜₖ = δʸₜₖ + [t ≤ T - 1] ∑ⱼ₌₁ᵁ δᵃ_{t+1,j} uⱼₖ" in lines
    assert "∂L/∂uₖⱼ = ∑ₜ₌₂ᵀ δᵃₜₖ h_{t-1,j}" in lines
    words = " ".join(lines.replace("│", " ").split())
    assert "Steps are computed from the first to the last; before the first one, h is 0." in words
    assert "Error signals are therefore computed from the last step to the first" in words
    back = " ".join(sc.theorem(Leaky(back=True)).to_text().split())
    assert "Steps are computed from the last to the first; before the last one, h is 0." in back


def test_steps_of_a_network_with_numbers_have_tensors_of_their_own():
    network = sc.Network((2, 1), [sc.RNN(1)], sc.SumOfOutputs())
    numbers = {"x": [[1], [0]], "rnn1.weight": [[0.5]], "rnn1.recurrent_weight": [[2]]}
    made = sc.lambdify(sc.derive(network))({**numbers, "rnn1.bias": [0]})
    first = np.tanh(0.5)
    second = np.tanh(2 * first)
    assert made.outputs["rnn1"].ravel() == pytest.approx([first, second], rel=1e-14)
    slope = (1 - first**2) * (1 + (1 - second**2) * 2)
    assert made.gradients["rnn1.weight"].item() == pytest.approx(slope, rel=1e-14)
    assert "rnn1.state[2]" in network.tensors


def test_a_loss_of_each_step_reaches_all_steps_before():
    """The error signal of the output is 1 at every step, but not that of the state."""
    d = sc.derive(sc.Network((T, C), [Leaky()], sc.SumOfOutputs()))
    t, c = d.indices("layer1.state")
    assert d.partial("layer1.rate").subs({t: 0}).has(d.adjoints["layer1.state"].base)
    assert (str(t), str(c)) == ("t", "c")


def test_second_derivatives_need_a_number_of_steps():
    d = sc.derive(sc.Network((T, C), [sc.RNN(U)], sc.SumOfOutputs()))
    with pytest.raises(sc.SymcnnError, match="give a number of steps"):
        d.hessian_product("rnn1.weight")
