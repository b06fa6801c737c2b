"""Rows of text become typed values as a sidecar says.

dataset.py    a sidecar (<dataset>.toml, .sql): which files, how to read them, their contract
typed.py      rows -> set aside, mapped or reshaped, cast, checked (sql.py), with macros.sql
personal.py   what stops a file before anything of it is kept
guest.py      a guest's file, by the same way and kept nowhere
"""
