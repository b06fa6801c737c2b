"""Personal data stop a file before anything of it is kept: a heading, or identity numbers.

A column that only looks so is taken where [personal] in the sidecar says why it holds none.
"""

import re

import duckdb

from etl.contract import quoted
from etl.problem import Refused
from etl.recipe.dataset import Dataset

# An identity number: 16 digits in one piece, or in the groups of a NIK or KK (4 4 4 4, 6 6 4 or
# 2 2 2 6 4). Dots stand between all groups or none: a number cell (2838.533347123456e0) and a plain
# decimal have one mark. A whole number of 16 digits counts, also as Parquet's floats write it.
SIXTEEN = (
    r"(^|[^\d.,]|[^\d.,+-][.,])("
    r"\d{4}([ \x{a0}-]?\d{4}){3}|\d{2}([ \x{a0}-]?\d{2}){2}[ \x{a0}-]?\d{6}[ \x{a0}-]?\d{4}"
    r"|\d{4}([.]\d{4}){3}|(\d{6}|\d{2}[.]\d{2}[.]\d{2})[.]\d{6}[.]\d{4}"
    r"|[1-9][.]\d{6,15}[eE][+]?15)($|[^\d.,]|[.,]0*($|\D))"
)
LONG_NUMBER = re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d)\d([ .-]?\d){9,}")  # no day, no moment
PERSONAL = re.compile(
    r"\b(n[.]?i[.]?k|nip|npwp|ttl|hp|telp|whatsapp|rekening"
    r"|no\w*[. ]*(kk|ktp|hp|telp|telepon|wa|paspor|identitas|induk kependudukan)"
    r"|nama ?lengkap|nama (pemohon|pengunjung|tamu|pelapor|penduduk|ibu|ayah|wisatawan|pasien|ketua"
    r"|kepala keluarga)"
    r"|full ?name|surname"
    r"|(tanggal|tgl|tempat)[ .]*lahir|birth ?(date|day)|date of birth"
    r"|phone|telepon|handphone|e-?mail|passport|(home|street) address)\b"
    r"|^(alamat|address)( \d| lengkap| rumah| line.*| ktp| pengunjung| tinggal)?$"
)


def refuse_names(dataset: Dataset, columns: list[str]) -> None:
    """Refused where a heading, as received, says that it stands over personal data.

    A heading that holds a long number is no heading but a row of data: then none of them is told.
    """
    if is_exempt(dataset):
        return
    columns = [c for c in columns if c.lower() not in excused(dataset)]
    if any(map(LONG_NUMBER.search, columns)):
        raise Refused("header_holds_numbers")
    drop = {name.lower() for name in dataset.read.get("drop", [])}
    for column in columns:
        words = re.sub(r"([a-z])([A-Z])", r"\1 \2", column).replace("_", " ").lower()
        if column.lower() not in drop and PERSONAL.search(words):
            raise Refused("personal_data", column=column)


def refuse_values(con: duckdb.DuckDBPyConnection, dataset: Dataset, columns: list[str]) -> None:
    """Refused where a column holds identity numbers, whatever it is called."""
    looked_at = [c for c in columns if c.lower() not in excused(dataset)]
    if is_exempt(dataset) or not looked_at:
        return
    sixteen = ", ".join(
        f"coalesce(bool_or(regexp_matches({quoted(c)}, '{SIXTEEN}')), false)" for c in looked_at
    )
    holds = con.sql(f"select {sixteen} from rows_").fetchall()[0]
    for column, numbers in zip(looked_at, holds, strict=True):
        if numbers:
            raise Refused("personal_data", column=column)


def is_exempt(dataset: Dataset) -> bool:
    """Reference tables of places have addresses of places, not of persons."""
    return dataset.loads in ("areas", "sites")


def excused(dataset: Dataset) -> set[str]:
    """The columns that [personal] excuses, in lower case, as received and as [columns] has them."""
    said = {name.lower() for name in dataset.personal}
    return said | {
        canonical.lower()
        for canonical, aliases in dataset.columns.items()
        if said & {alias.lower() for alias in aliases}
    }
