"""Products of matrices, softmax and normalisations: their theorems, and what is said in vectors."""

import re

import pytest

import symcnn as sc
from symcnn.document.facts.derivative import derivatives
from symcnn.document.facts.normalised import normalised
from symcnn.document.facts.substituted import compact, without_sums
from tests.document.networks import problem_of
from tests.document.test_theorems import stated, titles, words


def document_of(shape, *layers, loss=None, batch=None, detail="standard"):
    network = sc.Network(shape, list(layers), loss or sc.HalfSquaredError(), batch=batch)
    sections = ["backward", "weights"]
    return sc.explain(problem_of(network, "compact"), sections=sections, detail=detail)


def text_of(shape, *layers, **options):
    return words(*document_of(shape, *layers, **options).blocks)


def attending(features, **settings):
    """Return layers with queries, keys and values of their own."""
    maps = [
        sc.Conv1D(features, 1, bias=False, name=name, inputs=("x",)) for name in ("q", "k", "v")
    ]
    return [*maps, sc.Attention(inputs=("q", "k", "v"), **settings)]


@pytest.fixture(scope="module")
def attention():
    return document_of((3, 2), *attending(2))


def test_attention_has_the_theorems_of_its_products_and_its_softmax(attention):
    assert titles(attention) == [
        "Theorem 1 (chain rule)",
        "Theorem 2 (product of matrices)",
        "Theorem 3 (softmax)",
    ]
    rows, said = stated(attention, "softmax")
    assert re.fullmatch(
        r"\\delta\^\{s\}_\{ij\} = a_\{ij\} \\left\(\\delta\^\{a\}_\{ij\} "
        r"- \\sum_\{r=1\}\^\{3\} \\delta\^\{a\}_\{ir\} a_\{ir\}\\right\)",
        rows[0].partition(r"\quad")[0],
    )
    assert "$a$ is the softmax of $s$ along $j$, and that $L$ depends on $s$ only through" in said


def test_a_product_of_matrices_is_stated_in_matrices_and_in_indices(attention):
    _, said = stated(attention, "product of matrices")
    assert said.endswith(
        r"Suppose that $C = \alpha A B$, that is, $C_{ij} = \alpha \sum_{k} A_{ik} B_{kj}$, with a "
        r"number $\alpha$. If $L$ depends on $A$ only through $C$, then $\delta^{A} = \alpha "
        r"\delta^{C} B^{\top}$; if $L$ depends on $B$ only through $C$, then "
        r"$\delta^{B} = \alpha A^{\top} \delta^{C}$."
    )
    text = words(*attention.blocks)
    for formula in (
        r"\delta^{a} = \delta^{y} v^{\top}",
        r"\delta^{v} = a^{\top} \delta^{y}",
        r"\delta^{q} = \frac{1}{\sqrt{2}} \delta^{s} k",
        r"\delta^{k} = \frac{1}{\sqrt{2}} \left(\delta^{s}\right)^{\top} q",
        r"\frac{\partial L}{\partial w^{q}} = x^{\top} \delta^{q}",
    ):
        assert f"By Theorem 2, ${formula}$:" in text


MATMUL = {
    (False, False): r"y^{\top} \delta^{y(2)}",
    (False, True): r"\left(\delta^{y(2)}\right)^{\top} y",
    (True, False): r"y \delta^{y(2)}",
    (True, True): r"\left(\delta^{y(2)}\right)^{\top} y^{\top}",
}


@pytest.mark.parametrize("turned", MATMUL, ids=str)
def test_matrices_are_transposed_where_the_layer_does_so(turned):
    layers = [sc.Scale(2), sc.Tanh(), sc.MatMul(*turned, inputs=("scale1", "tanh1"))]
    text = text_of((3, 3), *layers)
    assert rf"By Theorem 2, $\delta^{{a}} = {MATMUL[turned]}$:" in text
    assert r"Suppose that $C = A B$, that is, $C_{ij} = \sum_{k} A_{ik} B_{kj}$. If" in text


def test_a_bias_is_a_term_that_depends_on_neither_factor():
    text = text_of((3, 4), sc.Conv1D(2, 1), sc.Tanh())
    assert (
        r"Suppose that $C = A B + D$, that is, $C_{ij} = \sum_{k} A_{ik} B_{kj} + D_{ij}$" in text
    )
    assert r"where $D$ depends on neither $A$ nor $B$" in text
    assert r"$\delta^{x} = \delta^{z} w^{\top}$:" in text


def test_products_of_heads_and_of_samples_are_many():
    heads = text_of((2, 4), *attending(4, heads=2))
    assert heads.count("applied to each head") == 4
    samples = text_of((2, 4), *attending(4), batch=2)
    assert samples.count("By Theorem 2 for each $n$") == 4


NO_PRODUCTS = {
    "two positions": ((3, 3, 2), [sc.Conv2D(2, 1)]),
    "a window": ((4, 2), [sc.Conv1D(2, 2)]),
    "groups": ((3, 4), [sc.Conv1D(4, 1, groups=2), sc.Tanh()]),
    "a column": ((4,), [sc.Dense(2)]),
    "a matrix with itself": ((3, 2), [sc.Scale(2), sc.MatMul(False, True, inputs=("scale1",) * 2)]),
}


@pytest.mark.parametrize("case", NO_PRODUCTS)
def test_what_is_no_product_of_two_matrices_has_no_such_theorem(case):
    shape, layers = NO_PRODUCTS[case]
    assert "product of matrices" not in text_of(shape, *layers)


def test_masked_scores_have_neither_theorem_where_the_mask_stands():
    text = text_of((3, 2), *attending(2, causal=True))
    assert "(softmax)" not in text
    assert text.count("By Theorem 2, ") == 5  # of q and k, and of three weights


def test_softmax_and_its_logarithm_are_told_apart():
    for layer, name in ((sc.Softmax(), "softmax"), (sc.LogSoftmax(), "log-softmax")):
        document = document_of((3,), sc.Scale(2), layer)
        rows, said = stated(document, f"({name})")
        assert f"is the {name} of $y$, and that" in said
        assert len(rows) == 1


VECTORS = [
    (sc.LayerNorm(), None, "$c$"),
    (sc.BatchNorm(), 2, "$n$ and $i$"),
    (sc.GroupNorm(1), None, "$i$ and $c$"),
    (sc.InstanceNorm(), None, "$i$"),
]


@pytest.mark.parametrize(("layer", "batch", "over"), VECTORS, ids=str)
def test_normalisations_are_said_in_vectors(layer, batch, over):
    text = text_of((3, 4), sc.Tanh(), layer, batch=batch)
    full = text_of((3, 4), sc.Tanh(), layer, batch=batch, detail="full")
    formula = (
        r"\$\\delta\^\{a\} = \\frac\{1\}\{\\sqrt\{V \+ \\varepsilon\}\} "
        r"\\left\((\S+) - \\operatorname\{mean\}\\left\(\1\\right\) - (\S+) "
        r"\\operatorname\{mean\}\\left\(\1 \2\\right\)\\right\)\$"
    )
    gives = rf" gives, with products taken entry by entry and means over {re.escape(over)},\n"
    assert re.search(rf"{gives}{formula}\nthat is", full)
    assert re.search(rf"{gives}{formula}\n(?!that is)", text)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_groups_have_the_compact_form_too(groups):
    network = sc.Network((3, 4), [sc.GroupNorm(groups), sc.Tanh()], sc.HalfSquaredError())
    derivation = sc.derive(network)
    found = compact(derivatives(derivation), derivation.network.tensors["x"])
    assert found is not None
    assert str(found.general.right).count("Sum(") == 2
    assert "mu" not in str(found.general.right)
    assert (normalised(found.general) is None) == (groups == 2)


def test_where_no_mean_is_subtracted_none_is_said_to_be():
    text = text_of((3, 4), sc.Tanh(), sc.RMSNorm())
    assert (
        "Substituting the error signal of $V$ gives, with products taken entry by entry and the "
        "mean over $c$,\n"
        r"$\delta^{a} = "
        r"\frac{1}{\sqrt{V + \varepsilon}} \left(\delta^{\hat{x}} - \hat{x} "
        r"\operatorname{mean}\left(\delta^{\hat{x}} \hat{x}\right)"
        "\\right)$\n"
    ) in text


class Overlapping(sc.Layer):
    """Windows that overlap: what is summed over windows is no sum of deviations of one."""

    def output_shape(self, shape):
        """Return positions and entries of windows."""
        return (shape[0] - 1, 2)

    def auxiliaries(self, shape):
        """Return the mean of every window."""
        return {"mean": sc.Auxiliary((shape[0] - 1,), "mu", "i")}

    def forward(self, y, x, mean):
        """Return the squared deviations."""
        i, u = y.indices
        at = x[i + u]
        return (
            sc.define(mean[i], at, reduction=sc.Mean(), over={u: 2}),
            sc.define(y[i, u], (at - mean[i]) ** 2 * x[0]),
        )


def test_only_the_deviations_of_one_mean_sum_to_0():
    """The derivative with respect to a mean has such a sum; that by x goes over windows."""
    network = sc.Network((4,), [Overlapping()], sc.SumOfOutputs())
    derivation = sc.derive(network)
    every = derivatives(derivation)
    mean = next(t for t in network.tensors.values() if t.name.endswith("mean"))
    assert str(without_sums(every[mean.name]).right) == "0"
    assert "mu" in str(every["x"].general.right)
    assert sc.gradcheck(problem_of(network, "overlapping")).max_abs_error < 1e-9
    assert sc.explain(problem_of(network, "overlapping")).blocks
