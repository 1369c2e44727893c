"""Acts, and the law on a date."""
