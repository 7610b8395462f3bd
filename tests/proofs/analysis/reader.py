"""A reader of claims: what a file for Rocq says, worked out with numbers.

It knows the notation alone, and nothing of symcnn: identifiers, sums over indices, the operations
of arithmetic and the functions of the library. What the kernel proves is thereby what is tried.
"""

import math
import re

import numpy as np

TOKEN = re.compile(r"\\sum_\((\w+) < (\w+)\)|[A-Za-z_][\w']*|\d+|[-+*/^()]")
EQUATION = re.compile(r"\((?:forall tau, )?(?:forall [\w ]+ : nat, )?[^=]*?([\w' ]+) = (.*)\) ->$")
CLAIM = re.compile(r"is_derive \(fun tau => (.*)\) 0\s+\((.*)\)\.$", re.DOTALL)
BOUND = re.compile(r"\((\w+) < (\w+)\)%N")

FUNCTIONS = {
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "Rabs": abs,
    "INR": float,
    "sign": np.sign,
    "Rpower": lambda a, b: math.exp(b * math.log(a)),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "relu": lambda z: max(z, 0.0),
    "normal_cdf": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "above": lambda a, b: float(a > b),
    "at_least": lambda a, b: float(a >= b),
    "Rmax": max,
    "if_less": lambda a, b, u, v: u if a < b else v,
}
ARITY = {"Rpower": 2, "above": 2, "at_least": 2, "Rmax": 2, "if_less": 4}


class Reader:
    """Works out a term; numbers are by names, and tensors are arrays."""

    def __init__(self, text, names):
        self.tokens = [m[0] for m in TOKEN.finditer(text)]
        assert "".join(self.tokens).replace(" ", "") == re.sub(r"\s", "", text), text
        self.names, self.at = dict(names), 0

    def value(self):
        found = self.sum()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return found

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self):
        total = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            total += sign * self.product()
        return total

    def product(self):
        if self.peek().startswith("\\sum"):
            return self.series()
        total = self.factor()
        while self.peek() in ("*", "/"):
            total = total * self.factor() if self.take() == "*" else total / self.factor()
        return total

    def series(self):
        letter, size = re.search(r"\((\w+) < (\w+)\)", self.take()).groups()
        start, before, total = self.at, self.names.get(letter), 0.0
        for n in range(int(self.names[size])):
            self.at, self.names[letter] = start, n
            total += self.product()
        self.names[letter] = before
        return total

    def factor(self):
        if self.peek() == "-":
            self.take()
            return -self.factor()
        if self.peek() == "/":
            self.take()
            return 1 / self.factor()
        base = self.applied()
        if self.peek() == "^":
            self.take()
            return base ** int(self.take())
        return base

    def applied(self):
        name = self.peek()
        if name in FUNCTIONS and name not in self.names:
            self.take()
            return FUNCTIONS[name](*(self.atom() for _ in range(ARITY.get(name, 1))))
        found = self.names.get(name)
        if isinstance(found, np.ndarray):
            self.take()
            place = tuple(int(self.atom()) for _ in range(found.ndim))
            if self.peek() in ("tau", "0"):
                self.take()
            return float(found[place])
        return self.atom()

    def atom(self):
        token = self.take()
        if token == "(":
            found = self.sum()
            assert self.take() == ")"
            return found
        if token.isdigit():
            return float(token)
        if token == "PI":
            return math.pi
        found = self.names[token]
        return float(found) if isinstance(found, np.ndarray) else found


def worked_out(claim, names):
    """Return the tensors that a claim defines, by their names, in the order of its equations."""
    names, found = dict(names), {}
    for line in claim.splitlines():
        if not (equation := EQUATION.match(line.strip())):
            continue
        left, right = equation.groups()
        name, *indices = [word for word in left.split() if word != "tau"]
        bounds = dict(BOUND.findall(line[: line.index(" = ")]))
        shape = tuple(int(names[bounds[i]]) for i in indices)
        made = np.empty(shape)
        for place in np.ndindex(shape):
            made[place] = Reader(right, {**names, **dict(zip(indices, place, strict=True))}).value()
        names[name] = found[name] = made
    return found


def both_sides(claim, names):
    """Return the pairing that a claim differentiates, and the derivative that it states."""
    pairing, derivative = CLAIM.search(claim).groups()
    return Reader(pairing, names).value(), Reader(derivative, names).value()
