"""Letters that users choose: one mechanism for symbols, documents and exports."""

import pytest

import symcnn as sc


def network(letters):
    layers = [
        sc.Conv2D(3, (2, 1), bias=False),
        sc.MaxPool2D((2, 1), 1),
        sc.Flatten(),
        sc.Dense(1),
    ]
    return sc.Network((3, 1, 1), layers, sc.HalfSquaredError(), letters=letters)


def test_formulas_use_them():
    net = network({"conv1.weight": "K", "x": "I", "dense1.bias": "theta"})
    d = sc.derive(net)
    assert str(d.partial("x", (0, 0, 0), staged=True)) == (
        "K_11*delta^z_11 + K_12*delta^z_12 + K_13*delta^z_13"
    )
    assert str(d.partial("conv1.weight", (0, 0, 0, 0), staged=True)) == (
        "I_1*delta^z_11 + I_2*delta^z_21"
    )
    assert str(d.symbol("dense1.bias", (0,))) == "theta"


def test_a_derivative_is_called_after_its_tensor():
    d = sc.derive(network({"conv1": "c", "pool1": "m"}))
    assert str(d.partial("conv1", (0, 0, 0), staged=True)) == "delta^m_1*Iverson(c_11 >= c_21)"


def test_a_chosen_letter_is_not_given_to_others():
    net = network({"x": "z"})
    assert [net.tensors[name].label for name in ("x", "conv1", "dense1")] == ["z", "z^(2)", "z^(3)"]


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (
            {"conv1.weight": "x"},
            "x and conv1.weight would share the letter x: choose different letters",
        ),
        ({"conv1": "K", "pool1": "K"}, "conv1 and pool1 would share the letter K"),
        ({"conv2": "K"}, "there is no tensor 'conv2': choose from x, conv1.weight, conv1, pool1"),
        ({"loss": "J"}, "there is no tensor 'loss'"),
        ({"conv1": "delta"}, "'conv1' cannot be called 'delta': use a Latin letter"),
        ({"conv1": "kernel"}, "'conv1' cannot be called 'kernel'"),
        ({"conv1": r"\input{x}"}, "cannot be called"),
        ({"x": 3}, "'x' cannot be called 3"),
        (["K"], "letters is ['K']: give a table of tensor names and letters"),
    ],
)
def test_bad_letters_are_refused(letters, said):
    with pytest.raises(sc.SymcnnError) as error:
        network(letters)
    assert said in str(error.value)
