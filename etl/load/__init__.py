"""Values become the tables of a warehouse, and every row and value is accounted for.

unit.py       a file, or all files of a dataset, and what it yields
making.py, stream.py   what a child makes of a unit; of large files in one pass
units.py      the units of a city's datasets, each with its key
city.py       city.toml and text.<lang>.toml -> the tables city and city_text
lake.py       what units yielded: typed Parquet, rejects, the fate of every row
tables.py     the lake -> one table a contract: references resolved, keys unique; light marts
events.py     rows that stay in the lake, and heavy marts
shapes.py     areas.geojson -> the outlines of areas
ledger.py     what was received and what became of it: units, rejects, rows
statements/   the SQL of all these
"""
