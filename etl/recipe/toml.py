"""The TOML files of a city: read with care, held against schema/<kind>.json, as editors do.

A JSON Schema knows no days: a day of TOML is a text with the format date, a moment one with the
format date-time, and a text in quotes is neither.
"""

import json
import os
import re
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from etl.problem import Refused
from etl.read.files import read_small

SCHEMAS = Path(__file__).parent / "schema"
MOST_TOML = 2**16  # bytes of TOML, which takes a time that grows faster than it does
MOST_NESTED = 20  # tables, lists and parts of a key inside of each other
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
DEEP_KEY = re.compile(rf"(?:^|[{{,\[])[ \t]*+(?:{PART}\.[ \t]*+){{{MOST_NESTED}}}", re.M)


def read_toml(path: Path, most: int = MOST_TOML) -> dict:
    """The TOML file at `path` as a dict; Refused, naming the line, where it is not TOML."""
    try:
        text = read_small(path, most).decode("utf-8-sig")
        if DEEP_KEY.search(text):
            raise RecursionError
        stated = tomllib.loads(text)
        _refuse_deep(stated)
        return stated
    except RecursionError as error:
        raise Refused("toml_too_deep", sidecar=path.name, most=MOST_NESTED) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        if not at:  # the end of the file
            raise Refused("bad_toml", sidecar=path.name, error=str(error)) from error
        line, column, words = int(at[1]), int(at[2]), str(error)[: at.start()]
        if words.startswith("Unescaped"):
            raise Refused("toml_backslash", sidecar=path.name, line=line, column=column) from error
        if words.startswith("Invalid value"):
            raise Refused("toml_value", sidecar=path.name, line=line, column=column) from error
        raise Refused(
            "bad_toml_at", sidecar=path.name, line=line, column=column, error=words
        ) from error
    except (ValueError, MemoryError) as error:  # no UTF-8, or a number of thousands of digits
        told = str(error) or type(error).__name__
        raise Refused("bad_toml", sidecar=path.name, error=told) from error


def _refuse_deep(stated):
    """RecursionError where tables and lists lie deeper than can be read without care."""
    level = [stated]
    for _ in range(MOST_NESTED):
        held = (v for one in level for v in (one.values() if isinstance(one, dict) else one))
        level = [v for v in held if isinstance(v, dict | list)]
    if level:
        raise RecursionError


def validated(stated: dict, kind: str, file: str) -> dict:
    """What a file states, as schema/<kind>.json allows; Refused for the first thing that it does
    not, with its place, key and value."""
    for error in _validator(kind).iter_errors(stated):
        raise _refusal(error, file)
    return stated


def keys(kind: str, *tables: str) -> list[str]:
    """The keys that a schema knows, or those of a table below."""
    schema = _validator(kind).schema
    for table in tables:
        schema = schema["properties"][table]
        schema = schema.get("items", schema)
    return list(schema["properties"])


def schema_line(kind: str, folder: Path) -> str:
    """The comment by which an editor finds the schema of a file in a folder, and completes it."""
    path = SCHEMAS / f"{kind}.json"
    try:
        return f"#:schema {Path(os.path.relpath(path, folder)).as_posix()}"
    except ValueError:  # on another drive of Windows
        return f"#:schema {path.as_uri()}"


@cache
def _validator(kind):
    from jsonschema import Draft202012Validator, FormatChecker, validators  # 50 ms to import

    formats = FormatChecker(())
    kinds = Draft202012Validator.TYPE_CHECKER.redefine_many({
        "string": lambda _, value: isinstance(value, str | date),
        "integer": lambda _, value: type(value) is int,  # 1.0 would pass for one
    })  # fmt: skip
    made = validators.extend(Draft202012Validator, {"type": _type}, type_checker=kinds)
    return made(json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8")), format_checker=formats)


def _type(validator, kind, value, schema):
    """The keyword type, which tells days, moments and texts from each other."""
    from jsonschema import ValidationError

    written = {date: "date", datetime: "date-time"}.get(type(value))
    is_same = written == schema.get("format") if kind == "string" else True
    if not (validator.is_type(value, kind) and is_same):
        yield ValidationError(f"{value!r} is no {kind}")


def _refusal(error, file):
    """An error of a schema as a refusal."""
    path = [str(part) for part in error.absolute_path if isinstance(part, str)]
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        key = next(key for key in error.instance if key not in known)
        return Refused("unknown_key", where=_where(file, path), key=key, known=", ".join(known))
    if error.validator == "required":
        key = next(key for key in error.validator_value if key not in error.instance)
        return Refused("key_lacks", where=_where(file, path), key=key)
    if path == ["loads"] and error.validator == "enum":
        known = ", ".join(error.validator_value)
        return Refused("unknown_contract", value=error.instance, known=known)
    *tables, key = path or [""]
    return Refused("wrong_kind", where=_where(file, tables), key=key, value=str(error.instance))


def _where(file, tables):
    """A file, or a table of it: x.toml [per_file] 2019.csv."""
    table, *rest = tables or [""]
    return " ".join([file, *([f"[{table}]"] if table else []), *rest])
