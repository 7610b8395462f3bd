"""What a class works with: marking, worksheets, practice, moving pages and workbooks."""
