"""What a layer or a loss means stands in documents in its author's words."""

import re
from dataclasses import dataclass
from typing import ClassVar

import pytest

import symcnn as sc
from tests.document.test_own_layers import problem


@dataclass(frozen=True)
class Gain(sc.Layer):
    """A power of each entry, with a factor of its own."""

    power: int = 2
    meaning: ClassVar[sc.Meaning] = sc.Meaning(
        forward=r"Every {x} becomes its power {power}, times {gain}: 100% of $L$ for \$5.",
        backward="An error of {y} returns to {x} through {gain} [is_number: a|b].",
    )

    def parameters(self, shape):
        return {"gain": sc.Parameter(shape, "g", "i")}

    def forward(self, y, x, gain):
        (i,) = y.indices
        return (sc.define(y[i], gain[i] * x[i] ** self.power),)


@dataclass(frozen=True)
class Centred(sc.Layer):
    """Deviations from the mean, which reach the input by two equations."""

    meaning: ClassVar[sc.Meaning] = sc.Meaning(
        forward="{y} is what is left of {x} without {mean}.",
        backward="Errors of {y} are centred on their way to {x}.",
    )

    def auxiliaries(self, shape):
        return {"mean": sc.Auxiliary((1,), "m", "o")}

    def forward(self, y, x, mean):
        (i,) = y.indices
        return (
            sc.define(mean[0], x[i], reduction=sc.Mean()),
            sc.define(y[i], x[i] - mean[0]),
        )


@dataclass(frozen=True)
class Linear(sc.Loss):
    """The product of outputs and targets."""

    meaning: ClassVar[sc.Meaning] = sc.Meaning(
        forward="{loss} rewards {y} that points along {target}.",
        backward="{y} is pushed along {target}.",
    )

    def forward(self, loss, y, target):
        return (sc.define(loss[0], y[y.indices] * target[y.indices]),)


def document(*layers, loss=None, **options):
    return sc.explain(problem((2,), [*layers], loss or sc.SumOfOutputs()), **options)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize(
    ("format", "forward", "backward"),
    [
        ("tex", r"Every $z$ becomes its power 2, times $g$: 100\% of $L$ for \$5.", "$z$"),
        (
            "md",
            r"Every $`z`$ becomes its power 2, times $`g`$: 100% of $`L`$ for \$5.",
            "$`z`$",
        ),
        ("txt", "Every z becomes its power 2, times g: 100% of L for $5.", "z"),
        ("html", "becomes its power 2, times", "returns to"),
    ],
)
def test_the_words_of_an_author_stand_in_every_format(format, forward, backward, base):
    if format == "txt":
        pytest.importorskip("rich", reason="needs rich")
    files = document(sc.Dense(2), Gain(), index_base=base).files(format)
    text = " ".join(" ".join(map(str, files.values())).split())
    assert forward in text
    assert backward in text.partition("An error of")[2].partition("through")[0]
    assert "The same function is applied" not in text


def test_they_take_the_place_of_what_is_read_off_equations_and_no_more():
    text = document(sc.Dense(2), Gain(3)).to_markdown()
    assert "power 3" in text
    assert "is used once" in text  # the parameter has no words of its own
    assert "multiplied by its slope there" not in text


def test_a_layer_with_several_equations_is_explained_once():
    text = document(sc.Dense(2), Centred()).to_markdown()
    assert text.count("is what is left of") == 1
    assert text.count("are centred on their way") == 1


def test_a_loss_says_what_it_is():
    text = document(sc.Dense(2), loss=Linear()).to_markdown()
    assert "$`L`$ rewards $`z`$ that points along $`t`$." in text
    assert "We measure it by" not in text
    assert "$`z`$ is pushed along $`t`$." in text
    assert "The backward pass begins here" not in text


def test_a_subclass_has_words_of_its_own():
    @dataclass(frozen=True)
    class Plain(Gain):
        """The same equations, and no words."""

    assert "becomes its power" not in document(sc.Dense(2), Plain()).to_markdown()


def test_inputs_are_all_named():
    @dataclass(frozen=True)
    class Sum(sc.Add):
        """A sum."""

        meaning: ClassVar[sc.Meaning] = sc.Meaning(forward="{y} collects {x}.")

    layers = [sc.Dense(2, name="a"), sc.Dense(2, name="b", inputs=("x",)), Sum(inputs=("a", "b"))]
    text = document(*layers).to_markdown()
    assert "collects $`z`$ and $`z^{(2)}`$." in text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("{z}", "the meaning of Bad has a gap for 'z': name one of x, y, weight, units"),
        ("{bias}", "the meaning of Bad has a gap for 'bias', which bias turns on and off: name"),
        ("{name}", "the meaning of Bad has a gap for 'name': name one of x, y, weight, units"),
        ("{", "'{' has a brace without a name: write a gap as {x}"),
        ("a {} b", "'a {} b' has a brace without a name: write a gap as {x}"),
        ("{x y}", "'{x y}' has a brace without a name: write a gap as {x}"),
        ("$x", "a formula begins in '$x' and does not end"),
        (sc.When("units", "{owner}"), "the meaning of Bad has a gap for 'owner': name one of"),
        (3, "a meaning is 3: give sentences"),
    ],
)
def test_what_a_gap_cannot_name_is_refused_when_the_class_is_made(words, error):
    with pytest.raises(sc.SymcnnError) as raised:

        class Bad(sc.Dense):
            meaning = sc.Meaning(backward=words)

    assert error in str(raised.value)


def test_what_is_no_meaning_is_refused_when_the_class_is_made():
    with pytest.raises(sc.SymcnnError, match="the meaning of Words is"):

        class Words(sc.Layer):
            meaning = "It does something."


def test_what_a_derivative_is_with_respect_to_has_a_name_behind_alone():
    with pytest.raises(sc.SymcnnError, match="with respect to: write it in backward"):
        sc.Meaning(forward=("It is {x}", sc.When("units", "and {own}")))
    joined = [sc.Dense(2), sc.Tanh(), sc.Concatenate(inputs=("dense1", "tanh1"))]
    text = flowing(document(*joined))
    for own in ("z", "a"):
        assert f"$`{own}`$ receives the error signal of its own entries." in text
    twice = flowing(document(sc.Dense(2), sc.Concatenate(inputs=("dense1", "dense1"))))
    assert "$`z`$ was used more than once: it receives the sum of its copies' error" in twice


def test_a_loss_has_names_of_its_own():
    with pytest.raises(sc.SymcnnError, match="gap for 'x': name one of loss, y, target, l2"):

        class Bad(sc.Loss):
            meaning = sc.Meaning("{x}")

            def forward(self, loss, y, target):
                return ()


def test_a_tensor_that_is_declared_and_not_made_is_refused_in_a_network():
    @dataclass(frozen=True)
    class Missing(Gain):
        """A layer that declares what it does not have."""

        learned: ClassVar = {"weight": ""}
        meaning: ClassVar[sc.Meaning] = sc.Meaning("{weight}")

    with pytest.raises(sc.SymcnnError, match="no tensor of that name: the tensors are x, y, gain"):
        sc.Network((2,), [Missing()], sc.SumOfOutputs()).stages  # noqa: B018


@dataclass(frozen=True)
class Twice(sc.Layer):
    """A product with an intermediate tensor, whose words depend on settings."""

    much: bool = False
    power: int = 1
    meaning: ClassVar[sc.Meaning] = sc.Meaning(
        forward={
            "square": ("{square} is the square of {x}", sc.When("much", ", and much", value=True)),
            "y": (
                "{y} grows with {square}",
                sc.When("power", sc.When("much", " twice"), " once", value=2),
                sc.Once(": this is said but once", again=", as it did"),
                ".",
            ),
        },
        backward={
            "square": sc.When("square", "A square hears {y}.", value=2),
            "x": "An {x} hears {y}.",
        },
    )

    def auxiliaries(self, shape):
        return {"square": sc.Auxiliary(shape, "q", "i", noun="square of it")}

    def forward(self, y, x, square):
        (i,) = y.indices
        return sc.define(square[i], x[i] ** 2), sc.define(y[i], square[i] * self.power)


def flowing(document):
    return " ".join(document.to_markdown().split())


def test_what_is_computed_on_the_way_has_words_and_a_noun():
    text = flowing(document(sc.Dense(2), Twice()))
    assert "We first compute the square of it $`q`$, the square of $`z`$" in text
    assert "$`y`$ grows with $`q`$ once: this is said but once." in text
    assert "A square hears $`y`$." in text
    assert "An $`z`$ hears $`y`$." in text
    assert "the square of it of layer1" in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "grows with $`q`$ once"),
        ({"power": 2}, "grows with $`q`$: this"),
        ({"power": 2, "much": True}, "grows with $`q`$ twice: this"),
    ],
)
def test_words_depend_on_settings(settings, said):
    text = flowing(document(sc.Dense(2), Twice(**settings)))
    assert said in text
    assert ("and much" in text) == settings.get("much", False)


def test_words_that_depend_on_a_number_of_entries_are_left_out_for_another():
    network = sc.Network((3,), [Twice()], sc.SumOfOutputs())
    text = flowing(sc.explain(sc.Problem(network, {"x": [1, 2, 3]})))
    assert "A square hears" not in text
    assert "hears $`y`$" in text


def test_once_is_once_for_each_class():
    text = flowing(document(sc.Dense(2), Twice(), Twice()))
    assert text.count("this is said but once") == 1
    assert re.findall(r"grows with \$`q[^$]*`\$ once(.)", text) == [":", ","]
    assert "once, as it did." in text


def two_convolutions(*kernels):
    """Tell of two convolutions of one tensor, whose results are added."""
    layers = [sc.Conv1D(2, n, padding="same", name=f"by{n}", inputs=("x",)) for n in kernels]
    joined = sc.Add(inputs=[layer.name for layer in layers])
    network = sc.Network((3, 2), [*layers, joined], sc.SumOfOutputs())
    given = {t.name: [0.5] * t.size for t in network.given}
    return flowing(sc.explain(sc.Problem(network, given)))


def test_layers_of_one_kind_that_read_one_tensor_are_spoken_of_together():
    text = two_convolutions(2, 3)
    both = r"reached every entry of \$`z[^$]*\$ and \$`z[^$]*\$ whose window covers it"
    assert re.search(rf"An entry of \$`x`\$ {both}", text)
    assert text.count("reached every entry of") == 1


def test_what_holds_of_one_of_two_layers_alone_is_said_of_it_alone():
    text = two_convolutions(1, 2)
    assert len(re.findall(r"of \$`z[^$]*\$ at its own position: its error", text)) == 1
    assert len(re.findall(r"of \$`z[^$]*\$ whose window covers it: its error", text)) == 1


def test_a_weight_that_is_penalised_reaches_the_loss_in_two_ways():
    text = flowing(document(sc.Dense(2), loss=sc.SumOfOutputs(l2=0.5)))
    two = "$`w`$ reaches the loss in two ways: directly, by the penalty, and through $`z`$."
    assert two in text
    assert "weight decay) on the weights, with factor $`0.5`$" in text


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("length", "several"), [(2, False), (3, True)])
def test_a_weight_is_said_to_be_used_again_where_it_is(length, several, groups):
    network = sc.Network((length, 2), [sc.Conv1D(2, 2, groups=groups)], sc.SumOfOutputs())
    given = {t.name: [0.5 * n for n in range(t.size)] for t in network.given}
    text = flowing(sc.explain(sc.Problem(network, given)))
    assert ("so its derivative is a sum over all these uses" in text) == several
    assert ("of $`w`$ is used once" in text) == (not several)


@pytest.mark.parametrize(
    ("sentences", "error"),
    [
        ({"forward": sc.When("none", "a")}, "depends on 'none', which it does not have"),
        ({"forward": sc.When("bias", "{bias}")}, None),
        ({"forward": {"y": "{weight}", "bias": ""}}, None),
    ],
)
def test_what_words_depend_on_is_known_when_the_class_is_made(sentences, error):
    def made():
        class Bad(sc.Dense):
            meaning = sc.Meaning(**sentences)

        return Bad

    if error is None:
        assert made()
        return
    with pytest.raises(sc.SymcnnError, match=error):
        made()


def test_sentences_about_no_tensor_are_refused_in_a_network():
    @dataclass(frozen=True)
    class Misspelt(Twice):
        """A layer that speaks of what it does not compute."""

        meaning: ClassVar[sc.Meaning] = sc.Meaning(forward={"sqare": "It is squared."})

    with pytest.raises(sc.SymcnnError, match="a gap for 'sqare', and there is no tensor"):
        sc.Network((2,), [Misspelt()], sc.SumOfOutputs()).stages  # noqa: B018
