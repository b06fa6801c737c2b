"""A guest's own figures beside ours: read by the machinery of every dataset, kept by nobody.

Nothing here is cached: who asks holds what is returned, for one session (see pages/present/).
"""

from dataclasses import dataclass
from datetime import date

from etl.recipe import guest
from kpi.beside import BASES, Base, Count, Place

# what a guest's numbers can count: measures that add up, by the definitions of a new city
MEASURES = guest.DEFINITIONS | {"not_stated": ()}
COUNTED = (*MEASURES, *BASES)
MOST_MB = guest.MOST_BYTES // guest.MB
MOST_ROWS = guest.MOST_ROWS


@dataclass(frozen=True)
class Guest:
    """What came of a guest's file.

    places: [Place] of its good rows; rejects: its other rows as dicts for Text.reject; refusal:
    (code, params) where nothing of it can be used.
    """

    file: str
    places: tuple = ()
    rows: int = 0
    rejects: tuple = ()
    refusal: tuple | None = None


def read(name: str, content: bytes, headings: dict[str, list[str]], words: dict[str, str]) -> Guest:
    """The Guest of a file's name and bytes; headings and words as in etl/recipe/guest.py."""
    try:
        rows, rejects = guest.read(name, content, headings, words)
    except guest.Refused as refusal:
        return Guest(name, refusal=(refusal.code, refusal.params))
    names = dict.fromkeys(row["place"] for row in rows)
    places = tuple(
        _place(f"guest-{number}", name, [row for row in rows if row["place"] == name])
        for number, name in enumerate(names, start=1)
    )
    return Guest(name, places, len(rows), tuple(rejects))


def _place(key, name, rows):
    return Place(
        key=key,
        name=name,
        kind="guest",
        counts=tuple(_count(row) for row in rows if row["counted"] in MEASURES),
        bases={b: tuple(_base(row) for row in rows if row["counted"] == b) for b in BASES},
    )


def _count(row):
    # BPS counts trips of residents only
    origins = ("wisnus",) if row["counted"] == "trips" else ("total",)
    return Count(
        definition=row["counted"],
        measures=MEASURES[row["counted"]],
        series=row["source"],
        source=row["source"],
        year=row["year"],
        value=int(row["value"]),
        obs_status="final",
        is_complete=row["year"] < date.today().year,
        origins=origins,
        covered_to=None,
    )


def _base(row):
    return Base(row["year"], row["value"], row["source"])
