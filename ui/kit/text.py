"""Every word and every number that a reader sees, in the reader's language.

Messages are gettext catalogues in locales/<lang>/LC_MESSAGES/messages.po, keyed by code
("verdict.missed"); numbers, dates and percentages are written by Babel. Also used by the command
line, so no Streamlit here.
"""

import copy
import gettext
import io
import json
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

LOCALES = Path(__file__).parents[2] / "locales"
DEFAULT = "id"
# decimals of a number of a unit, unless it is whole; by its size where a unit has no rule
DIGITS = {"visits": 0, "requests": 0, "days": 1, "violations_per_hour": 3}
COUNTED = ("figures", "lacking")  # params of a finding that say how many it speaks of
LINK = Markup('<a class="figure" href="{}" target="_self">{}</a>')
TAG = re.compile(r"</?a\b[^>]*>")  # of LINK


def languages():
    """The codes of all languages that have a catalogue, the default first."""
    return sorted(
        (p.name for p in LOCALES.iterdir() if p.is_dir()), key=lambda code: (code != DEFAULT, code)
    )


@cache
def text(lang):
    """The Text of a language; of the default one where `lang` has no catalogue."""
    return Text(lang if lang in languages() else DEFAULT)


def unlinked(text: str) -> str:
    """A text without the links of its figures."""
    return Markup(TAG.sub("", text)).unescape() if isinstance(text, Markup) else text


def together(separator: str, parts: Iterable[str]) -> str:
    """Texts one after the other; a Markup where one of them is."""
    parts = list(parts)
    is_linked = any(isinstance(part, Markup) for part in parts)
    return (escape(separator) if is_linked else separator).join(parts)


def _filled(sentence, params):
    """A sentence with its parameters; a Markup where one of them is."""
    if any(isinstance(value, Markup) for value in params.values()):
        return escape(sentence).format_map(params)
    return sentence.format_map(params)


class Text:
    """One language: call it with a code and parameters for a sentence.

    Numbers, dates and names of months are Babel's; the default language's where Babel knows no
    such language. On a page figures are links to where they come from: a text with one of them is
    a Markup, in which all else is escaped.
    """

    def __init__(self, lang):
        self.lang, self.link = lang, None
        try:
            self.locale = Locale.parse(lang)
        except (UnknownLocaleError, ValueError):
            self.locale = Locale(DEFAULT)
        with (LOCALES / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
            catalogue = read_po(file)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        self._messages = gettext.GNUTranslations(compiled)

    def __call__(self, code, /, n=None, **params):
        """The sentence of a code with its parameters; the code itself where it has none.

        n: how many the sentence speaks of, where it has plural forms.
        """
        if n is None:
            return _filled(self._messages.gettext(code), params)
        said = self._messages.ngettext(code, code, n)
        said = self._messages.gettext(code) if said == code else said
        return _filled(said, {**params, "n": self.number(n)})

    def linked(self, link: Callable[[object], str]) -> "Text":
        """The same language for a page: link(address) is the URL of where a figure comes from."""
        made = copy.copy(self)
        made.link = link
        return made

    @property
    def plain(self) -> "Text":
        """The same language without links: for charts, tables, labels and files."""
        return self.linked(None) if self.link else self

    def figure(self, at: object, written: str) -> str:
        """A figure as it is written, which leads to where it comes from: the one way to write one.

        at: its address (kpi.lineage.Address), None where it has none.
        """
        if self.link is None or at is None or written == "—":
            return written
        return LINK.format(self.link(at), written)

    @property
    def codes(self):
        """The codes of all sentences of the catalogue."""
        said = self._messages._catalog
        return {code if isinstance(code, str) else code[0] for code in said} - {""}

    def has(self, code):
        """Whether the catalogue has a sentence for a code."""
        return self._messages.gettext(code) != code

    @property
    def language_name(self):
        """The language's own name: Indonesia, English; its code where Babel has none."""
        is_known = self.locale.language == self.lang.split("_")[0]
        return self.locale.get_display_name().capitalize() if is_known else self.lang.upper()

    def name(self, row):
        """The name of a row in this language, where it has one; else the Indonesian one."""
        return row.get(f"name_{self.lang}") or row["name_id"]

    def number(self, value, digits=0):
        """1.234.567 or 1,234.5; the em dash where there is none."""
        if value is None:
            return "—"
        return format_decimal(
            value, format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self.locale
        )

    def quantity(self, value: float | None, unit: str, is_bare: bool = False) -> str:
        """A value with its unit: 1.825.195 kunjungan; 20,5 %; 7 menit; 1,4 hari; an em dash.

        is_bare: without the unit's word, below a heading that has it.
        """
        if value is None:
            return "—"
        if unit in ("share", "year"):
            return self.percent(value) if unit == "share" else str(int(value))
        if unit == "hours":
            return self.duration(value)
        by_size = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
        number = self.number(value, 0 if value == int(value) else DIGITS.get(unit, by_size))
        if is_bare:
            return number
        code = f"unit.{unit}"
        word = self(code, n=1 if number == "1" else 2) if self.has(code) else unit
        return self("score.quantity", number=number, unit=word)

    def compact(self, value):
        """1,83 juta, 550 ribu: at most three figures and the word of the language."""
        for size, code in (
            (1_000_000_000, "number.billion"),
            (1_000_000, "number.million"),
            (1_000, "number.thousand"),
        ):
            if abs(value) >= 0.9995 * size:  # 999.999 is 1 juta, not 1.000 ribu
                scaled = value / size
                digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
                written = format_decimal(
                    round(scaled, digits), format="#,##0.##", locale=self.locale
                )
                return self(code, number=written)
        return self.number(value)

    def span(self, low, high):
        """1,62–1,97 juta: from one compact number to another, their word once where it is one."""
        first, last = self.compact(low), self.compact(high)
        number, _, word = first.rpartition(" ")
        return f"{number if word and last.endswith(f' {word}') else first}–{last}"

    def percent(self, share, digits=1):
        """91,3 % of a share of one; no line breaks before the sign."""
        form = f"0.{'0' * digits}" if digits else "0"
        return format_percent(share, format=f"{form}\u00a0%", locale=self.locale)

    def date(self, day):
        """17 Agustus 2019."""
        return (
            format_date(day, format="d MMMM y", locale=self.locale)
            if isinstance(day, date)
            else "—"
        )

    def finding(self, check, params):
        """What a check has found as a sentence; params as the check gives them.

        Years are named so; x_start and x_end become the period x, and texts that have words those.
        """
        words = {k: self._said(k, v) for k, v in params.items()}
        words |= {k: words.get(k, "") for k in ("measure", "origin")}
        parts = (words["measure"], words["origin"], params.get("breakdown"))
        words["what"] = " ".join(filter(None, parts))
        for name in [k.removesuffix("_start") for k in params if k.endswith("_start")]:
            days = (date.fromisoformat(params[f"{name}_{end}"]) for end in ("start", "end"))
            words[name if name == "period" else f"{name}_period"] = self.period(*days)
        if "year" in params:
            words["year_before"] = params["year"] - 1
        variant = f"check.{check}_{params.get('variant')}"
        n = next((params[name] for name in COUNTED if name in params), None)
        return self(variant if self.has(variant) else f"check.{check}", n=n, **words)

    def _said(self, key, value):
        """One param of a finding as it is read."""
        if isinstance(value, list):
            return ", ".join(self._said(key, v) for v in value)
        if isinstance(value, int | float) and "year" not in key:
            return self.number(value, 0 if float(value).is_integer() else 2)
        if key == "feast":
            return self.date(date.fromisoformat(value))
        codes = [f"{key}.{value}", *([f"indicator.{value}"] if key == "measure" else [])]
        return next((self(code) for code in codes if self.has(code)), value)

    def period(self, start, end):
        """2019; triwulan II 2020; Mei 2020; 1 Mei 2020; 1 Januari 2023 – 7 Desember 2023."""
        is_whole = start.day == 1 and (end + timedelta(days=1)).day == 1 and start.year == end.year
        match is_whole, start.month, end.month:
            case True, 1, 12:
                return str(start.year)
            case True, 1 | 4 | 7 | 10 as first, last if last == first + 2:
                quarter = ("I", "II", "III", "IV")[first // 3]
                return self("period.quarter", quarter=quarter, year=start.year)
            case True, first, last if first == last:
                return self.month(start)
        return self.date(start) if start == end else f"{self.date(start)} – {self.date(end)}"

    def month(self, day):
        """Agustus 2019."""
        return format_date(day, format="MMMM y", locale=self.locale)

    def month_of(self, name):
        """Agustus 2019, of 2019-08."""
        return self.month(date.fromisoformat(f"{name}-01"))

    def short_month(self, day):
        """Agu 2019."""
        return format_date(day, format="MMM y", locale=self.locale)

    def month_name(self, day):
        """Agt."""
        return format_date(day, format="LLL", locale=self.locale)

    def signed(self, value):
        """+1.234 or −1.234."""
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{self.number(abs(value))}"

    def duration(self, hours, in_days=True):
        """7 menit, 2,6 jam, 124 jam (5,2 hari); the em dash where there is none.

        in_days: whether two days and more are told in days, too.
        """
        if hours is None:
            return "—"

        def short(value):  # one decimal below ten, none where it says nothing
            return self.number(value, int(value < 9.95 and round(value, 1) % 1 > 0))

        if hours < 0.995:
            return self("duration.minutes", number=self.number(hours * 60))
        number = short(hours)
        written = self("duration.hour" if number == "1" else "duration.hours", number=number)
        if hours < 48 or not in_days:
            return written
        return self("duration.days", hours=written, days=short(hours / 24))

    def joined(self, items):
        """a; a dan b; a, b, dan c."""
        *items, last = items
        if not items:
            return last
        return self(
            "list.two" if len(items) == 1 else "list.and", items=", ".join(items), last=last
        )

    def definition(self, measures):
        """A definition by what adds up in it: objek wisata + akomodasi; or: tidak dinyatakan."""
        named = " + ".join(self(f"measure.{m}") for m in measures or ())
        return named or self("definition.not_stated")

    def refusal(self, code, params):
        """Why a file, dataset or city is not used; `params` as a dict or its JSON."""
        params = json.loads(params) if isinstance(params, str) else params
        return self(f"refusal.{code}", **params)

    def reject(self, row):
        """A row of the table rejects as a sentence: file, sheet, row, column, text and rule."""
        place = self(
            "where.sheet" if row["sheet"] else "where.line",
            **{k: row[k] for k in ("file", "sheet", "line")},
        )
        column = row["source_column"] or row["contract_column"]
        where = self("where.column", where=place, column=column) if column else place
        kind = "row" if not row["contract_column"] else "empty" if row["text"] is None else "value"
        return self(f"reject.{kind}", where=where, text=row["text"], rule=self.rule(row))

    def rule(self, row):
        """The rule that a rejected value broke, in words."""
        params = json.loads(row["params"]) if isinstance(row["params"], str) else row["params"]
        code = f"rule.{row['rule']}"
        if params.get("near"):
            code += "_near"
        key = ", ".join(f"{k} = {v}" for k, v in params.items())
        return self(code, **{"column": row["contract_column"], "key": key, **params})

    def signed_percent(self, share):
        """+1,2 % or -1,2 %, of a share of one."""
        return format_percent(share, format="+0.0\u00a0%;-0.0\u00a0%", locale=self.locale)

    @property
    def vega_times(self):
        """The time locale that a Vega chart takes."""
        locale = self.locale

        def names(kind, width, numbers):
            return [getattr(locale, kind)["format"][width][n] for n in numbers]

        week = (6, 0, 1, 2, 3, 4, 5)  # Vega's begins on Sunday, Babel's on Monday
        return {
            "dateTime": "%A, %e %B %Y %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S".replace(":", self._clock_mark),
            "periods": ["AM", "PM"],
            "days": names("days", "wide", week),
            "shortDays": names("days", "abbreviated", week),
            "months": names("months", "wide", range(1, 13)),
            "shortMonths": names("months", "abbreviated", range(1, 13)),
        }

    def clock(self, hour):
        """08.00 or 08:00."""
        return f"{hour:02}{self._clock_mark}00"

    @property
    def _clock_mark(self):
        """What stands between hours and minutes."""
        return re.search(r"[Hhk]+(\W)mm", self.locale.time_formats["short"].pattern)[1]

    def weekday(self, number):
        """Senin for 1."""
        return self.locale.days["stand-alone"]["wide"][number - 1]

    @property
    def vega_numbers(self):
        """The number locale that a Vega chart takes."""
        symbols = self.locale.number_symbols["latn"]
        return {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
        }

    @property
    def plotly_format(self):
        """The names of months and days and the number signs that a Plotly chart takes."""
        locale = self.locale
        symbols = locale.number_symbols["latn"]

        def names(table, width, first, last):
            return [table["format"][width][i] for i in range(first, last)]

        sunday_last = names(locale.days, "wide", 0, 7), names(locale.days, "abbreviated", 0, 7)
        days, short_days = ([*week[6:], *week[:6]] for week in sunday_last)
        return {
            "days": days,
            "shortDays": short_days,
            "months": names(locale.months, "wide", 1, 13),
            "shortMonths": names(locale.months, "abbreviated", 1, 13),
            "date": "%d %B %Y",
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
        }
