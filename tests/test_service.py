"""Public services: what the marts know on a day, durations, open requests, standards, survey."""

import csv
import io
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from conftest import sidecar
from test_real import CLOCK, real, received
from test_survival import lifelines

import kpi
from etl.__main__ import main
from kpi import reading, survival
from kpi import service as measured

HEAD = "id,channel,requested,completed,status,published\n"
SERVICE = """
[set]
service_code = "ktp_el"
agency = "Dukcapil"
precision = "minute"
time_zone = "Asia/Jakarta"
series = "office"
[map]
service_request_id = "id"
channel = "channel"
requested_at = "utc(requested, '%Y-%m-%d %H:%M', 'Asia/Jakarta')"
completed_at = "utc(completed, '%Y-%m-%d %H:%M', 'Asia/Jakarta')"
status = "status"
published_at = "published"
published_at_basis = "'stated'"
"""
OFFICE = {"service": "ktp_el", "series": "office", "agency": None}
STANDARDS = "service_code,channel,hours,from_date,to_date,kind,document,verification,published_at\n"


@pytest.fixture
def town(city, monkeypatch):
    """town(rows, **files): builds the made-up city with these requests, served by kpi."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))

    def make(rows, recipe=SERVICE, **files):
        named = {name.replace("_csv", ".csv"): text for name, text in files.items()}
        sidecars = {
            name.replace(".csv", ".toml"): f'loads = "{name[:-4]}"\nfiles = ["{name}"]'
            for name in named
        }
        city.build(
            {
                "requests.csv": HEAD + rows,
                "requests.toml": sidecar("", recipe, "requests.csv", "service"),
                **named,
                **sidecars,
            }
        )
        assert city.refusals() == []
        return city

    return make


def looked_at(as_of=None, unit="month", period=None, code="ktp_el", name="city"):
    """The Service of the made-up city; of its newest period, or the one named."""
    snapshot = kpi.snapshot(name, as_of and date.fromisoformat(as_of))
    starts = measured.periods(snapshot, code, None, unit)
    return measured.service(snapshot, code, None, unit, period or starts[-1])


def test_the_service_that_the_city_names_comes_first_then_the_alphabet(town, city):
    code = "service_code = \"map {'1': 'akta', '2': 'pbg', '3': 'kk'}[id]\""
    recipe = SERVICE.replace('service_code = "ktp_el"', "").replace("[map]", f"[map]\n{code}")
    town(LATER, recipe)
    assert list(measured.services(kpi.snapshot("city"))) == ["akta", "kk", "pbg"]
    assert measured.newest(kpi.snapshot("city")).code == "akta"
    about = (city.folder / "city.toml").read_text(encoding="utf-8")
    city.build({"city.toml": f'{about}\nfirst_service = "pbg"'})
    assert list(measured.services(kpi.snapshot("city"))) == ["pbg", "akta", "kk"]
    assert measured.newest(kpi.snapshot("city")).code == "pbg"


# what is known on a day

LATER = """1,loket,2019-05-06 09:00,,open,2019-05-10
1,loket,2019-05-06 09:00,2019-05-08 09:00,closed,2019-05-20
2,loket,2019-05-07 09:00,2019-05-07 10:00,closed,2019-05-10
3,loket,2019-05-13 09:00,2019-05-13 12:00,closed,2019-05-20
"""


@pytest.mark.parametrize("as_of, requests, done, still_open", [
    ("2019-05-10", 2, 1, 1), ("2019-05-19", 2, 1, 1), ("2019-05-20", 3, 3, 0), (None, 3, 3, 0),
])  # fmt: skip
def test_a_request_is_what_it_was_known_to_be_on_the_day(town, as_of, requests, done, still_open):
    town(LATER)
    times = looked_at(as_of).period
    assert (times.requests, times.done, times.open) == (requests, done, still_open)


def test_two_series_of_one_service_are_never_added_and_each_keeps_its_own_last_event(town):
    recipe = SERVICE.replace('series = "office"', "").replace(
        "[map]", "[map]\nseries = \"if(channel = 'app', 'app', 'office')\""
    )
    town(LATER + "4,app,2019-05-14 09:00,,open,2019-05-20\n", recipe)
    snapshot = kpi.snapshot("city")
    assert list(measured.services(snapshot)["ktp_el"]) == ["app", "office"]
    each = [measured.service(snapshot, "ktp_el", None, "month", "2019-05-01", series)
            for series in ("app", "office")]  # fmt: skip
    assert [(s.period.requests, s.period.open) for s in each] == [(1, 1), (3, 0)]
    assert [(s.reaches_to.day, s.last_event) for s in each] == [
        (14, "request"), (13, "completion"),
    ]  # fmt: skip


def test_before_the_first_publication_there_is_no_service(town):
    town(LATER)
    assert measured.services(kpi.snapshot("city", date(2019, 5, 9))) == {}


def test_the_state_is_known_until_the_last_thing_that_happened_and_ages_end_there(town):
    town(LATER)
    service = looked_at("2019-05-15")
    assert service.reaches_to == date(2019, 5, 7)
    assert (service.waiting.requests, service.waiting.oldest_days) == (1, 1)
    assert looked_at().reaches_to == date(2019, 5, 13) and looked_at().waiting.requests == 0


def test_check_says_which_event_the_day_of_an_extract_is_inferred_from(town, city, capsys):
    town(LATER)
    places = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    main(["check", str(city.folder / "requests.csv"), "--lang", "en", *places])
    said = capsys.readouterr().out
    assert "ktp_el, Dukcapil (office): what is open counts as waiting until 13 May 2019" in said
    assert "that of the last completion in the file" in said


def test_of_no_known_day_of_publication_is_known_only_without_one(town):
    town(LATER.replace("2019-05-10", ""))
    assert looked_at().period.requests == 3
    assert looked_at("2019-05-20").period.requests == 2


# durations

DIRTY = """1,loket,2019-05-06 09:00,2019-05-06 09:10,closed,2019-06-01
2,loket,2019-05-06 09:00,2019-05-06 09:00,closed,2019-06-01
3,loket,2019-05-06 09:00,2019-05-05 09:00,closed,2019-06-01
4,loket,2019-05-06 09:00,,closed,2019-06-01
5,loket,2019-05-06 09:00,,cancelled,2019-06-01
6,loket,2019-05-06 09:00,2019-05-06 10:00,referred,2019-06-01
"""


def test_what_has_no_duration_is_left_out_with_its_count(town):
    town(DIRTY)
    times = looked_at().period
    assert times.left_out == {"before": 1, "zero": 1, "none": 1} and times.withdrawn == 2
    assert (times.requests, times.done) == (6, 1)
    assert 10 / 60 <= times.median < 11 / 60


def test_to_the_day_is_no_duration_in_hours(town):
    town(DIRTY.split("\n")[0] + "\n", SERVICE.replace('"minute"', '"day"'))
    times = looked_at().period
    assert times.left_out == {"day": 1} and (times.done, times.median) == (0, None)
    assert kpi.snapshot("city").table("service_weekhours", **OFFICE) == []


HOURS = [
    ("2019-05-06 09:00", "2019-05-06 11:00", 2),  # Monday
    ("2019-05-06 15:00", "2019-05-07 09:00", 2),  # over night
    ("2019-05-03 15:00", "2019-05-06 10:00", 3),  # over the weekend
    ("2019-05-06 07:00", "2019-05-06 18:00", 8),  # before it opens, after it closes
    ("2019-05-04 09:00", "2019-05-05 09:00", 0),  # a weekend
    ("2019-04-30 09:00", "2019-05-02 09:00", 8),  # over a holiday
]


@pytest.mark.parametrize("requested, completed, hours", HOURS)
def test_working_hours_are_those_of_the_office(town, requested, completed, hours):
    town(
        f"1,loket,{requested},{completed},closed,2019-06-01\n",
        calendar_csv="day,name_id,kind\n2019-05-01,Hari Buruh,national_holiday\n",
    )
    assert hours <= looked_at().period.working_median < hours + 1 / 30


def test_the_opening_hours_are_the_citys_own(town, city):
    about = (city.folder / "city.toml").read_text(encoding="utf-8")
    city.write({"city.toml": about + "\noffice_hours = [9, 10]\n"})
    town("1,loket,2019-05-06 08:00,2019-05-07 12:00,closed,2019-06-01\n")
    assert looked_at().period.working_median == pytest.approx(2, abs=1 / 30)


@pytest.mark.parametrize("hours", ["[8]", "[16, 8]", '["8", "16"]', "[8, 25]"])
def test_opening_hours_that_are_none_are_refused(city, hours):
    about = (city.folder / "city.toml").read_text(encoding="utf-8")
    with pytest.raises(Exception, match="wrong_kind"):
        city.build({"city.toml": f"{about}\noffice_hours = {hours}\n"})


def raw(con_sql, group):
    """{group: durations in hours, sorted} of the newest state of every closed request."""
    rows = con_sql(f"""
        select {group}, (epoch_us(completed_at) - epoch_us(requested_at)) / 3.6e9 from (
            from service qualify row_number() over (
                partition by service_request_id, agency, series
                order by published_at desc nulls last, value_id desc
            ) = 1
        ) where status = 'closed' and completed_at > requested_at and precision <> 'day'
    """)
    found = {}
    for name, hours in rows:
        found.setdefault(str(name), []).append(hours)
    return {name: np.sort(hours) for name, hours in found.items()}


def bin_of(hours):
    """The width of the bin that a duration lies in."""
    return 1 / 60 if hours < 24 else 1


GROUPS = [("month", "date_trunc('month', requested_on)::date"),
          ("week", "date_trunc('week', requested_on)::date")]  # fmt: skip


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("unit, group", GROUPS)
def test_quantiles_of_the_histogram_are_the_raw_ones_to_within_a_bin_in_every_group(unit, group):
    snapshot = kpi.snapshot("cirebon")
    with reading.cursor(snapshot.path, None, "") as con:
        expected = raw(lambda q: con.execute(q).fetchall(), group)
    service = looked_at(unit=unit, code="ktp_el_print", name="cirebon")
    ours = {t.name: t for t in service.periods if t.done}
    assert set(ours) == set(expected) and len(ours) > 20
    for name, hours in expected.items():
        for part, value in ((0.5, ours[name].median), (0.9, ours[name].p90)):
            # the histogram's quantile lies in the bin of the smallest value that reaches the part
            exact = hours[int(np.ceil(part * len(hours) - 1e-9)) - 1]
            assert abs(value - exact) <= bin_of(exact), (name, part)
        assert ours[name].done == len(hours)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, part", [("service_median_hours", 0.5), ("service_p90_hours", 0.9)])
def test_a_years_quantile_is_the_raw_one_to_within_a_bin(name, part):
    snapshot = kpi.snapshot("cirebon")
    with reading.cursor(snapshot.path, None, "") as con:
        expected = raw(lambda q: con.execute(q).fetchall(), "year(requested_on)")
    for f in snapshot.figures(name):
        hours = expected[str(f.year)]
        exact = hours[int(np.ceil(part * len(hours) - 1e-9)) - 1]
        assert abs(f.value - exact) <= bin_of(exact) and f.numerator == len(hours)


# requests that are still open


def moments(as_of):
    """(hours waited, whether done) of every request of August 2019 as known on a day."""
    snapshot = kpi.snapshot("cirebon", as_of)
    with reading.cursor(snapshot.path, as_of, "") as con:
        rows = con.execute(
            """
            with known as (
                from service where published_at <= $day qualify row_number() over (
                    partition by service_request_id order by published_at desc
                ) = 1
            ),
            reach as (select max(greatest(requested_at, completed_at)) as until from known)
            select epoch(coalesce(completed_at, until) - requested_at) / 3600, status = 'closed'
            from known cross join reach
            where date_trunc('month', requested_on) = date '2019-08-01'
                and (status = 'open' or (status = 'closed' and completed_at > requested_at))
            """,
            {"day": as_of},
        ).fetchall()
    return np.array(rows, float).T


@pytest.mark.usefixtures("served")
def test_the_estimate_with_open_requests_is_the_one_of_the_raw_rows():
    as_of = date(2019, 9, 30)
    hours, done = moments(as_of)
    exact = survival.kaplan_meier(hours, done, 1 - done)
    snapshot = kpi.snapshot("cirebon", as_of)
    service = measured.service(snapshot, "ktp_el_print", None, "month", "2019-08-01")
    ours = service.period
    assert (ours.done, ours.open) == (471, 304)
    for at in (0.5, 2, 12, 24, 48, 96):
        shares = [c.share[np.searchsorted(c.times, at, "right") - 1] for c in (exact, ours.curve)]
        assert abs(shares[0] - shares[1]) < 0.01, at
    assert ours.median < 3 and ours.expected_median > 50 and ours.expected_p90 is None


@pytest.mark.usefixtures("served")
def test_what_became_known_later_bears_the_estimate_out_and_not_the_simple_figure():
    then, now = (looked_at(day, period="2019-08-01", code="ktp_el_print", name="cirebon").period
                 for day in ("2019-09-30", None))  # fmt: skip
    assert now.open == 0 and now.median == pytest.approx(now.expected_median)
    off = abs(then.expected_median - now.median), abs(then.median - now.median)
    assert off[0] < off[1] / 3


# the sample of another city, cut at a day: its later completions are unknown on it

CUT = datetime(2018, 1, 5)
LA = "SRNumber,CreatedDate,ClosedDate,Status"
FORMAT = "%m/%d/%Y %I:%M:%S %p"
LA_SERVICE = f"""
[set]
service_code = "bulky"
agency = "BOS"
precision = "second"
time_zone = "America/Los_Angeles"
series = "la"
published_at = "2018-01-05"
published_at_basis = "stated"
[map]
service_request_id = "SRNumber"
channel = "'all'"
requested_at = "utc(CreatedDate, {CLOCK})"
completed_at = "utc(ClosedDate, {CLOCK})"
status = "Status"
"""


def cut(rows):
    """The closed requests of a sample as they stood at CUT: text of a CSV, and [(hours, done)]."""
    text, waited = [LA], []
    for row in rows:
        requested = datetime.strptime(row["CreatedDate"], FORMAT)
        completed = datetime.strptime(row["ClosedDate"], FORMAT)
        if requested >= CUT or completed <= requested:
            continue
        is_done = completed <= CUT
        end = row["ClosedDate"] if is_done else ""
        text.append(
            f"{row['SRNumber']},{row['CreatedDate']},{end},{'closed' if is_done else 'open'}"
        )
        waited.append(((min(completed, CUT) - requested).total_seconds() / 3600, is_done))
    return "\n".join(text) + "\n", np.array(waited, float).T


def estimated(city, rows, monkeypatch):
    """(the page's Times, the exact curve, the sorted hours of those done) of a cut sample."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    text, (hours, done) = cut(rows)
    city.build({"la.csv": text, "la.toml": sidecar("", LA_SERVICE, "la.csv", "service")})
    assert city.refusals() == city.rejects() == []
    ours = looked_at("2018-01-06", code="bulky").period
    assert (ours.done, ours.open) == (done.sum(), (1 - done).sum())
    return ours, survival.kaplan_meier(hours, done, 1 - done), np.sort(hours[done == 1])


def closed_in_los_angeles():
    """The closed requests of the real sample, as dicts."""
    (content,) = received("service", "la311*").values()
    return [r for r in csv.DictReader(io.StringIO(content.decode())) if r["Status"] == "Closed"]


@real
def test_the_real_sample_cut_at_a_day_is_estimated_as_from_its_rows(city, monkeypatch):
    ours, exact, hours = estimated(city, closed_in_los_angeles(), monkeypatch)
    middle = survival.time_until(exact, 0.5)
    assert abs(ours.median - np.quantile(hours, 0.5, method="inverted_cdf")) <= 1
    assert abs(ours.expected_median - middle) <= 1
    assert ours.expected_median > ours.median


@real
def test_the_estimate_from_the_rows_of_the_real_sample_is_that_of_lifelines():
    _, (hours, done) = cut(closed_in_los_angeles())
    curve, theirs = survival.kaplan_meier(hours, done, 1 - done), lifelines("real")
    at = np.searchsorted(curve.times, theirs.pop("times") - 1e-6)
    for name, values in theirs.items():
        assert getattr(curve, name)[at] == pytest.approx(values, abs=1e-6), name


def test_a_made_up_sample_cut_at_a_day_is_estimated_as_from_its_rows(city, monkeypatch):
    start, draws = datetime(2018, 1, 1, 8), np.random.default_rng(1)
    rows = []
    for n in range(600):
        requested = start + timedelta(minutes=int(draws.integers(0, 4 * 24 * 60)))
        completed = requested + timedelta(hours=float(draws.lognormal(3.5, 0.8)))
        created, closed = (t.strftime(FORMAT) for t in (requested, completed))
        rows.append({"SRNumber": f"r{n}", "CreatedDate": created, "ClosedDate": closed})
    ours, exact, hours = estimated(city, rows, monkeypatch)
    middle = survival.time_until(exact, 0.5)
    assert abs(ours.median - np.quantile(hours, 0.5, method="inverted_cdf")) <= 1
    assert abs(ours.expected_median - middle) <= 1
    assert ours.expected_median > ours.median


# standards


def test_a_standard_counts_what_is_decided_and_an_open_request_older_than_it_as_missed(town):
    rows = """1,loket,2019-05-06 09:00,2019-05-06 09:05,closed,2019-06-01
2,loket,2019-05-06 09:00,2019-05-07 08:59,closed,2019-06-01
3,loket,2019-05-06 09:00,2019-05-07 10:01,closed,2019-06-01
4,loket,2019-05-06 09:00,,open,2019-06-01
5,loket,2019-05-08 09:00,,open,2019-06-01
6,loket,2019-05-08 09:00,2019-05-08 09:06,closed,2019-06-01
"""
    town(
        rows,
        standards_csv=STANDARDS
        + "ktp_el,,24,2019-01-01,,regulation,Rule,unverified,2019-01-01\n"
        + "ktp_el,loket,8.3333333333333e-02,2019-01-01,2019-12-31,promise,Five,,2019-01-01\n"
        + "ktp_el,,1,2018-01-01,2018-12-31,promise,Over,,2018-01-01\n",
    )
    service = looked_at()
    (share,) = service.period.shares
    assert (share.met, share.decided) == (3, 5)  # the request of the last known day is undecided
    assert share.standard["verification"] == "unverified" and share.value == 0.6
    (channel,) = service.channels
    assert {s.standard["document"]: (s.met, s.decided) for s in channel.shares} == {
        "Rule": (3, 5), "Five": (1, 5),
    }  # fmt: skip
    (figure,) = kpi.snapshot("city").figures("service_within_standard")
    assert (figure.numerator, figure.denominator, figure.target_document) == (3, 5, "Rule")


def test_where_nothing_is_completed_what_waits_for_too_long_is_missed_all_the_same(town):
    town(
        "1,loket,2019-05-06 09:00,,open,2019-06-01\n2,loket,2019-05-31 09:00,,open,2019-06-01\n",
        standards_csv=STANDARDS + "ktp_el,,24,2019-01-01,,regulation,Rule,,2019-01-01\n",
    )
    (figure,) = kpi.snapshot("city").figures("service_within_standard")
    (share,) = looked_at().period.shares
    assert (figure.value, figure.numerator, figure.denominator) == (0, 0, 1)
    assert (share.met, share.decided) == (0, 1)


def test_every_year_is_held_against_the_standard_that_was_in_force_in_it(town):
    town(
        "1,loket,2018-05-07 09:00,2018-05-07 12:00,closed,2019-06-01\n"
        "2,loket,2019-05-06 09:00,2019-05-06 12:00,closed,2019-06-01\n"
        "3,loket,2020-05-06 09:00,2020-05-06 12:00,closed,2020-06-01\n",
        standards_csv=STANDARDS
        + "ktp_el,,1,2018-01-01,2018-12-31,regulation,Old,,2018-01-01\n"
        + "ktp_el,,24,2019-01-01,2019-12-31,regulation,New,,2019-01-01\n",
    )
    figures = kpi.snapshot("city").figures("service_within_standard")
    assert [(f.year, f.value, f.target_document, f.reason) for f in figures] == [
        (2018, 0, "Old", None), (2019, 1, "New", None), (2020, None, None, "no_standard"),
    ]  # fmt: skip


def test_without_a_standard_there_is_no_share_and_why(town):
    town(LATER)
    (figure,) = kpi.snapshot("city").figures("service_within_standard")
    assert (figure.value, figure.reason) == (None, "no_standard")
    assert looked_at().period.shares == () and looked_at().assurance is None


def test_the_standards_of_the_city_are_marked_where_nobody_has_read_them(served):
    rows = measured.standards(kpi.snapshot("cirebon"), "ktp_el_print")
    assert [(r["hours"], r["channel"], r["verification"]) for r in rows[:1]] == [
        (24, "", "unverified")
    ]
    told = {(r["channel"], round(r["hours"] * 60), r["kind"]) for r in rows}
    assert told == {
        ("", 1440, "regulation"),
        ("", 1440, "promise"),
        ("kecamatan", 2880, "target"),
        ("kelakon_ditonggoni", 5, "promise"),
    }


# series, weeks, signal


def test_the_stocks_of_two_agencies_are_one_from_the_day_that_both_have_counted(town):
    recipe = SERVICE.replace('agency = "Dukcapil"', "").replace(
        "[map]", '[map]\nagency = "channel"'
    )
    rows = "1,A,2019-05-06 09:00,,open,2019-05-10\n2,B,2019-05-06 09:00,,open,2019-05-10\n"
    days = "A,2019-05-01,50\nB,2019-05-02,7\nA,2019-05-03,40\nB,2019-05-04,\nB,2019-05-05,5\n"
    stock = "".join(
        f"{agency},blank,{day},{count},store,{'final' if count else 'missing'},2019-05-10\n"
        for agency, day, count in (line.split(",") for line in days.split())
    )
    head = "agency,item,day,on_hand,series,obs_status,published_at\n"
    town(rows, recipe, stock_csv=head + stock)

    def counted(agency):
        rows = kpi.snapshot("city").table("service_stock", service="ktp_el", agency=agency)
        return [(row["day"].day, row["on_hand"]) for row in rows]

    assert counted(None) == [(2, 57), (3, 47), (5, 45)]
    assert counted("A") == [(1, 50), (3, 40)]


def test_a_simulated_series_gives_way_to_a_published_one(town):
    both = SERVICE.replace('series = "office"\n', "").replace(
        "[map]", "[map]\nseries = \"if(channel = 'loket', 'office', 'simulated:office')\""
    )
    town(LATER.replace("3,loket", "3,made_up"), both)
    service = looked_at()
    assert [row["series"] for row in service.sources] == ["office"]
    assert service.period.requests == 2


@pytest.mark.usefixtures("served")
def test_the_shortage_is_a_signal_and_the_limits_follow_the_programme():
    service = looked_at("2019-09-30", code="ktp_el_print", name="cirebon")
    starts = [service.periods[n].name for n in service.chart.starts]
    assert starts == ["2018-01-01", "2019-01-01"] and not service.chart.is_firm
    assert (service.variation, service.assurance) == ("concerning", "passes")


@pytest.mark.usefixtures("served")
def test_periods_that_waited_longer_than_the_limits_are_a_signal_though_half_are_not_done():
    service = looked_at(None, unit="week", code="ktp_el_print", name="cirebon")
    assert service.period.expected_median is None and service.variation == "concerning"


def test_a_newest_period_that_half_have_not_left_tells_nothing_yet(town):
    rows = "".join(
        f"{m}{n},loket,2019-0{m}-04 09:00,2019-0{m}-{4 + 8 * n:02} 1{m}:00,closed,2019-08-01\n"
        for m in range(1, 7) for n in range(3)
    )  # fmt: skip
    town(
        rows
        + "x,loket,2019-06-24 09:00,,open,2019-08-01\ny,loket,2019-07-01 09:00,,open,2019-08-01\n"
    )
    assert looked_at().variation == "unreached"


# the survey

SHEET = "response_id,agency,service_code,answered_on,element,score,series,published_at\n"


def answers(*scores):
    """Rows of sheets that give every element the same score."""
    return SHEET + "".join(
        f"s{n},Dukcapil,ktp_el,2019-02-01,U{u},{score},office,2019-03-01\n"
        for n, score in enumerate(scores)
        for u in range(1, 10)
    )


def test_the_index_has_weights_of_exactly_a_ninth(town):
    town(LATER, survey_csv=answers(4))
    (figure,) = kpi.snapshot("city").figures("skm_index")
    assert (figure.value, figure.values_summed) == (100, 1)  # 0.11 would give 99


def test_an_element_that_nobody_was_asked_leaves_no_index(town):
    lacking = "".join(line for line in answers(4).splitlines(True) if ",U9," not in line)
    town(LATER, survey_csv=lacking)
    (figure,) = kpi.snapshot("city").figures("skm_index")
    assert (figure.value, figure.reason) == (None, "elements_lacking")


@pytest.mark.parametrize("value, band", [
    (100, "A"), (88.31, "A"), (88.30, "B"), (76.61, "B"), (76.60, "C"), (65, "C"), (64.99, "D"),
    (25, "D"), (24.99, None), (None, None),
])  # fmt: skip
def test_a_class_begins_at_its_lowest_value(served, value, band):
    found = measured.band(kpi.snapshot("cirebon"), "skm", value)
    assert (found and found["band"]) == band


@pytest.mark.parametrize("fours, sheets, index", [(5323, 10000, 88.31), (5322, 10000, 88.31)])
def test_the_index_is_rounded_before_it_is_put_into_a_class(served, fours, sheets, index):
    snapshot = kpi.snapshot("cirebon")
    with reading.cursor(snapshot.path, None, "") as con:
        mean = (3 * sheets + fours) / sheets
        query = "select round((25 * $mean)::decimal(18, 8), 2)::double"
        (value,) = con.execute(query, {"mean": mean}).fetchone()
    assert value == index and measured.band(snapshot, "skm", value)["band"] == "A"


def test_the_elements_of_the_city_are_nine_and_their_mean_is_the_index(served):
    snapshot = kpi.snapshot("cirebon")
    for figure in snapshot.figures("skm_index"):
        elements = measured.elements(snapshot, figure)
        assert [e.element for e in elements] == [f"U{n}" for n in range(1, 10)]
        assert figure.value == pytest.approx(25 * sum(e.mean for e in elements) / 9, abs=0.005)
