"""A guest's file: a small table read from memory by the machinery of every dataset, kept nowhere.

    bytes -> reader.read_rows -> personal -> typed.make with the contract guest.sql -> dicts

Everything happens in the memory of a child of its own (etl/read/fence.py), which ends with the
file: no lake, no ledger, no file beside it.
"""

from functools import cache
from pathlib import Path, PurePath

import duckdb
import pyarrow as pa

from etl.contract import HERE, Contract, Settings, literal, macros, read_contract, statement
from etl.problem import Refused
from etl.read import fence, workbook
from etl.read.reader import read_rows
from etl.read.workbook import MB
from etl.recipe.dataset import Dataset
from etl.recipe.names import named
from etl.recipe.personal import refuse_names
from etl.recipe.sql import OPTIMIZERS
from etl.recipe.typed import make

# what can be counted: the same list in every city, so that like meets like
DEFINITIONS = {
    "attractions": ("attraction_visits",),
    "accommodation": ("accommodation_guests",),
    "restaurants": ("restaurant_guests",),
    "attractions_accommodation": ("attraction_visits", "accommodation_guests"),
    "attractions_accommodation_restaurants": (
        "attraction_visits", "accommodation_guests", "restaurant_guests",
    ),
    "trips": ("trips",),
}  # fmt: skip
MOST_BYTES, MOST_UNPACKED = MB, 20 * MB
MOST_CELLS = 50_000
MOST_MEMORY = fence.GB // 2
MOST_ROWS = 1000
MOST_LINE = 20_000  # bytes; 450,000 headings of a letter each took ten seconds
SUFFIXES = (".csv", ".xlsx")
IN_MEMORY: Settings = {  # never a disk
    **{"memory_limit": "200MB", "temp_directory": "", "threads": 1},
    "disabled_optimizers": OPTIMIZERS,
}
# rules and refusals whose usual words speak of recipes, which a guest has none of
WORDED = {
    "ambiguous_number": "guest_two_ways",
    "key_conflict": "guest_twice",
    "not_a_number": "guest_number",
    "personal_data": "guest_personal",
    "reading_failed": "guest_unreadable",
    "wrong_encoding": "guest_encoding",
}


@cache
def contract() -> Contract:
    """The Contract of a guest's file."""
    return read_contract(HERE / "recipe" / "guest.sql")


def read(
    name: str, content: bytes, headings: dict[str, list[str]], words: dict[str, str]
) -> tuple[list[dict], list[dict]]:
    """([row as a dict], [reject as a dict for Text.reject]) of a guest's file.

    name: the file's, content: its bytes; headings: {contract column: [headings that stand for it]};
    words: {what is written, in lower case: what it means} of the column counted. Refused, naming
    the file, where nothing of it can be used. No text of the file gets into a traceback.
    """
    try:
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise Refused("guest_kind", known=", ".join(SUFFIXES))
        if len(content) > MOST_BYTES:
            raise Refused("file_too_large", most=f"{MOST_BYTES // MB} MB")
        most = fence.limits(len(content), MOST_MEMORY)
        answer, _ = fence.once(
            "etl.recipe.guest:inside",
            most,
            name=name,
            content=content,
            headings=headings,
            words=words,
        )
        return answer["rows"], answer["rejects"]
    except Refused as refusal:
        refusal.params.setdefault("file", name)
        refusal.code = WORDED.get(refusal.code, refusal.code)
        raise


def inside(name: str, content: bytes, headings: dict, words: dict) -> tuple[dict, list]:
    """({"rows", "rejects"} of a guest's file, no tables): what happens behind the fence."""
    path = PurePath(name)
    if workbook.is_workbook(content):
        workbook.refuse_large(content, MOST_UNPACKED, MOST_CELLS)
    else:
        _refuse_long_lines(content)
    dataset = _dataset(headings, words)
    sheet = read_rows(path, content, dataset.read)[0]  # the others explain
    refuse_names(dataset, sheet.columns)
    rows = named(dataset, sheet)
    _refuse_other_columns(rows.columns)
    count = rows.table.num_rows
    if not count:
        raise Refused("no_rows")
    if count > MOST_ROWS:
        raise Refused("guest_too_long", most=MOST_ROWS)
    rows.table = rows.table.append_column("_part", pa.repeat(0, count))
    with duckdb.connect(config=IN_MEMORY) as con:
        con.execute("set enable_external_access = false")
        con.execute(macros())
        make(con, dataset, rows)
        good, rejects = _unique(con)
        return {"rows": good, "rejects": rejects}, []


def _refuse_long_lines(content):
    for line, text in enumerate(content.splitlines(), start=1):
        if len(text) > MOST_LINE:
            raise Refused("long_line", line=line, most=f"{MOST_LINE // 1000} kB")


def _dataset(headings, words):
    meanings = " ".join(f"when {literal(w)} then {literal(code)}" for w, code in words.items())
    said = (
        r"regexp_replace(regexp_replace(strip(counted), '\s*[+]\s*', ' + ', 'g'), '\s+', ' ', 'g')"
    )
    counted = f"case lower({said}) {meanings} else strip(counted) end"
    # 24.325 can be thousands or decimals; of what is counted whole only thousands
    whole = r"regexp_full_match(strip(value), '[1-9]\d{0,2}[.,]\d{3}')"
    thousands = f"{counted} <> 'land_area' and {whole}"
    return Dataset(
        name="guest",
        folder=Path(),
        contract=contract(),
        files=(),
        source={},
        columns={column: list(headings.get(column, ())) for column in contract().names},
        map={
            "place": "regexp_replace(strip(place), '\\s+', ' ', 'g')",
            "year": "strip(year)",
            "counted": counted,
            "value": f"if({thousands}, regexp_replace(strip(value), '[.,]', ''), num(value))",
            "source": "strip(source)",
        },
    )


def _refuse_other_columns(columns):
    if len(columns) > len(contract().names):
        raise Refused("guest_columns", number=len(contract().names), found=", ".join(columns))


def _unique(con):
    """The rows whose key stands once or twice alike; the others are rejects like any other.

    A place is the same however its name is spaced or capitalised; its first spelling is shown.
    A reject blames the column that it stands in, whatever else decides how that is read.
    """
    key = ", ".join(contract().key)
    shown = ", ".join(f"{k}: {k}::varchar" for k in contract().key)
    told = " ".join(f"when '{rule}' then '{words}'" for rule, words in WORDED.items())
    con.execute(f"""
        create temp table good as
        select *, count(distinct (value, source)) over (partition by {key}) > 1 as differs
        from (
            select * replace (
                first_value(place) over (partition by lower(place) order by _rows[1]) as place
            )
            from typed where _broken is null
        )
    """)
    rows = con.sql(f"""
        select {", ".join(contract().names)} from good where not differs
        qualify row_number() over (partition by {key} order by _rows[1]) = 1 order by _rows[1]
    """)
    rejects = con.sql(statement("guest_rejects", told=told, shown=shown))
    return _dicts(rows), _dicts(rejects)


def _dicts(relation):
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
