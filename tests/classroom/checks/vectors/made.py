"""Test vectors that several tests read, made once, and their arrays as exact numbers."""

import json
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np

import symcnn as sc

OVERLAPPING = sc.MaxPool2D(2, stride=1)


@cache
def vectors(layer, **options):
    return sc.vectors(layer, **options)


@cache
def text(layer):
    return vectors(layer).to_json()


@cache
def cases(layer):
    """Return the cases as a reader of the file has them, with decimals for numbers."""
    return json.loads(text(layer), parse_float=Decimal)["cases"]


def exact(array):
    """Return an array of fractions in its shape."""
    numbers = [Fraction(number) for number in array["values"]]
    return np.array(numbers, dtype=object).reshape(array["shape"])


def floats(array):
    return np.array(array["values"], dtype=float).reshape(array["shape"])
