"""Who sends for a connection that is gone: nobody. Its messages are settled, so that none waits for ever."""

from services.broadcast.channels.sender import SendingAccount
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Failed, Outcome
from services.broadcast.domain.pace import Limits
from shared.contracts.sending import MessageRequestedV1


class Nobody:
    """Takes a place in a lane whose every message the gate forbids."""

    limits = Limits(0, 0.0, 0.0)
    timeout = 1.0

    def fault(self, message: MessageRequestedV1) -> str | None:  # noqa: ARG002 - asked of real channels
        return None

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:  # noqa: ARG002 - nothing is requested
        return Failed("connection_refused", "this connection was gone a moment ago; send it again")

    async def close(self) -> None:
        return
