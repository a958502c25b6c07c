"""How it stands with everybody who may be told of a queue's forms."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.escalation import Circle, Person
from services.notification.store.agents import Agent, Agents
from services.notification.store.presence import Presence
from services.notification.store.subscriptions import Subscriptions
from shared.contracts.accounts import UserStateV1
from shared.contracts.queues import QueueStateV1
from shared.contracts.scopes import ROLE_SCOPES
from shared.web.access import AccessBook


def may_read(user: UserStateV1 | None) -> bool:
    """Tell whether somebody may still read contact requests."""
    return user is not None and user.active and "requests:read" in ROLE_SCOPES[user.role]


def leads_of(access: AccessBook, queue: QueueStateV1) -> list[str]:
    """Return whom the last step reaches: the queue's lead, or every admin where there is none who may read."""
    if queue.lead is not None and may_read(access.user(queue.workspace_id, queue.lead)):
        return [queue.lead]
    return access.admins_of(queue.workspace_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read of everybody at one moment."""

    access: AccessBook
    agents: dict[str, Agent]
    online: set[str]
    with_browser: set[str]
    now: datetime

    def circle(self, queue: QueueStateV1, emailed: Collection[str] = ()) -> Circle:
        """Return the people of a queue, as it stands for one form."""
        members = tuple(self._person(queue, user_id, emailed) for user_id in queue.members)
        leads = tuple(self._person(queue, user_id, emailed) for user_id in leads_of(self.access, queue))
        return Circle(members, leads)

    def _person(self, queue: QueueStateV1, user_id: str, emailed: Collection[str]) -> Person:
        wishes = self.agents[user_id].wishes
        return Person(
            user_id,
            may_read=may_read(self.access.user(queue.workspace_id, user_id)),
            online=user_id in self.online,
            ways=wishes.ways(queue.id),
            silence=wishes.silence(queue.id, self.now),
            has_browser=user_id in self.with_browser,
            emailed=user_id in emailed,
        )


class Circles:
    """Reads what all queues of one workspace need, at once."""

    def __init__(self, access: AccessBook, agents: Agents, subscriptions: Subscriptions, presence: Presence) -> None:
        self._access = access
        self._agents = agents
        self._subscriptions = subscriptions
        self._presence = presence

    async def standing(self, workspace_id: str, queues: Iterable[QueueStateV1], now: datetime) -> Standing:
        """Read how it stands with the members and leads of these queues."""
        users = sorted({user for queue in queues for user in (*queue.members, *leads_of(self._access, queue))})
        agents, online, with_browser = await asyncio.gather(
            self._agents.of(workspace_id, users),
            self._presence.online(workspace_id, users, now),
            self._subscriptions.having(workspace_id, users),
        )
        return Standing(self._access, agents, online, with_browser, now)
