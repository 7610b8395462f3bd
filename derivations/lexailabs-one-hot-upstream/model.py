"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Integer, Symbol, nan, sstr


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


title = 'Convolution backward from one output (LexAI Labs)'

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

# gradient: 3x3x1
g_11 = Symbol('g_11', real=True)
g_12 = Symbol('g_12', real=True)
g_13 = Symbol('g_13', real=True)
g_21 = Symbol('g_21', real=True)
g_22 = Symbol('g_22', real=True)
g_23 = Symbol('g_23', real=True)
g_31 = Symbol('g_31', real=True)
g_32 = Symbol('g_32', real=True)
g_33 = Symbol('g_33', real=True)

values = {
    x_11: Integer(0),
    x_12: Integer(1),
    x_13: Integer(2),
    x_14: Integer(3),
    x_21: Integer(4),
    x_22: Integer(5),
    x_23: Integer(6),
    x_24: Integer(7),
    x_31: Integer(8),
    x_32: Integer(9),
    x_33: Integer(10),
    x_34: Integer(11),
    x_41: Integer(12),
    x_42: Integer(13),
    x_43: Integer(14),
    x_44: Integer(15),
    w_11: Integer(1),
    w_12: Integer(2),
    w_21: Integer(3),
    w_22: Integer(4),
    g_11: Integer(1),
    g_12: Integer(0),
    g_13: Integer(0),
    g_21: Integer(0),
    g_22: Integer(0),
    g_23: Integer(0),
    g_31: Integer(0),
    g_32: Integer(0),
    g_33: Integer(0),
}

# conv1: 3x3x1
z_11 = w_11*x_11 + w_12*x_12 + w_21*x_21 + w_22*x_22
z_12 = w_11*x_12 + w_12*x_13 + w_21*x_22 + w_22*x_23
z_13 = w_11*x_13 + w_12*x_14 + w_21*x_23 + w_22*x_24
z_21 = w_11*x_21 + w_12*x_22 + w_21*x_31 + w_22*x_32
z_22 = w_11*x_22 + w_12*x_23 + w_21*x_32 + w_22*x_33
z_23 = w_11*x_23 + w_12*x_24 + w_21*x_33 + w_22*x_34
z_31 = w_11*x_31 + w_12*x_32 + w_21*x_41 + w_22*x_42
z_32 = w_11*x_32 + w_12*x_33 + w_21*x_42 + w_22*x_43
z_33 = w_11*x_33 + w_12*x_34 + w_21*x_43 + w_22*x_44

# loss: 1
loss = (
    g_11*z_11 + g_12*z_12 + g_13*z_13 + g_21*z_21 + g_22*z_22 + g_23*z_23 + g_31*z_31 +
    g_32*z_32 + g_33*z_33
)

outputs = {}
outputs['conv1'] = [z_11, z_12, z_13, z_21, z_22, z_23, z_31, z_32, z_33]

# dL/d conv1: 3x3x1
delta_z_11 = g_11
delta_z_12 = g_12
delta_z_13 = g_13
delta_z_21 = g_21
delta_z_22 = g_22
delta_z_23 = g_23
delta_z_31 = g_31
delta_z_32 = g_32
delta_z_33 = g_33

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = (
    delta_z_11*x_11 + delta_z_12*x_12 + delta_z_13*x_13 + delta_z_21*x_21 + delta_z_22*x_22 +
    delta_z_23*x_23 + delta_z_31*x_31 + delta_z_32*x_32 + delta_z_33*x_33
)
partials[w_12] = (
    delta_z_11*x_12 + delta_z_12*x_13 + delta_z_13*x_14 + delta_z_21*x_22 + delta_z_22*x_23 +
    delta_z_23*x_24 + delta_z_31*x_32 + delta_z_32*x_33 + delta_z_33*x_34
)
partials[w_21] = (
    delta_z_11*x_21 + delta_z_12*x_22 + delta_z_13*x_23 + delta_z_21*x_31 + delta_z_22*x_32 +
    delta_z_23*x_33 + delta_z_31*x_41 + delta_z_32*x_42 + delta_z_33*x_43
)
partials[w_22] = (
    delta_z_11*x_22 + delta_z_12*x_23 + delta_z_13*x_24 + delta_z_21*x_32 + delta_z_22*x_33 +
    delta_z_23*x_34 + delta_z_31*x_42 + delta_z_32*x_43 + delta_z_33*x_44
)

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
