"""What a channel's folder gives to broadcast."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Outcome
from services.broadcast.domain.pace import Limits
from shared.contracts.sending import MessageRequestedV1


@dataclass(frozen=True, slots=True)
class SendingAccount:
    """The connection that a message is sent with, its secrets open."""

    connection_id: str
    account_id: str
    """The provider's id of the account."""
    secrets: Mapping[str, str]
    settings: Mapping[str, Any]


class ChannelSender(Protocol):
    """Sends messages of one channel, for any of its connections."""

    limits: Limits
    timeout: float
    """Seconds that one request takes at most, the connecting included."""

    def fault(self, message: MessageRequestedV1) -> str | None:
        """Say why this channel can never carry a message, or None. Asked before anything is planned."""
        ...

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:
        """Make one request, and say what came of it. Never raises for anything that happens on the way."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
