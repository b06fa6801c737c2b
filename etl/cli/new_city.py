"""A new city: its folder with who it is, its sentences, and empty files to fill in.

data/<city>/city.toml          name, code, time zone; every line explained
data/<city>/text.<lang>.toml   the city's own sentences, one file a language
data/<city>/reference/         definitions and holidays (the same in every city), areas, sites
data/<city>/<contract>/        an empty workbook and the sidecar that loads it

Nothing in it is a figure, so it builds at once; the pages say what to fill in.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from etl.cli.template import write_templates
from etl.cli.words import Say
from etl.problem import Refused, writing
from etl.recipe.guest import DEFINITIONS
from etl.recipe.toml import schema_line

FOLDER = re.compile(r"[a-z][a-z0-9_]{0,39}")  # it stands in addresses and in file names
CODE = re.compile(r"\d\d\.\d\d")  # Kemendagri's of a kabupaten or kota
TEMPLATES = {
    "reference": ("areas", "sites"), "visits": ("visits",), "targets": ("targets",),
    "indicators": ("indicators",), "condition": ("condition",), "service": ("service",),
    "reporting": ("reporting",),
}  # fmt: skip
HOLIDAYS = Path(__file__).with_name("holidays.csv")  # national holidays and joint leave
LIBRARY = "Python library holidays 0.109 (ID, public + government)"  # that HOLIDAYS was made with
ZONES = {"5[123]|6[345]|7": "Asia/Makassar", "8|9[1-7]": "Asia/Jayapura"}  # provinces in WITA, WIT


def new_city(
    data: Path, folder: str, name: str, code: str, say: Say, texts: Mapping[str, Say]
) -> Path:
    """The path of the new folder of a city below `data`.

    name: as it is read ("Kabupaten Kudus"); code: Kemendagri's ("33.19"); say: the words of the
    comments; texts: {language: its words}. Refused where a name or code cannot be one, and where
    the folder is there already.
    """
    if not FOLDER.fullmatch(folder):
        raise Refused("bad_city_folder", value=folder)
    if not name or not name.isprintable() or name != name.strip():
        raise Refused("bad_city_name", value=name)
    if not CODE.fullmatch(code):
        raise Refused("bad_city_code", value=code)
    target = data / folder
    if target.exists():
        raise Refused("city_exists", folder=str(target))
    with writing(data):
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=data, prefix=".new-") as making:
            made = Path(making) / folder
            _write(made, target, name, code, say, texts)
            made.rename(target)  # whole or not at all
    return target


def time_zone(code: str) -> str:
    """The time zone of a Kemendagri code, by its province."""
    return next((zone for begin, zone in ZONES.items() if re.match(begin, code)), "Asia/Jakarta")


def _write(folder, home, name, code, say, texts):
    for below, contracts in TEMPLATES.items():
        for contract in contracts:
            write_templates(contract, folder / below, say, {}, False, home / below)
    files = {"city.toml": _lines(schema_line("city", home)) + _city(name, code, say)}
    files |= {f"text.{lang}.toml": _text(name, words) for lang, words in texts.items()}
    rows = [f"{one},{measure}" for one, measures in DEFINITIONS.items() for measure in measures]
    files["reference/definitions.csv"] = _lines("definition,measure", *rows)
    files["reference/definitions.toml"] = _lines(
        schema_line("dataset", home / "reference"),
        f"# {say('new_city.definitions')}",
        'loads = "definitions"',
        'files = ["definitions.csv"]',
        "",
        "[source]",
        f'title = "{say("new_city.definitions_title")}"',
        'producer = "Dua Juta"',
        f'licence = "{say("new_city.definitions_licence")}"',
    )
    files["reference/holidays.csv"] = HOLIDAYS.read_text(encoding="utf-8")
    files["reference/holidays.toml"] = _lines(
        schema_line("dataset", home / "reference"),
        f"# {say('new_city.holidays')}",
        'loads = "calendar"',
        'files = ["holidays.csv"]',
        "",
        "[source]",
        f'title = "{say("new_city.holidays_title")}"',
        f'producer = "{LIBRARY}"',
        'address = "https://github.com/vacanza/holidays"',
        f'licence = "{say("new_city.holidays_licence")}"',
        f'status = "{say("new_city.holidays_status")}"',
    )
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")


def _city(name, code, say):
    """The text of city.toml: what must be said, and behind # what may be."""
    stated = {
        "name": quoted(name), "area": quoted(code), "time_zone": quoted(time_zone(code)),
        "default": "false", "office_hours": "[8, 16]",
    }  # fmt: skip
    may = {"first_service": quoted("ktp_el"), "demo_as_of": "2025-09-30"}
    ruling = {
        "kpi": quoted("visits"), "year": "2025", "document": quoted("RPJMD 2025-2029"),
        "definition": quoted("attractions"), "series": quoted("dinas_pariwisata"),
    }  # fmt: skip

    def explained(lines, mark=""):
        for key, value in lines.items():
            yield f"{f'{mark}{key} = {value}':<34} # {say(f'new_city.{key}')}"

    return _lines(
        f"# {say('new_city.city', name=name)}",
        *explained(stated),
        *explained(may, "# "),
        "",
        f"# {say('new_city.ruling_target')}",
        "# [ruling_target]",
        *explained(ruling, "# "),
    )


def _text(name, say):
    """The text of text.<lang>.toml in its language."""
    return _lines(
        f"# {say('new_city.text', name=name)}",
        f"title = {quoted(say('new_city.title', name=name))}",
        f"# ruling_target_reason = {quoted(say('new_city.reason'))}",
        "",
        f"[series]  # {say('new_city.series_names')}",
        f"# dinas_pariwisata = {quoted(say('new_city.series_name'))}",
    )


def quoted(text: str) -> str:
    """A text as TOML writes it (on one line, as JSON does)."""
    return json.dumps(text, ensure_ascii=False)


def _lines(*lines):
    return "\n".join(lines) + "\n"
