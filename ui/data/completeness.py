"""Who has reported for which period, how much is missing, and what it is likely to be."""

import streamlit as st

from kpi.simulated import is_simulated
from ui.data import tables
from ui.kit import charts, frame, kept, plain, sentences

MONTHS = 13  # of the chart, so that the same month of last year is there


def show(say, subject, months, places, deliveries, gaps, words):
    """The view: finding, chart with its table, places by month, duties, and what to ask for.

    subject: the row of counted_often that is looked at; months: those of its nowcast, newest first;
    places, deliveries and gaps: rows of place_months, deliveries and gaps.
    """
    series = sentences.series_name(say, subject["series"], words)
    told = next((m for m in months if m["missing"]), months[0])
    plain.subheader(sentences.unreported_title(say, told))
    plain.write(sentences.unreported(say, told))
    drawn = (months[:MONTHS], is_simulated(subject), st.context.theme.type == "dark")
    kept.chart("nowcast", lambda: charts.nowcast(say, *drawn), subject["definition"], series)
    counts = say.definition(subject["measures"])
    plain.caption(say("nowcast.caption", definition=counts, series=series))
    with plain.expander(say("nowcast.table")):
        tables.nowcast(say, months, subject, words)
    plain.subheader(say("completeness.places"))
    tables.places(say, places, words, subject)
    plain.subheader(say("completeness.gaps"))
    tables.gaps(say, gaps)
    frame.to_view(say("completeness.to_letters"), "letters")
    tables.deliveries(say, deliveries)
