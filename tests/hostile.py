"""A small city in which every text that data can hold speaks Markdown, HTML and scripts.

Each text is MARK, the name of its field and NASTY; so wherever a reader sees MARK and a name, all
of NASTY has to stand behind it as it was written.
"""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta

from etl.contract import contracts, heading

MARK = "§"
ELSEWHERE = "192.0.2.1"  # an address that nobody has
NASTY = (
    f"![p](http://{ELSEWHERE}/p.png)<img src=http://{ELSEWHERE}/x onerror=alert(1)>"
    "[a](javascript:alert(1)) $x^2$ :material/home: :material_home: :streamlit: :red[x] :smile: "
    f"`b` | *i* __u__ ~~s~~ -> </script><script>alert(2)</script> &lt; %{{x}} www.{ELSEWHERE} "
    f"a@{ELSEWHERE}.org \\"
)
FILE = "=1+1 ![p](p.png) <img src=x onerror=alert(1)> $x$ :red[x] `b`"
CITY, OTHER = "32.71", "32.77"
VILLAGES = [f"{CITY}.01.100{n}" for n in range(1, 7)]
SITES = ("park", "museum")
MONTHS = [date(year, month, 1) for year in (2018, 2019) for month in range(1, 13)]


def said(field, number=""):
    """The hostile text of a field; a number tells one value of it from another."""
    return f"=1+1 {MARK}{field}{number} {NASTY}"


def garbled(text):
    """What a reader sees behind MARK and a field's name where it is not all of NASTY; texts that
    a chart cuts off with … are left out."""
    found = re.findall(rf"{MARK}[\w.]+ (.{{0,{len(NASTY)}}})", " ".join(text.split()))
    return [behind for behind in found if behind != NASTY and "…" not in behind]


def files():
    """{path: text} of the city's folder."""
    made = {
        "city.toml": f'name = {json.dumps(said("city.name"))}\narea = "{CITY}"\n'
        'time_zone = "Asia/Jakarta"\n[ruling_target]\nkpi = "visits"\nyear = 2019\n'
        f'document = {json.dumps(said("targets.document"))}\ndefinition = "attractions"\n'
        f"series = {json.dumps(said('visits.series'))}\n"
    }
    names = [said(f"{contract}.series") for contract in ("visits", "condition")]
    for lang in ("id", "en"):
        made[f"text.{lang}.toml"] = "\n".join(
            [f"{key} = {json.dumps(said(key))}" for key in ("title", "ruling_target_reason")]
            + ["[series]", *(f"{json.dumps(n)} = {json.dumps(said('named'))}" for n in names)]
            + ["[story]", *(f"{k} = {json.dumps(said(k))}" for k in ("places", "goal_notes"))]
        )
    for contract, rows in facts().items():
        made[f"{contract}/{FILE}.csv"] = sheet(rows)
        made[f"{contract}/{contract}.toml"] = sidecar(contract, rows)
    return made


def sidecar(contract, rows):
    """What loads the rows of a contract; every text of its source is hostile, too."""
    keys = ("title", "producer", "address", "licence", "status")
    source = [f"{key} = {json.dumps(said(f'source.{key}'))}" for key in keys]
    known = [c for c in contracts()[contract].columns if heading(c.name) in rows[0]]
    numbers = ("latitude", "longitude", "value", "hours", "lower")
    mapped = [
        f'{c.name} = "{f"num({c.name})" if c.name in numbers else heading(c.name)}"' for c in known
    ]
    aside = f"""{json.dumps(said("aside"))} = "{mapped[0].split('"')[1]} = 'aside'\""""
    return "\n".join(
        [f'loads = "{contract}"', 'files = ["*.csv"]', "published_at = 2020-01-05"]
        + ["[source]", *source, "[aside]", aside, "[map]", *mapped]
    )


def sheet(rows):
    """The rows as a CSV, with a column that nothing reads, a row set aside and a wrong one."""
    unread = said("unread")
    names = [*rows[0], unread]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    writer.writerow(rows[0] | {names[0]: "aside", names[1]: said("cell")})
    writer.writerow({name: said("wrong") for name in names})
    return out.getvalue()


def facts():
    """{contract: its rows}: two years of visits to two sites, and as little as the pages need."""
    day, year = (
        date(2019, 3, 1),
        {"period_start": date(2019, 1, 1), "period_end": date(2019, 12, 31)},
    )
    park, museum = SITES
    return {
        "areas": [
            {"area": code, "name": said("areas.name", n), "level": level, "parent": parent}
            | {"bps_code": said("areas.bps_code", n), "latitude": -6.5 - n / 100, "longitude": 106}
            for n, (code, level, parent) in enumerate(
                [(CITY, "regency", ""), (OTHER, "regency", "")]
                + [(code, "village", f"{CITY}.01") for code in VILLAGES]
            )
        ],
        "definitions": [
            {"definition": "attractions", "measure": "attraction_visits"},
            {"definition": said("definitions.definition"), "measure": "accommodation_guests"},
        ],
        "sites": [
            {"site": site, "name": said("sites.name", n), "area": CITY}
            | {"confidence": said("sites.confidence"), "latitude": -6.5, "longitude": 106}
            for n, site in enumerate(SITES)
        ],
        "calendar": [
            {"day": day, "name_id": said("calendar.name"), "name_en": said("calendar.name")}
            | {"kind": kind}
            for day, kind in (
                (date(2018, 6, 15), "national_holiday"),
                (date(2019, 6, 5), "national_holiday"),
                (date(2019, 7, 1), "event"),
            )
        ],
        "site_status": [
            {"site": museum, "from_date": day, "to_date": day, "state": "closed"}
            | {"reason": said("site_status.reason")}
        ],
        "reporting": [
            {"agency": said("reporting.agency", n), "dataset": dataset, "frequency": "M"}
            | {"due_days": 10}
            for n, dataset in enumerate(("visits/visits", said("reporting.dataset")))
        ],
        "visits": [
            {"place": site, "place_kind": "site", "period_start": month, "frequency": "M"}
            | {"measure": "attraction_visits", "origin": "total", "definition": "attractions"}
            | {"breakdown": breakdown, "series": said("visits.series"), "visits": count + late}
            | {"obs_status": "final", "published_at": month + timedelta(days=40 + late)}
            for n, month in enumerate(MONTHS)
            for late in ([0, 30] if n % 7 == 6 else [0])
            for site, breakdown, count in (
                (park, "", 1000 + 37 * n % 400),
                (museum, "", 500 + 53 * n % 300),
                (park, said("visits.breakdown"), 9),
            )
            if n != 20 or site == park
        ],
        "targets": [
            {"area": CITY, "kpi": kpi, "level": "ruling", "document": said("targets.document")}
            | {
                "document_address": "javascript:alert(1)",
                "value": 30000,
                "unit": said("targets.unit"),
            }
            | {"said_by": said("targets.said_by"), "note": said("targets.note")}
            | year
            for kpi in ("visits", said("targets.kpi"))
        ],
        "explanations": [
            {"area": CITY, "kpi": "visits", "owner": said("explanations.owner")}
            | {"kendala": said("explanations.kendala"), "document": said("explanations.document")}
            | {"tindak_lanjut": said("explanations.tindak_lanjut")}
            | year
        ],
        "indicators": [
            {"area": CITY, "indicator": indicator, "breakdown": said("indicators.breakdown")}
            | {"value": 5, "unit": said("indicators.unit"), "series": said("indicators.series")}
            | {"obs_status": "final"}
            | year
            for indicator in ("population", said("indicators.indicator"))
        ],
        "condition": [
            {"area": code, "section": said("condition.section"), "period_start": month}
            | {"frequency": "M", "domain": domain, "indicator": indicator, "breakdown": part}
            | {"value": value + n % 3, "unit": unit, "direction": "down", "sample_size": 40 + n}
            | {"method": said("condition.method"), "series": said("condition.series")}
            for month in MONTHS
            for n, code in enumerate(VILLAGES)
            for domain, indicator, part, value, unit in (
                ("kebersihan", "clean_share", "", 80, "percent"),
                ("kebersihan", said("condition.indicator"), "", 70, said("condition.unit")),
                ("ketertiban", "violations", "", 5, "violations"),
                ("ketertiban", "violations", said("condition.breakdown"), 2, "violations"),
                ("ketertiban", "patrol_hours", "", 30, "hours"),
                ("penghijauan", "trees", "", 9, "trees"),
            )
        ],
        "service": [
            {"service_request_id": said("service.id", n), "service_code": said("service.code")}
            | {"agency": said("service.agency", n % 2), "area": CITY, "status": status}
            | {"channel": said("service.channel", n % 2), "requested_at": asked}
            | {"completed_at": asked + timedelta(hours=5 + n % 40) if status == "closed" else ""}
            | {"precision": "minute", "time_zone": "Asia/Jakarta", "series": said("service.series")}
            for n in range(120)
            for asked in [datetime(2019, 7, 1, 2) + timedelta(days=n)]
            for status in ["open" if n % 29 == 28 else "closed"]
        ],
        "standards": [
            {"service_code": said("service.code"), "hours": 24, "from_date": date(2018, 1, 1)}
            | {"channel": channel, "kind": "promise", "document": said("standards.document")}
            | {"document_address": "javascript:alert(1)", "note": said("standards.note")}
            | {"said_by": said("standards.said_by")}
            for channel in ("", said("service.channel", 0))
        ],
        "stock": [
            {"agency": said("service.agency", 0), "item": said("stock.item"), "on_hand": 9}
            | {"day": date(2019, 7, 1) + timedelta(n), "series": said("stock.series")}
            for n in range(60)
        ],
        "survey": [
            {"response_id": said("survey.response", n), "agency": said("service.agency", 0)}
            | {"service_code": said("service.code"), "answered_on": date(2019, 8, 1)}
            | {"element": f"U{u}", "score": 3, "series": said("survey.series")}
            for n in range(40)
            for u in range(1, 10)
        ],
        "bands": [
            {"scale": "skm", "band": said("bands.band"), "lower": 25, "name_id": said("bands.name")}
            | {"name_en": said("bands.name"), "document": said("bands.document")}
            | {"document_address": "javascript:alert(1)"}
        ],
    }
