"""The data page: one dataset, changed figures, the reporting calendar, letters, simulated data."""

from datetime import date

import pytest
from conftest import SITES
from test_pages import DATA, html, read, title, visit
from test_tables import check, offered

import kpi
from kpi.lineage import of_figure
from kpi.trace import trace
from ui.data import letters, tables
from ui.kit import cards, sentences
from ui.kit.text import TAG, text

ID, EN = text("id"), text("en")
MARK = ID("simulated.mark")
COUNTS = """
loads = "visits"
files = ["counts.csv"]
[source]
producer = "Tourism office"
[set]
place_kind = "site"
measure = "attraction_visits"
origin = "total"
frequency = "M"
series = "%s"
[map]
place = "site"
period_start = "ymd(year, month, '1')"
visits = "num(visits)"
obs_status = "if(absent(visits), 'missing', '%s')"
published_at = "published"
published_at_basis = "'stated'"
"""
DUTIES = {
    "duties.csv": "agency,dataset,frequency,due_days\nTourism office,counts,M,10\n",
    "duties.toml": 'loads = "reporting"\nfiles = ["duties.csv"]',
}
CLOSED = {
    "closed.csv": "site,from_date,to_date,state\nmuseum,2019-02-01,2019-03-31,closed\n",
    "closed.toml": 'loads = "site_status"\nfiles = ["closed.csv"]',
}


def counts(rows, series="gate", status="final"):
    """The files of a dataset with the rows site,year,month,published,visits."""
    return {
        "counts.csv": "site,year,month,published,visits\n" + rows,
        "counts.toml": COUNTS % (series, status),
    }


@pytest.fixture
def made(city, monkeypatch):
    """The made-up city with two sites, not yet built, served by the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return city.write(SITES)


def table(query, as_of=None):
    """The rows of a query on the made-up city."""
    return kpi.snapshot("city", as_of and date.fromisoformat(as_of)).table(query)


def statuses(as_of):
    """{month: status} of the made-up city's one duty."""
    return {r["period_start"].month: r["status"] for r in table("deliveries", as_of)}


def headings(at):
    return [h.value for h in at.header]


# the parts of the page and the address


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("view", ["vintages", "calendar", "completeness", "letters"])
def test_every_part_of_the_page_has_an_address(lang, view):
    at = visit(f"lang={lang}&view={view}", DATA)
    head = {"letters": "letter"}.get(view, view)
    assert text(lang)(f"{head}.title") in headings(at) and not at.warning


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address", ["dataset=visits/nothing", "view=<b>"])
def test_a_part_or_dataset_that_is_not_there_is_told_and_left_out(address):
    at = visit(address, DATA)
    assert len(at.warning) == 1 and "<" not in at.warning[0].value.replace("\\<", "")
    assert address.split("=")[0] not in at.query_params
    assert ID("data.datasets") in headings(at)


@pytest.mark.usefixtures("served")
def test_the_dataset_in_the_address_is_the_only_one_that_is_shown():
    at = visit("dataset=visits/bps_mpd", DATA)
    shown = at.dataframe[0].value
    assert list(shown[ID("table.dataset")]) == ["visits/bps_mpd"]
    assert ID("table.producer") in html(at)


@pytest.mark.usefixtures("served")
def test_a_chosen_dataset_and_part_stand_in_the_address():
    at = visit("", DATA)
    at.selectbox(key="dataset").set_value("visits/bps_mpd").run()
    at.segmented_control(key="view").set_value("letters").run()
    assert at.query_params["dataset"] == "visits/bps_mpd" and at.query_params["view"] == "letters"


@pytest.mark.usefixtures("served")
def test_the_page_opens_with_the_five_findings_that_touch_the_headline_most():
    snapshot = kpi.snapshot("cirebon", date(2019, 9, 30))
    rows = [r for r in snapshot.table("findings") if r["severity"] != "note"]
    assert [r["touches"] for r in rows] == sorted((r["touches"] for r in rows), reverse=True)
    assert rows[0]["touches"] > 0.04 > rows[1]["touches"]  # a site of which a month is missing
    said = tables.first(EN, rows)
    assert len(said) == 5 and {severity for severity, _ in said} == {"error", "question"}
    page = " ".join(element.value for element in visit("lang=en", DATA).markdown)
    shown, *told = (" ".join(TAG.sub("", each).split()) for each in (page, *(s for _, s in said)))
    assert all(sentence in shown for sentence in told) and "It touches" in told[0]
    assert page.count("kind=finding") >= 5


@pytest.mark.usefixtures("served")
def test_the_findings_of_one_dataset_are_its_own():
    shown = visit("dataset=visits/jabar_attractions&as_of=today", DATA).dataframe[-1].value
    # one finding speaks of two: the kind that a table lacks stands, without a figure, in another
    assert all("visits/jabar_attractions" in names for names in shown[ID("table.dataset")])
    assert not shown[ID("table.finding")].str.contains("<").any()  # a link is no text of a cell


@pytest.mark.parametrize("view", ["datasets", "vintages", "calendar", "completeness", "letters"])
def test_a_city_without_anything_has_every_part(made, view):
    for path in made.folder.iterdir():
        path.unlink()
    made.build()
    assert headings(visit(f"view={view}&lang=en", DATA))


# vintages

REVISED = "park,2019,1,2019-02-01,100\npark,2019,1,2019-03-01,150\npark,2019,2,2019-03-01,7\n"


def test_why_a_column_holds_no_personal_data_stands_beside_where_the_data_come_from(made):
    files = counts("park,2019,1,2019-02-05,5\n")
    made.build(files | {"counts.toml": files["counts.toml"] + '[personal]\nsite = "a park"\n'})
    assert "site: a park" in html(visit("dataset=counts&lang=en", DATA))


@pytest.mark.usefixtures("served")
def test_the_three_totals_of_2022_stand_side_by_side():
    (row,) = [
        r
        for r in read(visit("view=vintages&as_of=today", DATA).dataframe[0]).to_dict("records")
        if r[ID("table.period")] == "2022"
    ]
    assert [row[ID("table.vintage", number=n)].split()[0] for n in (1, 2, 3)] == [
        "3.900.000",
        "4.200.000",
        "4.316.829",
    ]
    assert row[ID("table.change")] == "naik 10,7\u00a0% (+416.829 kunjungan)"


def test_only_what_was_published_more_than_once_is_a_changed_figure(made):
    made.build(counts(REVISED))
    ((first, last),) = [[v["value"] for v in r["vintages"]] for r in table("vintages")]
    assert (first, last) == (100, 150)


def test_a_vintage_published_after_the_day_is_not_there_yet(made):
    made.build(counts(REVISED))
    assert table("vintages", "2019-02-28") == [] and len(table("vintages", "2019-03-01")) == 1


@pytest.mark.parametrize(
    "change, growth, said",
    [
        (50, 0.5, "naik 50,0 % (+50 kunjungan)"),
        (-50, 0.5, "turun 50,0 % (−50 kunjungan)"),
        (0, 0.0, "tetap"),
        (7, None, "dari nol menjadi 7 kunjungan"),
        (None, None, "hanya sebagian terbitan berisi angka"),
    ],
)
def test_a_change_is_said_in_visits_and_percent(change, growth, said):
    row = {"change": change, "growth": growth}
    assert sentences.change(ID, row).replace("\u00a0", " ") == said


def test_a_target_published_twice_is_a_changed_figure(made):
    made.build(
        {
            "plan.csv": "value,published\n1000,2019-01-01\n1200,2019-06-01\n",
            "plan.toml": 'loads = "targets"\nfiles = ["plan.csv"]\npublished_at_basis = "stated"\n'
            '[set]\narea = "32.71"\nkpi = "visits"\ndocument = "Plan"\nunit = "visits"\n'
            'period_start = "2019-01-01"\nperiod_end = "2019-12-31"\nlevel = "ruling"\n'
            '[map]\nvalue = "num(value)"\npublished_at = "published"',
        }
    )
    (row,) = read(visit("view=vintages&lang=en", DATA).dataframe[0]).to_dict("records")
    assert row[EN("table.change")] == "up 20.0\u00a0% (+200 visits)"
    assert row[EN("table.what")] == "target of visits, ruling target"


# the calendar

DELIVERED = "park,2019,1,2019-02-10,100\npark,2019,2,2019-03-20,7\n"


def test_a_period_is_delivered_late_missing_or_not_due(made):
    made.build(DUTIES | counts(DELIVERED))
    assert statuses("2019-04-20") == {1: "delivered", 2: "late", 3: "missing", 4: "not_due"}


def test_on_its_last_day_a_delivery_is_not_missing_yet(made):
    made.build(DUTIES | counts(DELIVERED))
    assert statuses("2019-04-10")[3] == "not_due" and statuses("2019-04-11")[3] == "missing"


def test_what_was_not_published_by_the_day_was_missing_then(made):
    made.build(DUTIES | counts(DELIVERED))
    assert statuses("2019-03-15") == {1: "delivered", 2: "missing", 3: "not_due"}


def test_the_days_of_a_month_that_has_not_ended_are_no_delivery(made):
    made.build(
        DUTIES
        | {
            "counts.csv": "site,day,published,visits\npark,2019-01-02,2019-01-03,5\n",
            "counts.toml": COUNTS.replace('"M"', '"D"').replace("ymd(year, month, '1')", "day")
            % ("gate", "final"),
        }
    )
    assert statuses("2019-01-20") == {1: "not_due"} and statuses("2019-02-01")[1] == "delivered"


def test_an_empty_figure_is_no_delivery(made):
    made.build(DUTIES | counts(DELIVERED + "park,2019,3,2019-04-02,\n"))
    assert statuses("2019-04-20")[3] == "missing"


def test_a_revision_does_not_make_a_delivery_late(made):
    made.build(DUTIES | counts(DELIVERED + "park,2019,1,2019-09-01,101\n"))
    assert statuses("2019-12-01")[1] == "delivered"


def test_a_day_that_is_only_known_as_the_latest_possible_is_not_called_late(made):
    files = counts(DELIVERED)
    made.build(DUTIES | files | {"counts.toml": files["counts.toml"].replace("stated", "known_by")})
    assert statuses("2019-04-01")[2] == "delivered"


MUSEUM = "museum,2019,1,2019-02-10,5\n"


def test_a_closed_place_is_not_missing(made):
    made.build(DUTIES | CLOSED | counts(MUSEUM))
    assert statuses("2019-05-20") == {
        1: "delivered",
        2: "closed",
        3: "closed",
        4: "missing",
        5: "not_due",
    }


def test_a_place_that_has_not_reported_is_named_unless_it_was_closed(made):
    made.build(DUTIES | CLOSED | counts(DELIVERED + MUSEUM + "park,2019,4,2019-05-02,9\n"))
    rows = {r["period_start"].month: r for r in table("deliveries", "2019-05-20")}
    assert [rows[m]["sites_lacking"] for m in (1, 2, 4)] == [[], [], ["Museum Kota"]]
    assert sentences.delivery(EN, rows[4])[2].endswith("; 1 of 2 places")


def test_overlapping_closures_do_not_close_more_days_than_they_have(made):
    closed = "museum,2019-02-01,2019-02-20,closed\nmuseum,2019-02-05,2019-02-20,closed\n"
    head = CLOSED["closed.csv"].splitlines(keepends=True)[0]
    made.build(DUTIES | CLOSED | {"closed.csv": head + closed} | counts(MUSEUM))
    assert statuses("2019-03-20")[2] == "missing"


def test_a_simulated_closure_excuses_no_real_report(made):
    made.build(
        DUTIES | {f"simulated/{name}": text for name, text in CLOSED.items()} | counts(MUSEUM)
    )
    assert statuses("2019-03-20")[2] == "missing"


@pytest.mark.parametrize(
    "days, owed",
    [
        ("2019-02-15,", {2: "late", 3: "missing", 4: "not_due"}),
        (",2019-02-15", {1: "delivered", 2: "late"}),
        ("2019-06-01,", {6: "not_due"}),
    ],
)
def test_only_the_periods_of_a_duty_are_owed(made, days, owed):
    duty = (
        f"agency,dataset,frequency,due_days,from_date,to_date\nTourism office,counts,M,10,{days}\n"
    )
    made.build(DUTIES | {"duties.csv": duty} | counts(DELIVERED))
    assert statuses("2019-04-20") == owed


def test_a_dataset_that_never_came_is_asked_for(made):
    made.build(DUTIES)
    assert statuses("2019-03-01") == {1: "missing", 2: "not_due", 3: "not_due"}
    (duty,) = table("duties", "2019-03-01")
    assert not duty["is_known"] and duty["next_due_on"] == date(2019, 3, 10)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_grid_says_every_status_in_words(made, lang):
    made.build(DUTIES | counts(DELIVERED))
    say = text(lang)
    shown = html(visit(f"view=calendar&as_of=2019-04-20&lang={lang}", DATA))
    codes = ("delivery.delivered", "delivery.late", "obs_status.missing", "obs_status.not_due")
    assert [c for c in codes if say(c) not in shown] == []
    assert say.month(date(2019, 2, 1)) in shown


@pytest.mark.parametrize("frequency", "DMQA")
def test_duties_of_every_frequency_have_a_calendar(made, frequency):
    duty = DUTIES["duties.csv"].replace(",M,", f",{frequency},")
    made.build(DUTIES | {"duties.csv": duty} | counts(DELIVERED))
    with offered() as tables:
        assert visit("view=calendar&as_of=2019-04-20", DATA).subheader
    assert [t.name for t in tables][-1] == f"calendar-{frequency}"
    for given in tables:
        check(given)


def test_rejected_values_are_a_table_that_holds_no_formula(made):
    made.build(counts("park,2019,1,2019-02-10,=1+1\n"))
    with offered() as tables:
        visit("view=datasets", DATA)
    (given,) = [t for t in tables if t.name == "rejects"]
    check(given)
    assert ",'=1+1," in given.csv().decode()


def test_without_duties_the_calendar_says_what_is_lacking(made):
    made.build(counts(DELIVERED))
    assert visit("view=calendar&lang=en", DATA).info[0].value == EN("calendar.none")


# letters


def letter(made, lang="en", as_of="2019-04-20"):
    """The one letter that is ready."""
    *_, code = visit(f"view=letters&lang={lang}&as_of={as_of}", DATA).code
    return code.value


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_letter_says_what_is_missing_and_late(made, lang):
    made.build(DUTIES | counts(DELIVERED))
    say, said = text(lang), letter(made, lang)
    assert said.startswith(say("letter.to", agency="Tourism office"))
    assert f"counts, {say.month(date(2019, 3, 1))}" in said.split(say("letter.late"))[0]
    assert f"counts, {say.month(date(2019, 2, 1))}" in said.split(say("letter.late"))[1]
    kept = [f"counts, {say.month(date(2019, month, 1))}" for month in (1, 4)]
    assert [owed for owed in kept if owed in said] == []


def test_a_letter_names_file_row_column_value_and_rule_of_what_was_rejected(made):
    made.build(counts("park,2019,1,2019-02-01,1O0\n"))
    assert 'counts.csv, row 2, column visits: "1O0"' in letter(made)
    assert "visits must be a whole number." in letter(made)


def test_without_a_duty_the_publisher_is_written_to(made):
    made.build(counts("park,2019,1,2019-02-01,1O0\n"))
    assert letter(made).startswith("To: Tourism office")


def test_a_letter_names_the_place_and_month_that_a_newer_file_has_lost(made):
    dated = COUNTS.replace("counts.csv", "counts?.csv") % ("gate", "final")
    dated = dated.replace('published_at = "published"\npublished_at_basis = "\'stated\'"\n', "")
    dates = '[per_file]\n"counts1.csv" = 2019-03-01\n"counts2.csv" = 2019-04-01\n'
    head, row = "site,year,month,visits\n", "park,2019,1,100\n"
    files = {"counts1.csv": f"{head}{row}park,2019,2,200\n", "counts2.csv": head + row}
    made.build({**files, "counts.toml": dated + dates})
    assert "Taman Kota: Attractions total February 2019: 200 stood" in letter(made)


def test_a_letter_names_a_file_that_could_not_be_used(made):
    made.build(counts("") | {"counts.csv": "site,year\npark,2019\n"})
    assert "counts.csv has no column" in letter(made).split(EN("letter.refused"))[1]


def test_an_agency_with_nothing_to_do_gets_no_letter(made):
    made.build(DUTIES | counts("park,2019,1,2019-02-10,100\n"))
    at = visit("view=letters&lang=en&as_of=2019-02-20", DATA)
    assert len(at.code) == 2 and EN("letter.idle", agencies="Tourism office") in [
        c.value for c in at.caption
    ]


def said_of(text_, rule):
    """The one letter of an office of which a cell with a text was rejected by a rule."""
    row = {
        **dict.fromkeys(("sheet", "source_column"), None),
        **{"dataset": "counts", "file": "counts.csv", "line": 2, "text": text_},
        **{"contract_column": "visits", "rule": rule, "params": {}},
    }
    who = [{"agency": "Office", "dataset": "counts", "is_simulated": False}]
    about = {"city": "Kota", "day": "today", "id": "x"}
    ((_, said),) = letters.of_all(EN, who, [], [], [], [row], [], {}, **about)
    return said


@pytest.mark.parametrize("rule", ["not_a_number", "ambiguous_number"])
def test_a_letter_speaks_of_no_recipe(rule):
    said = said_of("24.325", rule)
    assert EN(f"rule.{letters.FOR_SENDERS[rule]}") in said and "num(" not in said


@pytest.mark.parametrize(
    "personal", ["3274010101900001", "0812 3456 7890", "someone@mail.id", "Siti", "Budi bin Ali"]
)
def test_a_letter_holds_no_personal_data(personal):
    said = said_of(personal, "not_a_whole_number")
    assert "•••" in said and personal not in said


def test_a_letter_forgets_what_was_late_more_than_a_year_ago(made):
    made.build(DUTIES | counts(DELIVERED))
    assert EN("letter.late") in letter(made, as_of="2020-03-09")
    assert EN("letter.late") not in letter(made, as_of="2020-03-10")


def test_a_long_list_is_cut_and_counted(made):
    made.build(DUTIES | counts(DELIVERED))
    said = letter(made, as_of="2021-06-20")
    assert EN("letter.more", number=7) in said and said.count("\n- counts") == 20


def test_targets_that_were_delivered_are_not_asked_for(made):
    plan = {
        "counts.csv": "area,kpi,period_start,period_end,document,value,unit,published_at\n"
        "32.71,visits,2019-01-01,2019-12-31,Plan,1000,visits,2019-01-05\n",
        "counts.toml": 'loads = "targets"\nfiles = ["counts.csv"]\npublished_at_basis = "stated"',
    }
    made.build(DUTIES | {"duties.csv": DUTIES["duties.csv"].replace(",M,", ",A,")} | plan)
    (row,) = table("deliveries", "2019-06-01")
    assert row["status"] == "delivered"


def test_everything_in_the_grid_is_escaped():
    evil = "<script>"
    shown = cards.grid(evil, [evil], [(evil, (evil, evil, evil, evil), None)]) + cards.banner(evil)
    assert evil not in shown and shown.count("&lt;script&gt;") == 8


# completeness

LACKING = (
    DELIVERED
    + MUSEUM
    + "park,2019,3,2019-04-01,8\nmuseum,2019,2,2019-03-02,4\nmuseum,2019,4,2019-05-02,6\n"
)


def completeness(as_of="2019-05-20", lang="en"):
    return visit(f"view=completeness&lang={lang}&as_of={as_of}", DATA)


def test_every_place_and_month_says_what_is_reported_missing_or_not_due(made):
    made.build(DUTIES | counts(LACKING))
    what = {"definition": "attractions", "series": "gate"}
    day = date(2019, 5, 9)
    rows = kpi.snapshot("city", day).table("place_months", **what)
    april = {r["place"]: r["status"] for r in rows if r["month"].month == 4}
    assert april == {"park": "not_due", "museum": "final"}
    march = {r["place"]: r["status"] for r in rows if r["month"].month == 3}
    assert march == {"park": "final", "museum": "missing"}


def test_a_place_that_was_closed_all_month_is_closed_and_owes_nothing(made):
    made.build(DUTIES | CLOSED | counts(DELIVERED + MUSEUM + "park,2019,3,2019-04-01,8\n"))
    rows = kpi.snapshot("city", date(2019, 4, 20)).table(
        "place_months", definition="attractions", series="gate"
    )
    assert {r["status"] for r in rows if r["place"] == "museum" and r["month"].month > 1} == {
        "closed"
    }
    assert table("gaps", "2019-04-20") == []


def test_months_in_a_row_are_one_gap_once_they_are_due(made):
    rows = "".join(f"park,2019,{m},2019-{m + 1:02}-02,9\n" for m in range(1, 7))
    made.build(DUTIES | counts(rows + MUSEUM + "museum,2019,4,2019-05-02,6\n"))
    found = [
        (r["place_name"], r["period_start"].month, r["period_end"].month, r["periods"])
        for r in table("gaps", "2019-07-05")
    ]
    assert found == [("Museum Kota", 5, 5, 1), ("Museum Kota", 2, 3, 2)]


def test_a_month_in_which_nobody_reported_is_no_gap_of_each_place(made):
    made.build(DUTIES | counts(DELIVERED + MUSEUM + "museum,2019,2,2019-03-02,4\n"))
    assert table("gaps", "2019-05-20") == [] and statuses("2019-05-20")[3] == "missing"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_view_shows_what_is_missing_and_its_estimate_apart(made, lang):
    made.build(DUTIES | counts(LACKING))
    at, say = completeness(lang=lang), text(lang)
    april = say.month(date(2019, 4, 1))
    assert april in at.subheader[0].value
    (shown,) = (read(d) for d in at.dataframe if say("nowcast.estimate") in d.value)
    row = shown.set_index(say("table.period")).loc[april]
    assert (row[say("completeness.reported")], row[say("nowcast.estimate")]) == ("6", "—")
    assert say("obs_status.missing") in html(at) and say("completeness.reported") in html(at)


def test_one_month_of_data_is_shown_without_an_estimate(made):
    made.build(counts("park,2019,1,2019-02-01,100\nmuseum,2019,1,2019-02-01,9\n"))
    at = completeness("2019-02-10")
    assert EN("completeness.whole", month="January 2019") in [h.value for h in at.subheader]


def test_without_counts_by_day_or_month_the_view_says_so(made):
    made.build()
    assert completeness().info[-1].value == EN("completeness.none")


def test_the_buttons_lead_to_the_messages_and_back(made):
    made.build(DUTIES | counts(LACKING))
    at = completeness()
    at.button(key="to-letters").click().run()
    assert at.query_params["view"] == "letters" and EN("letter.title") in headings(at)
    at.button(key="to-completeness").click().run()
    assert at.query_params["view"] == "completeness" and EN("completeness.title") in headings(at)


def test_a_letter_lists_place_and_months_that_are_lacking_once(made):
    made.build(DUTIES | counts(LACKING))
    said = letter(made, as_of="2019-05-20")
    assert "- counts, Museum Kota (attractions): March 2019" in said.split(EN("letter.gaps"))[1]
    assert EN("letter.sites") not in said


@pytest.mark.usefixtures("served")
def test_the_record_of_the_demonstration_day_names_the_days_that_a_place_owes():
    at = visit("view=completeness", DATA)
    owed = read(at.dataframe[-1])[ID("table.lacks")]
    assert list(owed) == ["18 Juli 2019 – 16 Agustus 2019 (30 hari)"]
    assert "12,2 %" in at.subheader[0].value.replace("\u00a0", " ") and banners(at) == 1


# simulated data

YEAR = "".join(
    f"{site},2019,{month},2020-01-05,{month}\n"
    for site in ("park", "museum")
    for month in range(1, 13)
)
SIMULATED = {"series": "simulated:gate", "status": "simulated"}


def banners(at):
    """How many banners of simulated data a page has."""
    return html(at).count(cards.banner(ID("simulated.banner")))


def test_a_data_page_with_simulated_figures_has_one_banner(made):
    made.build(counts(YEAR, **SIMULATED))
    assert banners(visit("", DATA)) == 1


@pytest.mark.parametrize("page", ["", DATA])
def test_a_page_without_simulated_figures_has_none(made, page):
    made.build(counts(YEAR))
    assert MARK not in html(visit("", page))


@pytest.mark.parametrize("as_of", ["", "as_of=2019-06-30"])
def test_the_home_page_leaves_simulated_figures_out(made, as_of):
    files = counts(YEAR, **SIMULATED)
    area = files["counts.csv"].replace("park,", "32.71,").replace("museum", "32.77")
    recipe = files["counts.toml"].replace('place_kind = "site"', 'place_kind = "area"')
    made.build({"counts.csv": area, "counts.toml": recipe})
    at = visit(as_of)
    assert title(at) == ID("verdict.no_figures", city="Kota Bogor")
    assert ID("history.none") in headings(at)
    assert MARK not in html(at) and not at.dataframe


def test_every_row_of_a_simulated_figure_says_so(made):
    made.build(counts(YEAR, **SIMULATED))
    named = "kind=figure&kpi=visits&definition=attractions&series=simulated:gate&year=2019"
    (rows,) = visit(named, "pages/explore/figure.py").dataframe
    datasets, *_ = visit("", DATA).dataframe
    assert set(rows.value[ID("table.series")]) == {f"gate ({MARK})"}
    assert set(rows.value[ID("table.status")]) == {MARK}
    assert f"counts ({MARK})" in set(datasets.value[ID("table.dataset")])


@pytest.mark.parametrize("as_of", ["", "as_of=2019-06-01"])
def test_a_dataset_of_the_simulator_is_marked_whatever_it_holds_and_whenever_one_looks(made, as_of):
    made.build(
        {
            f"simulated/{name}": text
            for name, text in counts(YEAR + "park,2019,1,,1O0\n", **SIMULATED).items()
        }
    )
    at = visit(f"dataset=simulated/counts&{as_of}", DATA)
    assert banners(at) == 1
    name = f"simulated/counts ({MARK})"
    tables = [d.value[ID("table.dataset")] for d in at.dataframe if ID("table.dataset") in d.value]
    assert len(tables) >= 2 and all(set(names) == {name} for names in tables)


def real(rows):
    """The files of a dataset of real counts, named apart: {month: visits} of the park."""
    text = "".join(f"park,2019,{month},2020-02-01,{visits}\n" for month, visits in rows.items())
    files = counts(text, "office")
    return {
        "real.csv": files["counts.csv"],
        "real.toml": files["counts.toml"].replace("counts.csv", "real.csv"),
    }


def simulated(as_of=None):
    """The figure of the simulated series: (visits, status, is it complete)."""
    figures = kpi.snapshot("city", as_of).figures("visits")
    (figure,) = [f for f in figures if f.series == "simulated:gate"]
    return figure.value, figure.obs_status, figure.is_complete


def test_a_real_file_replaces_simulated_rows_of_its_site_and_period_and_the_year_keeps_the_mark(
    made,
):
    made.build(counts(YEAR, **SIMULATED))
    assert simulated() == (156, "simulated", True)
    made.build(real({1: 1001, 2: ""}))
    assert simulated() == (1156, "simulated", True)
    assert simulated(date(2020, 1, 31)) == (156, "simulated", True)


def test_a_real_figure_keeps_its_own_series_and_source(made):
    made.build(counts(YEAR, **SIMULATED) | real({1: 1001}))
    assert made.sql("select series, visits from visits_known where visits = 1001") == [
        ("office", 1001)
    ]
    snapshot = kpi.snapshot("city")
    (figure,) = [f for f in snapshot.figures("visits") if f.series == "simulated:gate"]
    rows = snapshot.rows(trace(snapshot, of_figure(figure)).values)
    (row,) = [row for row in rows if row["value"] == 1001]
    assert (row["series"], row["file"]) == ("office", "real.csv")


def test_without_its_real_file_the_simulated_rows_are_back(made):
    made.build(counts(YEAR, **SIMULATED) | real({1: 1001}))
    made.build({"real.csv": None, "real.toml": None})
    assert simulated() == (156, "simulated", True)


def test_the_letter_about_simulated_data_is_not_to_be_sent(made):
    made.build(DUTIES | counts(DELIVERED, **SIMULATED))
    assert letter(made).startswith(EN("letter.simulated"))


def test_a_simulated_series_is_named_after_the_one_that_it_is_made_like():
    words = {"series.gate": "The gate"}
    assert sentences.series_name(EN, "simulated:gate", words) == "The gate (simulated data)"
