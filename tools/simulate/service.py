"""Requests for identity cards, the stock of blank cards they use up, and what people say of it.

Each request needs one blank. While there are blanks a card is ready after its usual time; when they
are out, requests wait in a queue for the next delivery. So durations, stock and the queue at the
end tell one story. The agency makes one extract a month, service_<day of publication>.csv: the
month's requests, and older ones whose state has changed since.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.simulate.parameters import from_day, parameter
from tools.simulate.tools import DAY, Draws, Place, days, month_end, months

FIRST, LAST = date(2018, 1, 1), date(2019, 12, 31)
OPENS, CLOSES = 8 * 60, 15 * 60 + 59  # minutes of the day
HEADER = ("request", "channel", "kelurahan", "requested", "completed", "status")


@dataclass
class Request:
    """One request; `ready` is when the card would be made, `ended` the day its state was set."""

    number: str
    channel: str
    village: str
    requested: datetime
    ready: datetime
    status: str = "open"
    completed: datetime | None = None
    ended: date | None = None


def files(place: Place, seed: int) -> dict[str, list]:
    """{file name: rows} of the service, the stock of blanks and the survey."""
    requests = _requests(place, Draws(seed, "service"))
    stock = _serve(place, Draws(seed, "stock"), requests)
    _make_dirty(Draws(seed, "dirty"), requests)
    return _extracts(place, requests) | stock | _survey(place, Draws(seed, "survey"))


def _at(day, minutes):
    return datetime(day.year, day.month, day.day) + timedelta(minutes=int(minutes))


def _requests(place, draws):
    """Every request in the order of its time, with the moment at which a card could be ready."""
    made: list[Request] = []
    villages = [area for area, _ in place.villages]
    # some kelurahan are larger than others
    reach = [0.4 + draws.uniform() for _ in villages]
    bounds = [sum(reach[: n + 1]) / sum(reach) for n in range(len(reach))]
    for day in filter(place.works, days(FIRST, LAST)):
        weekday = parameter("service.demand_weekday")[day.weekday()]
        count = round(from_day("service.demand", day) * weekday * float(draws.noise(0.14)))
        minutes = sorted(
            OPENS + int(draws.quantile(parameter("service.arrival"))) for _ in range(count)
        )
        for minute in minutes:
            u = draws.uniform()
            village = next(
                (v for v, b in zip(villages, bounds, strict=True) if u < b), villages[-1]
            )
            number = f"{day:%y}-{len(made) + 1:05}"
            channel = _channel(draws, day)
            ready = _ready(place, draws, channel, day, minute)
            made.append(Request(number, channel, village, _at(day, minute), ready))
    return made


def _channel(draws, day):
    """The programme while it runs, else the counter or the kecamatan."""
    programme, counter = from_day("service.channels", day)
    name, first, last = parameter("service.programme")
    u = draws.uniform() * 1000
    if u < programme and first <= day <= last:
        return name
    return "counter" if u < programme + counter else "kecamatan"


def _ready(place, draws, channel, day, minute):
    """When the card would be made if there is a blank."""
    if channel == parameter("service.programme")[0]:
        return _at(day, minute + round(draws.quantile(parameter(f"service.minutes.{channel}"))))
    waits = round(draws.quantile(from_day(f"service.days.{channel}", day)))
    if waits == 0:
        minute = minute + draws.quantile(parameter("service.minutes.counter"))
        return _at(day, min(minute, CLOSES))
    return _in_office_hours(draws, place.next_working_day(day + waits * DAY))


def _in_office_hours(draws, day):
    return _at(day, draws.whole(OPENS + 15, CLOSES))


def _serve(place, draws, requests):
    """Sets how each request ends, first come, first served; the files of the stock."""
    cards = _without_cards(draws, requests)
    waiting: list = []
    rows: list[tuple] = []
    on_hand, month = parameter("stock.opening"), None
    for day in filter(place.works, days(FIRST, LAST)):
        received = from_day("stock.delivered", day) if day.month != month else 0
        month, on_hand = day.month, on_hand + received
        waiting = sorted(waiting + cards.pop(day, []), key=lambda r: r.ready)
        served, waiting = waiting[:on_hand], waiting[on_hand:]
        for request in served:
            in_time = request.ready.date() == day
            request.completed = request.ready if in_time else _in_office_hours(draws, day)
            request.status, request.ended = "closed", day
        spoiled = int(on_hand > len(served) and draws.uniform() < parameter("stock.spoiled"))
        on_hand -= len(served) + spoiled
        rows.append((day, day + DAY * draws.whole(1, 3), on_hand, received, len(served) + spoiled))
    return _stock_files(rows)


def _without_cards(draws, requests):
    """{day: requests ready on it}; those that are cancelled or sent on need no card."""
    share, most = parameter("service.cancelled")
    by_day: dict = {}
    for request in requests:
        u = draws.uniform()
        if u < share + parameter("service.referred"):
            request.status = "cancelled" if u < share else "referred"
            wait = draws.whole(0, most) if request.status == "cancelled" else 0
            request.ended = request.requested.date() + wait * DAY
        else:
            by_day.setdefault(request.ready.date(), []).append(request)
    return by_day


def _make_dirty(draws, requests):
    """Gives a few cards made on the day of the request an impossible or empty duration."""
    (before, _), (zero, _) = parameter("service.dirty")
    for request in requests:
        u = draws.uniform()
        if request.completed and request.completed.date() == request.requested.date():
            if u < before:
                request.completed = request.requested - timedelta(minutes=draws.whole(5, 240))
            elif u < before + zero:
                request.completed = request.requested


def _extracts(place, requests):
    """{file name: rows}: a file a month, named by the day of its publication."""
    made = {}
    for first in months(FIRST.year, LAST.year):
        last = month_end(first)
        late = parameter("service.late").get(first)
        published = last + late * DAY if late else place.next_working_day(last + 4 * DAY)
        changed = [r for r in requests if _is_told(r, first, last)]
        made[f"service_{published}.csv"] = [HEADER, *(_row(r, last) for r in changed)]
    return made


def _is_told(request, first, last):
    """Whether a month's extract has a request: it is of the month, or its end is."""
    ended = request.ended and first <= request.ended <= last
    return first <= request.requested.date() <= last or (ended and request.requested.date() < first)


def _row(request, last):
    """A request as it stood at the end of a month."""
    is_over = request.ended is not None and request.ended <= last
    completed = f"{request.completed:%Y-%m-%d %H:%M}" if is_over and request.completed else ""
    requested = f"{request.requested:%Y-%m-%d %H:%M}"
    status = request.status if is_over else "open"
    return request.number, request.channel, request.village, requested, completed, status


def _stock_files(rows):
    head = ("day", "published_at", "on_hand", "received", "issued")
    counted = [
        row for row in rows if not any(a <= row[0] <= b for a, b in parameter("stock.missing"))
    ]
    return {
        f"stock_{year}.csv": [head, *(row for row in counted if row[0].year == year)]
        for year in (FIRST.year, LAST.year)
    }


def _survey(place, draws):
    """{file name: rows}: one row an answer sheet, published a fortnight after the quarter."""
    made: dict[str, list] = {}
    for year in (FIRST.year, LAST.year):
        head = ("answer", "day", "published_at", *(f"U{n}" for n in range(1, 10)))
        made[f"survey_{year}.csv"] = rows = list[tuple]([head])
        for first in (m for m in months(FIRST.year, LAST.year) if m.year == year):
            open_days = [day for day in days(first, month_end(first)) if place.works(day)]
            quarter_end = month_end(first.replace(month=(first.month + 2) // 3 * 3))
            count = round(parameter("survey.answers") * float(draws.noise(0.2)))
            answered = sorted(draws.whole(0, len(open_days) - 1) for _ in range(count))
            for day in (open_days[n] for n in answered):
                number = f"S{day:%y}-{len(rows):04}"
                rows.append((number, day, quarter_end + 14 * DAY, *_answer(draws, day)))
    return made


def _answer(draws, day):
    """The nine scores of a sheet: its own mood, each element's level, and chance."""
    mood = draws.uniform() - 0.5
    for n, element in enumerate(parameter("survey.elements")):
        level = from_day("survey.level", day) + element + 0.7 * mood
        level += from_day("survey.time", day) if n == 2 else 0
        yield min(4, max(1, int(level + draws.uniform())))
