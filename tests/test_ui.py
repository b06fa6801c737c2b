"""Words, numbers, colours, cards and charts: golden sentences, every code worded, all readable."""

import ast
import csv
import io
import json
import re
from datetime import date
from string import Formatter

import pytest
from conftest import ROOT

import kpi
from etl.contract import contracts, header
from kpi import guest, service, trace
from kpi.scorecard import STATES
from kpi.simulated import is_simulated
from ui.compare import guest_words
from ui.kit import cards, charts, glossary, maps, sentences
from ui.kit.text import languages, text
from ui.visits import plots

LANGUAGES = languages()
EVIL = "<script>alert(1)</script>"


def read(path):
    """The rows of a CSV file as dicts."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


FIGURE = {
    "kpi": "attainment",
    "unit": "share",
    "city": "Kota",
    "area": "32.71",
    "definition": "attractions_accommodation",
    "series": "disparbud_jabar",
    "year": 2019,
    "period_start": date(2019, 1, 1),
    "period_end": date(2019, 12, 31),
    "covered_to": date(2019, 12, 31),
    "value": 0.9125975,
    "numerator": 1_825_195,
    "denominator": 2_000_000,
    "obs_status": "final",
    "is_complete": True,
    "values_summed": 4,
    "measures_summed": 2,
    "values_reported": 4,
    "values_expected": 4,
    "origins": ("wisman", "wisnus"),
    "known_at": date(2026, 1, 3),
    "value_ids": (1, 2, 3, 4),
    "as_of": None,
    "is_city_choice": True,
    "target_document": "Rencana kota",
    "target_known_at": date(2019, 1, 7),
    "witnesses": 3,
    "is_choice": True,
    "measures": ("attraction_visits", "accommodation_guests"),
}


def figure(**changes):
    """The Figure of 2019 with some fields changed; days as text."""
    given = {
        k: date.fromisoformat(v)
        if k in ("covered_to", "period_end", "target_known_at") and isinstance(v, str)
        else tuple(v)
        if isinstance(v, list)
        else v
        for k, v in changes.items()
    }
    return kpi.Figure(**{**FIGURE, **given})


# sentences


def spoken(say, function, given):
    """What a function of ui/ makes of the inputs of a golden row."""
    some = {k: None if v is None else figure(**v) for k, v in given.items() if k in FIGURES}
    match function:
        case "verdict":
            more = given.get("words", {}), given.get("counts", ())
            return sentences.verdict(say, some["choice"], some["latest"], given["city"], *more)
        case "whose":
            return sentences.whose(say, some["figure"], given["series"])
        case "required":
            return " | ".join(sentences.required(say, some["figure"]))
        case "completeness" | "status":
            return getattr(sentences, function)(say, some["figure"])
        case "finding":
            return sentences.finding(say, given)
        case "unreported_title" | "unreported" | "nowcast_label":
            return getattr(sentences, function)(say, MONTH | given | {"month": date(2019, 9, 1)})
        case "place_month":
            return " | ".join(sentences.place_month(say, given))
        case "gap":
            days = {k: date.fromisoformat(given[k]) for k in ("period_start", "period_end")}
            return sentences.gap(say, given | days)
        case "date":
            return say.date(date.fromisoformat(given["day"]))
        case _:
            return getattr(say, function)(**given)


MONTH = {
    **{"reported": 132_210, "estimate": 7_016.2, "low": 5_006.2, "high": 8_734.3},
    **{"missing": 110, "estimated": 40, "open": 3, "frequency": "D"},
    **{"share_missing": 0.1217, "is_last_year": True},
}
FIGURES = ("choice", "latest", "figure")
SENTENCES = read(ROOT / "tests" / "golden_sentences.csv")


@pytest.mark.parametrize("row", SENTENCES, ids=lambda r: f"{r['lang']}-{r['sentence'][:60]}")
def test_the_sentence_is_the_golden_one(row):
    said = spoken(text(row["lang"]), row["function"], json.loads(row["inputs"]))
    assert said.replace("\u00a0", " ") == row["sentence"]


def test_every_golden_case_is_there_in_every_language():
    cases = {lang: [] for lang in LANGUAGES}
    for row in SENTENCES:
        cases[row["lang"]].append((row["function"], row["inputs"]))
    assert len({tuple(sorted(c)) for c in cases.values()}) == 1


def test_the_golden_verdicts_say_every_verdict():
    patterns = {
        code: re.sub(r"\\\{.*?\\\}", ".+", re.escape(text("id")._messages.gettext(code)))
        for code in text("id").codes
        if code.startswith("verdict.") and code != "verdict.choice"
    }
    said = [r["sentence"] for r in SENTENCES if (r["lang"], r["function"]) == ("id", "verdict")]
    assert [c for c, p in patterns.items() if not any(re.fullmatch(p, s) for s in said)] == []


def test_no_line_breaks_before_the_percent_sign():
    assert text("id").percent(0.913) == "91,3\u00a0%"


# every code has its words

FILES = [
    ROOT / "dashboard.py",
    ROOT / "etl" / "__main__.py",
    ROOT / "etl" / "cli" / "told.py",
    *sorted((ROOT / "ui").rglob("*.py")),
    *sorted((ROOT / "pages").rglob("*.py")),
]
NODES = [n for path in FILES for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
SPACES = {code.split(".")[0] for code in text("id").codes}


def listed(contract, column):
    """The values that a contract allows in a column."""
    rules = [c.expression for c in contracts()[contract].checks]
    (rule,) = [r for r in rules if re.match(rf'\("?{column}"? IN ', r)]
    return re.findall(r"'(\w+)'", rule)


def quoted(pattern, *files):
    """What the pattern's group finds in files of the project."""
    return {m for f in files for m in re.findall(pattern, (ROOT / f).read_text(encoding="utf-8"))}


# a comparison's, as kpi/beside.py yields them
REMARKS = ["series", "checked", "estimated"]
REASONS = sorted(quoted(r'yield "(\w+)"', "kpi/beside.py") - {*REMARKS})
FACTS, RATIO = ("history", "excluded", "futures"), ("numerator", "denominator")
CHECKS = sorted((ROOT / "etl" / "checks").glob("*.sql"))
# what the ending of a code that the code puts together can be; refusals and rules: test_layout.py
TABLES = [p.relative_to(ROOT).as_posix() for p in (ROOT / "ui").rglob("*.py")]
STORY = ["goal", "outlook", "condition", "service", "places", "honest", "home"]
ENDINGS = {
    "account": ["rows_read", "rows_accepted", "rows_aside", "rows_rejected"]
    + ["values_loaded", "values_same_again"],
    "aside": ["blank"],
    "basis": ["stated", "known_by"],
    "by": quoted(r'"(total|site|origin|measure)": ', "ui/visits/filters.py"),
    "build": quoted(r'progress\(\s*"(\w+)"', "etl/build.py") - {"loading"},
    "check": [p.stem for p in CHECKS],
    # definitions that are no sum of measures
    "counted": ["graded", "clean_share", "unsampled", "counted"]
    + ["public", "private", "by_function"],
    "count": STATES,
    "compared": ["per_resident", "beds", "trips"],
    "compare": ["area", "guest", "no_population", "no_land_area", "per_population"]
    + ["per_land_area", "bar_population", "bar_land_area", "base_population", "base_land_area"],
    "compare.mind": [*REMARKS, "population_year", "land_area_year"],
    "compare.short": [*REASONS, *REMARKS],
    "compare.why": REASONS,
    "condition": [*listed("condition", "domain"), *maps.ICONS],
    "day": listed("calendar", "kind"),
    "error": quoted(r'NoWarehouse\("(\w+)"', "kpi/reading.py", "kpi/__init__.py"),
    "file": quoted(r'(?:show|of)\(\s*say, "([a-z-]+)"', *TABLES),
    "instead": quoted(r'"(damaged|pointer)"', "etl/warehouse.py"),
    "guest.column": guest_words.COLUMNS,
    "guest.counted": guest.COUNTED,
    "guest.meaning": guest_words.COLUMNS,
    "legend": quoted(
        r'"(course|course_days|years|years_aligned|changes|heat)"', "pages/explore/visits.py"
    ),
    "kpi": list(kpi.metadata()),
    "glossary": [*glossary.ORDER, "derived_from"],
    "fact": [f"{name}{end}" for name in FACTS for end in ("", "_told")],
    "link": ["newest", "pinned"],
    "lineage": ["visits", "growth", "survey", "target"],
    "lineage.outlook": trace.OUTLOOK,
    "lineage.service": trace.SERVICE,
    "made": [
        *quoted(r'Part\("(\w+)"', "kpi/trace.py"),
        *(f"{name}{then}" for name in RATIO for then in ("", "_before")),
        *(f"requests_{fate}" for fate in ("done", "open", "withdrawn", *service.LEFT_OUT)),
        *quoted(r"'(\w+)' as part", "kpi/queries/values_pairs.sql"),
        *quoted(r"(?:then|else) '(\w+)'", "kpi/queries/values_requests.sql"),
        *quoted(r"'(numerator|denominator|both)'", "kpi/queries/values_condition.sql"),
    ],
    "level": listed("targets", "level"),
    "lkjip": ["cover", "table", "notes"],
    "mark": [header(p.read_text(encoding="utf-8"))["marks"] for p in CHECKS],
    "measure": listed("visits", "measure"),
    "obs_status": [r["obs_status"] for r in read(ROOT / "etl" / "sources" / "obs_status.csv")],
    "origin": listed("visits", "origin"),
    "nowcast": ["estimate", "low", "high", "usual", "last_year"],
    "option": quoted(r'frame\.(?:option|pick)\(say, "(\w+)"', "pages/explore/condition.py"),
    "outlook": ["counts", "counts_before", "counts_none", "best", "best_above"]
    + ["best_months", "best_above_months", "reached", "missed"],
    "outlook_note": quoted(
        r'(?:Note|Refused)\(\s*f?"(\w+[a-z])"', "kpi/outlook.py", "kpi/forecast.py"
    ),
    "overview": ["kebersihan", "ketertiban", "good", "concern", "common"],
    "plausible": ["per_resident", "beds", "trips", "population", "rooms"]
    + ["room_occupancy", "length_of_stay"],
    "pairs": quoted(r"'(calendar|lebaran|season)'", "kpi/queries/visits_compared.sql"),
    "problem": ["not_stated", "unit", "range"],
    "refusal": [],
    "reject": ["row", "empty", "value"],
    "required": quoted(r"then '(\w+)'", "kpi/required_per_day.sql"),
    "rule": [],
    # reasons of the KPIs on the scorecard
    "score": ["no_standard", "nothing_decided", "nothing_completed", "elements_lacking"],
    "service": ["verified", "unverified"],
    "service.event": ["completion", "request"],
    "service.assurance": ["passes", "by_chance", "fails"],
    "service.kind": ["regulation", "promise", "target"],
    "service.left": ["before", "zero", "day", "none", "withdrawn"],
    "service.rule": ["outside", "shift", "trend", "two_of_three"],
    "service.signal": ["none", "improving", "concerning", "common"],
    "service.unit": ["month", "week"],
    "service.verdict": ["reached", "not_reached"],
    "service.why": ["same", "reached", "not_reached", "nothing_done"],
    "service.xmr": ["middle", "low", "high"],
    "output": quoted(r'Output\(\s*"(\w+)"', "ui/export/outputs.py"),
    "story.condition": listed("condition", "domain"),
    "story.green": ["public", "private", "by_function"],
    "story.home": ["run", "test", "city", "bundle"],
    "story.honest": ["files", "rows_read", "rows_accepted", "rows_aside", "rows_rejected"]
    + ["findings", "late", "missing"],
    "story.key": ["move", "ends", "lang", "full", "notes", "help"],
    "story.keys": ["move", "ends", "lang", "full", "notes", "help"],
    "story.notes": STORY,
    "story.part": STORY,
    "survey": [f"U{i}" for i in range(1, 10)],
    "severity": ["error", "question", "note"],
    "signal": ["too_few", "common", "better", "worse", "outside"],
    "method": ["kind", "formula", "risk", "trend", "signal", "simulated"],
    "state": [*STATES, "accepted", "lapsed"],
    "unit": sorted({h["unit"] for h in kpi.metadata().values()} | {"trips", "passengers"}),
    "table": ["title", "producer", "address", "licence", "status", "accessed"] + ["low", "high"],
    "vintage": ["obs_status", "published_at"],
    "workbook": STORY[:-1],  # the last part has no table
}


def columns():
    """{(space, field)} of the headings of all columns("space", "field", ...)."""
    calls = [n for n in NODES if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "columns"]
    named = [[a.value for a in call.args if isinstance(a, ast.Constant)] for call in calls]
    return {(space, field) for space, *fields in named for field in fields}


def codes():
    """Every code that stands in the code, whole or put together."""
    texts = [n.value for n in NODES if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    whole = [t for t in texts if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", t)]
    numbers = quoted(r'_number\(\s*say, "([\w.]+)"', "ui/export/contents.py")  # named, not said
    files = (".js", ".css")
    codes = (t for t in whole if t.split(".")[0] in SPACES and not t.endswith(files))
    spaces = {space for space, _ in columns()}
    yield from (t for t in codes if t not in numbers | spaces)
    yield from (".".join(heading) for heading in columns())
    for space, endings in ENDINGS.items():
        yield from (f"{space}.{ending}" for ending in endings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_words(lang):
    assert len(set(codes())) > 150
    known = text(lang).codes
    lacking = [c for c in set(codes()) if not text(lang).has(c)]
    # what ends so is put together with more: some such code has words
    assert [
        c for c in lacking if not (c.endswith("_") and any(k.startswith(c) for k in known))
    ] == []


def test_the_endings_of_every_code_put_together_are_known():
    texts = [n for n in NODES if isinstance(n, ast.JoinedStr)]
    starts = [t.values[0].value for t in texts if isinstance(t.values[0], ast.Constant)]
    spaces = {s[:-1] for s in starts if re.fullmatch(r"([a-z_]+\.)+", s)}
    spaces |= quoted(r'coded\("[\w.]+", "\w+", "([\w.]+)"', *TABLES)
    # named by the city, or by the data and shown as it is where it has no words
    others = {"series", "definition", "indicator", "part", "story"}
    others |= {"places", "honest"}  # codes of numbers, which nobody reads
    others |= {"ui.export"}  # a module
    assert spaces - others == set(ENDINGS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_placeholder_is_given_where_the_words_are_asked_for(lang):
    lacking = []
    for node in NODES:
        asks = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "self")
        if not asks or not isinstance(node.args[0], ast.Constant):
            continue
        given = {k.arg for k in node.keywords}
        wanted = text(lang)._messages.gettext(node.args[0].value)
        needed = {name for _, name, _, _ in Formatter().parse(wanted) if name}
        if None not in given and needed - given:
            lacking.append((node.args[0].value, needed - given))
    assert lacking == []


# contrast

STYLE = (ROOT / "ui" / "kit" / "style.css").read_text(encoding="utf-8")
PAIRS = {
    name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", STYLE)
}
MODES = {"light": 0, "dark": 1}
CHART = {"light": charts.LIGHT, "dark": charts.DARK}


def luminance(colour):
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2's contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def papers(mode):
    """What text stands on: the page and the card."""
    return CHART[mode]["paper"], PAIRS["card"][MODES[mode]]


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_light_papers_are_white_and_the_card():
    assert papers("light") == ("#ffffff", "#f5f7fb")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["ink", "pale", "data", "concern"])
def test_text_stands_out_from_what_it_stands_on(mode, name):
    assert min(contrast(PAIRS[name][MODES[mode]], paper) for paper in papers(mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_bars_stand_out_from_their_track_and_ticks_from_both(mode):
    data, track, ink = (PAIRS[name][MODES[mode]] for name in ("data", "track", "ink"))
    assert contrast(data, track) >= 3 and contrast(ink, track) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_lines_are_also_labels_and_stand_out_like_text(mode):
    colours = [*CHART[mode]["lines"], CHART[mode]["pale"]]
    assert min(contrast(c, CHART[mode]["paper"]) for c in colours) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_the_numbers_of_the_heat_table_can_be_read_on_every_cell(mode):
    paper = CHART[mode]["paper"]
    cells = [paper, *(plots.mixed(colour, paper) for colour in CHART[mode]["lines"][:2])]
    assert CHART[mode]["ink"] == PAIRS["ink"][MODES[mode]]
    assert min(contrast(CHART[mode]["ink"], cell) for cell in cells) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("word", maps.ICONS)
def test_words_on_the_map_stand_out_from_their_fill_and_edges_from_the_page(mode, word):
    colours = {"light": maps.LIGHT, "dark": maps.DARK}[mode]
    assert contrast(colours["ink"], colours["fill"][word]) >= 4.5
    assert contrast(colours["line"][word], CHART[mode]["paper"]) >= 3


def test_every_colour_of_the_style_sheet_is_a_pair_or_a_name():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", STYLE) == [c for pair in PAIRS.values() for c in pair]


# cards

EVIL_WORDS = {"series.disparbud_jabar": EVIL, "ruling_target_reason": EVIL}
NO_NUMBER = {"value": None, "numerator": None, "denominator": None, "reason": "year_ended"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_cards_show_is_escaped(lang):
    say, odd = text(lang), figure(series=EVIL, target_document=EVIL)
    shown = [
        cards.target(say, figure(), figure(**NO_NUMBER), EVIL_WORDS),
        cards.target(say, odd, figure(**NO_NUMBER), {}),
        cards.latest(say, odd, {}),
        cards.rung(say, figure(), EVIL_WORDS),
        cards.progress(say, odd, {}),
        cards.banner(EVIL),
        cards.kicker(EVIL),
        cards.notes([(EVIL, EVIL)]),
        cards.facts([(EVIL, EVIL)]),
        cards.bullet(0.5, EVIL),
    ]
    assert [html for html in shown if "<script" in html or "&lt;script" not in html] == []


@pytest.mark.parametrize("share", [None, 0, 0.5, 1, 2.3])
def test_a_bullet_has_a_text_alternative_and_stays_inside(share):
    svg = cards.bullet(share, '50 % "of" 100')
    assert 'role="img"' in svg and 'aria-label="50 % &#34;of&#34; 100"' in svg
    assert "<title>50 %" in svg
    edges = re.findall(r'x="([\d.]+)".*?width="([\d.]+)"', svg)
    assert len(edges) == 3 and all(float(x) + float(width) <= 1000 for x, width in edges)


def test_a_bar_says_share_and_target():
    assert 'aria-label="91,3\u00a0% dari 2.000.000"' in cards.rung(text("id"), figure(), {})


def test_the_bar_of_what_is_not_firm_is_drawn_softer():
    soft = [
        "bullet-soft" in cards.rung(text("id"), figure(**changes), {})
        for changes in ({}, {"is_complete": False}, {"obs_status": "suspect"})
    ]
    assert soft == [False, True, True]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("card", [cards.latest, cards.progress])
@pytest.mark.parametrize("by", [{"obs_status": "simulated"}, {"series": "simulated:city_office"}])
def test_a_card_of_a_simulated_figure_carries_the_mark_and_another_does_not(lang, card, by):
    mark = f'<span class="chip warn">{text(lang)("simulated.mark")}</span>'
    assert mark in card(text(lang), figure(**by), {})
    assert mark not in card(text(lang), figure(), {})


def test_the_bar_of_what_is_simulated_is_hatched():
    html = cards.rung(SAY, figure(obs_status="simulated"), {})
    assert "bullet-hatched" in html and "bullet-value" not in html
    assert "bullet-hatched" not in cards.rung(SAY, figure(), {})


def test_the_hero_names_the_choice_only_where_the_target_leaves_it_open():
    words = {"ruling_target_reason": "because"}
    html = [
        cards.target(text("en"), figure(is_city_choice=is_open), figure(**NO_NUMBER), words)
        for is_open in (True, False)
    ]
    assert ["because" in h for h in html] == [True, False]


def test_the_reason_for_the_choice_is_not_told_as_of_a_day_that_could_not_know_it():
    then = figure(as_of=date(2019, 3, 25))
    html = cards.target(text("en"), then, figure(**NO_NUMBER), {"ruling_target_reason": "because"})
    assert "because" not in html and "made later" in html


def test_a_hero_without_figures_says_so():
    assert text("en")("hero.nothing") in cards.latest(text("en"), None, {})


# charts

SAY = text("en")


def points(*years, label="attractions", **status):
    """A point a year; `status` of a year as y2019="suspect"."""
    return [
        {
            "year": year,
            "value": 100,
            "label": label,
            "status": status.get(f"y{year}", "final"),
            "note": "",
        }
        for year in years
    ]


def drawn(rows, breaks=(), target=None):
    """The rows of the chart's lines; every label has a row of its own besides."""
    chart = charts.history(rows, list(breaks), target, SAY, False, 120).to_dict()
    return max((d for d in chart["datasets"].values() if "piece" in d[0]), key=len)


def pieces(rows, breaks=()):
    """[[years of a piece of line]]."""
    found = {}
    for row in drawn(rows, breaks):
        found.setdefault(row["piece"], []).append(row["year"])
    return list(found.values())


def test_a_line_runs_through_years_that_follow_each_other():
    assert pieces(points(2017, 2018, 2019)) == [[2017, 2018, 2019]]


def test_a_line_is_cut_where_a_year_is_missing():
    assert pieces(points(2017, 2019, 2020)) == [[2017], [2019, 2020]]


def test_a_line_is_cut_where_the_checks_found_a_break():
    broken = [{"year": 2019, "label": "attractions", "note": ""}]
    assert pieces(points(2018, 2019, 2020), broken) == [[2018], [2019, 2020]]


def test_a_break_of_one_definition_does_not_cut_another():
    rows = points(2018, 2019) + points(2018, 2019, label="accommodation")
    broken = [{"year": 2019, "label": "accommodation", "note": ""}]
    assert pieces(rows, broken) == [[2018, 2019], [2018], [2019]]


def test_an_incomplete_year_stands_alone():
    assert pieces(points(2017, 2018, 2019, y2018="incomplete")) == [[2017], [2018], [2019]]


@pytest.mark.parametrize(
    "changes, mark",
    [
        ({}, "final"),
        ({"obs_status": "revised"}, "revised"),
        ({"obs_status": "suspect"}, "suspect"),
        ({"obs_status": "estimated", "is_complete": False, "values_reported": 3}, "incomplete"),
    ],
)
def test_a_point_is_drawn_by_its_status(changes, mark):
    ((_, chart),) = charts.histories(SAY, [figure(**changes)], [], None, False)
    (row,) = [r for rs in chart.to_dict()["datasets"].values() for r in rs if "status" in r][:1]
    assert row["status"] == mark


def test_only_what_is_firm_is_drawn_full_and_every_mark_has_its_own_shape():
    looks = {(shape, name in charts.FILLED) for name, shape in charts.SHAPES.items()}
    assert len(looks) == len(charts.SHAPES) - 1  # a closed place's zero looks as firm as it is
    spec = json.dumps(charts.history(points(2019), [], None, SAY, False, 120).to_dict())
    assert '"oneOf": ["final", "closed", "revised"]' in spec and "transparent" in spec


def test_every_status_of_a_figure_has_a_shape():
    with (ROOT / "etl" / "sources" / "obs_status.csv").open(encoding="utf-8") as file:
        counted = {row["obs_status"] for row in csv.DictReader(file) if row["counts"] == "true"}
    assert counted - {"forecast", "missing"} <= set(charts.SHAPES)


def real(city):
    """{series: {(label, year): row}} of a city's histories."""
    snapshot = kpi.snapshot(city)
    choice = next((f for f in snapshot.figures("attainment") if f.is_choice), None)
    figures = [f for f in snapshot.figures("visits") if not is_simulated(f)]
    given = (figures, snapshot.table("findings"), choice, False)
    return {
        series: {
            (r["label"].replace("\n", " "), r["year"]): r
            for rows in chart.to_dict()["datasets"].values()
            for r in rows
            if "piece" in r
        }
        for series, chart in charts.histories(SAY, *given)
    }


@pytest.mark.usefixtures("served")
def test_the_citys_line_is_cut_at_its_break_and_at_its_incomplete_year():
    rows = real("cirebon")["disparbud_jabar"]
    both = {y: r for (label, y), r in rows.items() if label == "attractions + accommodation"}
    assert [y for y in both if both[y]["status"] != "final"] == [2015, 2016, 2018]
    cuts = [y for y in range(2015, 2025) if both[y]["piece"] != both[y - 1]["piece"]]
    assert cuts == [2018, 2019]


@pytest.mark.usefixtures("served")
def test_the_citys_choice_is_drawn_first_and_what_lacks_all_domestic_visits_never():
    histories = real("cirebon")
    assert list(histories) == ["disparbud_jabar", "city_office"]
    assert min(year for _, year in histories["city_office"]) == 2015


def test_a_chart_has_a_text_alternative_and_the_numbers_of_its_language():
    chart = charts.history(points(2019), [], None, text("id"), False, 120).to_dict()
    assert chart["description"].startswith("Kunjungan per tahun menurut cakupan: attractions.")
    assert chart["config"]["locale"]["number"]["decimal"] == ","


def test_the_title_of_the_history_is_the_peak_of_the_citys_choice():
    rows = [figure(year=y, value=v) for y, v in ((2018, 100), (2019, 300), (2020, 200))]
    rows.append(figure(year=2021, value=900, series="other"))
    counts = "attractions + accommodation"
    title = charts.history_title(SAY, rows, figure(), {})
    assert title == f"Highest in 2019: 300 visits ({counts}, disparbud_jabar)"
    title = charts.history_title(SAY, rows, None, {})
    assert title == f"Highest in 2021: 900 visits ({counts}, other)"
    assert charts.history_title(SAY, [], None, {}) == "No yearly figures yet"
