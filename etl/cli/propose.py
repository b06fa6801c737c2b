"""What an unknown file seems to be: a proposal for whoever writes its sidecar, nothing decided.

    bytes -> grids of text (a sheet each) -> header rows -> columns -> what each seems to hold

Everything is a guess from the first ROWS rows, told with what speaks against it ("uncertain"). The
answer is codes and texts, so that a page can show it and a later step can draft the recipe.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from etl.contract import contracts, macros
from etl.problem import Refused
from etl.read import fence, kinds, parquet, workbook
from etl.read.csv import DELIMITERS, decode
from etl.read.reader import PARQUET
from etl.read.rows import header_names
from etl.recipe.personal import PERSONAL, SIXTEEN

ROWS = 2000  # rows of a sheet that are looked at
MOST_BYTES = 200 * 10**6  # of a file that is looked at
TEXT_BYTES = 4 * 10**6  # of a text file that are looked at
COLUMNS = 300  # columns of a sheet that are looked at
SHEETS = 5
SAMPLE = 10  # rows shown as they are read
CELL = 40  # letters of a cell that are shown
HIDDEN = "•••"
NUMBER = re.compile(r"[+-]?\s*(Rp\.?\s*)?\d[\d.,  ]*(e[+-]?\d+)?\s*%?", re.I)
YEAR = re.compile(r"(19|20)\d\d")
DATE = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d)([ T].*)?|(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ]\d{2,4}( .*)?"
    r"|\d{1,2}[- ][A-Za-z.]+[- ]\d{2,4}"
)
OFFSET = re.compile(r"\d:\d\d.*(Z|[+-]\d\d:?\d\d)$")
TOTAL = re.compile(r"(sub ?-?total|total|grand total|jumlah|jml|rata-rata|average|sum)\b", re.I)
TOTAL_COLUMN = re.compile(r"(^|\s)(total|jumlah|jml|tahunan|setahun|annual|year)$", re.I)
NOTE = re.compile(r"(sumber|source|catatan|keterangan|note|notes|\*)", re.I)
# words of headings that speak for a contract, beside the names of its own columns
WORDS = {
    "visits": "kunjungan pengunjung wisatawan wisnus wisman visitor visits tourist objek obyek "
              "destinasi wisata penumpang tamu arrivals nusantara mancanegara",
    "tickets": "tiket ticket gate gerbang pintu masuk entered",
    "service": "layanan permohonan service request selesai completed closed loket created",
    "condition": "kebersihan ketertiban penghijauan sampah pohon litter street cleanliness",
    "targets": "target sasaran rpjmd renstra",
    "indicators": "indikator indicator nilai value persen percent satuan unit",
    "sites": "latitude longitude lokasi lintang bujur",
    "areas": "kecamatan kelurahan kabupaten kemendagri bps level parent",
    "stock": "stok stock blangko persediaan",
    "survey": "responden respondent skm ikm unsur skor score",
    "calendar": "libur holiday cuti",
    "site_status": "tutup buka",
}  # fmt: skip


@dataclass
class Proposal:
    """What one sheet seems to be; lines count from 1, columns are named by their headings."""

    sheet: str | None
    rows: int
    columns: int
    header: list = field(default_factory=list)  # lines
    first: int = 1  # line of the first row of data
    headings: list = field(default_factory=list)
    sample: list = field(default_factory=list)  # [[line, [cells]]] as read
    contracts: list = field(default_factory=list)  # [[name, how many headings speak for it]]
    lacking: list = field(default_factory=list)  # columns of the contract without such a heading
    wide: list = field(default_factory=list)  # headings that are periods
    totals: list = field(default_factory=list)  # [[line, text]]
    total_columns: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # [[line, text]]
    decimals: dict = field(default_factory=dict)  # heading: , or . or ?
    dates: dict = field(default_factory=dict)  # heading: dmy, mdy, iso, offset, words or ?
    uncertain: list = field(default_factory=list)  # [[code, {parameter: value}]]


def propose(path: Path, contract: str | None = None) -> dict:
    """What `inside` answers, asked behind the fence; Refused where it cannot."""
    path = path.resolve()
    most = fence.limits(path.stat().st_size)
    return fence.call("etl.cli.propose:inside", most, path=path, contract=contract)[0]


def inside(path: Path, contract: str | None = None) -> tuple[dict, list]:
    """({"sheets": [a Proposal as a dict], "delimiter", "encoding"}, no tables) of a file.

    What happens in the child. contract: the one that is meant, where that is
    known. Refused where the file is no table.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refused("file_too_large", most=f"{MOST_BYTES // 10**6} MB")
    content = path.read_bytes()
    if not content:
        raise Refused("empty_file")
    kinds.refuse_no_table(content)
    grids, told = _grids(path, content)
    sheets = [
        _proposal(name, grid, path.stem, contract) for name, grid in list(grids.items())[:SHEETS]
    ]
    if not sheets:
        raise Refused("empty_file")
    for code, params in told.pop("uncertain"):
        sheets[0].uncertain.append([code, params])
    return {
        "sheets": [asdict(sheet) for sheet in sheets],
        "more": len(grids) - len(sheets),
        **told,
    }, []


def _grids(path, content):
    """({sheet or None: [(line, [texts])]}, {delimiter, encoding, uncertain}) by the content."""
    told: dict = {"delimiter": None, "encoding": None, "uncertain": []}
    if content.startswith(kinds.PARQUET) or path.suffix.lower() in PARQUET:
        named = parquet.columns(content)[:COLUMNS]
        columns = [texts.slice(0, ROWS).to_pylist() for _, texts in named]
        rows = [[text or "" for text in row] for row in zip(*columns, strict=True)]
        return {None: list(enumerate([[name for name, _ in named], *rows]))}, told
    if workbook.is_workbook(content):
        return workbook.grids(content, ["*"]), told
    if kinds.kind_of(content):
        raise Refused("other_kind", found=kinds.kind_of(content))
    text = _text(content, told)
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    told["delimiter"] = max(DELIMITERS, key=lambda mark: _agreement(lines, mark))
    grid = _csv(text, told)
    return {None: grid} if any(any(cells) for _, cells in grid) else {}, told


def _csv(text, told):
    """[(line, cells)] of the first rows of a text."""
    csv.field_size_limit(TEXT_BYTES)
    grid, line = [], 1
    reader = csv.reader(io.StringIO(text), delimiter=told["delimiter"])
    try:
        for cells in reader:
            grid.append((line, cells))
            line = reader.line_num + 1
            if len(grid) > ROWS:
                break
    except csv.Error:
        told["uncertain"].append(["broken", {"line": line}])
    return grid


def _text(content, told):
    """The text of the first bytes of a file; cp1252, told as a guess, where it is no Unicode."""
    cut = content[:TEXT_BYTES]
    if len(content) > TEXT_BYTES:
        cut = cut[: cut.rfind(b"\n") + 1] or cut
    try:
        text = decode(cut, None)
    except Refused:
        if b"\0" in cut:
            raise
        text = cut.decode("cp1252", "replace")
        told["encoding"] = "cp1252"
        told["uncertain"].append(["encoding", {"encoding": "cp1252"}])
    return re.sub(r"(?<!\r)\r++\n", "\n", text).replace("\r", "\n")


def _agreement(lines, mark):
    """How well a delimiter splits lines: into many cells, and many lines into as many."""
    counts = Counter(re.sub(r'"[^"]*"', "", line).count(mark) for line in lines)
    return max((cells * lines**2 for cells, lines in counts.items()), default=0)


def _proposal(name, grid, file, contract):
    """The Proposal of one sheet."""
    grid = [(line, [c.strip() for c in cells[:COLUMNS]]) for line, cells in grid[: ROWS + 1]]
    filled = [(line, cells) for line, cells in grid if any(cells)]
    width = max((len(cells) for _, cells in filled), default=0)
    made = Proposal(name, len(filled), width)
    made.header, made.first = _header(filled)
    by_line = dict(filled)
    names = header_names([by_line[line] for line in made.header])
    names += [""] * (width - len(names))
    made.headings = [word or f"c{i}" for i, word in enumerate(names, start=1)]
    body = [row for row in filled if row[0] >= made.first]
    if not made.header:
        made.uncertain.append(["no_header", {}])
    _columns(made, body)
    _totals_and_notes(made, body)
    hidden = _personal(made, body)
    made.sample = _sample(filled, hidden)
    _contract(made, file, contract)
    return made


def _sample(filled, hidden):
    """The first rows as they are read, without what looks personal."""
    return [
        [line, [HIDDEN if i in hidden and c else c[:CELL] for i, c in enumerate(cells)]]
        for line, cells in filled[:SAMPLE]
    ]


def _totals_and_notes(made, body):
    """Fills the rows that are no figures of their own."""
    for line, cells in body:
        words = [c for c in cells if c and not NUMBER.fullmatch(c)]
        if any(TOTAL.match(word) for word in words[:2]):
            made.totals.append([line, words[0][:CELL]])
        elif sum(map(bool, cells)) == 1 and words and NOTE.match(words[0]):
            made.notes.append([line, words[0][:CELL]])


def _is_figure(cell):
    return bool(NUMBER.fullmatch(cell) and not YEAR.fullmatch(cell)) or bool(DATE.fullmatch(cell))


def _header(filled):
    """(the lines of the header, the line of the first row of data) of a sheet's filled rows."""
    usual = Counter(sum(map(bool, cells)) for _, cells in filled[:200]).most_common(1)
    least = max(2, (usual[0][0] if usual else 0) // 2)
    with_figures = (
        i
        for i, (_, cells) in enumerate(filled)
        if sum(map(bool, cells)) >= min(least, len(cells)) and any(map(_is_figure, cells))
    )
    first = next(with_figures, None)
    if first is None:
        return _header_of_words(filled, least)
    begin = first
    while begin > 0 and first - begin < 3 and sum(map(bool, filled[begin - 1][1])) >= 2:
        begin -= 1
    if begin == first and first > 0 and len(filled[first][1]) == 1:
        begin = first - 1  # a file of one column
    return [line for line, _ in filled[begin:first]], filled[first][0]


def _header_of_words(filled, least):
    """The same where nothing but words stands there: the first full row is the header."""
    if len(filled) < 2:
        return [], filled[0][0] if filled else 1
    full = (i for i, (_, cells) in enumerate(filled[:-1]) if sum(map(bool, cells)) >= least)
    at = next(full, 0)
    return [filled[at][0]], filled[at + 1][0]


def _columns(made, body):
    """Fills what the columns seem to hold: wide periods, totals, decimal marks, dates."""
    wide = _periods(made.headings)
    made.wide = wide if len(wide) > 1 else []
    made.total_columns = [h for h in made.headings if TOTAL_COLUMN.search(h)] if made.wide else []
    for i, heading in enumerate(made.headings):
        texts = [cells[i] for _, cells in body if i < len(cells) and cells[i]]
        _form(made, heading, texts)
    unclear = [heading for heading, mark in made.decimals.items() if mark == "?"]
    if unclear:
        made.uncertain.append(["decimals", {"columns": unclear}])


def _form(made, heading, texts):
    """Fills how the days or the numbers of a column are written."""
    dates = _dates(texts)
    if dates and len(dates) * 2 > len(texts):
        made.dates[heading] = _order(dates)
        if made.dates[heading] == "?":
            made.uncertain.append(["dates", {"column": heading}])
    elif mark := _decimal(texts):
        made.decimals[heading] = mark


def _periods(headings):
    """The headings that are periods."""
    with duckdb.connect() as con:
        con.execute(macros())
        ends = [[" ".join(h.replace("_", " ").split()[-n:]) for n in (1, 2)] for h in headings]
        found = con.execute(
            "select list_transform(?::varchar[][], lambda e: list_bool_or(list_transform("
            "e, lambda h: period_frequency(h) in ('M', 'Q', 'A', 'D')"
            " or (month(h) <> h and not regexp_full_match(h, '\\d+')))))",
            [ends],
        ).fetchall()[0][0]
    return [heading for heading, is_period in zip(headings, found, strict=True) if is_period]


def _dates(texts):
    """The matches of texts that are days and no plain numbers."""
    found = ((t, DATE.fullmatch(t)) for t in texts)
    return [m for t, m in found if m and (m["a"] or not NUMBER.fullmatch(t))]


def _order(dates):
    """dmy, mdy, iso, offset (iso with one), words (5 Maret 2019) or ?, of matches of DATE."""
    if any(m["iso"] for m in dates):
        return "offset" if any(OFFSET.search(m[0]) for m in dates) else "iso"
    if not any(m["a"] for m in dates):
        return "words"
    first, second = (max(int(m[part] or 0) for m in dates) for part in "ab")
    return "dmy" if first > 12 else "mdy" if second > 12 else "?"


def _decimal(texts):
    """The decimal mark of numbers as texts: , or . or ? where it cannot be told; "" without any."""
    marks = set()
    for text in texts:
        if not NUMBER.fullmatch(text) or re.search(r"\de0$", text):
            continue
        number = re.sub(r"[^\d.,]", "", text)
        ends = re.search(r"([.,])(\d+)$", number)
        if not ends:
            continue
        if len(set(number) & set(".,")) == 2 or len(ends[2]) != 3:
            marks.add(ends[1])
        elif number.count(ends[1]) > 1:
            marks.add("." if ends[1] == "," else ",")
        else:
            marks.add("?")
    sure = marks - {"?"}
    return sure.pop() if len(sure) == 1 else "?" if marks else ""


def _personal(made, body):
    """The columns, counted from 0, that look like personal data: they are not shown."""
    sixteen = re.compile(SIXTEEN.replace(r"\x{a0}", "\xa0"))
    found = []
    for i, heading in enumerate(made.headings):
        texts = [cells[i] for _, cells in body if i < len(cells)]
        if PERSONAL.search(heading.replace("_", " ").lower()) or any(map(sixteen.search, texts)):
            found.append(i)
    if found:
        columns = [made.headings[i] for i in found]
        made.uncertain.append(["personal", {"columns": columns}])
    return set(found)


def _contract(made, name, contract):
    """Fills the likely contracts, also by the names of sheet and file, and what the first lacks."""
    scores = _scores(made, name)
    ranked = sorted((n for n in scores if scores[n]), key=lambda name: -scores[name])
    made.contracts = [[name, scores[name]] for name in ([contract] if contract else ranked[:3])]
    if not made.contracts:
        made.uncertain.append(["contract", {}])
        return
    if len(ranked) > 1 and not contract and scores[ranked[0]] == scores[ranked[1]]:
        made.uncertain.append(["contracts", {"contracts": ranked[:2]}])
    found = contracts()[made.contracts[0][0]]
    present = {heading.lower() for heading in made.headings}
    given = {*found.defaults, *(c.name for c in found.columns if c.default), "series"}
    made.lacking = [c.name for c in found.columns if c.required and c.name not in present | given]


def _scores(made, name):
    """{contract: how much the words of headings, sheet and file speak for it}."""
    headings = " ".join(made.headings).lower()
    words = headings.split() + re.findall(r"[a-z0-9]+", headings)
    above = [c for line, cells in made.sample if line < made.first for c in cells]
    words += re.findall(r"[a-z]+", " ".join([*above, made.sheet or "", name]).lower())
    return {
        name: sum(any(w.startswith(k) for w in words) for k in WORDS.get(name, "").split())
        + 2 * sum(column.name in words for column in found.columns)
        for name, found in contracts().items()
    }
