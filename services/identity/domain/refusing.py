"""What must not be written to: an email, a phone or a chat contact, why, and whom such a refusal reaches (0115).

A refusal of a value is kept under a keyed hash of it, beside the people: so it outlives whoever holds the value, and
whoever holds it later is refused from the start.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import ChatContact, Evidence
from services.identity.domain.profile import Refusal, RefusedAs, RefusedKind

SubjectKind = Literal["email", "phone", "chat_contact"]
Hashed = Callable[[RefusedKind, str], str]
"""Makes the keyed hash of an email or a phone, in one workspace."""
LOG_KEPT = 50


class NotStaffsToLiftError(Exception):
    """The person said so themselves; nobody else takes it back. `what` says what it is."""

    def __init__(self, what: RefusedAs) -> None:
        super().__init__(what)
        self.what: RefusedAs = what


@dataclass(frozen=True, slots=True)
class Said:
    """One "no", and who wrote it down."""

    what: RefusedAs
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Through:
    """The refusal of a value, as it reaches a chat contact."""

    subject_id: str
    what: RefusedAs
    merge_id: str | None = None
    """The merge that brought it here: with that merge it goes again, if nothing else holds it."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What was done about a subject, by whom, and why."""

    did: Literal["refused", "lifted"]
    what: RefusedAs
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is refused: `id` is the keyed hash of an email or a phone, or a chat contact's id. `rev` 0: not kept yet.

    It stays when everything was lifted: its rev is what orders the facts on `permission.v1`.
    """

    id: str
    workspace_id: str
    kind: SubjectKind
    at: datetime
    """When it last changed."""
    value: str | None = None
    """In clear as long as anybody holds it; None once the person was deleted."""
    said: tuple[Said, ...] = ()
    through: tuple[Through, ...] = ()
    log: tuple[Logged, ...] = ()
    rev: int = 0

    @property
    def what(self) -> frozenset[RefusedAs]:
        return frozenset([*(one.what for one in self.said), *(one.what for one in self.through)])

    @property
    def proactive(self) -> bool:
        """Whether what nobody asked for may be sent."""
        return not self.what

    @property
    def reactive(self) -> bool:
        """Whether their own messages are answered by themselves. An agent's own words are the agent's to answer for."""
        return "blacklisted" not in self.what

    def says(self, what: RefusedAs) -> Said | None:
        return next((one for one in self.said if one.what == what), None)

    def changed(self, now: datetime) -> "Subject":
        return replace(self, rev=self.rev + 1, at=now)


def refused(subject: Subject, said: Said) -> Subject:
    """Take a "no" down. The first one of its kind stands; the same object comes back where there is one."""
    if subject.says(said.what) is not None:
        return subject
    logged = Logged("refused", said.what, said.reason, said.at, said.by)
    return replace(subject, said=(*subject.said, said), log=(*subject.log, logged)[-LOG_KEPT:]).changed(said.at)


def lifted(subject: Subject, what: RefusedAs, reason: str, by: str, now: datetime, *, own: bool = False) -> Subject:
    """Take a "no" back. What the person said is theirs (`own`) to take back; raises `NotStaffsToLiftError`.

    Lifted of a chat contact, it also lets go of what reaches it through values: whoever calls has made sure that it
    does not hold them any more.
    """
    if what != "blacklisted" and not own:
        raise NotStaffsToLiftError(what)
    said = tuple(one for one in subject.said if one.what != what)
    through = tuple(one for one in subject.through if one.what != what)
    if (said, through) == (subject.said, subject.through):
        return subject
    logged = Logged("lifted", what, reason, now, by)
    return replace(subject, said=said, through=through, log=(*subject.log, logged)[-LOG_KEPT:]).changed(now)


def reached(subject: Subject, through: Iterable[Through], now: datetime) -> Subject:
    """Have refusals of values reach a chat contact; the same object comes back where all of them do already."""
    there = {(one.subject_id, one.what): one for one in subject.through}
    wanted = [one for one in through if _is_news(there.get((one.subject_id, one.what)), one)]
    if not wanted:
        return subject
    return replace(
        subject, through=tuple((there | {(one.subject_id, one.what): one for one in wanted}).values())
    ).changed(now)


def _is_news(there: Through | None, one: Through) -> bool:
    """Let what holds by itself take the place of what a merge brought; never the other way round."""
    return there is None or (there.merge_id is not None and one.merge_id is None)


def let_go(subject: Subject, gone: Callable[[Through], bool], now: datetime) -> Subject:
    """Take away what reaches a chat contact no longer."""
    kept = tuple(one for one in subject.through if not gone(one))
    return subject if kept == subject.through else replace(subject, through=kept).changed(now)


def addresses_of(contact: ChatContact) -> set[str]:
    """Return the phones by which this very chat is reached: on WhatsApp, the number that it is written to."""
    if contact.channel != "whatsapp":
        return set()
    told = {contact.contact_id, contact.address or contact.contact_id}
    numbers = {f"+{one.lstrip('+')}" for one in told if one.lstrip("+").isdigit()}
    return numbers | {one.value for one in contact.evidence if one.kind == "phone" and one.how == "vouched"}


def refusable(given: Iterable[Evidence | Holding]) -> set[tuple[RefusedKind, str]]:
    """Return the emails and phones among what was given or is held: a sign-in is nothing to write to."""
    return {(one.kind, one.value) for one in given if one.kind != "site"}


def values_of(contact: ChatContact, client: Client | None) -> set[tuple[RefusedKind, str]]:
    """Return every email and phone whose refusal may reach a chat contact."""
    addresses: set[tuple[RefusedKind, str]] = {("phone", number) for number in addresses_of(contact)}
    return addresses | refusable(contact.evidence) | refusable(client.holdings if client else ())


def reaching(
    contact: ChatContact, client: Client | None, subjects: Mapping[str, Subject], hashed: Hashed
) -> list[Through]:
    """Return the refusals of values that reach a chat contact.

    A blacklisted value is a person whom the business does not write to: it reaches every chat of whoever holds the
    value, however well, and every chat in which it was given. Spam and unsubscribed are of the address alone.
    """
    addresses = addresses_of(contact)
    found: list[Through] = []
    for kind, value in sorted(values_of(contact, client)):
        subject = subjects.get(hashed(kind, value))
        if subject is None:
            continue
        found += [
            Through(subject.id, one.what)
            for one in subject.said
            if one.what == "blacklisted" or (kind == "phone" and value in addresses)
        ]
    return found


def shown_on(client: Client, subjects: Mapping[str, Subject], hashed: Hashed) -> tuple[Refusal, ...]:
    """Return what the workspace's refusals say of the values that a client holds."""
    found: list[Refusal] = []
    for holding in client.holdings:
        if holding.kind == "site":
            continue
        subject = subjects.get(hashed(holding.kind, holding.value))
        said = subject.said if subject is not None else ()
        found += [Refusal(holding.kind, holding.value, one.what, one.at, one.reason) for one in said]
    return tuple(sorted(found, key=lambda one: (one.kind, one.value, one.what)))
