"""Marking: answers to a problem, figure by figure, with errors carried forward."""

from symcnn.marking.classes import ClassMarking as ClassMarking
from symcnn.marking.classes import mark_class as mark_class
from symcnn.marking.figure import Figure as Figure
from symcnn.marking.mark import mark as mark
from symcnn.marking.marking import Marking as Marking
from symcnn.marking.pages import data as data
from symcnn.marking.pages import report as report
