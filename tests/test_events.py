"""Events: one pass or the usual way, one file or many, in parts or at once: the same comes out."""

import os
import random
from datetime import datetime, timedelta

import pyarrow.parquet as pq
import pytest
from conftest import HEADER, MAP, SITES, City, sidecar

from etl.build import build as build_city
from etl.contract import contracts
from etl.load import events, lake, making, stream
from etl.recipe.dataset import Dataset
from etl.recipe.typed import expressions

HEAD = "ticket_id,site,gate,entered_at,origin,ticket_class,persons\n"
SIDECAR = 'loads = "tickets"\nfiles = ["gates*.csv"]\n'
START = datetime(2019, 1, 1, 8)
ALL = {
    "units": "select * exclude (lake_key) from units order by unit_id",
    "rejects": "select * exclude (reject_id) from rejects order by all",
    "rejected": "select unit_id, row, file, line, reason, "
    "list_filter(cells, lambda c: c is not null) from source_rows "
    "where fate <> 'accepted' order by all",
    "same_again": "from same_again order by all",
    "mart": "from visits_by_day order by all",
}
pytestmark = [pytest.mark.build, pytest.mark.usefixtures("unchecked")]
STREAMED, USUAL = 0, 10**9


def row(number, site="park", persons=1, origin="wisnus", at=None):
    """A line of a gate's file."""
    at = at or START + timedelta(minutes=number)
    return f"{number},{site},G1,{at:%Y-%m-%d %H:%M:%S},{origin},umum,{persons}\n"


def odd_rows(seed, count=300):
    """Lines of which about every fifth is odd, in one of many ways."""
    chance = random.Random(seed)
    spoil = [
        lambda n: f"{n},park,G1,2019-02-31 08:00:00,wisnus,umum,1\n",
        lambda n: f"{n},park,G1,2019-01-02T08:00:00,wisnus,umum,1\n",
        lambda n: f"{n},park,G1,2019-01-02,wisnus,umum,1\n",
        lambda n: f"0{n},park,G1,2019-01-02 08:00:00,wisnus,umum,1\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,wisnus,umum,1.5\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,wisnus,umum,1.239\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,wisnus,umum,2e0\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,orang,umum,1\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,wisnus,umum,0\n",
        lambda n: f"{n},park,,2019-01-02 08:00:00,wisnus,umum,1\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00\n",
        lambda n: f"{n},park,G1,2019-01-02 08:00:00,wisnus,umum,1,too,long\n",
        lambda n: f'{n},"park","G1, east",2019-01-02 08:00:00,wisnus,umum,1\n',
        lambda n: f"{n},nowhere,G1,2019-01-02 08:00:00,wisnus,umum,1\n",
        lambda n: f"{n},Taman Kota,G1,2019-01-02 08:00:00,wisnus,umum,1\n",
        lambda n: f"{n - 1},park,G2,2019-01-02 08:00:00,wisnus,umum,3\n",
        lambda n: row(n) * 2,
        lambda n: "JUMLAH,,,,,,\n",
    ]
    for number in range(1, count + 1):
        yield chance.choice(spoil)(number) if chance.random() < 0.2 else row(number)


def told(city):
    """All that the warehouse tells of tickets."""
    return {name: city.sql(query) for name, query in ALL.items()}


def build(tmp_path, name, files, gates=SIDECAR):
    """A city with sites and these files."""
    city = City(tmp_path / name).write(SITES | {"gates.toml": gates} | files)
    city.build()
    return city


@pytest.fixture
def ways(monkeypatch, unfenced):
    """A function that fixes from how many bytes, rows and for how small a file a way is taken."""

    def choose(streamed_from, by_itself=10_000, small=0):
        monkeypatch.setattr(stream, "SMALLEST", streamed_from)
        monkeypatch.setattr(making, "BY_ITSELF", by_itself)
        monkeypatch.setattr(lake, "SMALL", small)

    return choose


ASIDE = SIDECAR + "[aside]\ntotal = \"ticket_id = 'JUMLAH'\"\n"


@pytest.mark.parametrize("seed", range(4))
def test_a_streamed_file_is_told_of_as_any_other(tmp_path, ways, seed):
    files = {"gates.csv": HEAD + "".join(odd_rows(seed))}
    ways(USUAL)
    expected = told(build(tmp_path, "usual", files, ASIDE))
    assert expected["rejects"] and expected["mart"] and expected["same_again"]
    for by_itself in (0, 10_000):
        ways(STREAMED, by_itself)
        assert told(build(tmp_path, f"streamed{by_itself}", files, ASIDE)) == expected


TWICE = {
    "a line end of Windows": (HEAD + row(1) + row(2)[:-1] + "\r\n" + row(3), ""),
    "blank lines at the end": (HEAD + row(1) + row(2) + "\n\n", ""),
    "a blank line": (HEAD + row(1) + "\n" + row(2), ""),
    "a line end in quotes": (HEAD + row(1) + row(2).replace("G1", '"G\n1"'), ""),
    "one row too long": (HEAD + row(1) + row(2)[:-1] + ",x\n" + row(3), ""),
    "a first row too long": (HEAD + row(1)[:-1] + ",x\n" + row(2), ""),
    "an empty cell of an expression": (
        HEAD + row(1) + row(2).replace("G1", ""),
        "[map]\ngate = \"coalesce(gate, 'G0')\"\n"
        + "".join(f'{c} = "{c}"\n' for c in HEAD.strip().split(",") if c != "gate"),
    ),
    "no day": (HEAD + row(1) + row(2).replace("2019-01-01 08:02:00", "infinity"), ""),
    "a year of two digits": (HEAD + row(1) + row(2).replace("2019", "0019"), ""),
    "blanks": (HEAD + row(1) + row(2).replace("G1", " G1"), ""),
    "a guarded text": (HEAD + row(1) + row(2).replace("G1", "'=G1"), ""),
    "the header stated": (HEAD + row(1) + row(2), "[read]\nheader = [1]\n"),
    "a recipe that does not fit": (
        HEAD + row(1) + row(2, persons="x"), "[aside]\nx = 'persons::int > 5'\n"
    ),
    "an identity number": (HEAD + row(1) + row(2).replace("G1", "3274 0123 4567 8901"), ""),
    "an identity number that nothing reads": (
        HEAD[:-1] + ",note\n" + row(1)[:-1] + ",a\n" + row(2)[:-1] + ",3274012345678901\n", ""
    ),
    "a heading in capitals": (HEAD.upper() + row(1) + row(2), ""),
}  # fmt: skip


@pytest.mark.parametrize("content, recipe", TWICE.values(), ids=TWICE)
def test_what_is_odd_is_odd_in_a_file_of_any_size(tmp_path, ways, content, recipe):
    ways(USUAL)
    usual = build(tmp_path, "usual", {"gates.csv": content}, SIDECAR + recipe)
    ways(STREAMED)
    streamed = build(tmp_path, "streamed", {"gates.csv": content}, SIDECAR + recipe)
    assert told(streamed) == told(usual) and streamed.refusals() == usual.refusals()


def test_a_large_file_and_a_small_one(tmp_path, ways):
    ways(2000, 10)
    large = HEAD + "".join(row(n) for n in range(1, 100))
    bad = HEAD + "".join(row(n, origin="orang") for n in range(300, 400))
    files = {"gates1.csv": large, "gates2.csv": HEAD + row(200), "gates3.csv": bad}
    city = build(tmp_path, "city", files)
    assert city.sql("select sum(tickets)::int from visits_by_day") == [100]
    assert city.sql("select distinct contract, site from event_days") == [("tickets", "park")]


def test_a_ticket_of_a_site_by_its_name_and_by_its_code_is_the_same(tmp_path, ways):
    ways(USUAL)
    files = {"gates1.csv": HEAD + row(1), "gates2.csv": HEAD + row(1, "Taman Kota") + row(2)}
    city = build(tmp_path, "city", files)
    assert city.rejects() == [] and len(city.sql("from same_again")) == 1
    assert city.sql("select site, tickets from visits_by_day") == [("park", 2)]


@pytest.mark.parametrize("streamed_from", [STREAMED, USUAL])
def test_a_site_that_is_not_listed_has_reported_no_day(tmp_path, ways, streamed_from):
    ways(streamed_from, 0)
    city = build(tmp_path, "city", {"gates.csv": HEAD + row(1) + row(2, "nowhere")})
    assert city.sql("select site from event_days") == ["park"]


def test_an_event_has_no_publication_of_its_own(tmp_path, ways):
    recipe = "[map]\npublished_at = \"'2019-02-01'\"\n"
    city = build(tmp_path, "city", {"gates.csv": HEAD + row(1)}, SIDECAR + recipe)
    assert "published_at" in city.refusals()[0]


def test_the_position_of_a_row_is_its_line(tmp_path, ways):
    # in a file whose key is its line number, DuckDB would have to move rows to be wrong
    lines = [row(n) for n in range(2, 120_000)]
    spoiled = [n for n in range(2, 120_000) if n % 9973 == 0]
    for n in spoiled:
        lines[n - 2] = row(n, origin="orang") if n % 2 else f"{n},park\n"
    ways(stream.SMALLEST)
    content = HEAD + "".join(lines)
    assert len(content) > stream.SMALLEST
    city = build(tmp_path, "city", {"gates.csv": content})
    rejected = city.sql("select line, cells[1]::bigint from source_rows where fate = 'rejected'")
    assert sorted(rejected) == [(n, n) for n in spoiled]
    odd = next(city.target.glob("lake/*/odd.parquet"))
    values = pq.read_table(odd.with_name("values.parquet"), columns=["ticket_id"])
    unsplit = [n for n in spoiled if not n % 2]
    assert stream.lines_of(range(len(values)), unsplit) == values[0].to_pylist()


@pytest.mark.parametrize("streamed_from", [STREAMED, USUAL])
def test_parts_of_a_mart_add_up_to_the_mart_of_all(tmp_path, ways, streamed_from):
    files = {
        f"gates{i}.csv": HEAD + "".join(row(i * 1000 + n, "park" if n % 3 else "museum", 1 + n % 4)
                                        for n in range(1, 400))
        for i in range(5)
    }  # fmt: skip
    ways(streamed_from, by_itself=0)
    parts = told(build(tmp_path, "parts", files))
    ways(streamed_from)
    assert parts == told(build(tmp_path, "once", files)) and len(parts["mart"]) > 5


def test_small_files_together_are_as_each_by_itself(tmp_path, ways):
    rows = list(odd_rows(11, 200))
    files = {f"gates{i:02}.csv": HEAD + "".join(rows[i::20]) for i in range(20)}
    files["gates20.csv"] = "ticket_id,site\n1,park\n"  # columns are missing: refused by itself
    files["gates21.csv"] = ""
    ways(USUAL)
    expected = told(build(tmp_path, "each", files, ASIDE))
    ways(USUAL, small=10**6)
    city = build(tmp_path, "together", files, ASIDE)
    assert told(city) == expected and expected["rejects"]
    assert [t.split()[0].strip(":") for t in city.refusals()] == ["gates20.csv", "File"]


def test_small_files_of_facts_together_are_as_each_by_itself(city, tmp_path, monkeypatch):
    line = "32.71,KOTA BOGOR,2019,{},{}\n"
    files = {f"visits{m}.csv": HEADER + line.format(m, 100 + m) for m in range(1, 12)}
    files["visits12.csv"] = HEADER + line.format(12, "24.325")
    files["visits.toml"] = sidecar(files="visits*.csv")
    city.build(files)
    together = city.sql("select * exclude (lake_key) from units") + city.sql("from visits")
    assert len(city.loaded) == 11 and len(city.rejects()) == 1
    other = City(tmp_path / "each").write(
        {p.name: p.read_bytes() for p in city.folder.iterdir()}
    )  # fmt: skip
    monkeypatch.setattr(lake, "SMALL", 0)
    other.build()
    assert together == other.sql("select * exclude (lake_key) from units") + other.sql(
        "from visits"
    )


def test_a_recipe_that_sees_other_rows_is_never_given_rows_of_other_files(city):
    recipe = MAP.replace('"num(visits)"', '"(max(visits::int) over ())::varchar"')
    line = "32.71,KOTA BOGOR,2019,{},{}\n"
    files = {f"visits{m}.csv": HEADER + line.format(m, 100 * m) for m in (1, 2, 3)}
    city.build(files | {"visits.toml": sidecar(files="visits*.csv", recipe=recipe)})
    assert city.refusals() == city.rejects() == [] and city.loaded == [100, 200, 300]


WAYS = pytest.mark.parametrize(
    "streamed_from, by_itself", [(STREAMED, 0), (USUAL, 0), (USUAL, 10_000)]
)
ALONE = SIDECAR + "[map]\nseries = \"site || ' ' || gate\"\n" + "".join(
    f'{c} = "{c}"\n' for c in HEAD.strip().split(",")
)  # fmt: skip


def of_two_gates(numbers=range(1, 40)):
    """Lines of two gates that number their tickets alike."""
    return ["".join(row(n).replace("G1", gate) for n in numbers) for gate in ("G1", "G2")]


@WAYS
@pytest.mark.parametrize("files", [1, 2])
def test_gates_that_each_count_from_1_lose_nothing(tmp_path, ways, streamed_from, by_itself, files):
    ways(streamed_from, by_itself)
    one, other = of_two_gates()
    content = {"gates1.csv": HEAD + one, "gates2.csv": HEAD + other}
    content = content if files == 2 else {"gates.csv": HEAD + one + other}
    city = build(tmp_path, "city", content, ALONE)
    assert city.rejects() == [] and city.sql("select sum(tickets)::int from visits_by_day") == [78]


@WAYS
def test_a_number_twice_in_one_of_several_series_is_found(tmp_path, ways, streamed_from, by_itself):
    ways(streamed_from, by_itself)
    one, other = of_two_gates()
    second = row(3, persons=5) + row(4) + row(900)
    files = {"gates1.csv": HEAD + one + other + second, "gates2.csv": HEAD + row(5, persons=7)}
    city = build(tmp_path, "city", files, ALONE)
    assert city.sql("select params->>'ticket_id', params->>'series' from rejects order by all") == [
        ("3", "park G1"), ("3", "park G1"), ("5", "park G1"), ("5", "park G1"),
    ]  # fmt: skip
    assert city.sql("select sum(tickets)::int from visits_by_day") == [78 + 4 - 5]
    assert "If each gate counts for itself" in city.rejects()[0]


def test_numbers_far_apart_are_counted_as_those_close_by(tmp_path, ways):
    ways(USUAL, 0)
    far = row(10**12, at=START) + row(10**12, persons=2, at=START)
    city = build(
        tmp_path, "city", {"gates.csv": HEAD + of_two_gates()[1] + far.replace("G1", "G3")}, ALONE
    )
    assert len(city.rejects()) == 2 and city.sql("select sum(tickets)::int from visits_by_day") == [
        39
    ]


@WAYS
def test_a_key_in_two_files(tmp_path, ways, streamed_from, by_itself):
    ways(streamed_from, by_itself)
    first = "".join(row(n) for n in range(1, 6))
    second = row(3) + row(4, persons=3) + row(6)
    city = build(tmp_path, "city", {"gates1.csv": HEAD + first, "gates2.csv": HEAD + second})
    assert city.sql("select sum(persons), sum(tickets) from visits_by_day") == [(5, 5)]
    found = city.sql("select file, row, cells[1] from source_rows where fate = 'rejected'")
    assert found == [("gates1.csv", 4, "4"), ("gates2.csv", 2, "4")]
    assert city.sql("select source_rows from same_again") == [[1]]
    assert city.sql("select values_loaded from units where contract = 'tickets'") == [4, 1]


def test_of_a_key_in_two_publications_the_later_counts(tmp_path, ways):
    ways(USUAL)
    gates = SIDECAR + "per_file = { 'gates1.csv' = 2019-02-01, 'gates2.csv' = 2019-03-01 }\n"
    files = {"gates1.csv": HEAD + row(1) + row(2), "gates2.csv": HEAD + row(2, persons=4)}
    city = build(tmp_path, "city", files, gates)
    assert city.rejects() == [] and city.sql("from same_again") == []
    assert city.sql("select sum(persons), sum(tickets) from visits_by_day") == [(5, 2)]


def test_one_more_file_adds_its_day(tmp_path, ways):
    ways(STREAMED, 0)
    city = build(tmp_path, "city", {"gates1.csv": HEAD + row(1) + row(2)})
    lakes = set(city.target.glob("lake/*/values.parquet"))
    city.build({"gates2.csv": HEAD + row(3, "museum", at=datetime(2019, 1, 9))})
    assert lakes < set(city.target.glob("lake/*/values.parquet"))
    assert city.sql("select site, day::varchar, persons from visits_by_day") == [
        ("museum", "2019-01-09", 1), ("park", "2019-01-01", 2),
    ]  # fmt: skip


def test_a_site_by_its_name_is_the_site(tmp_path, ways):
    ways(STREAMED, 0)
    city = build(tmp_path, "city", {"gates.csv": HEAD + row(1) + row(2, "Taman Kota")})
    assert city.sql("select site, tickets from visits_by_day") == [("park", 2)]


def test_a_streamed_file_with_identity_numbers_is_refused(tmp_path, ways):
    ways(STREAMED)
    rows = "".join(row(n) for n in range(1, 9)) + row(9, at=START).replace(
        "umum", "3274012345678901"
    )
    city = build(tmp_path, "city", {"gates.csv": HEAD + rows})
    assert "ticket_class" in city.refusals()[0] and "3274" not in city.refusals()[0]
    assert list(city.target.glob("lake/*/odd.parquet")) == []


@pytest.mark.parametrize("streamed_from", [STREAMED, USUAL])
def test_numbers_of_sixteen_digits_that_the_sidecar_excuses_are_tickets(
    tmp_path, ways, streamed_from
):
    ways(streamed_from)
    content = HEAD + "".join(f"1{n:015}{row(n)[1:]}" for n in range(1, 10))
    gates = SIDECAR + '[personal]\nticket_id = "number of a turnstile"\n'
    city = build(tmp_path, "city", {"gates.csv": content}, gates)
    assert city.refusals() == [] and city.sql("select tickets from visits_by_day") == [9]


def test_a_column_that_is_taken_as_it_is_needs_no_other_look(tmp_path):
    names = ["ticket_id", "site", "gate", "entered_at", "origin", "ticket_class", "persons"]
    given = {"map": {name: name for name in names}}
    gates = Dataset("gates", tmp_path, contracts()["tickets"], ("*.csv",), {}, **given)
    con = making.connection(tmp_path)
    columns = ", ".join(f"'1' as {name}" for name in [*names, "extra"])
    con.execute(f"create or replace temp view raw as select {columns}")
    base = expressions(con, gates)[0]
    assert stream._not_checked_by_type([*names, "extra"], base, set()) == ["extra"]


def test_a_large_file_that_the_recipe_does_not_fit_is_refused(tmp_path, ways, monkeypatch):
    ways(STREAMED)
    monkeypatch.setattr(stream, "MOST_ODD", 5)
    monkeypatch.setattr(stream, "MOST_CSV", 10)
    rows = "".join(row(n).replace("2019-01-01", "01/01/2019") for n in range(1, 9))
    city = build(tmp_path, "city", {"gates.csv": HEAD + row(100) + rows})
    assert city.refusals()[0].startswith("File gates.csv: 8 of 9 rows")


def test_a_dropped_column_is_not_read(tmp_path, ways):
    ways(STREAMED)
    rows = "".join(row(n)[:-1] + ",3274012345678901\n" for n in range(1, 9))
    gates = SIDECAR + 'read = { drop = ["nik"] }\n'
    city = build(tmp_path, "city", {"gates.csv": HEAD[:-1] + ",nik\n" + rows}, gates)
    assert city.refusals() == [] and city.sql("select tickets from visits_by_day") == [8]


def test_a_file_that_changes_while_it_is_streamed_is_refused(tmp_path, ways, monkeypatch):
    ways(STREAMED)
    real = stream._fast_pass

    def touched(con, path, *rest):
        made = real(con, path, *rest)
        path.write_text(HEAD + row(1))
        return made

    with monkeypatch.context() as patched:
        patched.setattr(stream, "_fast_pass", touched)
        city = build(tmp_path, "city", {"gates.csv": HEAD + row(1) + row(2)})
        assert "changed" in city.refusals()[0]
    city.build()
    assert city.refusals() == [] and city.sql("select tickets from visits_by_day") == [1]


def test_verify_finds_a_file_that_changed_under_the_same_size_and_time(city):
    path = city.visits("32.71,KOTA BOGOR,2019,1,100\n")
    file = city.folder / "visits.csv"
    stat = file.stat()
    file.write_text(file.read_text().replace(",100", ",200"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    city.build()
    assert city.loaded == [100]
    build_city(city.folder, city.target, verify=True)
    assert city.loaded == [200] and path.exists()


# heavy marts beside naive queries


def naive_by_day(rows):
    """{(site, day): persons} by a plain loop."""
    sums = {}
    for line in rows:
        _, site, _, at, _, _, persons = line.strip().split(",")
        sums[site, at[:10]] = sums.get((site, at[:10]), 0) + int(persons)
    return sums


def test_visits_by_day_is_the_naive_sum(tmp_path, ways):
    rows = [row(n, ("park", "museum")[n % 2], 1 + n % 5) for n in range(1, 3000)]
    ways(STREAMED, 0)
    city = build(tmp_path, "city", {"gates.csv": HEAD + "".join(rows)})
    found = city.sql(
        "select site, day::varchar, sum(persons)::bigint from visits_by_day group by all"
    )
    assert {(site, day): persons for site, day, persons in found} == naive_by_day(rows)


def test_the_histogram_has_every_request_in_the_bin_of_its_duration(city):
    start = datetime(2019, 5, 1, 1)
    minutes = [0, 1, 59, 60, 1439, 1440, 1499, 1500, 4000, None, -5]
    done = ["" if m is None else f"{start + timedelta(minutes=m, seconds=30)}" for m in minutes]
    lines = [
        f"r{i},ktp_el,Dukcapil,32.71,{start},{d},{'closed' if d else 'open'},second,UTC\n"
        for i, d in enumerate(done)
    ]
    head = (
        "service_request_id,service_code,agency,area,requested_at,completed_at,status,precision,"
        "time_zone\n"
    )
    city.build({
        "service.csv": head + "".join(lines),
        "service.toml": 'loads = "service"\nfiles = ["service.csv"]',
    })  # fmt: skip
    assert city.rejects() == [] and city.refusals() == []
    found = city.sql("select bin_unit, bin, sum(requests)::int from service_histogram group by all")
    naive = {}
    for m in minutes:
        unit = None if m is None or m < 0 else "minute" if m < 1440 else "hour"
        key = (unit, None if unit is None else m if unit == "minute" else m // 60)
        naive[key] = naive.get(key, 0) + 1
    assert {(unit, bin_): n for unit, bin_, n in found} == naive


def test_condition_by_area_is_the_naive_sum(city):
    head = "area,period_start,frequency,domain,indicator,value,unit,direction,sample_size,method\n"
    rows = [("32.71", f"2019-01-{d:02}", 10 + d, 5 + d) for d in (1, 1, 2, 3)]
    lines = [
        f"{a},{day},D,kebersihan,litter{i},{v},count,down,{n},inspection\n"
        for i, (a, day, v, n) in enumerate(rows)
    ]
    city.build({
        "condition.csv": head + "".join(lines),
        "condition.toml": 'loads = "condition"\nfiles = ["condition.csv"]',
    })  # fmt: skip
    assert city.rejects() == [] and city.refusals() == []
    found = city.sql("select day::varchar, sum(value_sum)::int, sum(sample_sum)::int from "
                     "condition_by_area group by all order by all")  # fmt: skip
    assert found == [("2019-01-01", 22, 12), ("2019-01-02", 12, 7), ("2019-01-03", 13, 8)]


def test_heavy_marts_keep_to_the_sql_that_spark_runs_too():
    unportable = ("avg(", "percentile", "date_diff", "median(", "::", " / ", "dayofweek", "||")
    for mart in events.heavy_marts():
        body = mart.sql[mart.sql.index("*/") :]
        code = "\n".join(line for line in body.splitlines() if not line.startswith("--"))
        used = [word for word in unportable if word in code]
        assert used in ([], [" / "]), mart.name  # a quotient is taken whole by floor
