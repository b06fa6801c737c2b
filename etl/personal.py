"""Personal data stop a file before anything of it is kept: a heading, or identity numbers."""

import re

from etl.contract import quoted
from etl.problem import Refused

SIXTEEN = (  # as an identity number, in groups of four or 6 6 4 or 2 2 2 6 4, but no decimals
    r"(^|[^\d.,])(\d{4}([ .\x{a0}-]?\d{4}){3}|\d{2}[ .]?\d{2}[ .]?\d{2}[ .]?\d{6}[ .]?\d{4})"
    r"($|[^\d.,]|[.]0|[.,](\D|$))"
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


def refuse_names(dataset, columns):
    """Refused where a heading, as received, says that it stands over personal data.

    A heading that holds a long number is no heading but a row of data: then none of them is told.
    """
    if not is_exempt(dataset) and any(map(LONG_NUMBER.search, columns)):
        raise Refused("header_holds_numbers")
    drop = {name.lower() for name in dataset.read.get("drop", [])}
    for column in columns:
        words = re.sub(r"([a-z])([A-Z])", r"\1 \2", column).replace("_", " ").lower()
        if not is_exempt(dataset) and column.lower() not in drop and PERSONAL.search(words):
            raise Refused("personal_data", column=column)


def refuse_values(con, dataset, columns):
    """Refused where a column holds identity numbers, whatever it is called."""
    sixteen = ", ".join(
        f"coalesce(bool_or(regexp_matches({quoted(c)}, '{SIXTEEN}')), false)" for c in columns
    )
    holds = con.sql(f"select {sixteen} from rows_").fetchall()[0]
    for column, numbers in zip(columns, holds, strict=True):
        if numbers and not is_exempt(dataset):
            raise Refused("personal_data", column=column)


def is_exempt(dataset):
    """Reference tables of places have addresses of places, not of persons."""
    return dataset.loads in ("areas", "sites")
