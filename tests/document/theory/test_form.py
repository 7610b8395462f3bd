"""The form of formulas and titles of theorems: what an author would print, exactly."""

# ruff: noqa: RUF001 - letters and signs as they are printed

import pytest

import symcnn as sc
from symcnn.document.theory.naming import in_words
from symcnn.document.theory.page import rows_of
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.equations.sizes import real
from symcnn.writing.formula.latex import latex

C, F, G, H, J, K, S, T, W = (sc.size(name) for name in "CFGHJKSTW")


def formulas(subject):
    """Return the formulas of a theorem, forward and backward, without the size of brackets."""
    p = Printed(statement(specimen(subject)), 0)
    rows = [row for part in (p.made.forward, p.made.backward) for row in rows_of(p, part)[0].rows]
    every = [(latex(r.left), " ".join(latex(f) for s in r.sides for f in s.terms)) for r in rows]
    return {
        left: right.replace(r"\left", "").replace(r"\right", "").replace(" +", " + ", 1)
        for left, right in every
    }


def backward(subject, left):
    return formulas(subject)[left].replace("+  ", "+ ").replace("  ", " ")


@pytest.mark.parametrize("recurrent", [sc.RNN, sc.LSTM, sc.GRU])
def test_the_direct_term_stands_before_that_of_the_next_step(recurrent):
    assert backward(recurrent, r"\delta^{h}_{tk}").startswith(r"\delta^{y}_{tk} +")


def test_what_is_0_before_the_first_step_has_no_bracket():
    assert backward(sc.LSTM, r"\delta^{f}_{tk}") == r"\delta^{c}_{tk} c_{t-1, k}"
    assert backward(sc.GRU, r"\delta^{z}_{tk}") == r"\delta^{h}_{tk} (h_{t-1, k} - v_{tk})"
    assert r"[t \leq T - 2]" in backward(sc.LSTM, r"\delta^{c}_{tk}")  # nothing says that it is 0


def test_gates_stand_in_the_order_of_their_numbers():
    gates = backward(sc.LSTM, r"\delta^{a}_{tmk}")
    places = [gates.index(f"[m = {n}]") for n in range(4)]
    assert places == sorted(places)


def test_entries_that_are_moved_have_one_place():
    moved = r"\frac{\partial L}{\partial x_{ijc}}"
    at_digits = r"\frac{\partial L}{\partial x_{i, j, S^{2}r+Su+v}}"
    assert backward(sc.PixelShuffle, at_digits) == r"\delta^{y}_{Si+u, Sj+v, r}"
    whole = r"(W C i + C j + c)"
    assert backward(sc.Reshape((C, W, H)), moved) == (
        rf"\delta^{{y}}_{{\lfloor{{{whole} / (H W)}}\rfloor, "
        rf"\lfloor{{{whole} / H}}\rfloor \bmod W, {whole} \bmod H}}"
    )
    assert backward(sc.ChannelShuffle, r"\frac{\partial L}{\partial x_{Cs+m}}") == (
        r"\delta^{y}_{Gm+s} \quad (s = 0, \dots, G - 1,\; m = 0, \dots, C - 1)"
    )


def test_a_permutation_reads_nothing_outside():
    text = sc.theorem(sc.Reshape((C, W, H))).files("md", "x")
    assert not any("outside" in page for page in text.values())


def test_a_matrix_has_the_letters_with_which_it_is_read():
    found = formulas(sc.MatMul)
    assert found[r"\frac{\partial L}{\partial b_{jr}}"] == (
        r"\sum_{i=0}^{H - 1} \delta^{y}_{ir} a_{ij}"
    )


def test_constants_stand_before_sums_and_axes_alike():
    pooled = formulas(sc.AvgPool2D)["p_{ijc}"]
    assert pooled.startswith(r"\frac{1}{K J} \sum_{u=0}^{K - 1} \sum_{v=0}^{J - 1} x")
    learned = backward(sc.Conv2D, r"\frac{\partial L}{\partial w_{uvck}}")
    assert "(H + P - D u - 1) / S" in learned
    assert "(W + Q - E v - 1) / T" in learned
    third = formulas(sc.ConvTranspose3D)[r"\frac{\partial L}{\partial x_{rshc}}"]
    assert "Sr+Du-P, Ts+Ev-Q, Yh+Bo-X" in third


def test_bounds_are_said_once_and_apart():
    between = formulas(sc.Clip)["a_{q}"]
    assert between == (
        r"\begin{cases} \alpha & \text{if } x_{q} \leq \alpha \\ "
        r"\beta & \text{if } x_{q} \geq \beta \\ x_{q} & \text{otherwise} \end{cases}"
    )
    assert backward(sc.Hinge, r"\frac{\partial L}{\partial y_{q}}") == "-t_{q} [t_{q} y_{q} < 1]"
    slope = backward(sc.HardSwish, r"\frac{\partial L}{\partial x_{q}}")
    assert slope == (
        r"\begin{cases} 0 & \text{if } x_{q} \leq -3 \\ "
        r"\delta^{a}_{q} & \text{if } x_{q} \geq 3 \\ "
        r"\delta^{a}_{q} (\frac{1}{3} x_{q} + \frac{1}{2}) & \text{otherwise} \end{cases}"
    )


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (sc.Conv2D(F * G, K, groups=G), "Conv2D with F G filters, kernel size K and G groups"),
        (sc.MaxPool2D((K, J), ties="split"), "MaxPool2D with pool size K × J, ties split"),
        (sc.Pad(((1, 2),), mode="reflect"), "Pad with padding (1, 2), in reflect mode"),
        (sc.Conv2D(F, K, padding="same"), "Conv2D with F filters, kernel size K and same padding"),
        (sc.Focal, "Focal loss"),
        (
            sc.Focal(gamma=real("gamma", is_positive=True), alpha=real("alpha")),
            "Focal loss with focusing parameter γ and balancing factor α",
        ),
        (sc.Attention(2), "Attention with 2 heads"),
        (sc.Dropout, "Dropout with rate 0.5"),
        (sc.Conv2D, "Conv2D"),
    ],
)
def test_titles_say_settings_in_words(subject, title):
    assert in_words(specimen(subject).title) == title


def test_files_and_lists_keep_their_names():
    assert specimen(sc.Conv2D(F * G, (K, J), groups=G)).name == (
        "Conv2D (filters F G, kernel size K × J, groups G)"
    )
    assert specimen(sc.Focal).name == "Focal"
