"""Every number that the simulator was given. Nothing that estimates from data may read this.

PARAMETERS is one table: name, value, what it is meant to resemble, and the source where one exists
("none" = invented). A site is named by its identifier or by the end of it.
"""

from datetime import date

SITE_COUNTS = "data/<city>/visits/site_counts.csv"
SERVICE_NEWS = "Antara and Medcom, 11 November 2019 (the programme of five minutes stops)"
ORDER_NEWS = "city government, 4 January 2019; Jabarnews, 6 August 2024"
EVENTS = "data/<city>/reference/events.csv"

PARAMETERS = (
    # name, value, resembles, source
    ("area", "32.74", "the city that this table is about", "data/<city>/city.toml"),
    ("years", (2016, 2017, 2018, 2019), "the years of the record", "none"),
    ("anchor.attraction_visits.wisnus",
     {2016: 1_354_722, 2017: 1_422_458, 2018: 1_256_644, 2019: 996_345},
     "published yearly sums, met to the person", "data/<city>/visits/jabar_attractions.csv"),
    ("anchor.attraction_visits.wisman", {2016: 1_423, 2017: 1_494, 2018: 1_262, 2019: 1_025},
     "published yearly sums, met to the person; 2018 is UNPUBLISHED: invented",
     "data/<city>/visits/jabar_attractions.csv; 2018: none"),
    ("anchor.accommodation_guests.wisnus",
     {2016: 176_223, 2017: 188_559, 2018: 214_340, 2019: 731_405},
     "published yearly sums, met to the person; 2019 breaks the level (x 3.75 with wisman)",
     "data/<city>/visits/jabar_accommodation.csv"),
    ("anchor.accommodation_guests.wisman", {2016: 5_891, 2017: 6_303, 2018: 6_492, 2019: 96_420},
     "published yearly sums, met to the person", "data/<city>/visits/jabar_accommodation.csv"),
    # visits: who goes where; per mille of wisnus and of wisman, of an ordinary day
    ("sites.shares", {
        "keraton_kasepuhan": (165, 500), "gua_sunyaragi": (200, 200), "waterland": (190, 5),
        "pantai_kejawanan": (95, 15), "alun_alun_kejaksan": (90, 10), "keraton_kanoman": (45, 90),
        "masjid_agung_sang_cipta_rasa": (85, 60), "alun_alun_keraton_kasepuhan": (70, 20),
        "gedung_bat": (20, 30), "keraton_kaprabonan": (18, 20),
     }, "about 500 a day at one palace and 700 at the water palace in 2017; the rest is invented",
     f"{SITE_COUNTS}, 2017-06; else none"),
    ("sites.share_of_others", (22, 50), "a site that the line above does not name", "none"),
    # visits: the shape of a year
    ("attractions.weekday", (0.70, 0.68, 0.68, 0.72, 0.85, 1.60, 1.90),
     "Monday to Sunday, an ordinary week", "none"),
    ("attractions.holiday", 1.80, "a holiday or joint leave, instead of its weekday", "none"),
    ("attractions.school", 1.45, "school holidays", "none"),
    ("attractions.year_end", 2.40, "24 December to 1 January", "none"),
    ("attractions.event", 1.50, "a day of an event of the city", f"days: {EVENTS}"),
    ("attractions.ramadan", 0.50, "the 30 days before Lebaran", "none"),
    ("attractions.lebaran",
     {-2: 0.45, -1: 0.40, 0: 0.35, 1: 3.0, 2: 5.4, 3: 5.2, 4: 3.8, 5: 2.4, 6: 1.9, 7: 1.6},
     "days from Idul Fitri (official), times an ordinary day: 133, 103, 762, 1394, 1363, 930, 354",
     f"{SITE_COUNTS}, 2022-05-01 to 07 and 2017-06-26 to 29"),
    ("accommodation.weekday", (0.90, 0.92, 0.95, 0.98, 1.12, 1.45, 0.85),
     "business on weekdays, the weekend on top", "none"),
    ("accommodation.holiday", 1.30, "a public holiday or joint leave", "none"),
    ("accommodation.school", 1.15, "school holidays", "none"),
    ("accommodation.year_end", 1.65, "24 December to 1 January", "none"),
    ("accommodation.event", 1.20, "a day of an event of the city", f"days: {EVENTS}"),
    ("accommodation.ramadan", 0.75, "the 30 days before Lebaran", "none"),
    ("accommodation.lebaran",
     {-2: 1.1, -1: 1.3, 0: 1.5, 1: 2.1, 2: 2.3, 3: 2.2, 4: 1.8, 5: 1.4, 6: 1.2, 7: 1.1},
     "families who come home stay from the eve on", "none"),
    ("school_holidays", (("06-22", "07-14"), ("12-20", "12-31"), ("01-01", "01-03")),
     "West Java: 30 June to 12 July 2025, 22 December 2025 to 3 January 2026", EVENTS),
    ("muludan.sites", ("keraton_kasepuhan", "alun_alun_keraton_kasepuhan", "keraton_kanoman",
                       "masjid_agung_sang_cipta_rasa"), "where the fair of Maulid is held", "none"),
    ("muludan", (35, 1.5, 5.0), "days before Maulid, factor on them, factor on its eve",
     f"length: {EVENTS} (Panjang Jimat)"),
    ("noise", (0.07, 0.13), "spread of a day, and of a site on a day", "none"),
    # visits: closures, late and missing reports, revisions
    ("closed.mondays", "keraton_kaprabonan", "a museum that closes on Mondays", "none"),
    ("closed.renovation", ("pantai_kejawanan", date(2018, 9, 3), date(2018, 10, 31)),
     "a renovation of two months", "none"),
    ("reporting.lag_days", (2, 5), "a day's count is known 2 to 5 days later", "none"),
    ("reporting.due_days", 10, "monthly duty: due 10 days after the month", "none"),
    ("reporting.late", (6, 6, 30, 12, 56),
     "stretches a year; least and most days of one; least and most days from its month's end until "
     "it is known", "none"),
    ("reporting.missing", (("gua_sunyaragi", "2019-02-01", "2019-02-28", "2019-04-11"),
                           ("keraton_kanoman", "2018-03-01", "2018-04-30", "2018-07-19")),
     "months that stay without a report for long: site, first and last day, known on", "none"),
    ("accommodation.late", (("2016-05-09", "2016-05-22", "2016-07-13"),
                            ("2017-08-01", "2017-08-31", "2017-10-05"),
                            ("2018-11-12", "2018-11-30", "2019-01-08"),
                            ("2019-03-01", "2019-03-10", "2019-04-29")),
     "days without a report: first, last, known on", "none"),
    ("revisions.attractions",
     (("keraton_kasepuhan", "2017-06-24", "2017-07-02", 1180, "2017-09-14"),
      ("waterland", "2018-12-22", "2019-01-01", 870, "2019-02-18"),
      ("gua_sunyaragi", "2019-06-05", "2019-06-12", 1110, "2019-08-05")),
     "a recount: site, first and last day, per mille of the final count reported first, known on",
     "none"),
    ("revisions.accommodation", (("2017-12-01", "2017-12-31", 930, "2018-02-20"),
                                 ("2019-01-01", "2019-02-28", 880, "2019-07-15")),
     "hotels that reported afterwards", "none"),
    # service: identity cards (KTP-el)
    ("service.programme", ("kelakon_ditonggoni", date(2019, 1, 2), date(2019, 7, 31)),
     "the walk-in programme of five minutes: early 2019, at most until July 2019", SERVICE_NEWS),
    ("service.demand", ((date(2018, 1, 1), 55), (date(2019, 1, 2), 82), (date(2019, 7, 15), 60),
                        (date(2019, 8, 1), 35)),
     "requests a working day, from a day on: a programme draws people, a shortage does not",
     "none"),
    ("service.demand_weekday", (1.25, 1.08, 0.98, 0.95, 0.74), "Monday to Friday", "none"),
    ("service.channels", ((date(2018, 1, 1), (0, 580)), (date(2019, 1, 2), (720, 130)),
                          (date(2019, 8, 1), (0, 700))),
     "per mille by the programme and at the agency's counter, the rest at the kecamatan", "none"),
    ("service.arrival", ((0.0, 0), (0.35, 90), (0.62, 180), (0.78, 270), (1.0, 415)),
     "share of the day's requests by minutes after 08:00", "none"),
    ("service.minutes.kelakon_ditonggoni",
     ((0.0, 3), (0.25, 4), (0.5, 5), (0.75, 7), (0.93, 12), (0.99, 45), (1.0, 170)),
     "minutes to a printed card in the programme: 5", SERVICE_NEWS),
    ("service.minutes.counter", ((0.0, 12), (0.3, 45), (0.6, 110), (1.0, 240)),
     "minutes at the counter on a day with blanks, when the card is made at once", "none"),
    ("service.days.counter",
     ((date(2018, 1, 1), ((0.0, 0), (0.15, 1), (0.5, 3), (0.9, 8), (1.0, 15))),
      (date(2019, 1, 2), ((0.0, 0), (0.7, 0), (0.95, 2), (1.0, 5)))),
     "days until the card is made, from a day on", "none"),
    ("service.days.kecamatan", ((date(2018, 1, 1), ((0.0, 1), (0.5, 6), (0.9, 12), (1.0, 25))),
                                (date(2019, 1, 2), ((0.0, 0), (0.5, 3), (0.9, 7), (1.0, 14)))),
     "7 days at the kecamatan, in a complaint of 2024", "Antara, 2024 (kecamatan)"),
    ("service.cancelled", (0.018, 12), "share, and most days until cancelled", "none"),
    ("service.referred", 0.004, "share sent on to another office", "none"),
    ("service.dirty", ((0.0006, "before"), (0.0014, "zero")),
     "share with a completion before the request, and in the same minute", "none"),
    ("service.late", {date(2018, 6, 1): 31, date(2019, 8, 1): 26},
     "extracts that came late: month, days after its end", "none"),
    ("stock.opening", 1_300, "blanks on 1 January 2018", "none"),
    ("stock.delivered", ((date(2018, 1, 1), 1_100), (date(2019, 1, 1), 1_500),
                         (date(2019, 7, 1), 80), (date(2019, 8, 1), 690),
                         (date(2019, 11, 1), 500)),
     "blanks a month: short from July 2019, 500 a month in November 2019", SERVICE_NEWS),
    ("stock.spoiled", 0.4, "share of days on which one blank is spoiled", "none"),
    ("stock.missing", ((date(2018, 8, 6), date(2018, 8, 15)),), "days nobody counted", "none"),
    # survey: satisfaction (SKM), elements U1 to U9 of PermenPANRB 14/2017
    ("survey.answers", 26, "answer sheets a month", "none"),
    ("survey.level",
     ((date(2018, 1, 1), 3.16), (date(2019, 1, 2), 3.42), (date(2019, 8, 1), 3.06)),
     "mean score, from a day on: 79, 86 and 77 of 100; another office of the city: 86.85 in 2024",
     "netizennews, 2025 (another office); else none"),
    ("survey.elements", (0.05, -0.02, 0.0, 0.38, 0.05, 0.06, 0.08, -0.12, 0.02),
     "how far U1 to U9 lie from the mean: no fee is charged (U4: 3.83 at another office)",
     "netizennews, 2025 (another office)"),
    ("survey.time",
     ((date(2018, 1, 1), -0.10), (date(2019, 1, 2), 0.18), (date(2019, 8, 1), -0.45)),
     "added to U3, the time it takes: follows the story of the blanks", "none"),
    # condition: order, cleanliness, greening
    ("condition.clean", (62, 84, 1.6), "per cent of clean points: worst and best kelurahan in the "
     "first year, points gained a year; a city mark of 74 for Adipura P1 in 2018",
     "a regional newspaper, 7 May 2018 (the mark only)"),
    ("condition.points", (8, 24), "points looked at in a kelurahan and month", "none"),
    ("condition.wet", (11, 12, 1, 2), "months in which points are less clean and trees are planted",
     "none"),
    ("condition.inspections", (2, 9), "inspections of order in a kelurahan and month", "none"),
    ("condition.violations", 0.75,
     "violations found by an inspection: about 4 a month and kelurahan, between 170 in 2018 under "
     "two by-laws and 1,055 in seven months of 2024", ORDER_NEWS),
    ("condition.patrol_hours", (10, 46), "patrol hours in a kelurahan and month", "none"),
    ("condition.deterrence", 0.35, "share of violations gone at the most patrol hours", "none"),
    ("condition.green", (0.3, 0.08, 420, 9), "share of kelurahan and months with planting, wet and "
     "dry; most square metres; square metres a tree", "none"),
    ("condition.grades", (30, 35, 35, 45, 35, 12, 8), "weights of the grades A, B+, "
     "B of clean points and of B-, C, C-, D of the others", "none"),
    ("condition.marks", (87, 82, 76, 66, 58, 50, 40), "what a point of each grade gets "
     "on the Adipura scale of 30 to 90", "the scale: Permen LHK P.53/2016; else none"),
    ("condition.kinds", (155, 75, 67, 177, 29), "weights of smoking, street vending, "
     "alcohol, the destitute, indecency: counts that were published for several years and by-laws; "
     "the mix is invented", ORDER_NEWS),
    ("condition.survival", 0.72, "share of the trees that live a year after planting", "none"),
    ("condition.skipped", 0.025, "share of kelurahan and months without an inspection", "none"),
    ("condition.lag_days", (4, 9), "a month is known 4 to 9 days after its end", "none"),
    ("condition.late", (0.06, 14, 60), "share of kelurahan and months known late; least and most "
     "days after the month's end", "none"),
    # tickets, for the benchmark
    ("tickets.hours", ((0.0, 0), (0.2, 5_400), (0.6, 14_400), (0.85, 25_200), (1.0, 34_199)),
     "share of the day's tickets by seconds after 07:30", "none"),
    ("tickets.gates", ("G1", "G2", "G3"), "gates of a site", "none"),
    ("tickets.wisman", 2, "per mille of the tickets", "none"),
    ("tickets.classes", (("umum", 620), ("pelajar", 290), ("rombongan", 90)),
     "ticket classes, per mille", "none"),
)  # fmt: skip

_VALUES = {name: value for name, value, _, _ in PARAMETERS}


def parameter(name):
    """The value of a parameter."""
    return _VALUES[name]


def from_day(name, day):
    """The value of a parameter that changes with time, as it stands on a day."""
    return [value for since, value in parameter(name) if since <= day][-1]


def of_site(values, site, default=None):
    """The value given for a site by its identifier, else by the end of it."""
    ends = [value for name, value in values.items() if site.endswith(f"_{name}")]
    return values.get(site, ends[0] if len(ends) == 1 else default)
