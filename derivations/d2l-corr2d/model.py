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


title = 'Cross-correlation of a 3×3 input (Dive into Deep Learning)'

# x: 3x3x1
x_11 = Symbol('x_11', real=True)
x_12 = Symbol('x_12', real=True)
x_13 = Symbol('x_13', real=True)
x_21 = Symbol('x_21', real=True)
x_22 = Symbol('x_22', real=True)
x_23 = Symbol('x_23', real=True)
x_31 = Symbol('x_31', real=True)
x_32 = Symbol('x_32', real=True)
x_33 = Symbol('x_33', real=True)

# conv1.weight: 2x2x1x1
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)

values = {
    x_11: Integer(0),
    x_12: Integer(1),
    x_13: Integer(2),
    x_21: Integer(3),
    x_22: Integer(4),
    x_23: Integer(5),
    x_31: Integer(6),
    x_32: Integer(7),
    x_33: Integer(8),
    w_11: Integer(0),
    w_12: Integer(1),
    w_21: Integer(2),
    w_22: Integer(3),
}

# conv1: 2x2x1
z_11 = w_11*x_11 + w_12*x_12 + w_21*x_21 + w_22*x_22
z_12 = w_11*x_12 + w_12*x_13 + w_21*x_22 + w_22*x_23
z_21 = w_11*x_21 + w_12*x_22 + w_21*x_31 + w_22*x_32
z_22 = w_11*x_22 + w_12*x_23 + w_21*x_32 + w_22*x_33

# loss: 1
loss = z_11 + z_12 + z_21 + z_22

outputs = {}
outputs['conv1'] = [z_11, z_12, z_21, z_22]

# dL/d conv1: 2x2x1
delta_z_11 = Integer(1)
delta_z_12 = Integer(1)
delta_z_21 = Integer(1)
delta_z_22 = Integer(1)

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = x_11 + x_12 + x_21 + x_22
partials[w_12] = x_12 + x_13 + x_22 + x_23
partials[w_21] = x_21 + x_22 + x_31 + x_32
partials[w_22] = x_22 + x_23 + x_32 + x_33

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
