"""The frame around every page: city, language and day from the URL, and their switches."""

import re
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from kpi.lineage import of_figure
from kpi.simulated import is_simulated
from ui.kit import cards, plain, sentences
from ui.kit.text import DEFAULT, languages, text

VIEWS = ("view.datasets", "view.vintages", "view.calendar", "view.completeness", "view.letters")
BUILD = "python3 run.py etl"
NAMES = ("city", "lang", "as_of", "version")
TODAY = "today"  # as_of in the URL: all that is known, where a city opens on a day of its own
FIRST_DAY = date(2000, 1, 1)  # of the calendar; the URL may name an earlier one
TO_ANCHOR = (
    "if (location.hash) setTimeout(() => "
    "document.getElementById(location.hash.slice(1))?.scrollIntoView(), 300)"
)


def place(cities, demo_day):
    """(city, lang, as_of, [(code, params)]) of this visit, from the URL or as chosen before.

    cities: [(folder name, name)], the default one first. What the URL says wrongly is left out and
    told as codes. Without a day, demo_day(city) holds, which is no choice and stays out of the URL.
    """
    wanted = {
        name: st.query_params.get(name, st.session_state.get(f"chosen_{name}")) for name in NAMES
    }
    told = []
    known = dict(cities)
    city = wanted["city"] or cities[0][0]
    if city not in known:
        told.append(("frame.wrong_city", {"value": city[:60], "city": cities[0][1]}))
        city = cities[0][0]
    lang = wanted["lang"] or DEFAULT
    if lang not in languages():
        told.append(
            ("frame.wrong_language", {"value": lang[:60], "language": text(DEFAULT).language_name})
        )
        lang = DEFAULT
    chosen, as_of = wanted["as_of"], None
    if chosen and chosen != TODAY:
        try:
            as_of = date.fromisoformat(chosen)
            chosen = as_of.isoformat()
        except ValueError:
            told.append(("frame.wrong_date", {"value": chosen[:60]}))
            chosen = None
        if as_of and as_of > date.today():
            told.append(("frame.future_date", {"value": chosen}))
            chosen, as_of = TODAY, None
    _remember(city=city, lang=lang, as_of=chosen or None, version=wanted["version"])
    return city, lang, as_of if chosen else demo_day(city), told


def header(say, title, cities, city, lang, as_of, snapshot=None):
    """The row above every page: small title, choice of city and day, language switch, links."""
    today = date.today()
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        html(cards.kicker(title))
        with plain.popover(say("frame.choose")):
            plain.selectbox(
                say("frame.city"),
                [folder for folder, _ in cities],
                index=[folder for folder, _ in cities].index(city),
                format_func=dict(cities).get,
                key="switch_city",
                on_change=lambda: _remember(city=st.session_state.switch_city, version=None),
            )
            plain.date_input(
                say("frame.as_of"),
                value=as_of,
                min_value=min(FIRST_DAY, as_of or today),
                max_value=today,
                format="DD/MM/YYYY",
                help=say("frame.as_of_help"),
                key="switch_as_of",
                on_change=lambda: _remember(as_of=str(st.session_state.switch_as_of or TODAY)),
            )
        plain.segmented_control(
            say("frame.language"),
            languages(),
            default=lang,
            required=True,
            format_func=str.upper,
            label_visibility="collapsed",
            key="switch_lang",
            on_change=lambda: _remember(lang=st.session_state.switch_lang),
        )
        if snapshot:
            links(say, snapshot)


def version():
    """The version of the warehouse that the URL pins this visit to; None for the newest."""
    return st.query_params.get("version")


def newest():
    """Takes the version out of the URL: the newest is shown."""
    _remember(version=None)


def links(say, snapshot):
    """The two links to this page as it stands: to what will be newest, and to what is seen now."""
    own = {"city": snapshot.city, "lang": say.lang, "as_of": str(snapshot.as_of or TODAY)}
    shown = {name: value for name, value in st.query_params.items() if name not in NAMES}
    pinned = {"version": snapshot.path.stem}  # a day would leave out what has no day of publication
    base = (st.context.url or "").rstrip("/")
    with plain.popover(say("link.copy"), icon=":material/link:"):
        for code, params in (("newest", own | shown), ("pinned", own | shown | pinned)):
            plain.caption(say(f"link.{code}"))
            st.code(f"{base or '/'}?{urlencode(params)}", language=None, wrap_lines=True)


def pinned(say, snapshot):
    """That a page shows an older state on purpose, and the way to the newest."""
    if version() is None:
        return
    (about,) = snapshot.table("version")
    built = say.date(about["built_at"].date())
    left, right = st.columns([5, 1], vertical_alignment="center")
    plain.info(say("link.is_pinned", version=about["version"], built=built), at=left)
    plain.button(say("link.to_newest"), at=right, key="newest", on_click=newest)


def known_on(say, code, snapshot):
    """That a page shows what was known on a day (code: its sentence), and the way to today."""
    if snapshot.as_of is None:
        return
    is_demo = snapshot.as_of == snapshot.table("city")[0]["demo_as_of"]
    sentence = say(code, day=say.date(snapshot.as_of))
    left, right = st.columns([5, 1], vertical_alignment="center")
    plain.info(f"{say('frame.demo')} {sentence}" if is_demo else sentence, at=left)
    # a link to the same page would leave the URL as it was
    plain.button(say("frame.today"), at=right, key="today", on_click=lambda: _remember(as_of=TODAY))


def simulated(say, rows):
    """The banner of a page where a Figure or row among those that it shows is simulated."""
    if any(is_simulated(row) for row in rows):
        html(cards.banner(say("simulated.banner")))


def lacks(say, snapshot, nothing="", *contracts):
    """That a page has nothing to show, and which empty files wait to be filled in for it.

    nothing: its sentence, "" where only the files are told; contracts: of the files, all without.
    """
    rows = [r for r in snapshot.table("waiting") if not contracts or r["contract"] in contracts]
    files = [f"data/{snapshot.city}/{file}" for row in rows for file in row["files"]]
    if files:
        command = f"python3 run.py etl --city {snapshot.city}"
        nothing += " " + say("frame.fill_in", files=say.joined(files), command=command)
    if nothing:
        plain.info(nothing.strip())


def broken(say, code):
    """What stands instead of a page that has no data: why, and the command that helps."""
    plain.title("Dua Juta")
    plain.error(say(f"error.{code}"))
    st.code(BUILD, language="bash")


def instead(say, snapshot):
    """That an older warehouse stands in for the one that was meant, why, and what helps."""
    if snapshot.instead:
        (about,) = snapshot.table("version")
        built = say.date(about["built_at"].date())
        plain.warning(say(f"instead.{snapshot.instead}", version=about["version"], built=built))
        st.code(BUILD, language="bash")


def address():
    """The URL parameters of this visit, for links between pages."""
    return {name: st.query_params[name] for name in NAMES if name in st.query_params}


def figure_link(figure):
    """The URL parameters that lead from a figure to the rows that it was made of."""
    return address() | of_figure(figure).query


def account_link(datasets, contract, row):
    """The URL parameters that lead to the account of the dataset that a row's figures come from.

    datasets: the query datasets. To that of all datasets where several of a kind are loaded.
    """
    kind = (contract, is_simulated(row))
    of_kind = [d for d in datasets if (d["contract"], d["is_simulated"]) == kind]
    return address() | ({"dataset": of_kind[0]["dataset"]} if len(of_kind) == 1 else {})


def link(page, params):
    """The address of another page with its parameters, below wherever the dashboard is served."""
    return f"{page}?{urlencode(params)}"


def dataset(say, names):
    """The dataset that the page is about, None for all; it stands in the URL."""
    options = {name: name for name in names}
    return choice(say, "dataset", options, say("data.choose"), say("data.all"), width=380)


def choice(say, name, options, label, placeholder=None, clears=(), width=220):
    """One of the options {value: words} or, with a placeholder, None for all; in the URL as `name`.

    Without a placeholder the first one is the default. A choice of the user takes those out of the
    URL whose options depend on it (clears). A choice of one is not offered.
    """
    default = None if placeholder else next(iter(options), None)
    _follow(say, name, options, default)
    if len(options) + bool(placeholder) < 2:
        return st.session_state[name]
    return plain.selectbox(
        label,
        list(options),
        index=None if placeholder else 0,
        format_func=options.get,
        placeholder=placeholder,
        key=name,
        width=width,
        on_change=lambda: _keep(name, default, clears),
    )


def counts(say, known, words):
    """What is counted and by whom, as {definition, series}; {} for what the target asks for.

    known: the query counted_often. The choice stands in the URL.
    """
    names = {
        f"{row['definition']}/{row['series']}": f"{say.definition(row['measures'])} · "
        + sentences.series_name(say, row["series"], words)
        for row in known
    }
    chosen = choice(say, "counts", names, say("outlook.choose"), say("outlook.own"), width=480)
    return dict(zip(("definition", "series"), chosen.split("/", 1), strict=True)) if chosen else {}


def pointed(key):
    """Puts a clicked point's customdata [name, value] into the URL; clicked again, takes it out."""
    for point in st.session_state[key].selection.points[:1]:
        name, value = point["customdata"][:2]
        if st.query_params.get(name) == value:
            st.query_params.pop(name)
        else:
            st.query_params[name] = value


def view(say, codes=VIEWS):
    """The part of a page that is shown, the first one by default; it stands in the URL."""
    names = {code.split(".")[1]: say(code) for code in codes}
    first, *_ = names
    _follow(say, "view", names, first)
    return plain.segmented_control(
        say("data.view"),
        list(names),
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
        key="view",
        on_change=lambda: _keep("view", first),
    )


def year(say, known, default):
    """The year that the page is about, the default one first; it stands in the URL."""
    names = [str(one) for one in known]
    _follow(say, "year", names, str(default))
    chosen = plain.selectbox(
        say("table.year"),
        names,
        key="year",
        width=140,
        on_change=lambda: _keep("year", str(default)),
    )
    return int(chosen)


def page(say, pages):
    """Which of so many pages of a table is shown, by default the first; it stands in the URL."""
    asked = st.query_params.get("page", "1")
    now = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
    return plain.number_input(
        say("table.page", pages=pages),
        min_value=1,
        max_value=pages,
        value=now,
        key="page",
        width=220,
        on_change=lambda: _keep("page", 1),
    )


def to_view(label, name):
    """A button that opens another part of the data page; a link would open another tab."""

    def go():
        st.session_state["view"] = name
        _keep("view")

    plain.button(label, on_click=go, key=f"to-{name}")


def amount(say, name, label, usual, at):
    """A number above zero that is asked for in place of the usual one; it stands in the URL."""
    asked = st.query_params.get(name)
    if asked is not None and not (asked.isascii() and asked.isdecimal() and 0 < len(asked) < 13):
        plain.warning(say("frame.wrong_option", value=asked[:60], name=name))
        asked = st.query_params.pop(name) and None
    st.session_state[name] = max(int(asked), 1) if asked else usual
    return plain.number_input(
        label,
        at=at,
        min_value=1,
        step=50_000,
        format="%d",
        key=name,
        on_change=lambda: _keep(name, usual),
    )


def several(say, name, label, options, usual, at, **more):
    """Some of the options, in place of the usual ones; they stand in the URL, with commas."""
    asked = st.query_params.get(name)
    chosen = usual if asked is None else [one for one in asked.split(",") if one in options]
    st.session_state[name] = chosen

    def keep():
        now = st.session_state[name]
        st.query_params.pop(name, None)
        if set(now) != set(usual):
            st.query_params[name] = ",".join(now)

    return plain.multiselect(label, options, at=at, key=name, on_change=keep, **more)


def option(say, name, options):
    """One of the options {value: label}, the first by default; it stands in the URL."""
    first, *_ = options
    _follow(say, name, options, first)
    return plain.segmented_control(
        say(f"option.{name}"),
        list(options),
        format_func=options.get,
        required=True,
        key=name,
        on_change=lambda: _keep(name, first),
    )


def pick(say, name, options):
    """One of the options {value: label} or None; it stands in the URL."""
    _follow(say, name, options)
    return plain.selectbox(
        say(f"option.{name}"),
        list(options),
        index=None,
        format_func=options.get,
        placeholder=say(f"option.{name}_none"),
        key=name,
        width=380,
        on_change=lambda: _keep(name),
    )


def clickable(figure, name):
    """A Plotly figure; a click on a point puts its customdata into the URL under a name."""
    key = f"map_{name}"

    def clicked():
        points = st.session_state[key].selection.points
        if points:  # a figure that is drawn anew reports that nothing is selected
            st.query_params[name] = points[0]["customdata"]

    st.plotly_chart(
        figure,
        width="stretch",
        theme=None,
        key=key,
        on_select=clicked,
        selection_mode="points",
        config={"displayModeBar": False},
    )


def _follow(say, name, options, default=None):
    """Sets the widget of this key to what the URL says; what is no option is told and left out."""
    asked = st.query_params.get(name)
    if asked is not None and asked not in options:
        plain.warning(say("frame.wrong_option", value=asked[:60], name=name))
        st.query_params.pop(name)
        asked = None
    st.session_state[name] = asked or default


def _keep(name, default=None, clears=()):
    """Puts the value of the widget of this key into the URL, unless it is the default."""
    value = st.session_state[name]
    for dependent in clears:
        st.query_params.pop(dependent, None)
    if value in (None, default):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def html(text):
    """Shows HTML of ui/kit/cards.py, inline SVG included (st.html would strip it).

    It is one block, of which Streamlit would rewrite nothing but the beginning of an icon's name.
    """
    text = re.sub(r"[ \t\r\n]+", " ", text).replace(":material/", ":material&#47;")
    st.markdown(text, unsafe_allow_html=True)


def style(lang):
    """The project's style sheet, and the language of the page for screen readers."""
    st.html(cards.STYLE)
    _run(_in_language(lang))


@st.fragment(run_every=86400)  # the browser's clock; a day is longer than most look at a page
def reconnect():
    """What has a page drawn anew by a server that came back: Streamlit asks for that only where
    something runs every so often. There is nothing to run."""


def to_anchor():
    """Scrolls to the part that the address names: it is drawn too late for the browser."""
    _run(TO_ANCHOR)


def scripts():
    """Every script that a page runs by this module; a browser runs no other (ui/serve.py)."""
    return [TO_ANCHOR, *map(_in_language, languages())]


def _in_language(lang):
    return f"document.documentElement.lang = '{lang}'"


def _run(script):
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _remember(**chosen):
    for name, value in chosen.items():
        st.session_state[f"chosen_{name}"] = value
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
