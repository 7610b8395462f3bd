"""The built-in example and random networks, each explained once: that takes longest."""

import json
import re
from functools import cache

import symcnn as sc
from symcnn.classroom.practice import page
from symcnn.classroom.practice.boxes import asked_for
from symcnn.classroom.practice.figures import Figures
from symcnn.document.style import Style
from tests.classroom.marking.simulation.networks import drawn


@cache
def problem_of(seed=None):
    """Return a random network's problem, or without a seed that of the built-in example."""
    return sc.examples.cnn_by_hand() if seed is None else drawn(seed).problem


@cache
def solution_of(seed=None):
    return sc.explain(problem_of(seed))


@cache
def figures_of(seed=None):
    student = solution_of(seed).with_blanks()
    return Figures(problem_of(seed), Style(), tuple(asked_for(student.blocks)))


@cache
def page_of(seed=None):
    return page(problem_of(seed), solution_of(seed), Style())


@cache
def data_of(seed=None):
    """Return what the script of a page reads."""
    made = re.findall(r'id="practice-data">(.*?)</script>', page_of(seed), re.DOTALL)
    return json.loads(made[0])
