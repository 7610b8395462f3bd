r"""Theorems: what a step of the chain rule says for every stride, padding and size.

A step is an equation with this network's integers in its indices. Here the integers get
letters again,

    x[2 i + u - 1]   becomes   x[i_u]   with   i_u = S i + D u - P,

and the equation is stated as it was derived: a sum over all loop assignments that reach
an entry. Nothing is solved, and no layer is looked up.
"""
