"""Marking: answers to a problem, figure by figure, with errors carried forward."""

from symcnn.marking.mark import Figure as Figure
from symcnn.marking.mark import Marking as Marking
from symcnn.marking.mark import mark as mark
from symcnn.marking.report import Report as Report
