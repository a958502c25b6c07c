"""Which events forbid us to write, or let us again."""

from shared.contracts.chat import ChatBlockedV1, ChatUnblockedV1
from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1


def refusal_of(event: Event) -> PermissionStateV1 | None:
    """Return what a block or an unblock at the provider means for sending; None for everything else."""
    if not isinstance(event, ChatBlockedV1 | ChatUnblockedV1):
        return None
    allowed = isinstance(event, ChatUnblockedV1)
    return PermissionStateV1(
        id=event.id,
        time=event.time,
        workspace_id=event.workspace_id,
        chat_contact_id=event.chat_contact_id,
        fact="blocked",
        order=event.id,
        rev=int(event.time.timestamp() * 1000),
        proactive=allowed,
        reactive=allowed,
        agent=allowed,
    )
