"""How files become tables: data/<city> in, warehouse/<city>/<version>.duckdb out.

    dataset.py    a sidecar (<dataset>.toml, .sql): which files, how to read them, which contract they load
    reader.py     the bytes of a CSV file or workbook -> rows of text, each with file, sheet and line
    contract.py   sources/<source>.sql -> columns, types, rules, key, references
    lake.py       rows of text -> typed Parquet, rejects and the account of every row, once per content
    build.py      the lake -> ledger, references, keys, vintages, marts, checks -> a new warehouse
    warehouse.py  where warehouses lie: paths, pointer, lock, read-only connection
    __main__.py   the command line

Nothing in here writes a sentence: problems are codes with parameters, worded by locales/.
"""
