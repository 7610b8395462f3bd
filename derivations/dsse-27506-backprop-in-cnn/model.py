"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Integer, Rational, Symbol, exp, nan, sstr


def at(expression, numbers):
    """Substitute numbers for symbols; common subexpressions are computed once."""
    known = dict(numbers)

    def put(e):
        if e not in known:
            known[e] = e.func(*map(put, e.args)) if e.args else e
        return known[e]

    return put(expression)


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


title = 'Backpropagation in a CNN (Data Science Stack Exchange 27506)'

# x: 2x2x1
x_11 = Symbol('x_11', real=True)
x_12 = Symbol('x_12', real=True)
x_21 = Symbol('x_21', real=True)
x_22 = Symbol('x_22', real=True)

# dense1.weight: 2x4
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_13 = Symbol('w_13', real=True)
w_14 = Symbol('w_14', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)
w_23 = Symbol('w_23', real=True)
w_24 = Symbol('w_24', real=True)

# gradient: 2
g_1 = Symbol('g_1', real=True)
g_2 = Symbol('g_2', real=True)

values = {
    x_11: Rational(322773392263051, 1000000000000000),
    x_12: Rational(14092557607049383, 50000000000000000),
    x_21: Rational(1547598021015559, 2500000000000000),
    x_22: Rational(5016767386553781, 25000000000000000),
    w_11: Rational(61, 100),
    w_12: Rational(41, 50),
    w_13: Rational(24, 25),
    w_14: Integer(-1),
    w_21: Rational(1, 50),
    w_22: Rational(-1, 2),
    w_23: Rational(23, 100),
    w_24: Rational(17, 100),
    g_1: Rational(1, 4),
    g_2: Rational(-3, 20),
}

# sigmoid1: 2x2x1
a_11 = sigmoid(x_11)
a_12 = sigmoid(x_12)
a_21 = sigmoid(x_21)
a_22 = sigmoid(x_22)

# flatten1: 4
f_1 = a_11
f_2 = a_12
f_3 = a_21
f_4 = a_22

# dense1: 2
z_1 = f_1*w_11 + f_2*w_12 + f_3*w_13 + f_4*w_14
z_2 = f_1*w_21 + f_2*w_22 + f_3*w_23 + f_4*w_24

# loss: 1
loss = g_1*z_1 + g_2*z_2

outputs = {}
outputs['sigmoid1'] = [a_11, a_12, a_21, a_22]
outputs['flatten1'] = [f_1, f_2, f_3, f_4]
outputs['dense1'] = [z_1, z_2]

# dL/d dense1: 2
delta_z_1 = g_1
delta_z_2 = g_2

# dL/d flatten1: 4
delta_f_1 = delta_z_1*w_11 + delta_z_2*w_21
delta_f_2 = delta_z_1*w_12 + delta_z_2*w_22
delta_f_3 = delta_z_1*w_13 + delta_z_2*w_23
delta_f_4 = delta_z_1*w_14 + delta_z_2*w_24

# dL/d sigmoid1: 2x2x1
delta_a_11 = delta_f_1
delta_a_12 = delta_f_2
delta_a_21 = delta_f_3
delta_a_22 = delta_f_4

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = delta_z_1*f_1
partials[w_12] = delta_z_1*f_2
partials[w_13] = delta_z_1*f_3
partials[w_14] = delta_z_1*f_4
partials[w_21] = delta_z_2*f_1
partials[w_22] = delta_z_2*f_2
partials[w_23] = delta_z_2*f_3
partials[w_24] = delta_z_2*f_4

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
