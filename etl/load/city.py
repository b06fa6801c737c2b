"""A city's own files: city.toml -> the table city, text.<lang>.toml -> the table city_text."""

import os
from pathlib import Path
from zoneinfo import available_timezones

import duckdb

from etl.contract import HERE, literal
from etl.problem import Refused, spelled
from etl.recipe.toml import keys, read_toml, validated

OFFICE_HOURS = [8, 16]  # where city.toml does not say


def city_folders(data: Path) -> dict[str, Path]:
    """The folders of all cities below `data`, by name; Refused where there are none."""
    found = (
        sorted(p for p in data.iterdir() if p.is_dir() and any(p.rglob("*.toml")))
        if data.is_dir()
        else []
    )
    if not found:
        raise Refused("no_data", folder=str(data))
    return {p.name: p for p in found}


def read_city(folder: Path) -> dict:
    """city.toml as a dict, with defaults by the folder's name; Refused for a wrong key or value."""
    path = folder / "city.toml"
    stated = read_toml(path) if os.path.lexists(path) else {}
    city = validated(stated, "city", path.name)
    _office_hours(city)
    if city.get("time_zone", "UTC") not in available_timezones():
        raise Refused("unknown_time_zone", value=city["time_zone"])
    return {"name": folder.name, "area": folder.name, "time_zone": "UTC", "default": False, **city}


def _office_hours(city):
    """(opens, closes) of public offices, whole hours of a working day."""
    hours = city.get("office_hours", OFFICE_HOURS)
    if hours[0] >= hours[1]:
        raise Refused("wrong_kind", where="city.toml", key="office_hours", value=str(hours))
    return hours


def texts(folder: Path) -> tuple[list[tuple[str, str, str]], dict[str, Refused]]:
    """([(language, key, text)] of the city's own sentences, {name: Refused} of their files)."""
    said, told = [], {}
    for path in sorted(folder.glob("text.*.toml")):
        lang = path.name.split(".")[1]
        try:
            if spelled(lang) != lang:
                raise Refused("bad_file_name", file=path.name)
            said += [(lang, key, text) for key, text in _flat(read_toml(path))]
        except Refused as refusal:
            told[spelled(path.stem)] = refusal
    return said, told


def city_tables(con: duckdb.DuckDBPyConnection, city: dict, folder: Path) -> None:
    """The one-row table city, the city's own sentences (city_text) and the table obs_status."""
    ruling = city.get("ruling_target", {})
    row = {k: city[k] for k in ("name", "area", "time_zone", "default")}
    row["office_opens"], row["office_closes"] = _office_hours(city)
    row |= {k: city.get(k) for k in ("demo_as_of", "rating_scale", "first_service")}
    row |= {f"ruling_{k}": ruling.get(k) for k in keys("city", "ruling_target")}
    kinds = {"default": "boolean", "demo_as_of": "date", "ruling_year": "integer"}
    kinds |= dict.fromkeys(("office_opens", "office_closes"), "integer")
    columns = ", ".join(f'"{name}" {kinds.get(name, "varchar")}' for name in row)
    con.execute(f"create table city ({columns})")
    con.execute(f"insert into city values ({', '.join('?' * len(row))})", list(row.values()))
    con.execute("create table city_text (lang varchar, key varchar, text varchar)")
    for text in texts(folder)[0]:
        con.execute("insert into city_text values (?, ?, ?)", text)
    path = literal(HERE / "sources" / "obs_status.csv")
    con.execute(f"create table obs_status as from read_csv({path}, header = true)")


def _flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
