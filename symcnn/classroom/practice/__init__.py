"""Practice: the student's version as a page that marks what is typed into its boxes."""

from symcnn.classroom.practice.page import page as page
from symcnn.classroom.practice.page import practice_page as practice_page
