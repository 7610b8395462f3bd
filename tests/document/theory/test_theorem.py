"""Theorems of single layers: formulas for all sizes, in all formats."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import pytest
from sympy import Eq, Indexed, Lt, Max, Min, Mod, Sum, ceiling, floor

import symcnn as sc
from symcnn import SymcnnError, index, size
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import statement
from symcnn.document.theory.theorem import subjects
from symcnn.document.theory.trial import instances, tried
from symcnn.errors import UnverifiedError
from symcnn.problems.catalog import LAYERS, LOSSES
from tests.draws import MANY, THOROUGH, slow, some

H, W, C, F, K, J, S, T, D, E, G = (size(name) for name in "HWCFKJSTDEG")
P, Q = (size(name, least=0) for name in "PQ")
OWN = [*subjects()]

COUNT, CHOICES = (40, 40) if THOROUGH else (12 if MANY else 3, 5)


def name_of(subject):
    return subject.__name__ if isinstance(subject, type) else repr(subject)


def test_every_layer_and_loss_has_a_theorem():
    kinds = {kind.made for kind in (*LAYERS.values(), *LOSSES.values())}
    public = {made for made in kinds if made.__module__.startswith("symcnn.")}
    assert {one for one in OWN if isinstance(one, type)} == public - {sc.Input}


@cache
def stated(subject):
    return statement(specimen(subject))


@pytest.mark.parametrize("subject", some(OWN, every=9), ids=name_of)
def test_a_statement_holds_at_many_sizes(subject):
    trial = tried(stated(subject), count=COUNT)
    assert len(trial.choices) == COUNT
    assert trial.entries >= COUNT


@pytest.mark.parametrize("subject", some(OWN, every=9), ids=name_of)
def test_every_letter_takes_its_least_value_and_others(subject):
    choices = [numbers for numbers, _ in instances(specimen(subject).network, 40, 0)]
    assert len(choices) == 40
    for letter in filter(lambda letter: letter.is_integer, choices[0]):
        least = 1 if letter.is_positive else 0
        seen = {choice[letter] for choice in choices}
        # Windows of 1 may lie in the padding, and a number alone has no variance.
        is_never_alone = subject in (sc.LayerNorm, sc.InstanceNorm)
        assert min(seen) <= least + (letter in (K, J) or is_never_alone)
        assert max(seen) > least + 1


@slow
@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("layer", some([sc.BatchNorm, sc.LeakyReLU, sc.ELU]))
def test_settings_that_are_real_numbers_have_letters(layer):
    network = specimen(layer).network
    (letter,) = network.real_letters
    seen = {numbers[letter] for numbers, _ in instances(network, 40, 0)}
    assert len(seen) > 10
    assert any(value < 0 for value in seen) is (layer is not sc.BatchNorm)
    name = "epsilon" if layer is sc.BatchNorm else "alpha"
    assert str(letter) in {"varepsilon", "alpha"}
    assert layer.__dataclass_fields__[name].type == "Real"
    own = sc.theorem(layer(**{name: 2})).to_markdown()
    assert "stands for any" not in own
    assert rf"\{letter}" in sc.theorem(layer).to_markdown()


@pytest.mark.usefixtures("few_sizes")
def test_the_derivative_of_elu_has_alpha_times_the_exponential():
    """d/dx alpha (e^x - 1) = alpha e^x, with the letter in front, as every textbook has it."""
    tex = sc.theorem(sc.ELU).to_latex()
    assert r"\alpha \left(e^{x_{q}} - 1\right)" in tex
    assert r"\alpha \delta^{a}_{q} e^{x_{q}}" in tex


def test_a_network_may_have_letters_in_its_settings():
    alpha, rate = sc.real("alpha"), sc.real("lambda", is_positive=True)
    network = sc.Network((2,), [sc.LeakyReLU(alpha)], sc.HalfSquaredError(l2=rate))
    derivation = sc.derive(network)
    assert network.real_letters == (alpha, rate)
    with pytest.raises(SymcnnError, match="letters in its settings, alpha, lambda: give numbers"):
        sc.lambdify(derivation)
    values = {"x": [-2, 3], "target": [1, 1]}
    made = sc.lambdify(sc.derive(network.at({alpha: 0.5, rate: 1})))(values)
    assert made.gradients["x"].tolist() == [(-1 - 1) * 0.5, 2.0]
    for wrong in ("x", True, None):
        with pytest.raises(SymcnnError, match=f"alpha = '?{wrong}'? is invalid: give a real"):
            network.at({alpha: wrong})
    with pytest.raises(SymcnnError, match="lambda = -1 is invalid: give a positive number"):
        network.at({rate: -1})


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("subject", some(OWN, every=25), ids=name_of)
def test_a_theorem_is_written_in_every_format(subject):
    document = sc.theorem(subject)
    assert r"\begin{document}" in document.to_latex()
    assert "Proof." in document.to_markdown()
    assert "<math" in document.to_html()
    assert "letters" in document.to_latex(fragment=True)


def test_a_sequence():
    made = statement(specimen(sc.Conv1D))
    i, k, r, c = (index(name) for name in "ikrc")
    assert made.network.layers == (sc.Conv1D(F, K, stride=S, padding=P, dilation=D),)
    (M,) = made.network.relations  # noqa: N806
    assert made.network.relations[M] == floor(((H + 2 * P - D * (K - 1) - 1) / S).expand()) + 1
    right = next(f.general.right for f in made.backward if f.tensor.role == "input")
    delta, w = made.derivation.adjoints["conv1"], made.network.tensors["conv1.weight"]
    u = ((r + P - S * i) / D).expand()
    inner = Sum(delta[i, k] * w[u, c, k], (k, 0, F - 1))
    divides = sc.Iverson(Eq(Mod(r + P - S * i, D), 0))
    low = Max(0, ceiling(((r + P - D * (K - 1)) / S).expand()), evaluate=False)
    high = Min(M - 1, floor(((r + P) / S).expand()), evaluate=False)
    assert right == Sum(divides * inner, (i, low, high))


def test_axes_that_are_alike_are_solved_alike():
    """Every axis of a transposed convolution sums over positions, whatever its letters are."""
    (only,) = stated(sc.ConvTranspose3D).forward
    own = {a.base.name: a.indices for a in only.general.right.atoms(Indexed)}
    assert own["x"] == tuple(map(index, "rshc"))


@pytest.mark.usefixtures("few_sizes")
def test_an_instance_keeps_its_numbers():
    pytest.importorskip("rich")
    document = sc.theorem(sc.Dense(3))
    assert document.title == "Dense with 3 units"
    assert f"{CHOICES} choices of C:" in " ".join(document.to_text().split())


@dataclass(frozen=True)
class Squares(sc.Layer):
    """y[i, c] = sum over u of w[u] x[S i + u, c]^2."""

    taps: int
    step: int = 1

    prefix: ClassVar[str] = "squares"
    letter: ClassVar[str] = "y"
    axes: ClassVar[str] = "ic"

    def output_shape(self, shape):
        return (shape[0] - self.taps + 1, shape[1])

    def parameters(self, shape):
        return {"weight": sc.Parameter((self.taps,), "w", "u")}

    def forward(self, y, x, weight):
        i, c = y.indices
        (u,) = weight.indices
        return (sc.define(y[i, c], weight[u] * x[i + u, c] ** 2),)


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("layer", some([sc.Softmax(axis=0), sc.LogSoftmax(axis=0)]))
def test_an_axis_is_one_of_an_array(layer):
    text = sc.theorem(layer).to_latex()
    assert r"of shape $H \times C$" in text
    assert r"log-sum-exp $\ell$ of length $C$" in text
    assert "input $x$ of length $C$" in sc.theorem(type(layer)).to_latex()


@pytest.mark.usefixtures("few_sizes")
def test_a_layer_of_ones_own_has_a_theorem():
    pytest.importorskip("rich")
    text = " ".join(sc.theorem(Squares).to_text().split())
    assert "a weight w of length F" in text
    assert "M = H - F + 1" in text
    assert f"{CHOICES} choices of H, C and F" in text


@dataclass(frozen=True)
class Square(sc.Layer):
    """y[m] = sum over q of w[m, q] x[q] with the square of its entries."""

    def output_shape(self, shape):
        return sc.Dense(shape[0] ** 2).output_shape(shape)

    def parameters(self, shape):
        return {"weight": sc.Parameter((shape[0] ** 2, shape[0]), "w", "mq")}

    def forward(self, y, x, weight):
        m, q = weight.indices
        return (sc.define(y[m], weight[m, q] * x[q], over={q: x.shape[0]}),)


@slow
def test_a_layer_that_grows_fast_is_tried_where_it_is_small(monkeypatch):
    monkeypatch.setattr("symcnn.document.theory.trial._IN_VAIN", 800 if MANY else 200)
    assert "Checked at 7 choices of " in " ".join(sc.theorem(Square).to_markdown().split())


def test_a_layer_that_is_never_small_is_refused(monkeypatch):
    monkeypatch.setattr("symcnn.document.theory.trial._IN_VAIN", 800 if MANY else 50)
    with pytest.raises(SymcnnError, match="give smaller numbers in its settings"):
        sc.theorem(sc.Dense(700))


@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize(
    ("subject", "supposed"),
    [
        (sc.ReLU, r"$x_{q} \neq 0$"),
        (sc.HardSwish, r"$x_{q} \neq -3$, $x_{q} \neq 3$"),
        (sc.Hinge, r"If $t_{q} y_{q} \neq 1$, the derivative"),
        (sc.MaxPool2D(2), "every maximum is attained by one entry alone"),
        (sc.Sigmoid, None),
        (sc.AvgPool2D(K, padding=P, count_include_pad=False), None),  # brackets of indices alone
        (sc.MaxUnpool2D((2, 2)), None),  # what it is linear in is compared with nothing
    ],
    ids=name_of,
)
def test_where_there_is_no_derivative_is_excluded_inside_of_the_theorem(subject, supposed):
    """It was said above the theorem, which is false where it is quoted by itself."""
    paper = sc.theorem_for_paper(subject, checks=False, proof=False)
    head, own = paper.split(r"\begin{theorem}")
    page = sc.theorem(subject).to_latex()
    assert "no derivative" not in paper + page
    if supposed is None:
        assert not re.search(r"\\neq|every maximum", own)
    else:
        assert supposed in " ".join(own.split())
        assert supposed not in head
        (note,) = re.findall(r"\\begin\{quote\}.*?\\end\{quote\}", page, re.DOTALL)
        assert supposed in " ".join(note.split())


@pytest.mark.usefixtures("few_sizes")
def test_one_and_zero_are_the_first_index():
    zero, one = (sc.theorem(sc.Dense, index_base=base).to_latex() for base in (0, 1))
    assert one == sc.theorem(sc.Dense).to_latex()
    paper = sc.theorem_for_paper(sc.Dense, checks=False)
    assert paper == sc.theorem_for_paper(sc.Dense, checks=False, index_base=1)
    assert r"\sum_{m=0}^{U - 1}" in zero
    assert r"\sum_{m=1}^{U}" in one


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        (3, "a theorem is about a layer or a loss, not about '3'"),
        (int, "a theorem is about a layer or a loss, not about"),
        (sc.Conv2D(3, (99, 2, 1)), "has no theorem: kernel_size = (99, 2, 1) is invalid"),
        (sc.Dense(0), "Dense with 0 units has no theorem: units = 0 is invalid: give a"),
        (sc.Layer, "Layer takes no letters for its sizes"),
        (sc.Loss, "Loss takes no letters for its sizes"),
    ],
)
def test_what_has_no_theorem_is_refused(subject, message):
    with pytest.raises(SymcnnError) as caught:
        sc.theorem(subject)
    assert message in str(caught.value)


def test_a_wrong_formula_is_not_printed():
    made = statement(specimen(sc.Conv1D))
    *others, last = made.backward
    wrong = last._replace(general=replace(last.general, checked=2 * last.general.checked))
    with pytest.raises(UnverifiedError, match="fails at"):
        tried(replace(made, backward=(*others, wrong)))


@pytest.mark.parametrize("relation", [Lt, Eq], ids=["on its other side", "at the kink"])
def test_a_formula_that_is_wrong_at_a_kink_is_not_printed(relation):
    made = statement(specimen(sc.ReLU))
    (only,) = made.backward
    (x,) = (a for a in only.general.checked.atoms(Indexed) if a.base.name == "x")
    general = replace(only.general, checked=only.general.checked + sc.Iverson(relation(x, 0)))
    with pytest.raises(UnverifiedError, match="fails at"):
        tried(replace(made, backward=(only._replace(general=general),)))


def test_choices_are_the_same_each_time():
    network = specimen(sc.MaxPool1D).network
    first, second = ([n for n, _ in instances(network, 40, 0)] for _ in range(2))
    assert first == second
    assert len({tuple(n.values()) for n in first}) == 40


@slow
@pytest.mark.usefixtures("few_sizes")
def test_what_letters_stand_for_is_said_of_all_that_are_alike():
    pytest.importorskip("rich")
    text = sc.theorem(sc.ELU, sc.LeakyReLU, sc.BatchNorm, sc.LayerNorm, sc.Huber).to_text()
    said = " ".join(text.split())
    assert said.count("any positive real number") == 1
    assert "stand for any positive real number" in said


@pytest.mark.usefixtures("few_sizes")
def test_a_sum_among_sizes_stands_in_parentheses():
    made = sc.theorem(sc.Pad).to_markdown()
    assert r"$`\left(H + P + Q\right) \times W \times C`$" in made


@slow
def test_what_a_statement_says_of_itself_is_true_of_it(monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setattr(
        "symcnn.document.theory.trial.CHOICES", 40 if MANY else 8
    )  # one has padding

    def stated(*subjects):
        return " ".join(sc.theorem(*subjects).to_text().split())

    assert "count as 0" not in stated(sc.Slice)  # what lies outside is no entry of it
    assert "count as 0" in stated(sc.Conv1D)
    assert "Dropout with rate 0.5" in stated(sc.Dropout)
    assert "H, the attention weights a of shape H" in stated(sc.Attention)
    assert "and the loss L are" in stated(sc.SoftmaxCrossEntropy)
    assert "The derivatives of the loss are" in stated(sc.Dice)
    shuffled = stated(sc.PixelShuffle)
    assert "The derivative of y_{S(i-1)+u,S(j-1)+v,r} with respect to x_" in shuffled
    assert "u, v = 1, …, S, " in shuffled


@pytest.mark.usefixtures("few_sizes")
def test_a_letter_is_positive_in_the_statement_that_needs_it():
    """The factor of one layer is positive, and that of the other any number."""
    scaled = sc.Scale(sc.real("alpha", is_positive=True))
    both = sc.theorem(scaled, sc.LeakyReLU).to_markdown()
    assert r"; $`\alpha`$ stands for any real number." in both
    assert both.count(r"We assume $`\alpha > 0`$") == 1
    assert "We assume" not in both.split("## 2 ")[1]
    assert r"\alpha > 0" not in sc.theorem(scaled).to_markdown()


@pytest.mark.usefixtures("few_sizes")
def test_the_exponent_of_a_response_norm_is_any_number():
    made = sc.theorem(sc.LocalResponseNorm).to_markdown()
    assert r"$`\alpha`$ and $`\beta`$ stand for any real number" in made
    assert r"We assume $`\kappa + \frac{\alpha Q_{q}}{F} > 0`$. The window size is $`F`$." in made


@pytest.mark.usefixtures("few_sizes")
def test_several_statements_say_once_how_they_were_checked():
    one, both = (sc.theorem(*s).to_markdown() for s in ((sc.ReLU,), (sc.ReLU, sc.Tanh)))
    assert one.count("Checked at") == 1
    assert "Checked at" not in both
    assert f"Every statement was checked at {CHOICES} random choices" in both


@pytest.mark.usefixtures("few_sizes")
def test_references_have_no_number_that_theorems_have():
    several = sc.theorem(sc.ELU, sc.GELU)
    assert "\n## 2 GELU\n" in several.to_markdown()
    assert "\n## References\n" in several.to_markdown()
    assert r"\section*{References}" in several.to_latex()
    assert '<h2 id="references" class="uncounted">' in several.to_html()
