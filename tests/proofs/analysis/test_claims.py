"""Claims of theorems over the real numbers: read back, and compared with sums over all paths."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import hypotheses, statement
from symcnn.document.theory.trial import instances, passed
from symcnn.proofs.analysis import NotWrittenError, analysis
from symcnn.proofs.analysis.claims import Claim, letter
from symcnn.proofs.analysis.formulas import identifier
from tests.draws import some
from tests.proofs.analysis.reader import both_sides, worked_out

SMOOTH = ["Softmax", "LayerNorm", "Sigmoid", "ELU", "LogSoftmax", "Attention", "BatchNorm", "GELU"]
LOSSES = ["SoftmaxCrossEntropy", "CrossEntropy", "Dice", "MeanSquaredError"]


def shaped(tensor, values):
    """Drop the axes of length 1 that claims leave out."""
    kept = [n for n, size in zip(values.shape, tensor.shape, strict=True) if size != 1]
    return np.asarray(values, float).reshape(kept)


@pytest.mark.parametrize("name", some([*SMOOTH, *LOSSES], 4))
def test_what_is_claimed_is_what_the_equations_compute(name):
    made = statement(specimen(getattr(sc, name)))
    claim = Claim(name, made)
    rng = np.random.default_rng(7)
    for numbers, network in list(instances(made.network, 3, 1, hypotheses(made)))[1:]:
        values = {t.name: rng.uniform(0.1, 0.9, t.shape) for t in network.given}
        true, slopes = passed(network, values)
        true = {**values, **true}
        given = {identifier(s.name): float(n) for s, n in numbers.items()}
        for tensor in (*claim.sources, *claim.given):
            given[letter(tensor)] = shaped(tensor, true[tensor.name])
            given[letter(tensor) + "'"] = rng.normal(size=given[letter(tensor)].shape)
        if not claim.is_loss:
            output = claim.output.tensor
            given[claim.signal(output)] = shaped(output, slopes[output.name])
        found = worked_out(claim.text, given)
        for formula in made.forward:
            own = formula.tensor
            assert found[letter(own)] == pytest.approx(shaped(own, true[own.name]))
        for formula in made.backward:
            own = formula.tensor
            assert found[claim.signal(own)] == pytest.approx(shaped(own, slopes[own.name]))
        moved = sum(
            (shaped(t, slopes[t.name]) * given[letter(t) + "'"]).sum() for t in claim.sources
        )
        pairing, derivative = both_sides(claim.text, {**given, **found})
        assert derivative == pytest.approx(moved)
        assert np.isfinite(pairing)


def test_a_claim_reads_like_the_page():
    assert (
        Claim("softmax", statement(specimen(sc.Softmax))).text
        == r"""Definition softmax : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (x : nat -> R -> R) (x' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (x q) 0 (x' q)) ->
  forall ell : R -> R,
  (forall tau, ell tau = ln (\sum_(q < C) exp (x q tau))) ->
  forall p : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> p q tau = exp (x q tau - ell tau)) ->
  forall delta_p : nat -> R,
  forall delta_ell : R,
  (delta_ell = \sum_(q < C) - (delta_p q * p q 0)) ->
  forall delta_x : nat -> R,
  (forall q : nat, (q < C)%N -> delta_x q = delta_ell * p q 0 + delta_p q * p q 0) ->
  is_derive (fun tau => \sum_(q < C) delta_p q * p q tau) 0
    ((\sum_(q < C) delta_x q * x' q))."""
    )


@pytest.mark.parametrize("layer", [sc.MaxPool1D, sc.GroupNorm])
def test_what_has_no_word_is_refused_in_one_line(layer):
    with pytest.raises(NotWrittenError) as refused:
        analysis(layer)
    assert "\n" not in str(refused.value)
