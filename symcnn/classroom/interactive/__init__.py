"""Pages that follow their numbers: every given number can be changed, and every figure follows.

The text is that of the documents at the problem's numbers and at others, where maxima fall
elsewhere; the figures are those of a program that is printed from the derivation.
"""

from symcnn.classroom.interactive.page import Page as Page
from symcnn.classroom.interactive.page import interactive_page as interactive_page
