"""The log as somebody sees it: their queues' requests, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from services.notification.domain.request import Request, terms_to_find
from services.notification.store.chat_owners import ChatOwners
from services.notification.store.request_lists import Filter, Place, RequestLists
from services.notification.store.requests import Requests
from services.notification.usecases.queue_book import QueueBook
from shared.contracts.lookups import lookup
from shared.web.access import Principal

Sort = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for."""

    queue_id: str | None = None
    status: str | None = None
    handler: str | None = None
    """A user's id, `me`, or `none`."""
    unseen: bool = False
    search: str = ""
    since: datetime | None = None
    before: datetime | None = None
    sort: Sort = "newest"
    ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some requests, the clients they belong to by chat contact, and where the next ones begin."""

    items: Sequence[Request]
    clients: dict[str, str]
    ends: Place | None
    total: int
    total_is_exact: bool


NOTHING = Page((), {}, None, 0, total_is_exact=True)


class BrowseRequests:
    """Reads the log for somebody."""

    def __init__(
        self, *, lists: RequestLists, requests: Requests, owners: ChatOwners, book: QueueBook, lookup_key: bytes
    ) -> None:
        self._lists = lists
        self._requests = requests
        self._owners = owners
        self._book = book
        self._lookup_key = lookup_key

    async def page(self, who: Principal, asked: Asked, after: Place | None, limit: int) -> Page:
        """Return a page of what the caller sees."""
        wanted = self._filter(who, asked)
        if wanted is None:
            return NOTHING
        oldest = asked.sort == "oldest"
        found = await self._lists.page(who.workspace_id, wanted, oldest=oldest, after=after, limit=limit + 1)
        total, exact = len(found), True
        if after is not None or len(found) > limit:
            total, exact = await self._lists.count(who.workspace_id, wanted)
        items = found[:limit]
        ends = Place(items[-1].at, items[-1].n) if len(found) > limit else None
        return Page(items, await self.clients_of(items), ends, total, exact)

    async def one(self, who: Principal, id_: str) -> Request | None:
        """Return a request that the caller sees."""
        found = await self._requests.one(who.workspace_id, id_)
        return found if found is not None and self._book.sees(who, found.queue_id) else None

    async def unseen(self, who: Principal) -> dict[str, int]:
        """Count what nobody has acknowledged, by queue."""
        queue_ids = self._book.seen_by(who)
        return {} if queue_ids == [] else await self._lists.unseen(who.workspace_id, queue_ids)

    async def clients_of(self, requests: Sequence[Request]) -> dict[str, str]:
        """Return the clients of requests, by chat contact."""
        if not requests:
            return {}
        return await self._owners.of(requests[0].workspace_id, [request.chat_contact_id for request in requests])

    def _filter(self, who: Principal, asked: Asked) -> Filter | None:
        """Return what to read; None where that is nothing at all."""
        queue_ids = self._book.seen_by(who)
        if asked.queue_id is not None:
            if not self._book.sees(who, asked.queue_id):
                return None
            queue_ids = [asked.queue_id]
        if queue_ids == []:
            return None
        wanted = Filter(
            queue_ids,
            asked.status,
            unseen=asked.unseen,
            since=asked.since,
            before=asked.before,
            terms=None,
            ids=asked.ids,
        )
        if asked.handler == "none":
            wanted = replace(wanted, unhandled=True)
        elif asked.handler is not None:
            wanted = replace(wanted, handler=who.id if asked.handler == "me" else asked.handler)
        if asked.search.strip():
            wanted = replace(wanted, terms=terms_to_find(asked.search, self._lookups(who.workspace_id, asked.search)))
        return wanted

    def _lookups(self, workspace_id: str, search: str) -> list[str]:
        text = search.strip()
        if "@" in text:
            try:
                email = validate_email(text, check_deliverability=False).normalized.lower()
            except EmailNotValidError:
                return []
            return [lookup(self._lookup_key, workspace_id, "email", email)]
        try:
            number = phonenumbers.parse(text if text.startswith("+") else f"+{text.removeprefix('00')}", None)
        except phonenumbers.NumberParseException:
            return []
        phone = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return [lookup(self._lookup_key, workspace_id, "phone", phone)]
