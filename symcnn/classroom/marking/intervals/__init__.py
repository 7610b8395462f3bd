"""What written figures stand for: intervals, how they are computed with and compared."""
