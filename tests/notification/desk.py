"""A workspace with people in it, who call notification's API each by a token of their own."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from services.notification.settings import NotificationSettings
from shared.contracts.accounts import ConnectionStateV1, Role, UserStateV1
from shared.contracts.ids import request_id
from tests.console.running import eventually
from tests.notification.forms import a_form

if TYPE_CHECKING:
    from tests.notification.conftest import Notification

ALWAYS = [[{"opens": "00:00", "closes": "24:00"}]] * 7


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: Any

    def ok(self) -> Any:
        assert self.status < 300, self.body
        return self.body

    @property
    def faults(self) -> dict[str, str]:
        assert self.status == 422, self.body
        return {error["field"]: error["message"] for error in self.body["errors"]}


class Desk:
    """Users, connections and queues of one workspace."""

    def __init__(self, notification: "Notification", settings: NotificationSettings) -> None:
        self.notification = notification
        self.settings = settings
        self.workspace = notification.workspace
        self.admin = self.user("Ada", "admin")

    def elsewhere(self) -> "Desk":
        """Give a desk in another workspace of the same service."""
        return Desk(self.notification.of_another_workspace(), self.settings)

    def user(self, name: str, role: Role = "agent", **more: object) -> UserStateV1:
        """Add somebody to the workspace."""
        id_ = f"user_{secrets.token_hex(6)}"
        made = self.notification.signs_in.user(self.workspace, id=id_, name=name, role=role, **more)
        self.notification.knows(self.notification.signs_in.key, made)
        return made

    async def connection(self, id_: str = "") -> str:
        """Connect something, as ingest tells it."""
        state = ConnectionStateV1(
            id=id_ or f"con_{secrets.token_hex(6)}", time=datetime.now(UTC), workspace_id=self.workspace, rev=1,
            channel="widget", name="Site", account_id="wk_1",
        )  # fmt: skip
        self.notification.app.state.connections.take(state)
        return state.id

    async def call(self, who: UserStateV1, method: str, path: str, json: Any = None, **params: Any) -> Answer:
        """Call the API as somebody."""
        headers = {"Authorization": f"Bearer {self.notification.signs_in.token(who)}"}
        several = {name.rstrip("_"): value if isinstance(value, list) else [value] for name, value in params.items()}
        given = [(name, str(value)) for name, values in several.items() for value in values]
        async with (
            aiohttp.ClientSession(self.notification.origin, headers=headers) as session,
            session.request(method, f"/api/notification{path}", json=json, params=given) as answer,
        ):
            body = await answer.json(content_type=None) if answer.content_length != 0 else None
            return Answer(answer.status, body)

    async def queue(self, *members: UserStateV1, **more: Any) -> dict[str, Any]:
        """Make a queue."""
        wanted = {"name": "Customer service", "time_zone": "Europe/Oslo", "members": [one.id for one in members]}
        return (await self.call(self.admin, "POST", "/queues", {**wanted, **more})).ok()

    async def leave(self, queue_id: str, count: int = 1, **more: Any) -> list[str]:
        """Leave forms in a queue; give the ids of the requests that they become, once they are there."""
        forms = [a_form(self.settings, self.workspace, queue_id, **more) for _ in range(count)]
        await self.notification.tell(*forms)
        ids = [request_id(self.workspace, form.id) for form in forms]

        async def all_there() -> bool:
            answers = [await self.call(self.admin, "GET", f"/requests/{id_}") for id_ in ids]
            return all(answer.status == 200 for answer in answers)

        await eventually(all_there, within=60)
        return ids

    async def request(self, who: UserStateV1, id_: str) -> dict[str, Any]:
        return (await self.call(who, "GET", f"/requests/{id_}")).ok()
