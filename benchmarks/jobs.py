"""What is measured. Each job runs in a process of its own and prints one number.

python -m benchmarks.jobs NAME [ARGUMENT]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import prod
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # What is timed imports it itself.
    from sympy import Expr

    from symcnn.equations import Equation, Group


def general_forms(size: str) -> float:
    """Seconds to derive the general form of every parameter of LeNet-5, after import."""
    from benchmarks.networks import lenet5, seed
    from symcnn import derive

    derive(seed()).partial("conv1.weight")  # SymPy loads some of its parts at the first use.
    network = lenet5(int(size))
    start = perf_counter()
    derivation = derive(network)
    for parameter in network.parameters:
        derivation.partial(parameter.name)
    return perf_counter() - start


def document(layers: str) -> float:
    """Seconds to derive, write and check the document of a chain of so many layers."""
    from benchmarks.networks import chain
    from symcnn import explain
    from symcnn.problems import examples

    explain(examples.cnn_by_hand())  # What is loaded at the first use is no part of it.
    problem = chain(int(layers))
    start = perf_counter()
    explain(problem)
    return perf_counter() - start


def exported_module() -> float:
    """Seconds that the exported module takes for the seed's loss and all its gradients."""
    from benchmarks.networks import SEED_VALUES, seed
    from symcnn import derive
    from symcnn.programs.export.module import exported

    module: dict[str, object] = {"__name__": "module"}
    exec(exported(derive(seed()), SEED_VALUES, "seed"), module)
    function, arrays = module["loss_and_gradients"], module["VALUES"].values()
    return _seconds(lambda: function(*arrays))


def pytorch_eager() -> float:
    """Seconds that PyTorch, eager, float64, takes for the seed's loss and all its gradients."""
    import torch
    import torch.nn.functional as F  # noqa: N812

    def leaf(numbers: list[float], *shape: int) -> torch.Tensor:
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape).requires_grad_()

    torch.set_num_threads(1)
    x, target = leaf([1, 0.4, 0.7], 1, 1, 3, 1), torch.tensor([[0.8]], dtype=torch.float64)
    kernel = leaf([0.2, 0.1, 0.3, -0.1, -0.1, 0.2], 3, 1, 2, 1)
    dense = leaf([0.1, 0.5, 0.6], 1, 3)

    def step() -> None:
        x.grad = kernel.grad = dense.grad = None
        pooled = F.max_pool2d(F.conv2d(x, kernel), (2, 1), stride=1)
        output = torch.sigmoid(F.linear(pooled.flatten(1), dense))
        (((target - output) ** 2).sum() / 2).backward()

    return _seconds(step)


def operations_ratio() -> float:
    """(forward + gradient) / forward operations in the seed's program."""
    from benchmarks.networks import seed
    from symcnn import derive, lambdify

    return lambdify(derive(seed()), "scalar").operations.ratio


def operations_ratio_lenet() -> float:
    """The same for LeNet-5's equations, gradients with respect to weights and biases."""
    from benchmarks.networks import lenet5
    from symcnn import derive
    from symcnn.programs.plans.plan import plan_of

    plan = plan_of(derive(lenet5(32)), "training")
    forward = sum(map(_operations, plan.forward))
    chosen = sum(_comparisons(routing.source) for routing in plan.routings)
    return (forward + chosen + sum(map(_operations, plan.backward))) / forward


def _operations(group: Group) -> int:
    """Count the operations of every term, and those that put terms together."""
    tensor, equations = group
    terms = [prod(loop.size for loop in equation.loops) for equation in equations]
    inside = sum(n * _in_term(e.value) for n, e in zip(terms, equations, strict=True))
    return inside + sum(terms) - tensor.size


def _in_term(value: Expr) -> int:
    from sympy import Dummy

    from symcnn.equations import accesses

    return int(value.xreplace({read: Dummy() for read in accesses(value)}).count_ops())


def _comparisons(maximum: Equation) -> int:
    return prod(loop.size for loop in maximum.loops) - prod(map(int, maximum.target.shape))


def _seconds(call: Callable[[], object], rounds: int = 15, calls: int = 300) -> float:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        for _ in range(calls):
            call()
        times.append((perf_counter() - start) / calls)
    return median(times)


JOBS = {
    job.__name__: job
    for job in (
        *(general_forms, document, exported_module, pytorch_eager),
        *(operations_ratio, operations_ratio_lenet),
    )
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(JOBS[name](*arguments))
