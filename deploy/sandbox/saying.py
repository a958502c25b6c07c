"""What every provider's people have in common: a thing is done, and its update travels to the webhook."""

import asyncio
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.courier import Courier
from deploy.sandbox.deliveries import MOST_PENDING, Deliveries
from deploy.sandbox.live import Live
from deploy.sandbox.problems import ProblemError

SHUFFLE_PLACES, SHUFFLE_SECONDS = 50, 0.25
_LOOK_EVERY = 0.01


class Form(BaseModel):
    """Unknown fields are refused: a misspelt one should not pass in silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Travel(Form):
    """How an update travels."""

    deliver_times: int = Field(default=1, ge=1, le=5)
    """How often the update is delivered, for tests of deduplication."""
    shuffle: bool = False
    """Let its deliveries fall among up to 50 others, within a quarter of a second, for tests of order."""
    wait: float = Field(default=3.0, ge=0, le=30)
    """Seconds to wait for the webhook before the outcome is said."""


class SaidBase(BaseModel):
    """What became of it."""

    outcome: Literal["delivered", "pending", "dropped", "no_webhook", "not_wanted", "untold"]
    """`not_wanted`: the account asked for no updates of this kind. `untold`: the provider never tells of it."""
    update_id: int | None = None
    deliveries: int = 0
    """How many of the deliveries asked for were taken."""
    attempts: int = 0
    status: int | None = None
    """The webhook's last answer."""
    error: str | None = None


class Dispatch:
    """Puts updates into the queue, and tells what became of them."""

    def __init__(self, deliveries: Deliveries, courier: Courier, ambient: Ambient, live: Live) -> None:
        self._deliveries = deliveries
        self._courier = courier
        self._ambient = ambient
        self._live = live

    def check_room(self, whose: int | str, travel: Travel) -> None:
        """Refuse where too many wait already."""
        if self._deliveries.pending(whose) + travel.deliver_times > MOST_PENDING:
            raise ProblemError(429, f"{MOST_PENDING} updates wait already. Set a webhook that takes them, or wait.")

    def queue(self, whose: int | str, update_id: int, body: dict[str, object], travel: Travel) -> None:
        """Put an update in as often as was asked for."""
        now = self._ambient.clock()
        for _ in range(travel.deliver_times):
            place = update_id + self._ambient.dice() * SHUFFLE_PLACES if travel.shuffle else float(update_id)
            due = now + self._ambient.dice() * SHUFFLE_SECONDS if travel.shuffle else now
            self._deliveries.add(whose, update_id, body, place=place, due=due, now=now)

    async def outcome(self, whose: int | str, update_id: int, seconds: float, *, has_webhook: bool) -> SaidBase:
        """Let the courier go, wait until the update was taken or patience is over, and tell."""
        self._courier.wake(whose)
        if has_webhook:
            await self._patience(whose, update_id, seconds)
        copies = self._deliveries.of_update(whose, update_id)
        states = {one.state for one in copies}
        state = "pending" if "pending" in states else "dropped" if "dropped" in states else "delivered"
        last = max(copies, key=lambda one: (one.attempts, one.n))
        return SaidBase(
            outcome="no_webhook" if state == "pending" and not has_webhook else state,
            update_id=update_id, deliveries=sum(one.state == "delivered" for one in copies),
            attempts=sum(one.attempts for one in copies), status=last.status, error=last.error,
        )  # fmt: skip

    async def _patience(self, whose: int | str, update_id: int, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until and not self._live.stopping.is_set():
            if all(one.state != "pending" for one in self._deliveries.of_update(whose, update_id)):
                return
            await asyncio.sleep(_LOOK_EVERY)
