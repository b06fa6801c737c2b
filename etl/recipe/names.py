"""Columns as received under the names of the sidecar ([columns], [read] drop)."""

from dataclasses import replace

import pyarrow as pa

from etl.problem import Refused
from etl.read.rows import Rows
from etl.recipe.dataset import Dataset


def names_given(dataset: Dataset, columns: list[str]) -> dict[str, str]:
    """{column as received: its name in the sidecar}, without the columns that it drops."""
    drop = {name.lower() for name in dataset.read.get("drop", [])}
    kept = [c for c in columns if c.lower() not in drop]
    found = ", ".join(kept)
    by_lower = {c.lower(): c for c in kept}
    renamed = {}
    for canonical, aliases in dataset.columns.items():
        names = dict.fromkeys(n.lower() for n in (canonical, *aliases))
        present = [by_lower[n] for n in names if n in by_lower]
        if len(present) > 1:
            raise Refused("doubled_column", column=canonical, found=found)
        if present:
            renamed[present[0]] = canonical
        elif "?" not in aliases:
            expected = ", ".join(dict.fromkeys((canonical, *aliases)))
            raise Refused("missing_column", column=expected, found=found)
    return {c: renamed.get(c, c) for c in kept}


def named(dataset: Dataset, rows: Rows) -> Rows:
    """The Rows of a sheet under the names of the sidecar, without the columns that it drops."""
    dataset = replace(dataset, columns={}) if rows.lookups else dataset
    given = names_given(dataset, rows.columns)
    rows.table = rows.table.drop_columns([c for c in rows.columns if c not in given])
    rows.table = rows.table.rename_columns([given.get(c, c) for c in rows.table.column_names])
    rows.columns[:] = given.values()
    rows.doubled = {given.get(c, c) for c in rows.doubled}
    for canonical in dataset.columns:
        if canonical not in rows.columns:
            empty = pa.nulls(rows.table.num_rows, pa.string())
            rows.table = rows.table.append_column(canonical, empty)
            rows.columns.append(canonical)
    return rows
