"""Daily visits of every site by origin and guests of accommodation, with what goes wrong in them.

Final counts come first: weights of site and day share out each year's anchor, to the person. Then
each count gets the day on which it became known; a count that was reported late or corrected stands
in the file <name>_<year>_later.csv, with its own date of publication.
"""

from datetime import date

import numpy as np

from tools.simulate.parameters import of_site, parameter
from tools.simulate.tools import DAY, Draws, Place, apportion, as_day, days, days_of, month_end

ORIGINS = ("wisnus", "wisman")


def files(place: Place, seed: int) -> dict[str, list]:
    """{file name: rows} of visits, guests, closures and duties to report."""
    made = {"site_status.csv": _closures(place), "reporting.csv": _duties()}
    for year in parameter("years"):
        made |= _attractions(place, Draws(seed, f"attractions {year}"), year)
        made |= _accommodation(place, Draws(seed, f"accommodation {year}"), year)
    return made


def day_factors(place: Place, year: int, part: str) -> np.ndarray:
    """One factor a day of a year: weekday, holidays, school, events, Ramadan, Lebaran, year's end.

    `part` is attractions or accommodation.
    """
    return np.array([_day_factor(place, day, part) for day in days_of(year)])


def _day_factor(place, day, part):
    lebaran = place.lebaran.get(day.year)
    from_lebaran = parameter(f"{part}.lebaran").get((day - lebaran).days) if lebaran else None
    if from_lebaran:
        return from_lebaran
    factor = parameter(f"{part}.weekday")[day.weekday()]
    if day in place.holidays:
        factor = max(factor, parameter(f"{part}.holiday"))
    if place.is_school_holiday(day):
        factor *= parameter(f"{part}.school")
    if day in place.events:
        factor *= parameter(f"{part}.event")
    if place.is_ramadan(day):
        factor *= parameter(f"{part}.ramadan")
    if f"{day:%m-%d}" >= "12-24" or f"{day:%m-%d}" == "01-01":
        factor = max(factor, parameter(f"{part}.year_end"))
    return factor


def site_weights(place: Place, year: int) -> np.ndarray:
    """(sites, days, origins): the share of a site on a day, without noise; zero where closed."""
    other = parameter("sites.share_of_others")
    shares = [of_site(parameter("sites.shares"), site, other) for site in place.sites]
    weights = np.array(shares)[:, None, :] * day_factors(place, year, "attractions")[None, :, None]
    for index, site in enumerate(place.sites):
        weights[index] *= _muludan(place, site, year)[:, None]
        weights[index, [is_closed(site, day) for day in days_of(year)]] = 0
    return weights


def _muludan(place, site, year):
    before, factor, on_its_eve = parameter("muludan")
    held = site in parameter("muludan.sites") and year in place.maulid
    to_go = [(place.maulid[year] - day).days if held else 0 for day in days_of(year)]
    return np.array(
        [on_its_eve if n == 1 else factor if 1 < n <= before + 1 else 1.0 for n in to_go]
    )


def is_closed(site: str, day: date) -> bool:
    """Whether a site is closed on a day, for its weekly rest or a renovation."""
    renovated, first, last = parameter("closed.renovation")
    rests = site == parameter("closed.mondays") and day.weekday() == 0
    return rests or (site == renovated and first <= day <= last)


def _attractions(place, draws, year):
    """The two files of a year's attraction visits."""
    weights = site_weights(place, year)
    sites, count, _ = weights.shape
    per_day, per_cell = parameter("noise")
    common = draws.noise(per_day, count)
    final = {}
    for o, origin in enumerate(ORIGINS):
        spread = draws.noise(per_cell, sites, count)
        if origin == "wisman":  # a few people a day come in groups or not at all
            spread = 4 * draws.uniform(sites, count) ** 3
        anchor = parameter(f"anchor.attraction_visits.{origin}")[year]
        counts = apportion(anchor, weights[:, :, o] * common * spread)
        final[origin] = dict(zip(place.sites, counts.tolist(), strict=True))
    late = _late_sites(place, draws, year)
    revised = {
        (site, day): revision
        for name, *span in parameter("revisions.attractions")
        for site in place.sites
        if of_site({name: True}, site)
        for day, revision in _revised(*span).items()
    }
    return _files("attractions", draws, year, final, late, revised)


def _accommodation(place, draws, year):
    """The two files of a year's guests of accommodation, for the city as a whole."""
    factors = day_factors(place, year, "accommodation")
    per_day, per_cell = parameter("noise")
    common = draws.noise(per_day, len(factors))
    final = {}
    for origin in ORIGINS:
        anchor = parameter(f"anchor.accommodation_guests.{origin}")[year]
        counts = apportion(anchor, factors * common * draws.noise(per_cell, len(factors)))
        final[origin] = counts.tolist()
    late = {
        (origin, day): as_day(known)
        for start, end, known in parameter("accommodation.late")
        for day in days(as_day(start), as_day(end))
        for origin in ORIGINS
    }
    revised = {
        (origin, day): revision
        for span in parameter("revisions.accommodation")
        for day, revision in _revised(*span).items()
        for origin in ORIGINS
    }
    return _files("accommodation", draws, year, {"": final}, late, revised)


def _late_sites(place, draws, year):
    """{(site, day): the day on which its count was reported} where that was late."""
    stretches, shortest, longest, least, most = parameter("reporting.late")
    late: dict = {}
    year_days = days_of(year)
    for _ in range(stretches):
        site = place.sites[draws.whole(0, len(place.sites) - 1)]
        start = draws.whole(0, len(year_days) - longest - 1)
        stretch = year_days[start : start + draws.whole(shortest, longest)]
        known = month_end(stretch[-1]) + draws.whole(least, most) * DAY
        late |= {(site, day): known for day in stretch}
    for site, start, end, known in parameter("reporting.missing"):
        late |= {(site, day): as_day(known) for day in days(as_day(start), as_day(end))}
    return late


def _revised(start, end, per_mille, known):
    """{day: (per mille of the final count that was reported first, day of the correction)}."""
    return dict.fromkeys(days(as_day(start), as_day(end)), (per_mille, as_day(known)))


def _files(name, draws, year, final, late, revised):
    """{file: rows} of a year: reports in time, and what came late or was corrected afterwards.

    `final` is {origin: {column: [count of a day]}}; with the origin "" there is no column for it.
    """
    columns = tuple(next(iter(final.values())))
    head = ("day", *(["origin"] if "" not in final else []), "published_at", *columns)
    rows: list[tuple] = [head]
    later: dict = {}
    for d, day in enumerate(days_of(year)):
        published = day + draws.whole(*parameter("reporting.lag_days")) * DAY
        for origin, counts in final.items():
            key, cells = (day, origin) if origin else (day,), []
            for column in columns:
                count = counts[column][d]
                told, known = _told(count, late.get((column, day)), revised.get((column, day)))
                cells.append(told)
                if told != count:
                    later.setdefault((known, key), {})[column] = count
            if any(cell != "" for cell in cells):
                rows.append((*key, published, *cells))
    again = [
        (*key, known, *(counts.get(column, "") for column in columns))
        for (known, key), counts in sorted(later.items())
    ]
    return {f"{name}_{year}.csv": rows, f"{name}_{year}_later.csv": [head, *again]}


def _told(count, late, revised):
    """What was reported in time ("" for nothing), and the day on which the final count was."""
    if revised:
        per_mille, known = revised
        return count * per_mille // 1000, known
    return ("", late) if late else (count, None)


def _closures(place):
    """site_status.csv: each closed stretch of days; an invented one says so."""
    rows: list[tuple] = [("site", "from_date", "to_date", "state", "reason")]
    renovated, first, last = parameter("closed.renovation")
    years = parameter("years")
    for site in place.sites:
        if site == parameter("closed.mondays"):
            mondays = days(date(years[0], 1, 1), date(years[-1], 12, 31))
            rest = [day for day in mondays if is_closed(site, day)]
            rows += [(site, day, day, "closed", "simulasi: libur tiap Senin") for day in rest]
        if site == renovated:
            rows.append((site, first, last, "closed", "simulasi: renovasi"))
    return rows


def _duties():
    """reporting.csv: who has to report what, and when; invented, and says so."""
    due = parameter("reporting.due_days")
    duties = (
        ("Dinas pariwisata (simulasi)", "attractions"),
        ("Dinas pariwisata (simulasi)", "accommodation"),
        ("Disdukcapil (simulasi)", "service"),
        ("Satpol PP dan DLH (simulasi)", "condition"),
    )
    rows = [(agency, f"simulated/{dataset}", "M", due) for agency, dataset in duties]
    return [("agency", "dataset", "frequency", "due_days"), *rows]
