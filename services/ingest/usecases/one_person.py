"""One person is one chat contact, by whichever of their ids a channel names them (docs/decisions/0064).

Settled before an event is published: its key is the chat's, and that never changes.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from services.ingest.channels.contract import Account, Inbound, Parsed
from services.ingest.domain.known_by import KnownBy
from services.ingest.store.aliases import Alias, Aliases
from services.ingest.store.conversations import Conversations
from shared.contracts.chat import ChatRef, MarketingStoppedV1, UpdateUnknownV1
from shared.contracts.ids import chat_contact_id
from shared.contracts.permissions import PermissionBook

MOST_REMEMBERED = 50_000
"""Pairs of ids, some 10 MB: who goes on writing under the same two costs nothing."""
REMEMBERED_SECONDS = 600.0
"""Then they are looked up again: another process may have been told that two of them are one."""


class OnePerson:
    """Finds the chat contact of everybody in an update."""

    def __init__(self, aliases: Aliases, conversations: Conversations, permissions: PermissionBook) -> None:
        self._aliases = aliases
        self._conversations = conversations
        self._permissions = permissions
        """Knows of a chat contact that was added by hand, and never wrote (docs/decisions/0136)."""
        self._remembered: OrderedDict[tuple[str, str | None, str | None], tuple[str, float]] = OrderedDict()

    async def events(self, account: Account, parsed: Parsed) -> Sequence[Inbound]:
        """Return an update's events, each under the chat contact of its person. Raises `PyMongoError`."""
        if not parsed.people:
            return parsed.events
        found = await self._quickly(account, parsed.people)
        for given, by in parsed.people.items():
            if given not in found:
                found[given] = await self._chat_of(account, by)
        events = [self._under(event, parsed.people, found) for event in parsed.events]
        for given, by in parsed.people.items():
            stopped = self._stopped_beside(account, by, found[given])
            events += [stopped] if stopped is not None else []
        return events

    def _stopped_beside(self, account: Account, by: KnownBy, contact_id: str) -> MarketingStoppedV1 | None:
        """Give the stop that holds for a chat which turned out to be this person's, too: the stricter one counts."""
        if not by.changed or by.user_id is None or by.user_id == contact_id:
            return None
        other = chat_contact_id(account.workspace_id, account.connection_id, by.user_id)
        if self._permissions.allows(other, "proactive"):
            return None
        chat = ChatRef(channel=account.channel, connection_id=account.connection_id, contact_id=contact_id)
        id_ = f"{account.connection_id}/{by.user_id}/stopped-beside"
        return MarketingStoppedV1(id=id_, time=by.at, workspace_id=account.workspace_id, chat=chat)

    async def _quickly(self, account: Account, people: Mapping[str, KnownBy]) -> dict[str, str]:
        """Find all whose ids agree with what is known, and all of whom nothing is: together, however many they are."""
        where = f"{account.workspace_id}/{account.connection_id}"
        plain = {given: by for given, by in people.items() if by.wrote and by.user_id and not by.changed}
        found = {given: chat for given, by in plain.items() if (chat := self._recall(where, by)) is not None}
        unsettled = {given: by for given, by in plain.items() if given not in found}
        if not unsettled:
            return found
        known = await self._aliases.of(where, [id_ for by in unsettled.values() for id_ in _ids(by)])
        phones = Counter(by.phone for by in people.values())
        strangers: dict[str, KnownBy] = {}
        for given, by in unsettled.items():
            user, phone = known.get(_user(by.user_id)), known.get(_phone(by.phone))
            if user is not None and (by.phone is None or (phone is not None and phone.contact_id == user.contact_id)):
                found[given] = self._remember(where, by, user.contact_id)
            elif user is None and phone is None and by.phone is not None and phones[by.phone] == 1:
                strangers[given] = by
        return found | await self._welcome(account, where, strangers)

    async def _welcome(self, account: Account, where: str, strangers: Mapping[str, KnownBy]) -> dict[str, str]:
        """Make those known of whom nothing is; who meets somebody on the way is left out, and settled alone.

        Phones come first, as in `_settled`: another process may be making one of them known by the phone alone.
        """
        if not strangers:
            return {}
        chats = {
            given: chat_contact_id(account.workspace_id, account.connection_id, by.phone or "")
            for given, by in strangers.items()
        }
        older = await self._older(chats.values())
        new = {given: by for given, by in strangers.items() if chats[given] not in older}
        held = {_phone(by.phone): Alias(by.user_id or "", by.user_id, by.at) for by in new.values()}
        made = await self._aliases.make_all(where, held)
        new = {given: by for given, by in new.items() if _phone(by.phone) in made}
        made = await self._aliases.make_all(
            where, {_user(by.user_id): Alias(by.user_id or "", None, by.at) for by in new.values()}
        )
        return {
            given: self._remember(where, by, by.user_id or "") for given, by in new.items() if _user(by.user_id) in made
        }

    def _recall(self, where: str, by: KnownBy) -> str | None:
        pair = (where, by.user_id, by.phone)
        contact_id, since = self._remembered.get(pair, (None, 0.0))
        if contact_id is None or _now() - since > REMEMBERED_SECONDS:
            return None
        self._remembered.move_to_end(pair)
        return contact_id

    def _remember(self, where: str, by: KnownBy, contact_id: str) -> str:
        if by.user_id is not None:  # a phone alone may pass on to somebody else
            self._remembered[where, by.user_id, by.phone] = (contact_id, _now())
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return contact_id

    def _under(self, event: Inbound, people: Mapping[str, KnownBy], found: Mapping[str, str]) -> Inbound:
        if isinstance(event, UpdateUnknownV1) or event.chat.contact_id not in found:
            return event
        given = event.chat.contact_id
        contact_id = found[given]
        address = people[given].address_beside(contact_id)
        if (contact_id, address) == (given, None):
            return event
        chat = event.chat.model_copy(update={"contact_id": contact_id})
        return event.model_copy(update={"chat": chat, "address": address})

    async def _chat_of(self, account: Account, by: KnownBy) -> str:
        where = f"{account.workspace_id}/{account.connection_id}"
        remembered = None if by.changed else self._recall(where, by)
        if remembered is not None:
            return remembered
        if not by.wrote:
            return await self._known(where, by) or by.user_id or by.phone or ""
        settled = self._changed if by.changed else self._settled
        return self._remember(where, by, await settled(account, where, by))

    async def _known(self, where: str, by: KnownBy) -> str | None:
        known = await self._aliases.of(where, _ids(by))
        user, phone = known.get(_user(by.user_id)), known.get(_phone(by.phone))
        found = user or phone
        return found.contact_id if found is not None else None

    async def _settled(self, account: Account, where: str, by: KnownBy) -> str:
        """Find who wrote, or make them known."""
        if by.user_id is None:
            phone = by.phone or ""
            return (await self._aliases.make(where, _phone(phone), Alias(phone, None, by.at))).contact_id
        user = (await self._aliases.of(where, [_user(by.user_id)])).get(_user(by.user_id))
        if user is None:
            first = await self._by_phone(account, where, by.user_id, by.phone, by.at) if by.phone else by.user_id
            user = await self._aliases.make(where, _user(by.user_id), Alias(first, None, by.at))
        if by.phone is not None:
            await self._show(where, by.phone, user.contact_id, by.user_id, by.at)
        return user.contact_id

    async def _by_phone(self, account: Account, where: str, user_id: str, phone: str, at: datetime) -> str:
        """Return the chat that a new user id belongs to: its phone's, where that came with no other user id yet."""
        before = chat_contact_id(account.workspace_id, account.connection_id, phone)
        is_older = before in await self._older([before])
        first = Alias(phone, None, at) if is_older else Alias(user_id, user_id, at)
        there = await self._aliases.make(where, _phone(phone), first)
        is_theirs = await self._aliases.hold(where, _phone(phone), there.contact_id, user_id, at)
        return there.contact_id if is_theirs else user_id

    async def _older(self, chats: Iterable[str]) -> set[str]:
        """Return which of these chat contacts are there, although no alias leads to them."""
        chats = list(chats)
        return {*await self._conversations.of(chats), *filter(self._permissions.knows, chats)}

    async def _changed(self, account: Account, where: str, by: KnownBy) -> str:
        """Note that a person whom we may know has other ids from now on."""
        before = KnownBy(by.at, by.was_user_id, by.was_phone)
        contact_id = await self._settled(account, where, before)
        if by.was_phone == contact_id:  # whoever gets that number next is somebody else
            await self._aliases.hold(where, _phone(contact_id), contact_id, by.user_id or by.phone or "", by.at)
        if by.user_id is not None:
            there = await self._aliases.make(where, _user(by.user_id), Alias(contact_id, None, by.at))
            if there.contact_id == by.user_id != contact_id:  # they wrote under it before this was told
                await self._aliases.join(where, _user(by.user_id), there.contact_id, contact_id)
                self._forget(where, by.user_id)
        if by.phone is not None:
            await self._show(where, by.phone, contact_id, by.user_id, by.at)
        return contact_id

    def _forget(self, where: str, user_id: str) -> None:
        for pair in [pair for pair in self._remembered if pair[:2] == (where, user_id)]:
            del self._remembered[pair]

    async def _show(self, where: str, phone: str, contact_id: str, holder: str | None, at: datetime) -> None:
        """Note whose phone it is now."""
        now = Alias(contact_id, holder, at)
        there = await self._aliases.make(where, _phone(phone), now)
        if there.contact_id != contact_id:
            await self._aliases.move(where, _phone(phone), now)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _user(user_id: str | None) -> str:
    return f"user/{user_id}"


def _phone(phone: str | None) -> str:
    return f"phone/{phone}"


def _ids(by: KnownBy) -> list[str]:
    return [*([_user(by.user_id)] if by.user_id else []), *([_phone(by.phone)] if by.phone else [])]
