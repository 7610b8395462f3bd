"""The sentences of a proof, and the ranges of indices: each is true of what it names."""

import pytest
from sympy import Sum

import symcnn as sc
from symcnn import size
from symcnn.document.theory.descriptions import setting_names
from symcnn.document.theory.naming import in_words
from symcnn.document.theory.page import rows_of
from symcnn.document.theory.proof import proof, rule
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.document.theory.trial import Trial
from symcnn.document.theory.words import givens, meanings, remarks
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.unicode import text


def printed(subject, base=0):
    return Printed(statement(specimen(subject)), base)


def said(subject, base=0):
    return in_words(proof(printed(subject, base)))


def test_a_logarithm_of_a_sum_has_no_terms():
    assert "The derivative of ℓᵢ with respect to sᵢᵤ is aᵢᵤ." in said(sc.Attention)


def test_scores_of_later_keys_are_left_out():
    causal = said(sc.Attention(size("G"), causal=True))
    assert "v_{r,Eh+m} [i ≥ r], and with respect to v_{r,Eh+m} is aₕᵢᵣ." in causal
    assert "aₕᵢᵣ with respect to ℓₕᵢ is -aₕᵢᵣ, and with respect to sₕᵢᵣ is aₕᵢᵣ." in causal
    assert "The derivative of ℓₕᵢ with respect to sₕᵢᵣ is aₕᵢᵣ." in causal


@pytest.mark.parametrize(("base", "ends"), [(0, "0, …, P - 1"), (1, "1, …, P")])
def test_every_part_of_a_padded_axis_has_its_range(base, ends):
    P, Q = (size(name, least=0) for name in "PQ")  # noqa: N806 - as on paper
    padded = said(sc.Pad(((P, Q),), mode="replicate"), base)
    assert f"of y_{{ijc}} with respect to x_{{{base}jc}} is 1 for i = {ends}." in padded


def test_ranges_are_those_of_one_formula_where_there_are_several():
    p = printed(sc.GroupNorm)
    _, over = rows_of(p, p.made.forward)
    assert in_words(over).startswith("In the formula for x̂_{i,j,Ck+h}, k = 0, …, G - 1,  i = ")


def test_a_proof_says_what_limits_and_brackets_are_only_where_there_are_some():
    solved = "by solving the subscripts of the entry for the indices of the results"
    assert solved in rule([printed(sc.Conv1D)])
    assert solved not in rule([printed(sc.Dense)])
    assert solved not in rule([printed(sc.ReLU)])


def test_padding_is_written_with_the_lengths_that_are_defined_beside_it():
    K, S = size("K"), size("S")  # noqa: N806 - as on paper
    p = printed(sc.Conv2D(1, (K, 1), stride=(S, 1), padding="same"))
    said = in_words(remarks(p, Trial((), 0, reads_outside=False), ()))
    assert said == "Here M = ⌈H/S⌉ and P = ⌊(max(0, S (M - 1) + K - H))/2⌋."


def test_functions_of_derivatives_alone_are_defined_with_these():
    trial = Trial((), 0, reads_outside=False)
    assert in_words(remarks(printed(sc.Mish), trial, ())) == ""
    assert in_words(meanings(printed(sc.Mish))).endswith(" is the logistic function.")
    assert in_words(meanings(printed(sc.SiLU))) == ""


def test_of_several_largest_the_first_is_told_by_the_order_of_indices():
    def said(subject):
        return in_words(meanings(printed(subject)))

    assert "is 1 if u is the least index for which x" in said(sc.MaxPool1D)
    assert "is 1 if (u, v) is the first pair, in lexicographic order, for" in said(sc.MaxPool2D)
    assert "if (u, v, o) is the first triple, in" in said(sc.MaxPool3D)
    K = size("K")  # noqa: N806 - as on paper
    shares = said(sc.MaxPool2D((K, 1), ties="split"))
    assert shares.endswith("the reciprocal of the number of indices u for which the two are equal.")


@pytest.mark.parametrize(
    ("subject", "product"),
    [(sc.Multiply, "a_q b_q"), (sc.Attention, "qᵢⱼ kᵤⱼ"), (sc.Einsum, "aᵢⱼ bⱼᵣ")],
)
def test_factors_stand_in_the_order_of_the_inputs(subject, product):
    p = printed(subject)
    first, *_ = p.made.forward
    assert product in text(joined([*p.printer.general(first.general.right)]))


def test_intermediate_results_have_no_axis_for_a_single_head():
    assert "the scores s of shape H × W, the log-sum-exp ℓ of length H" in in_words(  # noqa: RUF001
        givens(printed(sc.Attention))
    )


def told(subject):
    return in_words(setting_names(printed(subject)))


def test_letters_of_settings_are_said_to_be_these():
    assert told(sc.Conv2D) == (
        "The kernel size is K × J, the stride (S, T), the padding (P, Q) and the dilation (D, E)."  # noqa: RUF001
    )
    assert told(sc.GroupNorm) == "The number of groups is G."
    assert told(sc.Dense) == told(sc.MeanSquaredError) == ""


def test_a_title_that_says_them_is_enough():
    K, S = size("K"), size("S")  # noqa: N806 - as on paper
    assert told(sc.Conv1D(2, K, stride=S)) == ""
    assert told(sc.MaxPool1D(3, stride=2)) == ""


@pytest.mark.usefixtures("few_sizes")
def test_several_statements_say_once_what_rocq_has_checked():
    ring = "has checked over a commutative ring is this"
    for subjects, often in (
        ((sc.ReLU, sc.Tanh), 0),
        ((sc.Dense, sc.Conv1D), 1),
        ((sc.Dense, sc.Tanh), 1),
        ((sc.MaxPool1D, sc.ReduceMax), 0),
    ):
        assert sc.theorem(*subjects).to_markdown().count(ring) == often


def test_no_letter_counts_channels_and_those_of_a_group():
    """It was r for both: y_{ijr} for r < C G beside a sum over r < C."""
    over = dict[str, set]()
    for formula in statement(specimen(sc.GroupNorm)).formulas:
        general = formula.general
        for loop in general.free:
            over.setdefault(loop.symbol.name, set()).add(loop.size)
        for total in general.right.atoms(Sum):
            for letter, _, last in total.limits:
                over.setdefault(letter.name, set()).add(last + 1)
    assert {letter: len(sizes) for letter, sizes in over.items()} == dict.fromkeys(over, 1)


def test_a_proof_gives_the_range_of_an_index_that_no_entry_limits():
    """y_{i+H+P} is an entry for no i beyond Q - 1, and x_i for none below 0."""
    P, Q = size("P", least=0), size("Q", least=0)  # noqa: N806 - as on paper
    said = in_words(proof(printed(sc.Pad(((P, Q),), mode="circular"))))
    assert "with respect to x_{ijc} is 1 for i = 0, …, Q - 1." in said
    assert "with respect to x_{i+H-P,j,c} is 1 for i = 0, …, P - 1." in said
    assert said.endswith("The derivative of y_{i+P,j,c} with respect to x_{ijc} is 1.")
