"""Multiple choice: figures and formulas whose wrong options are mistakes of the catalogue."""

from symcnn.classroom.worksheets.choices.sheets import ChoiceSheets as ChoiceSheets
