"""The outlines of areas: data/<city>/areas.geojson -> the table area_shapes, matched by code.

The file is optional. A feature belongs to the area whose code (Kemendagri or BPS) stands in one of
its properties, whichever that is; of its polygons the outer rings are kept. Title, producer,
address, licence and status may stand beside "features".
"""

import json
import os
from pathlib import Path

import duckdb

from etl.problem import Refused
from etl.read.files import read_small

FILE = "areas.geojson"
MOST = 20 * 2**20  # bytes: 7,000 areas with 200 points each have 15 MB
DIGITS = 5  # of a degree: about a metre
SOURCE = ("title", "producer", "address", "licence", "status", "accessed")


def area_shapes(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The table area_shapes, empty without a file; what cannot be used is told in datasets."""
    con.execute("create table area_shapes (area varchar primary key, rings double[][][])")
    path = folder / FILE
    if not os.path.lexists(path):
        return
    source, refusal = {}, None
    try:
        source, features = _read(path)
        known = con.execute("select area, area from areas union select bps_code, area from areas")
        rows = _matched(features, dict(known.fetchall()))
        con.executemany("insert into area_shapes values (?, ?)", rows)
    except Refused as problem:
        refusal = problem
    con.execute(
        f"insert into datasets (dataset, {', '.join(SOURCE)}, refusal, params) "
        f"values ({', '.join('?' * (len(SOURCE) + 3))})",
        [
            FILE,
            *(source.get(key) for key in SOURCE),
            refusal and refusal.code,
            refusal and json.dumps(refusal.params),
        ],
    )


def _read(path):
    """(what stands beside the features, features) of a file; Refused where it is no GeoJSON."""
    try:
        content = json.loads(read_small(path, MOST).decode("utf-8-sig"))
        features = content.pop("features")
        shapes = [(dict(f["properties"] or {}), _rings(f["geometry"])) for f in features]
        source = {k: v for k, v in content.items() if isinstance(v, str)}
        "".join(source.values()).encode()
    except (
        ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError,
        MemoryError,
    ) as error:  # fmt: skip
        raise Refused("bad_geojson", file=path.name, error=repr(error)) from error
    return source, shapes


def _rings(geometry):
    """The outer rings of a Polygon or MultiPolygon: [[longitude, latitude], ...] each."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    elif geometry["type"] != "MultiPolygon":
        raise ValueError(geometry["type"])
    return [[[round(float(n), DIGITS) for n in point[:2]] for point in p[0]] for p in polygons]


def _matched(features, codes):
    """[(area, rings)] of the features that name one known area; Refused where none does."""
    found: dict = {}
    for properties, rings in features:
        said = {str(v) for v in properties.values() if isinstance(v, str | int | float)}
        named = {codes[v] for v in said if v in codes}
        for area in named if len(named) == 1 else _finest(named):
            found.setdefault(area, []).extend(rings)
    if not found:
        raise Refused("shapes_without_code", file=FILE)
    return list(found.items())


def _finest(named):
    """Of an area and those that it lies in, the area: its Kemendagri code contains theirs."""
    return [a for a in named if all(a.startswith(b) for b in named)]
