"""What a channel's folder gives to broadcast."""

from typing import Protocol

from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Outcome
from services.broadcast.domain.pace import Limits
from shared.contracts.sending import MessageRequestedV1


class ChannelSender(Protocol):
    """Sends messages of one channel, for any of its connections."""

    limits: Limits
    timeout: float
    """Seconds that one request takes at most, the connecting included."""

    def fault(self, message: MessageRequestedV1) -> str | None:
        """Say why this channel can never carry a message, or None. Asked before anything is planned."""
        ...

    async def send(self, token: str, row: Delivery) -> Outcome:
        """Make one request, and say what came of it. Never raises for anything that happens on the way."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
