"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Integer, Symbol, exp, nan, sstr


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


title = 'A sigmoid neuron (CS231n, Optimization 2)'

# x: 2
x_1 = Symbol('x_1', real=True)
x_2 = Symbol('x_2', real=True)

# dense1.weight: 1x2
w_1 = Symbol('w_1', real=True)
w_2 = Symbol('w_2', real=True)

# dense1.bias: 1
b = Symbol('b', real=True)

values = {
    x_1: Integer(-1),
    x_2: Integer(-2),
    w_1: Integer(2),
    w_2: Integer(-3),
    b: Integer(-3),
}

# dense1: 1
z = b + w_1*x_1 + w_2*x_2

# sigmoid1: 1
a = sigmoid(z)

# loss: 1
loss = a

outputs = {}
outputs['dense1'] = [z]
outputs['sigmoid1'] = [a]

# dL/d sigmoid1: 1
delta_a = Integer(1)

# dL/d dense1: 1
delta_z = a*(1 - a)

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_1] = delta_z*x_1
partials[w_2] = delta_z*x_2
partials[b] = delta_z

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
