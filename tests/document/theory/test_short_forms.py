"""Theorems say each thing once, in its shortest form."""

import pytest
from sympy import Pow, Sum

import symcnn as sc
from symcnn import real, size
from symcnn.derivation.read_back import check
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.document.theory.trial import tried
from symcnn.document.theory.vanishing import shorter, vanishing
from symcnn.errors import UnverifiedError
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.unicode import text

G, S = size("G"), size("S")


def forms(subject, base=0):
    """Return the formulas of a theorem as text, by the tensor that each is of."""
    p = Printed(statement(specimen(subject)), base)
    made = p.made
    return {
        (f.tensor.label, f in made.backward): text(
            row(p.left(f), "=", *p.printer.general(f.general.right))
        )
        for f in made.formulas
    }


@pytest.mark.parametrize(
    ("subject", "label", "is_derivative", "expected"),
    [
        (sc.Softmax, "x", True, "∂L/∂x_q = p_q (δᵖ_q + δ^(ℓ))"),  # noqa: RUF001
        (sc.Attention(G, causal=True), "s", True, "δˢₕᵢᵣ = aₕᵢᵣ (δᵃₕᵢᵣ + δ^(ℓ)ₕᵢ)"),  # noqa: RUF001
        (sc.PixelShuffle(S), "x", True, "∂L/∂x_{i,j,S²r+Su+v} = δʸ_{Si+u,Sj+v,r}"),
        (sc.ChannelShuffle, "x", True, "∂L/∂x_{Cs+m} = δʸ_{Gm+s}"),
        (sc.Gather, "y", False, "y_{rjc} = x_{ρᵣ,j,c}"),
        (sc.ScatterAdd, "x", True, "∂L/∂x_{ijc} = δʸ_{ρᵢ,j,c}"),
        (sc.Embedding, "v", False, "v_{ijcl} = E_{x_{ijc},l}"),
    ],
)
def test_a_formula_is_in_its_shortest_form(subject, label, is_derivative, expected):
    assert forms(subject)[label, is_derivative] == expected


def test_what_is_looked_up_from_1_on_counts_from_0():
    assert forms(sc.Gather, 1)["y", False] == "y_{rjc} = x_{ρᵣ+1,j,c}"


def test_a_wrong_position_is_not_read_back_as_the_right_one():
    p = Printed(statement(specimen(sc.Gather)), 0)
    (forward,), (other,) = p.made.forward, Printed(statement(specimen(sc.Gather)), 1).made.forward
    left = p.left(forward)
    wrong = Printed(p.made, 1).printer.general(other.general.right)
    with pytest.raises(UnverifiedError):
        check(p.printed(p.made.derivation.tensors), left, wrong, forward.general)


def test_powers_of_one_base_are_one_power():
    """By hand: d/dy of y^g is g y^(g - 1)."""
    p = Printed(statement(specimen(sc.Focal)))
    (slope,) = (latex(row(*p.printer.general(f.general.right))) for f in p.made.backward)
    assert r"\gamma t_{q} \left(1 - y_{q}\right)^{\gamma - 1} \log\left(y_{q}\right)" in slope
    assert r"\gamma \left(1 - t_{q}\right) {y_{q}}^{\gamma - 1} \log" in slope
    made = statement(specimen(sc.LocalResponseNorm))
    powers = {power for f in made.backward for power in f.general.right.atoms(Pow)}
    beta = real("beta")
    assert {power.exp for power in powers if power.exp.free_symbols} == {-beta, -beta - 1}


@pytest.mark.parametrize("layer", [sc.InstanceNorm, sc.GroupNorm, sc.LayerNorm, sc.BatchNorm])
def test_deviations_sum_to_zero(layer):
    made = statement(specimen(layer))
    (short,) = shorter(made)
    whole = next(f for f in made.backward if f.tensor == short.tensor)
    assert len(short.general.right.atoms(Sum)) == len(whole.general.right.atoms(Sum)) - 1
    assert tried(made, 5).entries > 0
    said = "".join(map(str, vanishing(Printed(made))))
    assert said.startswith("As the deviations from the mean ")


def test_root_mean_squares_have_no_deviations():
    assert not [*shorter(statement(specimen(sc.RMSNorm)))]
