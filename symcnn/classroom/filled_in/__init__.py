"""Sheets that are filled in: their fields, and what stands in them when they come back.

A field is named after its figure, ``conv1[0,0,2]``; the name of a quantity with one entry stands
alone, ``loss``. A figure that has several boxes has one field, or several of one name.
"""
