"""An author's commands in place of error signals, in networks at random."""

import re

import pytest

import symcnn as sc
from symcnn.derivation.statement import Statements
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.substitution import macros_of
from symcnn.writing.printing.names import named
from tests.draws import seeds
from tests.programs.random_networks import example

BAR = macros_of({r"\delta^{#1}": r"\bar{#1}"})


@pytest.mark.parametrize("seed", seeds(0, 0.3))
def test_what_stands_below_the_bar_is_the_letter_of_a_tensor(seed):
    r"""\delta^{z(2)} became \bar{z(2)}, and not \bar{z^{(2)}}."""
    derivation = sc.derive(example(seed).network)
    letters = {latex(named(t.label)) for t in derivation.network.tensors.values()}
    every, bars = Statements(derivation), set()
    for name in derivation.adjoints:
        made = every.stated(name, None, None, "indices").written(macros=BAR)
        bars |= {*re.findall(r"\\bar\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", made)}
    assert bars <= letters
