"""A stranger's bytes become rows of text, in a child process with limits.

fence.py      the child, its limits, its jobs
reader.py     a file -> rows of text with file, sheet and line (rows.py), by its format:
              csv.py, workbook.py (xls.py), parquet.py
files.py      a file on the disk: its stamp, small ones read whole
kinds.py      what a file is by its content, where it is no table
"""
