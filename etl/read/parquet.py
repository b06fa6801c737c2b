"""Parquet to columns of text: the same texts that a workbook's cells give (etl/read/reader.py).

Typed columns are turned whole, never value by value: 20 million rows take seconds.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.problem import Refused
from etl.read.workbook import MB, MOST_TEXT, span_text

# A value as text takes some 20 bytes: 20 million rows of 10 columns are 4 GB
MOST_VALUES = 200_000_000
EXACT = float(2**53)  # whole numbers up to here are exact as a double


def columns(content: bytes) -> list[tuple[str, pa.ChunkedArray]]:
    """[(name, chunked array of text)] of a Parquet file's columns, with null where it has null.

    Refused where the file is damaged or too large, or a column holds no plain values.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        # texts as numbers of a dictionary: one long text of a small file can stand in many rows
        texts = [f.name for f in file.schema_arrow if is_text(f.type)]
        file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=texts)
        for field in file.schema_arrow:
            if pa.types.is_nested(field.type):
                raise Refused("no_plain_column", column=field.name, kind=str(field.type))
        if file.metadata.num_rows * file.metadata.num_columns > MOST_VALUES:
            raise Refused(
                "too_many_values",
                rows=file.metadata.num_rows,
                columns=file.metadata.num_columns,
                most=f"{MOST_VALUES:_}".replace("_", " "),
            )
        table = file.read()
    except MemoryError:  # Arrow's is an ArrowException, too
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise Refused("unreadable_parquet", error=str(error).split("\n")[0]) from error
    if sum(map(_size, table.columns)) > MOST_TEXT:
        raise Refused("too_much_text", most=f"{MOST_TEXT // MB} MB")
    return [
        (field.name, _texts(field.name, column))
        for field, column in zip(table.schema, table.columns, strict=True)
    ]


def _size(column):
    """The bytes of the texts of a column of numbers of a dictionary; of other columns 0."""
    if not pa.types.is_dictionary(column.type) or not is_text(column.type.value_type):
        return 0
    used = [pc.take(pc.binary_length(c.dictionary), c.indices) for c in column.chunks]
    return sum(pc.sum(lengths).as_py() or 0 for lengths in used)


def is_text(kind: pa.DataType) -> bool:
    """Whether the values of a column are texts or bytes of any length."""
    return pa.types.is_string(kind) or pa.types.is_binary(kind)


def _texts(name, column):
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks], column.type.storage_type)
    kind = column.type
    try:
        if pa.types.is_floating(kind):
            return _floats(column)
        if pa.types.is_decimal(kind):
            return _decimals(column.cast(pa.string()))
        if pa.types.is_timestamp(kind):
            return _moments(column)
        if pa.types.is_time(kind):
            return _without_zeros(column.cast(pa.string()))
        if pa.types.is_duration(kind):
            spans = column.cast(pa.duration("us"), safe=False).to_pylist()
            texts = [None if span is None else span_text(span) for span in spans]
            return pa.chunked_array([pa.array(texts, pa.string())])
        return column.cast(pa.string())
    except MemoryError:
        raise
    except (pa.ArrowException, ValueError) as error:
        raise Refused("no_plain_column", column=name, kind=str(kind)) from error


def _floats(column):
    """Whole numbers as digits, others with the mark e0 of a number: 24.325e0."""
    if pa.types.is_float16(column.type):
        column = column.cast(pa.float32())
    whole = pc.and_(
        pc.equal(column, pc.round(column)), pc.less(pc.abs(column), pa.scalar(EXACT, column.type))
    )
    digits = pc.if_else(whole, column, pa.scalar(None, column.type))
    digits = digits.cast(pa.int64()).cast(pa.string())
    texts = column.cast(pa.string())
    is_plain = pc.and_(pc.is_finite(column), pc.invert(pc.match_substring(texts, "e")))
    return pc.coalesce(
        digits, pc.if_else(is_plain, pc.binary_join_element_wise(texts, "e0", ""), texts)
    )


def _decimals(texts):
    """As numbers, without zeros at the end: 1200.00 is 1200, 24.50 is 24.5e0."""
    texts = pc.replace_substring_regex(texts, r"^(-?0)E.*$", r"\1")
    texts = _without_zeros(texts)
    return pc.replace_substring_regex(texts, r"^(-?\d+\.\d+)$", r"\1e0")


def _moments(column):
    """yyyy-mm-dd hh:mm:ss, yyyy-mm-dd at midnight; with a zone in UTC and marked Z."""
    clock = column.cast(pa.timestamp(column.type.unit))
    try:
        texts = clock.cast(pa.timestamp("s")).cast(pa.string())
    except pa.ArrowInvalid:  # some have parts of a second
        texts = _without_zeros(clock.cast(pa.string()))
    if column.type.tz is not None:
        return pc.binary_join_element_wise(texts, "Z", "")
    days = clock.cast(pa.date32(), safe=False)
    return pc.if_else(pc.equal(days.cast(clock.type), clock), days.cast(pa.string()), texts)


def _without_zeros(texts):
    texts = pc.replace_substring_regex(texts, r"^([^.E]*\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(texts, r"\.$", "")
