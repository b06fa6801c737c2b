"""Public service: how long do people wait, is it getting better, and what holds it up?"""

import streamlit as st

from kpi import service as measured
from ui.kit import frame, kept, plain, sentences
from ui.service import charts as service_charts
from ui.service import tables
from ui.service import words as words_of

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
is_dark = st.context.theme.type == "dark"
offered = measured.services(snapshot)

if offered:
    heading = st.container()
    with st.container(horizontal=True, key="choices"):
        codes = {code: words_of.name(words, "service", code) for code in offered}
        code = frame.choice(
            say, "service", codes, say("service.service"), clears=("series", "office", "period")
        )
        named = {one: sentences.series_name(say, one, words) for one in offered[code]}
        series = frame.choice(
            say, "series", named, say("table.series"), clears=("office", "period")
        )
        offices = {"": say("service.every_office")} | {one: one for one in offered[code][series]}
        office = (
            frame.choice(say, "office", offices, say("service.office"), clears=("period",)) or None
        )
        units = {unit: say(f"service.unit.{unit}") for unit in measured.UNITS}
        unit = frame.choice(say, "unit", units, say("service.unit"), clears=("period",))
        starts = reversed(measured.periods(snapshot, code, office, unit, series))
        starts = {first: words_of.period(say, first, unit) for first in starts}
        first = frame.choice(say, "period", starts, say("service.period"))

    about = {"service": code, "agency": office}
    view = (code, series, office, unit, first)
    stock = snapshot.table("service_stock", **about)
    about["series"] = series
    index = words_of.newest(snapshot.figures("skm_index"), code)
    service = measured.service(snapshot, code, office, unit, first, series)
    with heading:
        plain.title(words_of.verdict(say, service, words))
        frame.simulated(say, [*service.sources, *stock, *filter(None, [index])])
        frame.known_on(say, "service.as_of", snapshot)
    frame.html(words_of.overview(say, service))
    plain.caption(words_of.why(say, service))

    plain.header(" ".join(words_of.signal(say, service)))
    kept.chart(
        "process", lambda: service_charts.process(say.plain, service, stock, words, is_dark), *view
    )
    plain.caption(words_of.limits(say, service))
    plain.caption(words_of.source(say, service, snapshot.table("city")[0], words))
    with plain.expander(say("visits.table")):
        tables.process(say, service, stock, words)

    left, right = st.columns(2, gap="medium")
    with left:
        plain.header(say("service.curve.title", period=starts[first]))
        if service.period.done:
            kept.chart(
                "done-by", lambda: service_charts.done_by(say.plain, service, is_dark), *view
            )
        plain.caption(words_of.caption(say, service, words_of.account(say, service)))
        with plain.expander(say("visits.table")):
            tables.done_by(say, service, words)
    with right:
        plain.header(say("service.week.title"))
        if weekhours := snapshot.table("service_weekhours", **about):
            kept.chart("week", lambda: service_charts.week(say.plain, weekhours, is_dark), *view)
        plain.caption(words_of.caption(say, service, say("service.week.caption")))

    plain.header(say("service.channels", period=starts[first]))
    tables.channels(say, service, words)
    plain.header(say("service.volumes", unit=units[unit]))
    volumes = snapshot.table("service_volumes", unit=unit, **about)

    def bars():
        """Requests a period, by what became of them."""
        figure = service_charts.volumes(say.plain, volumes, unit, words, is_dark)
        st.plotly_chart(figure, width="stretch", config=service_charts.plotly_locale(say))

    kept.drawn("volumes", bars, *view)
    plain.caption(words_of.caption(say, service, say("service.volumes.caption")))

    left, right = st.columns(2, gap="medium")
    with left:
        plain.header(say("service.waiting", day=say.date(service.reaches_to)))
        tables.ages(say, service, words)
    with right:
        plain.header(say("survey.title"))
        if index:
            band = measured.band(snapshot, "skm", index.value)
            frame.html(words_of.survey(say, index, measured.elements(snapshot, index), band))
        else:
            plain.caption(say("survey.nothing"))

    plain.header(say("service.standards"))
    tables.standards(say, measured.standards(snapshot, code), words)
    link = frame.account_link(snapshot.table("datasets"), "service", service.sources[0])
    plain.page_link("pages/explore/data.py", label=say("home.where_from"), query_params=link)
else:
    plain.title(say("service.title"))
    frame.known_on(say, "service.as_of", snapshot)
    frame.lacks(say, snapshot, say("service.nothing"), "service")
