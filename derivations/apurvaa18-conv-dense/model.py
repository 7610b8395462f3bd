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


title = 'A 4×4 image, a convolution and a sigmoid neuron (apurvaa18)'

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

# conv1.weight: 3x3x1x1
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_13 = Symbol('w_13', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)
w_23 = Symbol('w_23', real=True)
w_31 = Symbol('w_31', real=True)
w_32 = Symbol('w_32', real=True)
w_33 = Symbol('w_33', real=True)

# dense1.weight: 1x4
w2_1 = Symbol('w^(2)_1', real=True)
w2_2 = Symbol('w^(2)_2', real=True)
w2_3 = Symbol('w^(2)_3', real=True)
w2_4 = Symbol('w^(2)_4', real=True)

# dense1.bias: 1
b = Symbol('b', real=True)

# target: 1
t = Symbol('t', real=True)

values = {
    x_11: Integer(1),
    x_12: Integer(0),
    x_13: Integer(2),
    x_14: Integer(3),
    x_21: Integer(4),
    x_22: Integer(6),
    x_23: Integer(6),
    x_24: Integer(8),
    x_31: Integer(3),
    x_32: Integer(1),
    x_33: Integer(1),
    x_34: Integer(0),
    x_41: Integer(1),
    x_42: Integer(2),
    x_43: Integer(2),
    x_44: Integer(4),
    w_11: Integer(1),
    w_12: Integer(0),
    w_13: Integer(-1),
    w_21: Integer(1),
    w_22: Integer(-1),
    w_23: Integer(0),
    w_31: Integer(1),
    w_32: Integer(0),
    w_33: Integer(-1),
    w2_1: Rational(2, 5),
    w2_2: Rational(1, 5),
    w2_3: Rational(3, 10),
    w2_4: Rational(3, 5),
    b: Rational(1, 10),
    t: Integer(5),
}

# conv1: 2x2x1
z_11 = (
    w_11*x_11 + w_12*x_12 + w_13*x_13 + w_21*x_21 + w_22*x_22 + w_23*x_23 + w_31*x_31 +
    w_32*x_32 + w_33*x_33
)
z_12 = (
    w_11*x_12 + w_12*x_13 + w_13*x_14 + w_21*x_22 + w_22*x_23 + w_23*x_24 + w_31*x_32 +
    w_32*x_33 + w_33*x_34
)
z_21 = (
    w_11*x_21 + w_12*x_22 + w_13*x_23 + w_21*x_31 + w_22*x_32 + w_23*x_33 + w_31*x_41 +
    w_32*x_42 + w_33*x_43
)
z_22 = (
    w_11*x_22 + w_12*x_23 + w_13*x_24 + w_21*x_32 + w_22*x_33 + w_23*x_34 + w_31*x_42 +
    w_32*x_43 + w_33*x_44
)

# flatten1: 4
f_1 = z_11
f_2 = z_12
f_3 = z_21
f_4 = z_22

# dense1: 1
z2 = b + f_1*w2_1 + f_2*w2_2 + f_3*w2_3 + f_4*w2_4

# sigmoid1: 1
a = sigmoid(z2)

# loss: 1
loss = (-a + t)**2/2

outputs = {}
outputs['conv1'] = [z_11, z_12, z_21, z_22]
outputs['flatten1'] = [f_1, f_2, f_3, f_4]
outputs['dense1'] = [z2]
outputs['sigmoid1'] = [a]

# dL/d sigmoid1: 1
delta_a = a - t

# dL/d dense1: 1
delta_z2 = a*delta_a*(1 - a)

# dL/d flatten1: 4
delta_f_1 = delta_z2*w2_1
delta_f_2 = delta_z2*w2_2
delta_f_3 = delta_z2*w2_3
delta_f_4 = delta_z2*w2_4

# dL/d conv1: 2x2x1
delta_z_11 = delta_f_1
delta_z_12 = delta_f_2
delta_z_21 = delta_f_3
delta_z_22 = delta_f_4

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = delta_z_11*x_11 + delta_z_12*x_12 + delta_z_21*x_21 + delta_z_22*x_22
partials[w_12] = delta_z_11*x_12 + delta_z_12*x_13 + delta_z_21*x_22 + delta_z_22*x_23
partials[w_13] = delta_z_11*x_13 + delta_z_12*x_14 + delta_z_21*x_23 + delta_z_22*x_24
partials[w_21] = delta_z_11*x_21 + delta_z_12*x_22 + delta_z_21*x_31 + delta_z_22*x_32
partials[w_22] = delta_z_11*x_22 + delta_z_12*x_23 + delta_z_21*x_32 + delta_z_22*x_33
partials[w_23] = delta_z_11*x_23 + delta_z_12*x_24 + delta_z_21*x_33 + delta_z_22*x_34
partials[w_31] = delta_z_11*x_31 + delta_z_12*x_32 + delta_z_21*x_41 + delta_z_22*x_42
partials[w_32] = delta_z_11*x_32 + delta_z_12*x_33 + delta_z_21*x_42 + delta_z_22*x_43
partials[w_33] = delta_z_11*x_33 + delta_z_12*x_34 + delta_z_21*x_43 + delta_z_22*x_44
partials[w2_1] = delta_z2*f_1
partials[w2_2] = delta_z2*f_2
partials[w2_3] = delta_z2*f_3
partials[w2_4] = delta_z2*f_4
partials[b] = delta_z2

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
