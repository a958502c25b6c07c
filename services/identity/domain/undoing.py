"""A merge taken back, three ways: as it was before, as the merge left it, and as it is now (docs/decisions/0117).

What is still as the merge left it gets its old value; later edits stay with the survivor; chat contacts take back what
came through them.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.merging import Merge
from services.identity.domain.people import RANK, ChatContact
from services.identity.domain.profile import Subscription

T = TypeVar("T")
SINGLE = ("name", "surname", "contact_key", "origin", "language", "time_zone", "address", "location")
LISTED = ("tags", "groups", "segments", "chosen")
KEYED = ("fields", "subscriptions", "applications", "push_tokens")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What others hold by now, and may hold alone."""

    ids: frozenset[str] = frozenset()
    contact_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parted:
    """What a merge that is undone leaves: each changed thing with its rev raised by one."""

    survivor: Client
    absorbed: Client
    """Back again, one rev after the one that was absorbed."""
    chats: tuple[ChatContact, ...]
    """Those that go with it."""


def undo(merge: Merge, now_is: Client, chats: Sequence[ChatContact], elsewhere: Elsewhere, now: datetime) -> Parted:
    """Take a merge back. `now_is` is the survivor as it is now, `chats` all of its chat contacts."""
    back = {chat.id: chat for chat in chats if _goes_back(chat, merge)}
    came_through = {evidence.event_id for chat in back.values() for evidence in chat.evidence}
    ours, theirs = _holdings(merge, now_is, came_through, elsewhere)
    survivor = replace(
        now_is,
        **{name: _single(name, merge, now_is) for name in SINGLE},
        **{
            name: _listed(getattr(merge.before, name), getattr(merge.after, name), getattr(now_is, name))
            for name in LISTED
        },
        holdings=ours,
        taken=_taken(merge, now_is)[0],
        chat_contact_ids=_listed(
            merge.before.chat_contact_ids,
            merge.after.chat_contact_ids,
            tuple(id_ for id_ in now_is.chat_contact_ids if id_ not in back or id_ in merge.after.chat_contact_ids),
        ),
        registered=merge.before.registered or any(chat.registered for chat in chats if chat.id not in back),
        fields=dict(_by_key(_pairs(merge.before), _pairs(merge.after), _pairs(now_is), lambda pair: pair[0])),
        subscriptions=_by_key(
            merge.before.subscriptions, merge.after.subscriptions, now_is.subscriptions, lambda one: one.category_id
        ),
        applications=_by_key(
            merge.before.applications, merge.after.applications, now_is.applications, lambda one: one.id
        ),
        push_tokens=_by_key(
            merge.before.push_tokens, merge.after.push_tokens, now_is.push_tokens, lambda one: (one.kind, one.token)
        ),
    )
    absorbed = replace(
        merge.absorbed,
        holdings=theirs,
        taken=_taken(merge, now_is)[1],
        chat_contact_ids=(
            *(id_ for id_ in merge.absorbed.chat_contact_ids if id_ in back),
            *(id_ for id_ in back if id_ not in merge.absorbed.chat_contact_ids),
        ),
        registered=merge.absorbed.registered or any(chat.registered for chat in back.values()),
        subscriptions=_stricter(merge, now_is),
        contact_key=None if merge.absorbed.contact_key in elsewhere.contact_keys else merge.absorbed.contact_key,
    )
    if survivor.contact_key in elsewhere.contact_keys:
        survivor = replace(survivor, contact_key=None)
    if absorbed.contact_key is not None and survivor.contact_key == absorbed.contact_key:
        absorbed = replace(absorbed, contact_key=None)
    moved = tuple(
        replace(chat, client_id=absorbed.id, link=merge.links.get(chat.id, chat.link)).changed(now)
        for chat in back.values()
    )
    return Parted(_shown(survivor, now_is).changed(now), _shown(absorbed, now_is).changed(now), moved)


def _goes_back(chat: ChatContact, merge: Merge) -> bool:
    """Whether a chat is the absorbed client's: it was, or came later by a value that is the absorbed client's alone."""
    if chat.id in merge.after.chat_contact_ids:
        return chat.id in merge.absorbed.chat_contact_ids and chat.id not in merge.before.chat_contact_ids
    link = chat.link
    if link is None or link.value is None:
        return False
    led = [h.value for h in merge.absorbed.holdings if h.value == link.value]
    return bool(led) and not any(h.value == link.value for h in merge.before.holdings)


def _single(name: str, merge: Merge, now_is: Client) -> object:
    untouched = getattr(now_is, name) == getattr(merge.after, name)
    return getattr(merge.before if untouched else now_is, name)


def _listed(before: tuple[str, ...], after: tuple[str, ...], now_is: tuple[str, ...]) -> tuple[str, ...]:
    """Element by element: what the merge brought goes, what came or went since stays as it is."""
    kept = [one for one in before if one in now_is or one not in after]
    return (*kept, *(one for one in now_is if one not in after and one not in before))


def _by_key(
    before: Sequence[T], after: Sequence[T], now_is: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[T, ...]:
    """As `_listed`, for entries that have a key: one that was changed since stays as it is now."""
    was, left, here = ({key(one): one for one in some} for some in (before, after, now_is))
    found: list[T] = []
    for name in dict.fromkeys([*was, *here]):
        one = was.get(name) if here.get(name) == left.get(name) else here.get(name)
        if one is not None:
            found.append(one)
    return tuple(found)


def _pairs(client: Client) -> list[tuple[str, object]]:
    return list(client.fields.items())


def _stricter(merge: Merge, now_is: Client) -> tuple[Subscription, ...]:
    """Give the absorbed client its choices back, but for what was unsubscribed since: that was said of both."""
    left = {one.category_id: one for one in merge.after.subscriptions}
    refused = {one.category_id: one for one in now_is.subscriptions if not one.subscribed}
    refused = {id_: one for id_, one in refused.items() if left.get(id_) != one}
    kept = {one.category_id: refused.pop(one.category_id, one) for one in merge.absorbed.subscriptions}
    return (*kept.values(), *refused.values())


def _taken(merge: Merge, now_is: Client) -> tuple[tuple[Taken, ...], tuple[Taken, ...]]:
    """Whose each loss of a value was: what the absorbed client brought, it has lost."""
    since = [one for one in now_is.taken if one not in merge.after.taken]
    brought = {h.id for h in merge.absorbed.holdings} - {h.id for h in merge.before.holdings}
    theirs = [one for one in since if f"{one.kind}:{one.value}" in brought]
    ours = [one for one in since if one not in theirs]
    return (*merge.before.taken, *ours), (*merge.absorbed.taken, *theirs)


def _holdings(
    merge: Merge, now_is: Client, came_through: set[str], elsewhere: Elsewhere
) -> tuple[tuple[Holding, ...], tuple[Holding, ...]]:
    """Part the values. Each is held alone by one of the two at most, unless the business states it of both."""
    was, theirs, left, here = (
        {holding.id: holding for holding in client.holdings}
        for client in (merge.before, merge.absorbed, merge.after, now_is)
    )
    ours_now: list[Holding] = []
    theirs_now: list[Holding] = []
    for id_ in dict.fromkeys([*was, *theirs, *here]):
        ours, other, current = was.get(id_), theirs.get(id_), here.get(id_)
        if current is None and id_ in left:
            ours = None  # taken off since: so it stays with the survivor, and the absorbed client has what it had
        elif current is not None and (current != left.get(id_) or current not in (ours, other)):
            # given since, or what led to the merge itself
            ours, other = (ours, current) if current.event_id in came_through else (current, other)
        ours, other = _alone(ours, other, current, held=id_ in elsewhere.ids)
        ours_now += [ours] if ours is not None else []
        theirs_now += [other] if other is not None else []
    return tuple(ours_now), tuple(theirs_now)


def _alone(
    ours: Holding | None, theirs: Holding | None, current: Holding | None, *, held: bool
) -> tuple[Holding | None, Holding | None]:
    if held:
        return _stated(ours), _stated(theirs)
    if _stated(ours) is ours or _stated(theirs) is theirs:
        return ours, theirs
    if current is theirs or (current is not ours and _rank(theirs) > _rank(ours)):
        return None, theirs
    return ours, None


def _stated(holding: Holding | None) -> Holding | None:
    """Return it if several may hold it."""
    return holding if holding is not None and holding.strength == "stated" else None


def _rank(holding: Holding | None) -> int:
    return RANK[holding.strength if holding else None]


def _shown(client: Client, now_is: Client) -> Client:
    """Keep of the refusals those of values that it holds, and of what was chosen to be shown what it still has."""
    held = {holding.id for holding in client.holdings}
    refusals = {*now_is.refusals, *client.refusals}
    return replace(
        client,
        refusals=tuple(
            sorted(
                (one for one in refusals if f"{one.kind}:{one.value}" in held),
                key=lambda one: (one.kind, one.value, one.what),
            )
        ),
        chosen=tuple(id_ for id_ in client.chosen if id_ in held),
    )


def ids_around(merge: Merge) -> Iterable[str]:
    """Return the values that may come back with an undo, and that somebody else may hold by now."""
    return sorted({*merge.before.ids, *merge.absorbed.ids})


def keys_around(merge: Merge) -> Mapping[str, None]:
    """Return the contact keys that may come back."""
    return dict.fromkeys(key for key in (merge.before.contact_key, merge.absorbed.contact_key) if key)
