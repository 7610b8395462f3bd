"""Suites: files of courses, whose functions are found by their names and checked."""

from symcnn.classroom.checks.suites.checking import SUITES as SUITES
from symcnn.classroom.checks.suites.checking import SuiteVerdict as SuiteVerdict
from symcnn.classroom.checks.suites.checking import check_file as check_file
