"""Spreadsheets: a problem as a workbook whose cells have the names of entries.

    contents      the entries on every sheet, and the formula of each
    names         delta^z_11 as the name of a cell, delta_z_11
    formulas      z_11 = w_11 x_1 + w_21 x_2 as =w_11*x_1+w_21*x_2
    parts         a formula that is too long for a cell, in several cells
    layout        where every entry stands on its sheet
    workbook      all of it as an .xlsx file
    reading       the figures in the cells of such a file, after somebody has filled them in

Nothing that a file holds is evaluated: of a formula in a cell, only its result is read.
"""

from symcnn.classroom.spreadsheets.spreadsheet import Spreadsheet as Spreadsheet
from symcnn.classroom.spreadsheets.spreadsheet import spreadsheet as spreadsheet
