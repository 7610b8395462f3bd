"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Function, Integer, Max, Rational, Symbol, false, nan, sstr, true


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


def relu(z):
    return z*Iverson(z > 0)


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


title = 'CNN by hand, with a three-way tie (Yrgo-25, lecture 13)'

# x: 4x4x1
x_11 = Symbol('x_11', real=True)
x_12 = Symbol('x_12', real=True)
x_13 = Symbol('x_13', real=True)
x_14 = Symbol('x_14', real=True)
x_21 = Symbol('x_21', real=True)
x_22 = Symbol('x_22', real=True)
x_23 = Symbol('x_23', real=True)
x_24 = Symbol('x_24', real=True)
x_31 = Symbol('x_31', real=True)
x_32 = Symbol('x_32', real=True)
x_33 = Symbol('x_33', real=True)
x_34 = Symbol('x_34', real=True)
x_41 = Symbol('x_41', real=True)
x_42 = Symbol('x_42', real=True)
x_43 = Symbol('x_43', real=True)
x_44 = Symbol('x_44', real=True)

# conv1.weight: 2x2x1x1
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)

# conv1.bias: 1
b = Symbol('b', real=True)

# gradient: 4
g_1 = Symbol('g_1', real=True)
g_2 = Symbol('g_2', real=True)
g_3 = Symbol('g_3', real=True)
g_4 = Symbol('g_4', real=True)

values = {
    x_11: Integer(1),
    x_12: Integer(1),
    x_13: Integer(1),
    x_14: Integer(1),
    x_21: Integer(1),
    x_22: Integer(0),
    x_23: Integer(0),
    x_24: Integer(1),
    x_31: Integer(1),
    x_32: Integer(0),
    x_33: Integer(0),
    x_34: Integer(1),
    x_41: Integer(1),
    x_42: Integer(1),
    x_43: Integer(1),
    x_44: Integer(1),
    w_11: Rational(1, 5),
    w_12: Rational(2, 5),
    w_21: Rational(3, 5),
    w_22: Rational(4, 5),
    b: Rational(1, 2),
    g_1: Integer(10),
    g_2: Integer(20),
    g_3: Integer(30),
    g_4: Integer(40),
}

# conv1: 4x4x1
z_11 = b + w_22*x_11
z_12 = b + w_21*x_11 + w_22*x_12
z_13 = b + w_21*x_12 + w_22*x_13
z_14 = b + w_21*x_13 + w_22*x_14
z_21 = b + w_12*x_11 + w_22*x_21
z_22 = b + w_11*x_11 + w_12*x_12 + w_21*x_21 + w_22*x_22
z_23 = b + w_11*x_12 + w_12*x_13 + w_21*x_22 + w_22*x_23
z_24 = b + w_11*x_13 + w_12*x_14 + w_21*x_23 + w_22*x_24
z_31 = b + w_12*x_21 + w_22*x_31
z_32 = b + w_11*x_21 + w_12*x_22 + w_21*x_31 + w_22*x_32
z_33 = b + w_11*x_22 + w_12*x_23 + w_21*x_32 + w_22*x_33
z_34 = b + w_11*x_23 + w_12*x_24 + w_21*x_33 + w_22*x_34
z_41 = b + w_12*x_31 + w_22*x_41
z_42 = b + w_11*x_31 + w_12*x_32 + w_21*x_41 + w_22*x_42
z_43 = b + w_11*x_32 + w_12*x_33 + w_21*x_42 + w_22*x_43
z_44 = b + w_11*x_33 + w_12*x_34 + w_21*x_43 + w_22*x_44

# relu1: 4x4x1
a_11 = relu(z_11)
a_12 = relu(z_12)
a_13 = relu(z_13)
a_14 = relu(z_14)
a_21 = relu(z_21)
a_22 = relu(z_22)
a_23 = relu(z_23)
a_24 = relu(z_24)
a_31 = relu(z_31)
a_32 = relu(z_32)
a_33 = relu(z_33)
a_34 = relu(z_34)
a_41 = relu(z_41)
a_42 = relu(z_42)
a_43 = relu(z_43)
a_44 = relu(z_44)

# pool1: 2x2x1
p_11 = maximum(a_11, a_12, a_21, a_22)
p_12 = maximum(a_13, a_14, a_23, a_24)
p_21 = maximum(a_31, a_32, a_41, a_42)
p_22 = maximum(a_33, a_34, a_43, a_44)

# flatten1: 4
f_1 = p_11
f_2 = p_12
f_3 = p_21
f_4 = p_22

# loss: 1
loss = f_1*g_1 + f_2*g_2 + f_3*g_3 + f_4*g_4

outputs = {}
outputs['conv1'] = [
    z_11, z_12, z_13, z_14, z_21, z_22, z_23, z_24, z_31, z_32, z_33, z_34, z_41, z_42, z_43,
    z_44,
]
outputs['relu1'] = [
    a_11, a_12, a_13, a_14, a_21, a_22, a_23, a_24, a_31, a_32, a_33, a_34, a_41, a_42, a_43,
    a_44,
]
outputs['pool1'] = [p_11, p_12, p_21, p_22]
outputs['flatten1'] = [f_1, f_2, f_3, f_4]

# dL/d flatten1: 4
delta_f_1 = g_1
delta_f_2 = g_2
delta_f_3 = g_3
delta_f_4 = g_4

# dL/d pool1: 2x2x1
delta_p_11 = delta_f_1
delta_p_12 = delta_f_2
delta_p_21 = delta_f_3
delta_p_22 = delta_f_4

# dL/d relu1: 4x4x1
delta_a_11 = delta_p_11*Iverson(a_11 >= a_12, a_11 >= a_21, a_11 >= a_22)
delta_a_12 = delta_p_11*Iverson(a_11 < a_12, a_12 >= a_21, a_12 >= a_22)
delta_a_13 = delta_p_12*Iverson(a_13 >= a_14, a_13 >= a_23, a_13 >= a_24)
delta_a_14 = delta_p_12*Iverson(a_13 < a_14, a_14 >= a_23, a_14 >= a_24)
delta_a_21 = delta_p_11*Iverson(a_11 < a_21, a_12 < a_21, a_21 >= a_22)
delta_a_22 = delta_p_11*Iverson(a_11 < a_22, a_12 < a_22, a_21 < a_22)
delta_a_23 = delta_p_12*Iverson(a_13 < a_23, a_14 < a_23, a_23 >= a_24)
delta_a_24 = delta_p_12*Iverson(a_13 < a_24, a_14 < a_24, a_23 < a_24)
delta_a_31 = delta_p_21*Iverson(a_31 >= a_32, a_31 >= a_41, a_31 >= a_42)
delta_a_32 = delta_p_21*Iverson(a_31 < a_32, a_32 >= a_41, a_32 >= a_42)
delta_a_33 = delta_p_22*Iverson(a_33 >= a_34, a_33 >= a_43, a_33 >= a_44)
delta_a_34 = delta_p_22*Iverson(a_33 < a_34, a_34 >= a_43, a_34 >= a_44)
delta_a_41 = delta_p_21*Iverson(a_31 < a_41, a_32 < a_41, a_41 >= a_42)
delta_a_42 = delta_p_21*Iverson(a_31 < a_42, a_32 < a_42, a_41 < a_42)
delta_a_43 = delta_p_22*Iverson(a_33 < a_43, a_34 < a_43, a_43 >= a_44)
delta_a_44 = delta_p_22*Iverson(a_33 < a_44, a_34 < a_44, a_43 < a_44)

# dL/d conv1: 4x4x1
delta_z_11 = delta_a_11*Iverson(z_11 > 0)
delta_z_12 = delta_a_12*Iverson(z_12 > 0)
delta_z_13 = delta_a_13*Iverson(z_13 > 0)
delta_z_14 = delta_a_14*Iverson(z_14 > 0)
delta_z_21 = delta_a_21*Iverson(z_21 > 0)
delta_z_22 = delta_a_22*Iverson(z_22 > 0)
delta_z_23 = delta_a_23*Iverson(z_23 > 0)
delta_z_24 = delta_a_24*Iverson(z_24 > 0)
delta_z_31 = delta_a_31*Iverson(z_31 > 0)
delta_z_32 = delta_a_32*Iverson(z_32 > 0)
delta_z_33 = delta_a_33*Iverson(z_33 > 0)
delta_z_34 = delta_a_34*Iverson(z_34 > 0)
delta_z_41 = delta_a_41*Iverson(z_41 > 0)
delta_z_42 = delta_a_42*Iverson(z_42 > 0)
delta_z_43 = delta_a_43*Iverson(z_43 > 0)
delta_z_44 = delta_a_44*Iverson(z_44 > 0)

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = (
    delta_z_22*x_11 + delta_z_23*x_12 + delta_z_24*x_13 + delta_z_32*x_21 + delta_z_33*x_22 +
    delta_z_34*x_23 + delta_z_42*x_31 + delta_z_43*x_32 + delta_z_44*x_33
)
partials[w_12] = (
    delta_z_21*x_11 + delta_z_22*x_12 + delta_z_23*x_13 + delta_z_24*x_14 + delta_z_31*x_21 +
    delta_z_32*x_22 + delta_z_33*x_23 + delta_z_34*x_24 + delta_z_41*x_31 + delta_z_42*x_32 +
    delta_z_43*x_33 + delta_z_44*x_34
)
partials[w_21] = (
    delta_z_12*x_11 + delta_z_13*x_12 + delta_z_14*x_13 + delta_z_22*x_21 + delta_z_23*x_22 +
    delta_z_24*x_23 + delta_z_32*x_31 + delta_z_33*x_32 + delta_z_34*x_33 + delta_z_42*x_41 +
    delta_z_43*x_42 + delta_z_44*x_43
)
partials[w_22] = (
    delta_z_11*x_11 + delta_z_12*x_12 + delta_z_13*x_13 + delta_z_14*x_14 + delta_z_21*x_21 +
    delta_z_22*x_22 + delta_z_23*x_23 + delta_z_24*x_24 + delta_z_31*x_31 + delta_z_32*x_32 +
    delta_z_33*x_33 + delta_z_34*x_34 + delta_z_41*x_41 + delta_z_42*x_42 + delta_z_43*x_43 +
    delta_z_44*x_44
)
partials[b] = (
    delta_z_11 + delta_z_12 + delta_z_13 + delta_z_14 + delta_z_21 + delta_z_22 + delta_z_23 +
    delta_z_24 + delta_z_31 + delta_z_32 + delta_z_33 + delta_z_34 + delta_z_41 + delta_z_42 +
    delta_z_43 + delta_z_44
)

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
