"""Spreadsheets: a problem as a workbook whose cells have the names of entries.

    contents      the entries on every sheet, the formula of each, and the name of its cell
    formulas      z_11 = w_11 x_1 + w_21 x_2 as =w_11*x_1+w_21*x_2
    layout        where every entry stands on its sheet
    workbook      all of it as an .xlsx file, long formulas in several cells
    reading       the figures in the cells of such a file, after somebody has filled them in

Nothing that a file holds is evaluated: of a formula in a cell, only its result is read.
"""

from symcnn.classroom.spreadsheets.spreadsheet import Spreadsheet as Spreadsheet
from symcnn.classroom.spreadsheets.spreadsheet import spreadsheet as spreadsheet
