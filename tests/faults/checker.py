"""Compares what was answered with a 2xx with what is stored, and with what the provider was sent."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from tests.e2e.kith import until
from tests.faults.house import GENEROUS
from tests.faults.load import Load, Written

CROSSING_SECONDS = 1.0
"""For an answer to be read, and for what was sent meanwhile to arrive, on a busy machine."""
COUNTED_EXACTLY = 10_000
"""Above it, lists only say that there are more."""
IN_FLIGHT = 50
"""Of one connection (`KITH_SEND_IN_FLIGHT`): what one kill may turn into `unknown` at most."""


@dataclass
class Found:
    """What there was in the end."""

    accepted: int
    by_status: Counter[str]
    """Rows of the ledger."""
    requests: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """What the provider was sent, by ledger id, in its order."""

    def __str__(self) -> str:
        statuses = ", ".join(f"{number} {status}" for status, number in sorted(self.by_status.items()))
        return f"{self.accepted} accepted, all stored; replies: {statuses}"


def ledger_id(load: Load, written: Written) -> str:
    """Return the id under which the one answer to a message is sent."""
    return f"{load.bot['id']}/{written.update_id:012d}/out/00"


async def check(load: Load, *, ends: int = 0, one_request: bool = True, in_order: bool = True) -> Found:
    """Wait until nothing is on its way in the whole house, and compare. `ends`: how many senders were killed.

    `one_request`: the provider refused nothing, so that no message may have been requested twice.
    """

    async def nothing_is_on_its_way() -> bool:
        return await load.house.lag() == 0

    await until(nothing_is_on_its_way, GENEROUS)
    return await check_alone(load, ends=ends, one_request=one_request, in_order=in_order)


async def check_alone(load: Load, *, ends: int = 0, one_request: bool = True, in_order: bool = True) -> Found:
    """Wait until all of this load is planned and sent, whatever others do, and compare."""
    owed = {ledger_id(load, written): written for all_ in load.accepted.values() for written in all_}
    assert len(owed) == load.total
    await until(lambda: is_planned(load), GENEROUS)
    await until(lambda: is_sent(load), GENEROUS)
    await _check_people(load)
    await _check_messages(load)
    rows = {row["id"]: row for row in await _pages(load, "/api/broadcast/deliveries", connection_id=load.bot["id"])}
    assert rows.keys() == owed.keys(), _apart("replies", set(owed), set(rows))
    found = Found(len(owed), Counter(row["status"] for row in rows.values()), await _requests(load))
    assert found.by_status["unknown"] <= IN_FLIGHT * ends or not one_request, found
    _check_requests(found, rows, one_request=one_request)
    if in_order:
        _check_order(load, found, owed)
    return found


async def is_planned(load: Load) -> bool:
    """Tell whether the ledger has a row for each message that was taken."""
    return await _number_of(load) >= min(load.total, COUNTED_EXACTLY)


async def is_sent(load: Load) -> bool:
    """Tell whether nothing of a bot waits or is in flight."""
    return await _number_of(load, "planned") == 0 and await _number_of(load, "sending") == 0


async def _number_of(load: Load, status: str | None = None) -> int:
    """Return the number of rows; -1 where the API does not answer."""
    asked: dict[str, Any] = {"connection_id": load.bot["id"], "limit": 1} | ({"status": status} if status else {})
    answer, page = await load.house.kith.call("GET", "/api/broadcast/deliveries", query=asked)
    return page["total"] if answer == 200 else -1


async def _check_people(load: Load) -> None:
    """Everybody who wrote is one visitor, with the first and the last of what they wrote."""
    people = await _pages(load, "/api/identity/chat-contacts", profile="none", search=load.prefix)
    counted = Counter(int(person["contact_id"]) for person in people)
    assert counted == Counter(load.accepted.keys()), counted
    for person in people:
        written = sorted(load.accepted[int(person["contact_id"])], key=lambda one: (one.date, one.update_id))
        assert person["first_message"]["text"] == written[0].text, person["contact_id"]
        assert person["last_message"]["text"] == written[-1].text, person["contact_id"]


async def _check_messages(load: Load) -> None:
    """Every message is there once, and so is every answer; what became of the answers has come back."""
    people = await _pages(load, "/api/identity/chat-contacts", profile="none", search=load.prefix)
    for person in people:
        wanted = Counter(written.text for written in load.accepted[int(person["contact_id"])])
        path = f"/api/ingest/conversations/{person['id']}/messages"

        async def stored(path: str = path) -> list[dict[str, Any]] | None:
            found = await _pages(load, path)
            waits = any(one["direction"] == "out" and one["status"] == "queued" for one in found)
            return None if waits else found

        messages = await until(stored, GENEROUS)
        there = Counter(one["text"] for one in messages if one["direction"] == "in")
        assert there == wanted, _apart(f"messages of {person['contact_id']}", set(wanted), set(there))
        assert sum(one["direction"] == "out" for one in messages) == wanted.total(), person["contact_id"]


def _check_requests(found: Found, rows: dict[str, dict[str, Any]], *, one_request: bool) -> None:
    """Nothing was said twice; what the ledger calls sent was; what the provider never saw, the ledger admits."""
    assert found.requests.keys() <= rows.keys(), _apart("requests", set(found.requests), set(rows))
    for id_, requests in found.requests.items():
        assert sum(request["delivered"] for request in requests) <= 1, (id_, requests)
        assert not one_request or len(requests) == 1, (id_, requests)
    for id_, row in rows.items():
        reached = any(request["delivered"] for request in found.requests.get(id_, ()))
        assert row["status"] == "unknown" or reached == (row["status"] == "sent"), (row, found.requests.get(id_))


def _check_order(load: Load, found: Found, owed: dict[str, Written]) -> None:
    """In each chat the answers left in the order in which the messages were taken."""
    left: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for id_, requests in found.requests.items():
        left[owed[id_].chat_id].append((requests[0]["n"], owed[id_].update_id))
    for chat_id, numbered in left.items():
        order = [update_id for _, update_id in sorted(numbered)]
        sent = set(order)
        assert order == [one.update_id for one in load.accepted[chat_id] if one.update_id in sent], chat_id


def moment(request: dict[str, Any]) -> float:
    """Return when a request reached the provider, in seconds since 1970."""
    return datetime.fromisoformat(request["at"]).timestamp()


def too_early(all_: Found) -> list[dict[str, Any]]:
    """Return the requests that began before a `Retry-After` was over.

    The sandbox counts whatever arrives in that time; what had left before we could read the 429 is no fault.
    """
    found: list[dict[str, Any]] = []
    told_at = -math.inf
    for request in sorted(chain(*all_.requests.values()), key=lambda one: one["n"]):
        if request["fault"] == "429":
            told_at = moment(request)
        elif request["violation"] and moment(request) - told_at > CROSSING_SECONDS:
            found.append(request)
    return found


async def _requests(load: Load) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    asked: dict[str, Any] = {"bot_id": load.bot["bot_id"], "method": "sendMessage", "limit": 1000}
    address = f"{load.house.kith.sandbox}/api/telegram/requests"
    after: int | None = 0
    while after is not None:
        async with load.house.kith.session.get(address, params=asked | {"after": after}) as answer:
            page = await answer.json()
        for request in page["items"]:
            found[str(request["ledger_id"])].append(request)
        after = page["next"]
    return dict(found)


async def _pages(load: Load, path: str, **query: Any) -> list[dict[str, Any]]:
    """Read a whole list."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        asked = query | {"limit": 200} | ({"cursor": cursor} if cursor else {})
        status, page = await load.house.kith.call("GET", path, query=asked)
        assert status == 200, page
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def _apart(what: str, wanted: set[Any], there: set[Any]) -> str:
    lost, foreign = sorted(wanted - there), sorted(there - wanted)
    return f"{what}: {len(lost)} lost {lost[:5]}, {len(foreign)} nobody wrote {foreign[:5]}; or some are double"
