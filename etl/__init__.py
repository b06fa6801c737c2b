"""How files become tables: data/<city> in, warehouse/<city>/<version>.duckdb out.

    dataset.py    a sidecar (<dataset>.toml, .sql): which files, how to read them, their contract
    kinds.py      what a file is by its content, where it is no table
    reader.py     the bytes of a CSV file or workbook -> rows of text with file, sheet and line
    contract.py   sources/<source>.sql -> columns, types, rules, key, references
    lake.py       rows of text -> typed Parquet, rejects and the fate of every row, once per content
    tables.py     the lake -> one table a contract: references resolved, keys unique
    shapes.py     areas.geojson -> the outlines of areas
    findings.py   runs the checks, names what they find, knows what was accepted
    ledger.py     what was received and what became of it: units, rejects, rows, findings
    propose.py    what an unknown file seems to be, worded by proposal.py
    build.py      all of it in order, then marts and checks -> a new warehouse, published
    warehouse.py  where warehouses lie: paths, pointer, lock, read-only connection
    __main__.py   the command line

Nothing in here writes a sentence: problems are codes with parameters, worded by locales/.
"""
