"""What each agent wants to be told by: one document a user, made when they first choose something."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from services.notification.domain.ways import QueueWays, QuietHours, Wishes
from shared.storage.mongo import Database, Document, Session

Language = Literal["en", "es", "de"]


@dataclass(frozen=True, slots=True)
class Agent:
    """A user's settings."""

    wishes: Wishes = field(default_factory=Wishes)
    language: Language | None = None
    """Of their emails; English where it is not known."""


class Agents:
    """`_id` is the workspace's and the user's."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["agents"]

    async def one(self, workspace_id: str, user_id: str) -> Agent:
        """Return somebody's settings, the defaults before they chose any."""
        return (await self.of(workspace_id, [user_id]))[user_id]

    async def of(self, workspace_id: str, users: Sequence[str], session: Session | None = None) -> dict[str, Agent]:
        """Return the settings of each."""
        ids = {_id(workspace_id, user): user for user in users}
        found = dict.fromkeys(users, Agent())
        async for row in self._rows.find({"_id": {"$in": list(ids)}}, session=session):
            found[ids[row["_id"]]] = _agent(row)
        return found

    async def save(self, workspace_id: str, user_id: str, agent: Agent) -> None:
        """Write somebody's settings."""
        wishes = asdict(agent.wishes)
        wishes["quiet_hours"]["days"] = sorted(agent.wishes.quiet_hours.days)
        queues = wishes.pop("queues")
        row: Document = {
            "workspace_id": workspace_id,
            "user_id": user_id,
            "language": agent.language,
            "wishes": wishes,
            "queues": [{"id": id_, **own} for id_, own in queues.items()],
        }
        await self._rows.replace_one({"_id": _id(workspace_id, user_id)}, row, upsert=True)


def _id(workspace_id: str, user_id: str) -> str:
    return f"{workspace_id}/{user_id}"


def _agent(row: Document) -> Agent:
    wishes = dict(row["wishes"])
    quiet = dict(wishes.pop("quiet_hours"))
    quiet["days"] = frozenset(quiet["days"])
    queues = {one["id"]: QueueWays(**{k: v for k, v in one.items() if k != "id"}) for one in row["queues"]}
    return Agent(Wishes(**wishes, quiet_hours=QuietHours(**quiet), queues=queues), row["language"])
