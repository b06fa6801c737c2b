"""The page on the outlook: words, tables and the chart of the path."""
