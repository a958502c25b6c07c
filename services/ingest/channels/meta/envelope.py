"""Meta's envelope: a list of entries for one kind of account. What is inside an entry is each channel's own to read."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.domain.known_by import KnownBy
from shared.contracts.chat import Channel, ChatRef, UpdateUnknownV1
from shared.contracts.ids import derived_id

MOST_RAW = 200_000
"""Characters that are kept of what we do not know."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass
class Read:
    """What a webhook said, in its order."""

    events: list[Inbound] = field(default_factory=list[Inbound])
    people: dict[str, KnownBy] = field(default_factory=dict[str, KnownBy])
    """By the contact id that their events bear."""
    foreign: int = 0
    """Items of another account of the same app; they are nobody's here."""
    echoes: int = 0
    """What we or others wrote in the account's own name."""

    def tells_of(self, contact_id: str, by: KnownBy) -> None:
        """Note a person's ids, together with what the same webhook told of them before."""
        there = self.people.get(contact_id)
        self.people[contact_id] = by if there is None else there.and_(by)


def entries(body: bytes, object_: str) -> list[Any]:
    """Open an envelope. Raises `MalformedError` where it is not Meta's, or is meant for another channel."""
    try:
        found = from_json(body)
    except ValueError as error:
        raise MalformedError("body", "this is not JSON") from error
    if not isinstance(found, dict):
        raise MalformedError("body", "this is not a JSON object")
    if found.get("object") != object_:
        raise MalformedError("object", f"updates of this channel say {object_!r} here")
    if not isinstance(found.get("entry"), list):
        raise MalformedError("entry", "a list is expected here")
    return found["entry"]


def objects(inside: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Return the items of a list; one that is no list is the only item."""
    there = inside.get(name)
    if there is not None:
        yield from there if isinstance(there, list) else [there]


class Reader:
    """Makes the events of one webhook. `now` dates what Meta does not."""

    def __init__(self, account: Account, channel: Channel, now: Callable[[], datetime]) -> None:
        self.account = account
        self.read = Read()
        self._channel: Channel = channel
        self._now = now

    def id(self, *parts: str) -> str:
        """Return an event's id, derived from Meta's own."""
        return "/".join((self.account.connection_id, *parts))

    def chat(self, contact_id: str) -> ChatRef:
        return ChatRef(channel=self._channel, connection_id=self.account.connection_id, contact_id=contact_id)

    def add(self, *events: Inbound) -> None:
        self.read.events += events

    def unknown(self, kind: str, item: Any) -> None:  # noqa: ANN401 - whatever Meta sent
        """Keep what we do not know. Its id follows from its content: a repeated delivery is the same one."""
        raw = json.dumps(item, ensure_ascii=False)[:MOST_RAW]
        self.add(
            UpdateUnknownV1(
                id=self.id("unknown", derived_id(kind, raw)),
                time=self._now(),
                workspace_id=self.account.workspace_id,
                channel=self._channel,
                connection_id=self.account.connection_id,
                kind=kind if _NAME.fullmatch(kind) else "other",
                raw=raw,
            )
        )


def at_seconds(seconds: int) -> datetime:
    """Read Unix time."""
    return datetime.fromtimestamp(seconds, UTC)


def at_millis(millis: int) -> datetime:
    """Read Unix time in milliseconds."""
    seconds, rest = divmod(millis, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
