"""Which events forbid us to write, or let us again."""

from typing import Literal

from shared.contracts.chat import ChatBlockedV1, ChatEvent, ChatUnblockedV1, MarketingResumedV1, MarketingStoppedV1
from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1


def refusal_of(event: Event) -> PermissionStateV1 | None:
    """Return what a block, a stop or its end at the provider means for sending; None for everything else.

    Whoever stops marketing still gets answers.
    """
    match event:
        case ChatBlockedV1() | ChatUnblockedV1():
            allowed = isinstance(event, ChatUnblockedV1)
            return _fact(event, "blocked", proactive=allowed, reactive=allowed)
        case MarketingStoppedV1() | MarketingResumedV1():
            return _fact(event, "marketing", proactive=isinstance(event, MarketingResumedV1), reactive=True)
        case _:
            return None


def _fact(
    event: ChatEvent, fact: Literal["blocked", "marketing"], *, proactive: bool, reactive: bool
) -> PermissionStateV1:
    return PermissionStateV1(
        id=event.id,
        time=event.time,
        workspace_id=event.workspace_id,
        chat_contact_id=event.chat_contact_id,
        fact=fact,
        order=event.id,
        rev=int(event.time.timestamp() * 1000),
        proactive=proactive,
        reactive=reactive,
        agent=reactive,
    )
