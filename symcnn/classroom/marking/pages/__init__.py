"""Reports on answers, of one student and of a class: documents, and plain data."""

from symcnn.classroom.marking.pages.data import data as data
from symcnn.classroom.marking.pages.report import report as report
