"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Function, Integer, Max, Rational, Symbol, exp, false, nan, sstr, true


class Iverson(Function):
    """The Iverson bracket: 1 if all conditions hold, and 0 otherwise."""

    is_integer = True

    @classmethod
    def eval(cls, *conditions):
        if false in conditions:
            return Integer(0)
        if all(condition == true for condition in conditions):
            return Integer(1)

    def _eval_derivative(self, symbol):
        return Integer(0)


def at(expression, numbers):
    """Substitute numbers for symbols; common subexpressions are computed once."""
    known = dict(numbers)

    def put(e):
        if e not in known:
            known[e] = e.func(*map(put, e.args)) if e.args else e
        return known[e]

    return put(expression)


class maximum(Function):
    """The maximum of the arguments; its derivative is that of the first largest one."""

    is_extended_real = True

    @classmethod
    def eval(cls, *terms):
        if all(term.is_number for term in terms):
            return Max(*terms)

    def fdiff(self, k):
        mine, before, behind = self.args[k - 1], self.args[: k - 1], self.args[k:]
        return Iverson(*(other < mine for other in before), *(mine >= other for other in behind))


def rounded(expression, numbers, digits=12):
    """Evaluate an expression to a number of digits, doubling the precision until they agree.

    ``numbers`` maps symbols to their values, and intermediate results are added to it. The last
    digits of function values are perturbed, so that a result which depends on them changes.
    """

    def put(e, places):
        """Return a value and whether it is exact: log(1.000) = 0 is not."""
        if (e, places) not in numbers:
            parts = [put(a, places) for a in e.args]
            made = e.func(*(value for value, _ in parts)) if parts else numbers.get(e, e)
            if made.is_number and not made.is_Rational:
                last = 0 if e.is_Add or e.is_Mul else 1 + len(numbers) % 9
                value = made.evalf(places)
                numbers[e, places] = value + value * last * Integer(10) ** (1 - places), False
            else:
                nothing = e.is_Mul and (0, True) in parts
                is_exact = nothing or e.is_integer or all(exact for _, exact in parts)
                numbers[e, places] = made, is_exact
        return numbers[e, places]

    found, places = None, digits + 20
    while places < 2500:
        value, is_exact = put(expression, places)
        number = value.evalf(digits)
        if is_exact or number == found and number.is_finite and number != 0:
            break
        found, places = number, 2 * places
    return number if number.is_real else nan


def sigmoid(z):
    return 1/(1 + exp(-z))


title = 'CNN by hand'

# x: 3x1x1
x_1 = Symbol('x_1', real=True)
x_2 = Symbol('x_2', real=True)
x_3 = Symbol('x_3', real=True)

# conv1.weight: 2x1x1x3
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_13 = Symbol('w_13', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)
w_23 = Symbol('w_23', real=True)

# dense1.weight: 1x3
w2_1 = Symbol('w^(2)_1', real=True)
w2_2 = Symbol('w^(2)_2', real=True)
w2_3 = Symbol('w^(2)_3', real=True)

# target: 1
t = Symbol('t', real=True)

values = {
    x_1: Integer(1),
    x_2: Rational(2, 5),
    x_3: Rational(7, 10),
    w_11: Rational(1, 5),
    w_12: Rational(3, 10),
    w_13: Rational(-1, 10),
    w_21: Rational(1, 10),
    w_22: Rational(-1, 10),
    w_23: Rational(1, 5),
    w2_1: Rational(1, 10),
    w2_2: Rational(1, 2),
    w2_3: Rational(3, 5),
    t: Rational(4, 5),
}

# conv1: 2x1x3
z_11 = w_11*x_1 + w_21*x_2
z_12 = w_12*x_1 + w_22*x_2
z_13 = w_13*x_1 + w_23*x_2
z_21 = w_11*x_2 + w_21*x_3
z_22 = w_12*x_2 + w_22*x_3
z_23 = w_13*x_2 + w_23*x_3

# pool1: 1x1x3
p_1 = maximum(z_11, z_21)
p_2 = maximum(z_12, z_22)
p_3 = maximum(z_13, z_23)

# flatten1: 3
f_1 = p_1
f_2 = p_2
f_3 = p_3

# dense1: 1
z2 = f_1*w2_1 + f_2*w2_2 + f_3*w2_3

# sigmoid1: 1
a = sigmoid(z2)

# loss: 1
loss = (-a + t)**2/2

outputs = {}
outputs['conv1'] = [z_11, z_12, z_13, z_21, z_22, z_23]
outputs['pool1'] = [p_1, p_2, p_3]
outputs['flatten1'] = [f_1, f_2, f_3]
outputs['dense1'] = [z2]
outputs['sigmoid1'] = [a]

# dL/d sigmoid1: 1
delta_a = a - t

# dL/d dense1: 1
delta_z2 = a*delta_a*(1 - a)

# dL/d flatten1: 3
delta_f_1 = delta_z2*w2_1
delta_f_2 = delta_z2*w2_2
delta_f_3 = delta_z2*w2_3

# dL/d pool1: 1x1x3
delta_p_1 = delta_f_1
delta_p_2 = delta_f_2
delta_p_3 = delta_f_3

# dL/d conv1: 2x1x3
delta_z_11 = delta_p_1*Iverson(z_11 >= z_21)
delta_z_12 = delta_p_2*Iverson(z_12 >= z_22)
delta_z_13 = delta_p_3*Iverson(z_13 >= z_23)
delta_z_21 = delta_p_1*Iverson(z_11 < z_21)
delta_z_22 = delta_p_2*Iverson(z_12 < z_22)
delta_z_23 = delta_p_3*Iverson(z_13 < z_23)

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = delta_z_11*x_1 + delta_z_21*x_2
partials[w_12] = delta_z_12*x_1 + delta_z_22*x_2
partials[w_13] = delta_z_13*x_1 + delta_z_23*x_2
partials[w_21] = delta_z_11*x_2 + delta_z_21*x_3
partials[w_22] = delta_z_12*x_2 + delta_z_22*x_3
partials[w_23] = delta_z_13*x_2 + delta_z_23*x_3
partials[w2_1] = delta_z2*f_1
partials[w2_2] = delta_z2*f_2
partials[w2_3] = delta_z2*f_3

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
