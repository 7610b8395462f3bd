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


title = 'Kernel gradient of a sum (tensorflow_macos, issue 230)'

# x: 3x3x2
x_111 = Symbol('x_111', real=True)
x_112 = Symbol('x_112', real=True)
x_121 = Symbol('x_121', real=True)
x_122 = Symbol('x_122', real=True)
x_131 = Symbol('x_131', real=True)
x_132 = Symbol('x_132', real=True)
x_211 = Symbol('x_211', real=True)
x_212 = Symbol('x_212', real=True)
x_221 = Symbol('x_221', real=True)
x_222 = Symbol('x_222', real=True)
x_231 = Symbol('x_231', real=True)
x_232 = Symbol('x_232', real=True)
x_311 = Symbol('x_311', real=True)
x_312 = Symbol('x_312', real=True)
x_321 = Symbol('x_321', real=True)
x_322 = Symbol('x_322', real=True)
x_331 = Symbol('x_331', real=True)
x_332 = Symbol('x_332', real=True)

# conv1.weight: 2x2x2x1
w_111 = Symbol('w_111', real=True)
w_112 = Symbol('w_112', real=True)
w_121 = Symbol('w_121', real=True)
w_122 = Symbol('w_122', real=True)
w_211 = Symbol('w_211', real=True)
w_212 = Symbol('w_212', real=True)
w_221 = Symbol('w_221', real=True)
w_222 = Symbol('w_222', real=True)

values = {
    x_111: Integer(0),
    x_112: Integer(1),
    x_121: Integer(2),
    x_122: Integer(3),
    x_131: Integer(4),
    x_132: Integer(5),
    x_211: Integer(6),
    x_212: Integer(7),
    x_221: Integer(8),
    x_222: Integer(9),
    x_231: Integer(10),
    x_232: Integer(11),
    x_311: Integer(12),
    x_312: Integer(13),
    x_321: Integer(14),
    x_322: Integer(15),
    x_331: Integer(16),
    x_332: Integer(17),
    w_111: Integer(0),
    w_112: Integer(1),
    w_121: Integer(2),
    w_122: Integer(3),
    w_211: Integer(4),
    w_212: Integer(5),
    w_221: Integer(6),
    w_222: Integer(7),
}

# conv1: 2x2x1
z_11 = (
    w_111*x_111 + w_112*x_112 + w_121*x_121 + w_122*x_122 + w_211*x_211 + w_212*x_212 +
    w_221*x_221 + w_222*x_222
)
z_12 = (
    w_111*x_121 + w_112*x_122 + w_121*x_131 + w_122*x_132 + w_211*x_221 + w_212*x_222 +
    w_221*x_231 + w_222*x_232
)
z_21 = (
    w_111*x_211 + w_112*x_212 + w_121*x_221 + w_122*x_222 + w_211*x_311 + w_212*x_312 +
    w_221*x_321 + w_222*x_322
)
z_22 = (
    w_111*x_221 + w_112*x_222 + w_121*x_231 + w_122*x_232 + w_211*x_321 + w_212*x_322 +
    w_221*x_331 + w_222*x_332
)

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
partials[w_111] = x_111 + x_121 + x_211 + x_221
partials[w_112] = x_112 + x_122 + x_212 + x_222
partials[w_121] = x_121 + x_131 + x_221 + x_231
partials[w_122] = x_122 + x_132 + x_222 + x_232
partials[w_211] = x_211 + x_221 + x_311 + x_321
partials[w_212] = x_212 + x_222 + x_312 + x_322
partials[w_221] = x_221 + x_231 + x_321 + x_331
partials[w_222] = x_222 + x_232 + x_322 + x_332

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
