"""Real tables as other governments published them, in the columns of a contract: what is damaged.

`real` is the folder that DUAJUTA_REAL names. What these tables have of defects of their own is
listed in KNOWN, found by eye and each with its reason, and neither damaged nor counted as clean.
"""

import io

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

VISITS = {
    "place_kind": "site", "place_name": None, "frequency": "M", "measure": "attraction_visits",
    "origin": "total", "breakdown": "", "definition": "not_stated", "obs_status": "final",
    "published_at": None, "unit_id": 0,
}  # fmt: skip
CLOCK = "%m/%d/%Y %I:%M:%S %p"
STATUSES = {"Closed": "closed", "Cancelled": "cancelled", "Referred Out": "referred"}


def jakarta(real):
    """24 months of 20 attractions."""
    months = [_read(path, ",") for path in sorted((real / "visitors/jakarta").rglob("*.csv"))]
    rows = pd.concat([m.set_axis(["year", "month", "place", "visits"], axis=1) for m in months])
    return _visits(rows, rows.year + "-" + rows.month.str.strip(), "jakarta")


def days(real):
    """Jakarta's months of 2018 and 2019 spread over their days: no city publishes its days.

    Drawn with a fixed seed: weekends have twice the visits of other days, and a day is off by a
    quarter (lognormal), for all sites together by a tenth. Sites with fewer than 20 a day are left.
    """
    months = sound("jakarta", jakarta(real))
    rng = np.random.default_rng(2019)
    rows = []
    together = {day: rng.lognormal(0, 0.1) for day in pd.date_range("2018-01-01", "2019-12-31")}
    for month in months[months.groupby("place").visits.transform("median") >= 600].itertuples():
        dates = pd.date_range(month.period_start, month.period_end)
        weights = [
            (2 if d.weekday() > 4 else 1) * rng.lognormal(0, 0.25) * together[d] for d in dates
        ]
        counts = np.round(month.visits * np.array(weights) / sum(weights))
        rows += [(month.place, day, count) for day, count in zip(dates, counts, strict=True)]
    rows = pd.DataFrame(rows, columns=["place", "period_start", "visits"])
    rows = rows.assign(
        period_end=rows.period_start, **VISITS | {"frequency": "D", "series": "days"}
    )
    rows = rows.sort_values(["place", "period_start"]).reset_index(drop=True)
    return rows.assign(value_id=rows.index)


def sumenep(real):
    """62 months of 5 sites."""
    book = CalamineWorkbook.from_path(real / "visitors/sumenep/data_import.xlsx")
    head, *rows = book.get_sheet_by_index(0).to_python()
    rows = pd.DataFrame(rows, columns=head).rename(
        columns={"WISATA": "place", "PENGUNJUNG": "visits"}
    )
    months = rows.TAHUN.astype(int).astype(str) + "-" + rows.BULAN.astype(int).astype(str)
    return _visits(rows, months, "sumenep")


def provinces(real):
    """36 months of trips to 38 provinces; four of them are new."""
    wide = _read(real / "visitors/bps_wisnus_provinsi_2022_2024.csv", ";")
    rows = wide.melt(id_vars=wide.columns[0], var_name="month", value_name="visits")
    rows = rows.rename(columns={wide.columns[0]: "place"})
    rows = rows[rows.visits != "-"]
    months = pd.to_datetime(rows.month, format="%b-%y").dt.strftime("%Y-%m")
    return _visits(rows, months, "bps", measure="trips", origin="wisnus", place_kind="area")


def regencies(real):
    """Attraction visits by year, regency and origin, from 2019, when copying had ended."""
    return _regencies(real / "visitors/jabar/od_15367_pengunjung_v2.csv", "attraction_visits")


def guests(real):
    """Accommodation guests likewise."""
    return _regencies(real / "visitors/jabar/akomodasi_wisata.csv", "accommodation_guests")


def requests(real):
    """10,000 requests of a call centre, without those that have a defect of their own."""
    rows = pd.read_csv(real / "service/la311_2018_first_days.csv", dtype=str)
    moments = {
        name: pd.to_datetime(rows[column], format=CLOCK)
        .dt.tz_localize("America/Los_Angeles")
        .dt.tz_convert("UTC")
        .dt.tz_localize(None)
        for name, column in (("requested_at", "CreatedDate"), ("completed_at", "ClosedDate"))
    }
    out = pd.DataFrame(moments).assign(
        service_request_id=rows.SRNumber, service_code=rows.RequestType, agency=rows.Owner,
        requested_on=pd.to_datetime(rows.CreatedDate, format=CLOCK).dt.normalize(),
        status=rows.Status.map(STATUSES), precision="second", time_zone="America/Los_Angeles",
        series="la311", obs_status="final", unit_id=0,
    )  # fmt: skip
    sound = out.completed_at.isna() & (out.status != "closed") | (
        out.completed_at > out.requested_at
    )
    out = out[sound].reset_index(drop=True)
    return out.assign(value_id=out.index)


def _read(path, delimiter):
    text = path.read_bytes().replace(b"\r\r\n", b"\n").decode("utf-8-sig")
    rows = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str)
    return rows.dropna(how="all").dropna(axis=1, how="all")


def _regencies(path, measure):
    rows = pd.read_csv(path, dtype=str).rename(
        columns={"kode_kabupaten_kota": "place", "jumlah_pengunjung": "visits"}
    )
    rows = rows[rows.tahun >= "2019"]
    kinds = {"MANCANEGARA": "wisman", "NUSANTARA": "wisnus"}
    return _visits(
        rows, rows.tahun, "jabar", frequency="A", place_kind="area", measure=measure,
        place_name=rows.nama_kabupaten_kota, origin=rows.jenis_wisatawan.map(kinds),
    )  # fmt: skip


def _visits(rows, periods, series, **columns):
    columns = VISITS | {"series": series} | columns
    months = 12 if columns["frequency"] == "A" else 1
    start = pd.to_datetime(
        periods.where(periods.str.contains("-"), periods + "-01"), format="%Y-%m"
    )
    out = rows.assign(
        period_start=start,
        period_end=start + pd.DateOffset(months=months) - pd.Timedelta(days=1),
        visits=pd.to_numeric(rows.visits),
        **columns,
    )
    out = out[["place", "period_start", "period_end", "visits", *columns]]
    out = out.sort_values(["origin", "place", "period_start"]).reset_index(drop=True)
    return out.assign(value_id=out.index)


# (sample, place, month, why): what was published wrong or cut in two, seen beside its neighbours
KNOWN = [
    ("jakarta", "Taman Mini Indonesia Indah", "2018-04", "49912 between 502883 and 500013"),
    ("jakarta", "Museum Sejarah Jakarta", "2018-04", "6021 between 60626 and 30978"),
    ("jakarta", "Museum Satria Mandala", "2018-04", "154 between 1301 and 1451"),
    ("jakarta", "Museum Wayang", "2018-05", "1955 between 30552 and 42911"),
    ("jakarta", "Museum Nasional", "2019-07", "1345 between 25321 and 12546"),
    ("jakarta", "Museum Seni Rupa dan Keramik", "2019-11", "1025 between 8464 and 12765"),
    ("jakarta", "Planetarium", "2019-04", "59693 between 16350 and 2263"),
    ("sumenep", "Museum Dan Keraton", "2017-06", "235 between 7034 and 19377"),
    ("sumenep", "Pantai Slopeng", "2019-05", "82 between 994 and 19211"),
    *(
        ("jakarta", name, f"2019-{month:02}", "one site of two scopes, or of two names")
        for month in range(1, 13)
        for name in (
            "Monumen Nasional", "Monumen Nasional (kawasan)", "Kawasan Kotatua", "Kawasan Kota Tua"
        )
    ),
    *(
        (sample, place, f"{year}-01", "zero beside hundreds and more")
        for sample, zeros in {
            "regencies": """3201:2020 3205:2021 3211:2019 3213:2019 3213:2021 3215:2021
                3217:2021 3277:2021 3272:2019 3275:2019""",
            "guests": """3204:2021 3205:2021 3206:2021 3206:2022 3210:2020 3210:2021
                3211:2019 3213:2019 3213:2021 3272:2019 3273:2021 3276:2019
                3277:2021 3277:2024 3201:2019 3201:2020 3272:2020""",
        }.items()
        for place, year in (zero.split(":") for zero in zeros.split())
    ),
]  # fmt: skip


def sound(name, table):
    """A sample whose rows that KNOWN lists have no figure, as if none had been reported."""
    known = {(place, month) for sample, place, month, _ in KNOWN if sample == name}
    months = table.period_start.dt.strftime("%Y-%m") if known else pd.Series("", index=table.index)
    is_known = [key in known for key in zip(table.get("place", months), months, strict=True)]
    out = table.copy()
    if known:
        out.loc[is_known, ["visits", "obs_status"]] = [None, "missing"]
    return out
