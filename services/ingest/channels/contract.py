"""What a channel is to ingest. A new channel is a folder with these, and a line in `register.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.contracts.chat import Channel, ChatEvent, UpdateUnknownV1

Inbound = ChatEvent | UpdateUnknownV1


@dataclass(frozen=True, slots=True)
class Account:
    """The connection that a webhook is for, with its secrets open."""

    workspace_id: str
    connection_id: str
    channel: Channel
    secrets: Mapping[str, str]


class MalformedError(Exception):
    """A body that is not the provider's. `field` names the place, the message says what is wrong there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


Headers = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them: names in lower case."""


class Hook(Protocol):
    """How one channel's webhooks are read."""

    def is_genuine(self, account: Account, headers: Headers, body: bytes) -> bool:
        """Check the provider's proof over the raw bytes, in constant time."""
        ...

    def parse(self, account: Account, body: bytes) -> Sequence[Inbound]:
        """Read what happened. Raises `MalformedError`; an unknown update is an event of its own, never an error."""
        ...
