"""What is wrong with a queue as somebody wants it: every fault, at its field. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from services.notification.domain.queue import QueueDraft
from shared.contracts.queues import ContactForm, ExceptionalDay, FormField, OtherWay, Span, Words

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*\Z")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_FEWEST_CHOICES = 2
LABEL_LONGEST = 300
WORDS_LONGEST = 2_000
STATE_LONGEST = 200_000
"""Characters of a whole queue: everybody who needs queues keeps all of them in memory."""
_ONE_OF = ("email", "phone", "name")
"""A form asks at most once for each of these: they become the person's own."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, as the caller names it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a queue may name besides what it has already."""

    connection_ids: Collection[str]
    """The workspace's connections."""
    user_ids: Collection[str]
    """The workspace's active users who may read requests."""


def faults(draft: QueueDraft, known: Known) -> list[Fault]:
    """Find all that is wrong."""
    return [
        *_words_of("offline", draft.offline or {}, WORDS_LONGEST),
        *_zone(draft.time_zone),
        *(fault for day, spans in enumerate(draft.hours) for fault in _spans(f"hours.{day}", spans)),
        *_exceptions(draft.exceptions),
        *(fault for n, way in enumerate(draft.other_ways) for fault in _other_way(f"other_ways.{n}", way)),
        *_form(draft.form, needed=draft.when_closed == "form"),
        *_ids("connection_ids", draft.connection_ids, known.connection_ids, "There is no such connection here."),
        *_ids("members", draft.members, known.user_ids, _NO_MEMBER),
        *_ids("lead", (draft.lead,) if draft.lead else (), known.user_ids, _NO_MEMBER),
    ]


_NO_MEMBER = "This is no active user of the workspace who may read contact requests: an agent or an admin."


def _zone(name: str) -> Iterator[Fault]:
    if name not in available_timezones():
        yield Fault("time_zone", "There is no such time zone; give its IANA name, such as Europe/Oslo.")


def _spans(field: str, spans: Sequence[Span]) -> Iterator[Fault]:
    for n, span in enumerate(spans):
        if span.opens >= span.closes:
            yield Fault(
                f"{field}.{n}.closes", "This has to be later than `opens`; past midnight belongs to the next day."
            )
        elif n and spans[n - 1].closes > span.opens:
            yield Fault(
                f"{field}.{n}.opens", "This begins before the one above has ended. Order them, or join the two."
            )


def _exceptions(days: Sequence[ExceptionalDay]) -> Iterator[Fault]:
    seen: set[object] = set()
    for n, exceptional in enumerate(days):
        if exceptional.day in seen:
            yield Fault(f"exceptions.{n}.day", "This day is there already. Put its hours together.")
        seen.add(exceptional.day)
        yield from _spans(f"exceptions.{n}.spans", exceptional.spans)
        yield from _words_of(f"exceptions.{n}.label", exceptional.label)


def _other_way(field: str, way: OtherWay) -> Iterator[Fault]:
    yield from _words_of(f"{field}.label", way.label, needed=True)
    wrong = {"phone": _bad_phone, "email": _bad_email, "link": _bad_link}[way.kind](way.value)
    if wrong:
        yield Fault(f"{field}.value", wrong)


def _bad_phone(value: str) -> str | None:
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return "Give the phone with its country code, such as +4791234567."
    if not phonenumbers.is_valid_number(number):
        return "There is no such phone number; check its country code and length."
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if value == e164 else f"Write it as {e164}."


def _bad_email(value: str) -> str | None:
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError as error:
        return f"This is no email address: {error}"
    return None


def _bad_link(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
        good = good and value.isprintable() and " " not in value
        _ = parts.port
    except ValueError:
        good = False
    return None if good else "Give a whole address that begins with https://."


def _form(form: ContactForm, *, needed: bool) -> Iterator[Fault]:
    yield from _words_of("form.title", form.title)
    yield from _words_of("form.thanks", form.thanks, WORDS_LONGEST)
    if needed and not form.fields:
        yield Fault("form.fields", "A queue that shows its form while it is closed needs at least one question in it.")
    ids: set[str] = set()
    kinds: Counter[str] = Counter()
    for n, field in enumerate(form.fields):
        place = f"form.fields.{n}"
        yield from _own_id(f"{place}.id", field.id, ids)
        kinds[field.kind] += 1
        if field.kind in _ONE_OF and kinds[field.kind] > 1:
            yield Fault(f"{place}.kind", f"The form asks for the {field.kind} already; once is enough.")
        yield from _words_of(f"{place}.label", field.label, needed=True)
        yield from _choices(place, field)


def _choices(place: str, field: FormField) -> Iterator[Fault]:
    if field.kind != "choice":
        if field.choices:
            yield Fault(f"{place}.choices", f"A field of the kind {field.kind} has no choices; leave them out.")
        if field.several:
            yield Fault(f"{place}.several", "Only of a choice can several be taken.")
        return
    if len(field.choices) < _FEWEST_CHOICES:
        yield Fault(f"{place}.choices", "Give at least two choices.")
    ids: set[str] = set()
    for n, choice in enumerate(field.choices):
        yield from _own_id(f"{place}.choices.{n}.id", choice.id, ids)
        yield from _words_of(f"{place}.choices.{n}.label", choice.label, needed=True)


def _own_id(place: str, id_: str, seen: set[str]) -> Iterator[Fault]:
    if not _ID.match(id_):
        yield Fault(place, "An id is up to 64 letters (a to z), digits, hyphens and underscores.")
    elif id_ in seen:
        yield Fault(place, "This id is there already; each needs its own.")
    seen.add(id_)


def _words_of(place: str, words: Words, longest: int = LABEL_LONGEST, *, needed: bool = False) -> Iterator[Fault]:
    if needed and not words:
        yield Fault(place, 'Give the words in at least one language, such as {"en": "Message"}.')
    for tag, text in words.items():
        if not _TAG.match(tag):
            yield Fault(f"{place}.{tag}", "A language is named by its tag in lower case, such as en or pt-br.")
        if not text.strip():
            yield Fault(f"{place}.{tag}", "Write something, or leave this language out.")
        elif len(text) > longest:
            yield Fault(f"{place}.{tag}", f"This is too long: {longest} characters at most.")


def _ids(place: str, ids: Sequence[str], known: Collection[str], unknown: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, id_ in enumerate(ids):
        at = place if place == "lead" else f"{place}.{n}"
        if id_ in seen:
            yield Fault(at, "This is there already.")
        elif id_ not in known:
            yield Fault(at, unknown)
        seen.add(id_)


def too_large(told: str) -> bool:
    """Tell whether a queue's whole state, as JSON, is more than the others should carry around."""
    return len(told.encode()) > STATE_LONGEST
