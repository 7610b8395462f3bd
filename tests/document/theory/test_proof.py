"""The sentences of proofs: each derivative of a result, whole, and with its conditions."""

import pytest

import symcnn as sc
from symcnn import size
from symcnn.document.blocks import Inline
from symcnn.document.theory.proof import proof
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.writing.formula.unicode import text
from tests.draws import some

ELL = "\N{SCRIPT SMALL L}"

A, B, G = (size(name) for name in "ABG")


def said(sentences):
    return "".join(text(x.formula) if isinstance(x, Inline) else str(x) for x in sentences)


def printed(subject):
    return Printed(statement(specimen(subject)))


PROOFS = [
    # d log(sum of e^x)/dx_q: the derivative of the logarithm, not of a term inside
    (sc.Softmax, f"The derivative of {ELL} with respect to x_q is p_q."),
    # an entry outside of the window has the derivative 0
    (sc.AdaptiveAvgPool2D, "is [A i < H r + A,  H r < A i + H,  B j < W s + B"),
    # y_r = x_{floor(H (r - 1) / A) + 1}: each result is one entry
    (sc.Upsample2D(size=(A, B)), "with respect to x_{⌊H(r-1)/A⌋+1,⌊W(s-1)/B⌋+1,c} is 1."),
    # dL/dl = 1 is a factor of p_q, although no formula names it
    (sc.SoftmaxCrossEntropy, f"The derivative of L with respect to {ELL} is 1, and with"),
    # every term of the variance holds the mean
    (sc.LayerNorm, "with respect to μᵢⱼ is (2/C) ∑_{c=1}^(C) (μᵢⱼ - x_{ijc})"),
    (sc.MatMul, "of yᵢᵣ with respect to aᵢⱼ is bⱼᵣ, and with respect to bⱼᵣ is aᵢⱼ."),
    (
        sc.ConvTranspose1D,
        "with respect to w_{uck} is x_{rc}, and with respect to x_{rc} is",
    ),
    # E (h - 1) + m tells heads and columns apart
    (sc.Attention(G), "with respect to v_{r,E(h-1)+m} is aₕᵢᵣ."),
]


@pytest.mark.parametrize(("subject", "expected"), some(PROOFS, every=3))
def test_a_proof_names_the_derivatives_of_results(subject, expected):
    assert expected in said(proof(printed(subject)))
