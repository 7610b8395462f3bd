"""What the letters of a document stand for, worked out by the forward pass and steps on it."""

from functools import cache
from itertools import product

from sympy import Float, Symbol
from sympy import latex as sympy_latex

from symcnn.document.explanation import Numbers
from symcnn.equations import accesses
from tests.readers import Named


class Letters:
    """What every letter of a document stands for."""

    def __init__(self, problem):
        self.problem, self.derivation = problem, problem.derivation
        self.passed = Numbers(problem).forward
        tensors = problem.network.tensors
        self.partials = {
            letter(tensors[name]): Named(tensors[name].shape, self.slope_of(name))
            for name in self.derivation.adjoints
        }
        self.entries = {
            **{letter(t): Named(t.shape, self.value_of(name)) for name, t in tensors.items()},
            **{
                letter(adjoint): self.partials[letter(tensors[name])]
                for name, adjoint in self.derivation.adjoints.items()
            },
            **{
                letter(r.tensor): Named(r.tensor.shape, self.routed(r))
                for r in self.derivation.routings
            },
        }
        epsilons = {getattr(layer, "epsilon", None) for layer in problem.network.layers} - {None}
        if len(epsilons) == 1:
            self.entries[r"\varepsilon"] = Named((1,), lambda _: float(*epsilons))
        self.adjoints = {letter(a) for a in self.derivation.adjoints.values()}
        equations = problem.network.equations
        made = {tensor.base: letter(tensor) for tensor in tensors.values()}
        self.loops = [
            (made[e.target.base], loop.symbol.name, loop.size)
            for e in equations
            for loop in e.loops
        ]

    def ranges(self, of):
        """Return how long indices are: those of a tensor's own formula, or else of any other."""
        others = {name: size for _, name, size in self.loops}
        return others | {name: size for made, name, size in self.loops if made == of}

    def value_of(self, name):
        return lambda position: float(self.passed.values[name][position])

    def slope_of(self, name):
        return cache(lambda position: self.passed.derivative(name, position))

    def routed(self, routing):
        """Who answers for a maximum: its first largest entry, or all of them in equal parts."""
        source, near = routing.source, 1e-12
        windows = {}
        for assignment in product(*(range(loop.size) for loop in source.loops)):
            at = {loop.symbol: n for loop, n in zip(source.loops, assignment, strict=True)}
            guards = ((g.expression.xreplace(at), g.size) for g in source.guards)
            if all(0 <= position < size for position, size in guards):
                window = windows.setdefault(source.target.xreplace(at), {})
                window[assignment] = self.term(source.value.xreplace(at))
        shares = {}
        for window in windows.values():
            largest = max(window.values())
            winners = [a for a, v in window.items() if v >= largest - near * abs(largest)]
            winners = winners[:1] if source.reduction.ties == "first" else winners
            shares |= {a: (a in winners) / len(winners) for a in window}
        return lambda assignment: shares[assignment]

    def term(self, value):
        names = {tensor.base: name for name, tensor in self.problem.network.tensors.items()}
        read = {
            r: Float(self.passed.values[names[r.base]][tuple(map(int, r.indices))])
            for r in accesses(value)
        }
        return float(value.xreplace(read))


def letter(tensor):
    """The LaTeX of a tensor's letter, as SymPy reads its name."""
    return sympy_latex(Symbol(tensor.label)).replace(" ", "")
