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
        ({"conv1": "delta"}, "the error signal and conv1 would share the letter delta"),
        ({"conv1": "L"}, "the loss and conv1 would share the letter L"),
        ({"loss": "J", "dense1": "J"}, "the loss and dense1 would share the letter J"),
        ({"loss": "i"}, "'loss' cannot be called i: i stands for any index in formulas"),
        ({"error signal": "sigma"}, "'error signal' cannot be called sigma: sigma stands for"),
        ({"error signal": "J"}, "'error signal' cannot be called J: J stands for a Jacobian"),
        ({"error signal": "g_1"}, "has the letter of a tensor above it, so give a letter without"),
        ({"x": "W", "conv1": "W_1"}, "W_{1} of conv1 could be an entry of W, which is x"),
        ({"conv1": "K^x"}, "K^{x} of conv1 would belong to x, which is x"),
        ({"conv1": "_x", "pool1": "_x"}, "conv1 and pool1 would share the letter _x"),
        ({"conv1": "W^2"}, "2 above it reads as a power or a transpose: give W^(2) or W_2"),
        ({"conv1": "W^T"}, "T above it reads as a power or a transpose"),
        ({"conv1": "W'"}, "'conv1' cannot be called \"W'\""),
        ({"conv1": "W_{1,2}"}, "give scripts of letters and digits"),
        ({"conv1": r"\mathbf{Wz}"}, "give one symbol, such as K, theta, W^(2), W_1"),
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
