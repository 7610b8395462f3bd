"""A convolutional network in SymPy: forward pass, loss, and its partials.

    values     the example's numbers, {symbol: number}
    outputs    every layer's output, {layer: entries in row-major order}
    loss       the loss
    partials   {weight: d loss / d weight}, closed forms in input, weights and target

``at(partials[w], values)`` substitutes the numbers, and ``rounded(partials[w], dict(values))``
rounds the result. Run the module to print them all.
"""

from sympy import Function, Integer, Rational, Symbol, exp, false, log, nan, sstr, true


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


title = 'Two layers with a dead unit and softmax (g-eoj)'

# x: 2
x_1 = Symbol('x_1', real=True)
x_2 = Symbol('x_2', real=True)

# dense1.weight: 2x2
w_11 = Symbol('w_11', real=True)
w_12 = Symbol('w_12', real=True)
w_21 = Symbol('w_21', real=True)
w_22 = Symbol('w_22', real=True)

# dense1.bias: 2
b_1 = Symbol('b_1', real=True)
b_2 = Symbol('b_2', real=True)

# dense2.weight: 3x2
w2_11 = Symbol('w^(2)_11', real=True)
w2_12 = Symbol('w^(2)_12', real=True)
w2_21 = Symbol('w^(2)_21', real=True)
w2_22 = Symbol('w^(2)_22', real=True)
w2_31 = Symbol('w^(2)_31', real=True)
w2_32 = Symbol('w^(2)_32', real=True)

# dense2.bias: 3
b2_1 = Symbol('b^(2)_1', real=True)
b2_2 = Symbol('b^(2)_2', real=True)
b2_3 = Symbol('b^(2)_3', real=True)

# target: 3
t_1 = Symbol('t_1', real=True)
t_2 = Symbol('t_2', real=True)
t_3 = Symbol('t_3', real=True)

values = {
    x_1: Integer(16),
    x_2: Integer(-6),
    w_11: Rational(9, 50),
    w_12: Rational(1, 10),
    w_21: Rational(1, 25),
    w_22: Rational(11, 50),
    b_1: Integer(0),
    b_2: Integer(0),
    w2_11: Rational(19, 100),
    w2_12: Rational(-1, 50),
    w2_21: Rational(-1, 10),
    w2_22: Rational(-1, 100),
    w2_31: Rational(1, 10),
    w2_32: Rational(1, 25),
    b2_1: Integer(0),
    b2_2: Integer(0),
    b2_3: Integer(0),
    t_1: Integer(0),
    t_2: Integer(0),
    t_3: Integer(1),
}

# dense1: 2
z_1 = b_1 + w_11*x_1 + w_12*x_2
z_2 = b_2 + w_21*x_1 + w_22*x_2

# relu1: 2
a_1 = relu(z_1)
a_2 = relu(z_2)

# dense2: 3
z2_1 = a_1*w2_11 + a_2*w2_12 + b2_1
z2_2 = a_1*w2_21 + a_2*w2_22 + b2_2
z2_3 = a_1*w2_31 + a_2*w2_32 + b2_3

# loss.normaliser: 1
ell = log(exp(z2_1) + exp(z2_2) + exp(z2_3))

# loss.probabilities: 3
p_1 = exp(-ell + z2_1)
p_2 = exp(-ell + z2_2)
p_3 = exp(-ell + z2_3)

# loss: 1
loss = ell - t_1*z2_1 - t_2*z2_2 - t_3*z2_3

outputs = {}
outputs['dense1'] = [z_1, z_2]
outputs['relu1'] = [a_1, a_2]
outputs['dense2'] = [z2_1, z2_2, z2_3]

# dL/d loss.normaliser: 1
delta_ell = Integer(1)

# dL/d dense2: 3
delta_z2_1 = p_1 - t_1
delta_z2_2 = p_2 - t_2
delta_z2_3 = p_3 - t_3

# dL/d relu1: 2
delta_a_1 = delta_z2_1*w2_11 + delta_z2_2*w2_21 + delta_z2_3*w2_31
delta_a_2 = delta_z2_1*w2_12 + delta_z2_2*w2_22 + delta_z2_3*w2_32

# dL/d dense1: 2
delta_z_1 = delta_a_1*Iverson(z_1 > 0)
delta_z_2 = delta_a_2*Iverson(z_2 > 0)

# The partial derivative of the loss with respect to every weight
partials = {}
partials[w_11] = delta_z_1*x_1
partials[w_12] = delta_z_1*x_2
partials[w_21] = delta_z_2*x_1
partials[w_22] = delta_z_2*x_2
partials[b_1] = delta_z_1
partials[b_2] = delta_z_2
partials[w2_11] = a_1*delta_z2_1
partials[w2_12] = a_2*delta_z2_1
partials[w2_21] = a_1*delta_z2_2
partials[w2_22] = a_2*delta_z2_2
partials[w2_31] = a_1*delta_z2_3
partials[w2_32] = a_2*delta_z2_3
partials[b2_1] = delta_z2_1
partials[b2_2] = delta_z2_2
partials[b2_3] = delta_z2_3

if __name__ == "__main__":
    print(title)
    for name, formula in {"L": loss, **{f"dL/d{w}": p for w, p in partials.items()}}.items():
        number = at(formula, values)
        print(f"{name} = {sstr(number, order='none')}\n    about {rounded(number, {})}")
