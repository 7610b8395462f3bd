"""Marking: answers to a problem, figure by figure, with errors carried forward."""

from symcnn.classroom.marking.mark import ClassMarking as ClassMarking
from symcnn.classroom.marking.mark import mark as mark
from symcnn.classroom.marking.mark import mark_class as mark_class
from symcnn.classroom.marking.marking import Figure as Figure
from symcnn.classroom.marking.marking import Marking as Marking
