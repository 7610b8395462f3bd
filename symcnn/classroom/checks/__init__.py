"""Code and formulas of others, checked against the equations of a layer.

A function is run on numbers that tell mistakes apart, and what it returns is compared with what
the equations give, within a bound of the rounding errors. What is wrong is named, if an equation of
the catalogue of mistakes reproduces it.
"""
