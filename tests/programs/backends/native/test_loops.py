"""What loops are made: chains in one pass, few arrays, the same text once."""

import re

import symcnn as sc
from symcnn.programs.backends.numpy import lowered
from symcnn.programs.backends.numpy.compiled.lowering import written
from symcnn.programs.plans.plan import plan_of


def listing(network, results="loss"):
    return written(plan_of(sc.derive(network), results), "float64")


def loops(text):
    return len(re.findall(r"\bfor \(", text))


def test_a_chain_and_its_sum_are_one_pass():
    chain = [sc.ReLU(), sc.LeakyReLU(0.5), sc.ReLU6()]
    functions = listing(sc.Network((40,), chain, sc.SumOfOutputs())).functions
    assert loops(functions) == 1
    assert functions.count("\nvoid ") == 1


def test_what_is_on_the_way_needs_no_array():
    """Input and loss are left, of the five tensors of NumPy's program."""
    network = sc.Network((40,), [sc.ReLU(), sc.LeakyReLU(0.5), sc.ReLU6()], sc.SumOfOutputs())
    arrays = [line for line in listing(network).setup if "np.empty" in line]
    assert len(arrays) == 2
    assert len(lowered(plan_of(sc.derive(network), "loss")).setup) >= 5


def test_a_window_and_its_routing_are_one_pass():
    """The largest of four terms, which it is, and the loss are found where terms are read."""
    network = sc.Network((4, 4, 1), [sc.MaxPool2D(2)], sc.SumOfOutputs(), batch=8)
    functions = written(plan_of(sc.derive(network)), "float64").functions
    (window,) = [part for part in functions.split("\nvoid ") if "larger(x" in part]
    assert window.count(" == ") == 4
    assert loops(window) == 3  # over rows, columns and samples, with the loss


def test_layers_of_the_same_sizes_share_functions():
    """Of six layers the text is no longer than of three."""
    lengths = []
    for count in (3, 6):
        chain = [layer for _ in range(count) for layer in (sc.Conv2D(2, 3, padding=1), sc.ReLU())]
        network = sc.Network((6, 6, 2), chain, sc.HalfSquaredError(), batch=2)
        made = listing(network, "training")
        lengths.append(len(re.findall("^void", made.functions, re.MULTILINE)))
    assert lengths[1] == lengths[0]


def test_products_of_matrices_are_numpys():
    made = listing(sc.Network((9,), [sc.Dense(7)], sc.HalfSquaredError(), batch=8), "training")
    lines = [line for block in (*made.forward, *made.backward) for line in block.lines]
    assert [line for line in lines if "matmul" in line]
    assert not [line for line in lines if not re.match(r"np\.matmul|loops", line)]
