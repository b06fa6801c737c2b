"""A stranger's bytes become rows of text, in a child process with limits.

fence.py      the child, its limits, its jobs
reader.py     a CSV file, workbook or Parquet file -> rows of text with file, sheet and line
workbook.py, parquet.py   those formats as grids and columns of text
kinds.py      what a file is by its content, where it is no table
"""
