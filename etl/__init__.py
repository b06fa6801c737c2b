"""How files become tables: data/<city> in, warehouse/<city>/<version>.duckdb out.

    read/         a stranger's bytes -> rows of text, in a child with limits
    recipe/       rows of text -> typed values as a sidecar says
    load/         values -> lake, ledger, contract tables
    contract.py   sources/<source>.sql -> columns, types, rules, key, references
    marts/        views and sums over the contract tables
    findings.py   runs the checks in checks/, names what they find, knows what was accepted
    build.py      all of it in order -> a new warehouse, published
    warehouse.py  where warehouses lie: paths, pointer, lock, read-only connection
    problem.py    what can go wrong, as a code with parameters
    cli/, __main__.py   the command line

read knows nothing of recipes, recipe nothing of the warehouse.
Nothing in here writes a sentence: problems are codes with parameters, worded by locales/.
"""
