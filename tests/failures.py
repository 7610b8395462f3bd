"""The network that a failed test was about, as a problem file that repeats it."""

from contextlib import suppress

import symcnn as sc
from symcnn.problems.write import problem_file


def problem_of(frames):
    """Return the problem file of the innermost frame that holds a network, or ""."""
    for variables in reversed(frames):
        problem, network = found(variables, sc.Problem), found(variables, sc.Network)
        if problem is None and network is not None:
            problem = numbered(network, variables)
        if problem is not None:
            return written(problem)
    return ""


def found(variables, kind):
    return next((value for value in variables.values() if isinstance(value, kind)), None)


def numbered(network, variables):
    """Return a network with the numbers that stand beside it, where they are its own."""
    dictionaries = [v for v in variables.values() if isinstance(v, dict) and "x" in v]
    for values in (*dictionaries[:1], {}):
        with suppress(Exception):  # a network that is refused is what the test is about
            return sc.Problem(network, values)
    return None


def written(problem):
    try:
        return problem_file(problem)
    except Exception as error:  # a layer of a test's own has no name in files
        return f"no problem file: {error}"
