"""Suites: files of courses, whose functions are found by their names and checked."""

from symcnn.classroom.checks.suites.checking import SUITES as SUITES
from symcnn.classroom.checks.suites.checking import check_file as check_file
from symcnn.classroom.checks.suites.suite_verdict import SuiteVerdict as SuiteVerdict
