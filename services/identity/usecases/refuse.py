"""What must not be written to is taken down: a "no" has reached every sender before this returns (0115)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.profile import RefusedAs, RefusedKind
from services.identity.domain.refusing import Said, Subject, SubjectKind, refusable, refused
from services.identity.store.permissions import refused_id
from services.identity.store.stores import Stores
from services.identity.usecases.change_chat_contact import NotToldError, UnknownChatContactError
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Named:
    """An email in lower case, a phone as E.164, or a chat contact's id."""

    kind: SubjectKind
    value: str


class Refuse:
    """Takes refusals down, and has them reach everybody who holds what is refused."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(
        self, workspace_id: str, named: Sequence[Named], what: RefusedAs, reason: str, by: str
    ) -> list[Subject]:
        """Refuse all of it; what is refused already stays as it was. Raises `UnknownChatContactError`, `NotToldError`.

        Told again, it is published again: an earlier try may have been cut off.
        """
        hashed = self._stores.refusals.hashed(workspace_id)
        ids = {one: one.value if one.kind == "chat_contact" else hashed(one.kind, one.value) for one in named}
        said = Said(what, reason, self._clock(), by)

        async def work(session: Session) -> tuple[list[Subject], ObjectId]:
            chats = [one.value for one in named if one.kind == "chat_contact"]
            there = {one.id for one in await self._stores.chat_contacts.of(workspace_id, chats, session)}
            if unknown := set(chats) - there:
                raise UnknownChatContactError(", ".join(sorted(unknown)))
            known = await self._stores.refusals.of(workspace_id, ids.values(), session)
            after = [refused(_open(known.get(id_), id_, workspace_id, one, said.at), said) for one, id_ in ids.items()]
            await self._stores.refusals.write([one for one in after if one is not known.get(one.id)], session)
            return after, await self._outbox.note(_keys(after), session)

        with telling_senders():
            subjects, row = await until_written(self._stores, work)
            await self._outbox.publish(row, _keys(subjects))
            for one in ids:
                if one.kind != "chat_contact":
                    await self.reach(workspace_id, one.kind, one.value)
        return subjects

    async def of_clients(self, workspace_id: str, client_ids: Sequence[str], reason: str, by: str) -> int:
        """Blacklist clients: their emails, phones and every chat. Returns how many of them there are."""
        clients = await self._stores.clients.of(workspace_id, client_ids)
        values = {Named(kind, value) for client in clients for kind, value in refusable(client.holdings)}
        chats = {Named("chat_contact", id_) for client in clients for id_ in client.chat_contact_ids}
        named = sorted(values | chats, key=lambda one: (one.kind, one.value))
        for start in range(0, len(named), AT_ONCE):
            await self(workspace_id, named[start : start + AT_ONCE], "blacklisted", reason, by)
        return len(clients)

    async def reach(self, workspace_id: str, kind: RefusedKind, value: str) -> None:
        """Reach everybody who holds a value, or gave it, or is written to by it."""
        async for clients in pages(
            lambda after: self._stores.clients.holding(workspace_id, kind, value, after, AT_ONCE)
        ):
            await self._reach(workspace_id, clients)
        async for chats in pages(
            lambda after: self._stores.chat_contacts.who_gave(workspace_id, value, after, AT_ONCE)
        ):
            await self._reach(workspace_id, (), chats)
        if kind == "phone":
            numbers = [value, value.lstrip("+")]
            await self._reach(
                workspace_id, (), await self._stores.chat_contacts.called(workspace_id, "whatsapp", numbers)
            )


async def pages(read: Callable[[str], Awaitable[list[str]]]) -> AsyncIterator[list[str]]:
    """Give ids, a page at a time, `read` from the last one on."""
    after = ""
    while found := await read(after):
        yield found
        after = found[-1]


@contextmanager
def telling_senders() -> Generator[None]:
    """Say of a broker that is away that what was stored has not been told yet. Raises `NotToldError`."""
    try:
        yield
    except (KafkaError, BrokerAwayError) as error:
        raise NotToldError from error


def _keys(subjects: Sequence[Subject]) -> dict[topics.Topic, list[str]]:
    return {topics.PERMISSION: [refused_id(one.id) for one in subjects]}


def _open(known: Subject | None, id_: str, workspace_id: str, named: Named, now: datetime) -> Subject:
    """Return the subject as it is kept, or a new one; whoever refuses a value knows it, so it shows again."""
    value = None if named.kind == "chat_contact" else named.value
    if known is None:
        return Subject(id_, workspace_id, named.kind, now, value=value)
    return known if known.value == value or known.said else replace(known, value=value)
