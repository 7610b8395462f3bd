"""What theorems suppose of their letters, where their formulas are not defined for all."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Literal, get_args, get_origin, get_type_hints

import pytest
from sympy import Ge, Gt, Ne, log, sqrt

import symcnn as sc
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import hypotheses, statement
from symcnn.document.theory.theorem import subjects
from symcnn.document.theory.trial import tried
from symcnn.errors import SymcnnError
from tests.document.theory.test_theorem import name_of
from tests.draws import MANY, THOROUGH, some

A, B, C, H = (sc.size(letter) for letter in "ABCH")
alpha = sc.real("alpha")


@dataclass(frozen=True)
class Scaled(sc.Layer):
    """y[i, c] = f x[i + 1, c]."""

    by: Callable = None
    letters: tuple = ()

    letter: ClassVar[str] = "y"
    axes: ClassVar[str] = "ic"

    def output_shape(self, shape):
        return (shape[0] - 1, shape[1])

    def forward(self, y, x):
        (i, c), factor = y.indices, self.by(y.shape, *self.letters)
        return (sc.define(y[i, c], factor * x[i + 1, c]),)


CASES = [
    (lambda s: 1 / (s[1] - 1), (), [Gt(C, 1)]),
    (lambda s: log(s[1] - 1), (), [Gt(C, 1)]),
    (lambda s: sqrt(s[1] - 2), (), [Ge(C, 2)]),
    (lambda s: 1 / sqrt(s[1] - 2), (), [Gt(C, 2)]),
    (lambda s: 1 / (s[1] ** 2 - s[1]), (), [Gt(C, 1)]),
    (lambda s, a: 1 / (s[1] - a), (A,), [Ne(C - A, 0)]),
    (lambda s, a: 1 / (a - 1), (alpha,), [Ne(alpha, 1)]),
    (lambda s, a: s[1] / a, (alpha,), [Ne(alpha, 0)]),
    (lambda s: 1 / (s[1] + 1), (), []),
    (lambda s, a: 1 / sqrt(s[1] * a), (sc.real("beta", is_positive=True),), []),
]


@pytest.mark.parametrize(("by", "letters", "expected"), CASES)
def test_what_divides_is_supposed_not_to_be_0(by, letters, expected):
    made = statement(specimen(Scaled(by, letters)))
    assert [*hypotheses(made)] == expected
    tried(made, 40 if MANY else 5)


def test_what_is_supposed_of_a_length_holds_where_it_is_tried():
    made = statement(specimen(Scaled(lambda shape: 1 / (shape[0] - 1))))
    ((length, definition),) = made.network.relations.items()
    assert hypotheses(made) == (Gt(length, 1),)
    seen = {definition.xreplace(numbers) for numbers in tried(made, 10).choices}
    assert min(seen) == 2


@pytest.mark.usefixtures("few_sizes")
def test_a_theorem_says_what_it_supposes():
    """It failed at A = 1, where the positions i (H - 1)/(A - 1) do not exist."""
    corners = sc.Upsample2D(size=(A, B), mode="bilinear", align_corners=True)
    assert "We assume $`A > 1`$ and $`B > 1`$." in sc.theorem(corners).to_markdown()
    assert "We assume" not in sc.theorem(replace(corners, align_corners=False)).to_markdown()


def test_bounds_are_supposed_in_order():
    """For alpha = 1 and beta = 0 the pieces would overlap: x = 1/2 would become alpha + beta."""
    made = statement(specimen(sc.Clip))
    (condition,) = hypotheses(made)
    assert str(condition) == "alpha < beta"
    assert all(condition.xreplace(numbers) for numbers in tried(made, 10).choices)
    assert not hypotheses(statement(specimen(sc.Clip(-2, 3))))


def variants():
    """Run over all layers and losses, with each choice and each truth value of their settings."""
    for subject in subjects():
        yield subject
        if not isinstance(subject, type):
            continue
        usual = {setting.name: setting.default for setting in fields(subject)}
        for name, kind in get_type_hints(subject).items():
            options = (True, False) if kind is bool else get_args(kind)
            if kind is not bool and get_origin(kind) is not Literal:
                continue
            yield from ((subject, name, option) for option in options if option != usual[name])


def varied(subject):
    """Return a layer or loss with a setting that is not the usual one: a network is made of it."""
    if not isinstance(subject, tuple):
        return subject
    made, name, option = subject
    whole = specimen(made)
    return replace(
        whole.network.loss if whole.is_loss else whole.network.layers[-1], **{name: option}
    )


def name_of_variant(subject):
    return (
        "-".join(map(str, (subject[0].__name__, *subject[1:])))
        if isinstance(subject, tuple)
        else name_of(subject)
    )


def ties(network, rng):
    """Run over sizes that are all equal, all but one of them, and all but one of them least."""
    least = {s: 1 if s.is_positive else 0 for s in network.sizes}
    for equal in (1, 2, 3):
        whole = dict.fromkeys(least, equal)
        yield whole
        for letter, n in least.items():
            yield whole | {letter: n}
            yield least | {letter: equal}


VARIANTS = some(variants(), every=30)[:: 8 if MANY and not THOROUGH else 1]


@pytest.mark.parametrize("subject", VARIANTS, ids=name_of_variant)
def test_a_theorem_holds_where_sizes_are_least_or_equal(monkeypatch, subject):
    try:
        made = statement(specimen(varied(subject)))
    except SymcnnError as error:
        pytest.skip(f"there is no theorem: {error}")  # where the number of windows is rounded up
    monkeypatch.setattr("symcnn.document.theory.trial._drawn", ties)
    monkeypatch.setattr("symcnn.document.theory.trial._FEWEST", 1)
    assert tried(made, 10**6 if MANY else 12).entries > 0


@pytest.mark.parametrize(
    ("subject", "said"),
    some(
        [
            (sc.KLDivergence, r"We assume $`t_{q} \ge 0`$ and $`y_{q} > 0`$."),
            (sc.Dice, r"We assume $`S + \eta \neq 0`$."),
            (sc.LocalResponseNorm, r"We assume $`\kappa + \frac{\alpha Q_{q}}{F} > 0`$."),
            (sc.LPPool2D, r"We assume $`Z_{ijc} > 0`$."),
            (sc.AdaptiveAvgPool2D, None),  # every window holds an entry
            (sc.BatchNorm, None),  # a variance is not negative
            (sc.Focal, r"We assume $`0 < y_{q} < 1`$."),
            (sc.Divide, r"We assume $`b_{q} \neq 0`$."),
            (sc.Elementwise("log(3 - 2*x)"), r"We assume $`x_{q} < \frac{3}{2}`$."),
            (sc.Elementwise("log(3 - x)/x"), r"We assume $`x_{q} < 3`$ and $`x_{q} \neq 0`$."),
            (sc.Elementwise("1/(x**2 - 4)"), r"We assume $`x_{q}^{2} \neq 4`$."),
            (sc.Elementwise("x*log(x)"), r"We assume $`x_{q} > 0`$."),  # log x + 1 is its slope
            (sc.Elementwise("1/(x**2 + 4)"), None),
            (sc.Elementwise("asin(x)"), r"We assume $`-1 < x_{q} < 1`$."),
            (sc.Elementwise("tan(x)"), r"We assume $`\cos\left(x_{q}\right) \neq 0`$."),
            (sc.Softplus, None),  # 1 + e^x is positive
            (sc.HalfSquaredError, None),
        ],
        every=8,
    ),
    ids=str,
)
@pytest.mark.usefixtures("few_sizes")
def test_entries_are_supposed_to_be_where_the_formulas_are_defined(subject, said):
    text = sc.theorem(subject).to_markdown()
    assert (said in text) if said else ("We assume" not in text)


@pytest.mark.usefixtures("few_sizes")
def test_a_condition_of_the_usual_form_is_no_hypothesis():
    """The derivative p - t of log(sum of e^y) - sum of t y is so for all t."""
    text = " ".join(sc.theorem(sc.SoftmaxCrossEntropy).to_markdown().split())
    equal = r"$`L = -\sum_{q=1}^{K} t_{q} \log\left(p_{q}\right)`$"
    assert rf"Where the entries of $`t`$ sum to 1, {equal}." in text
    assert "and a target $`t`$ of length $`K`$, the log-sum-exp" in text


@pytest.mark.usefixtures("few_sizes")
def test_the_range_of_a_setting_is_no_hypothesis():
    """The derivatives are those of the formula for any share, which a layer takes below 1."""
    text = sc.theorem(sc.CrossEntropy(label_smoothing=alpha)).to_markdown()
    smoothed = r"$`\frac{\alpha}{K} + \left(1 - \alpha\right) t_{q}`$"
    said = (
        f"The target is smoothed: {smoothed} takes the place of $`t_{{q}}`$ in the cross-entropy."
    )
    assert rf"We assume $`y_{{q}} > 0`$. {said} Usually, $`0 \le \alpha < 1`$. See \[1\]." in text
    assert "C. Szegedy" in text
    plain = sc.theorem(sc.CrossEntropy).to_markdown()
    assert "smoothed" not in plain
    assert "Szegedy" not in plain


@pytest.mark.usefixtures("few_sizes")
def test_one_entry_stands_for_all_where_something_is_supposed_of_a_tensor():
    """The derivative reads what the output reads at other indices."""
    text = sc.theorem(sc.LPPool2D).to_markdown()
    assert "We assume $`Z_{ijc} > 0`$. The pool size" in text
    assert "those on the left-hand side and in assumptions run over whole axes" in text
    counted = sc.AvgPool1D(H, padding=sc.size("P", least=0), count_include_pad=False)
    assert "N_{" not in sc.theorem(counted).to_markdown().partition("We assume")[2].split(".")[0]
    assert "We assume" not in sc.theorem(sc.AdaptiveAvgPool2D).to_markdown()  # none is empty


@pytest.mark.usefixtures("few_sizes")
def test_what_is_compared_alone_is_told_of():
    text = sc.theorem(sc.MaxUnpool2D((A, B))).to_markdown()
    ranked = "The entries of each window of $`a`$ are ranked from the largest to the smallest"
    assert f"{ranked}, equal ones in row-major order: $`n`$ is the number of those before" in text
    assert "The derivative of $`L`$ with respect to $`a`$ is 0 wherever it exists." in text
    assert "wherever it exists" not in sc.theorem(sc.Embedding).to_markdown()


@pytest.mark.usefixtures("few_sizes")
def test_a_mask_is_said_to_consist_of_zeros_and_ones():
    kept = r"divided by $`\frac{3}{4}`$, the probability of being kept"
    text = sc.theorem(sc.Dropout(0.25)).to_markdown()
    assert "Each entry of $`m`$ is 0 or 1. Where it is 0, the entry of $`x`$ is dropped" in text
    assert kept in text


@pytest.mark.usefixtures("few_sizes")
def test_a_statement_holds_for_all_sizes_at_which_nothing_is_empty():
    every = "A statement holds for all sizes"
    assert f"{every}." in sc.theorem(sc.Dense).to_markdown()
    where = "for which the lengths of all axes are at least 1."
    assert f"{every} {where}" in sc.theorem(sc.Conv1D).to_markdown()


@pytest.mark.usefixtures("few_sizes")
def test_a_proof_says_what_it_does_not_use():
    K, J = sc.size("K"), sc.size("J")  # noqa: N806 - as on paper
    unpooled = sc.theorem(sc.MaxUnpool2D((K, J))).to_markdown()
    assert "The proof does not use how $`n`$ is computed." in unpooled
    assert "does not use" not in sc.theorem(sc.Dense).to_markdown()
