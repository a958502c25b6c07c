"""One's own notification settings and banners."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from services.notification.domain.ways import QueueWays, QuietHours, Way, Wishes
from services.notification.store.agents import Agent, Agents, Language
from services.notification.usecases.my_banners import MyBanners
from services.notification.usecases.try_ways import TryWays
from shared.contracts.queues import QueueStateV1
from shared.web.access import Principal, ReadsRequests
from shared.web.problems import ProblemError

Time = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
MOST_QUEUES = 500
_Strict = ConfigDict(extra="forbid")


class QuietHoursShape(BaseModel):
    """When nothing but the last step of an escalation reaches you."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)

    on: bool = False
    begins: Time = Field("20:00", alias="from")
    ends: Time = Field("08:00", alias="to")
    """Of the next day where it is not later; the same means a whole day."""
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field(default_factory=lambda: list(range(7)), max_length=7)
    """The days on which they begin; Monday is 0."""
    time_zone: str = "UTC"
    """IANA, such as `Europe/Oslo`."""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # no such zone, no name of one, or a folder of them
            raise ValueError("this is no time zone; write one such as Europe/Oslo") from None
        return name


class QueueWaysShape(BaseModel):
    """What is different in one queue; what is left out is as everywhere."""

    model_config = _Strict

    sound: bool | None = None
    desktop: bool | None = None
    push: bool | None = None
    email: bool | None = None
    off: bool = False
    """Nothing of this queue, until its last step."""


class NotificationSettingsShape(BaseModel):
    """How you are told of contact forms."""

    model_config = _Strict

    sound: bool = True
    desktop: bool = True
    push: bool = True
    """To browsers that you switched it on in, even when no page is open."""
    email: bool = False
    quiet_hours: QuietHoursShape = Field(default_factory=lambda: QuietHoursShape.model_validate({}))
    queues: dict[str, QueueWaysShape] = Field(default_factory=dict[str, QueueWaysShape], max_length=MOST_QUEUES)
    """By queue id."""
    language: Language | None = None
    """Of your emails."""


class TryShape(BaseModel):
    """What to try."""

    model_config = _Strict

    way: Way


class TriedShape(BaseModel):
    """What came of it."""

    outcome: Literal["sent", "waits", "failed", "nowhere"]
    """`waits`: it will be tried again; `nowhere`: there is no page or browser of yours to tell."""
    detail: str


class BannerShape(BaseModel):
    """A form that nobody looked at in time."""

    request_id: str
    queue_id: str
    queue_name: str


class BannersShape(BaseModel):
    """Your banners."""

    items: list[BannerShape]
    """The oldest first."""
    total: int


def mine_routes(
    *,
    agents: Agents,
    banners: MyBanners,
    try_ways: TryWays,
    see: Callable[[Principal, Sequence[str]], Awaitable[int]],
    queue: Callable[[str, str], QueueStateV1 | None],
) -> APIRouter:
    """Return the routes of what everybody sets for themselves."""
    router = APIRouter(tags=["my notifications"])

    @router.get("/me/notifications")
    async def my_notifications(principal: ReadsRequests) -> NotificationSettingsShape:
        """Return your settings."""
        return _shape(await agents.one(principal.workspace_id, user_of(principal)))

    @router.put("/me/notifications")
    async def set_my_notifications(
        principal: ReadsRequests, body: NotificationSettingsShape
    ) -> NotificationSettingsShape:
        """Set all of them. Queues are named by their ids; a queue that is gone is left out."""
        user_id = user_of(principal)
        known = {id_: own for id_, own in body.queues.items() if queue(principal.workspace_id, id_) is not None}
        agent = _agent(body.model_copy(update={"queues": known}))
        await agents.save(principal.workspace_id, user_id, agent)
        return _shape(agent)

    @router.post("/me/notifications/try")
    async def try_my_notification(principal: ReadsRequests, body: TryShape) -> TriedShape:
        """Be told once, now, by one way: to see and hear whether it works. One email a minute at most."""
        found = await try_ways(principal.workspace_id, user_of(principal), body.way)
        return TriedShape(outcome=found.outcome, detail=found.detail)

    @router.get("/me/banners")
    async def my_banners(principal: ReadsRequests) -> BannersShape:
        """Return the forms that nobody has looked at and that wait for you as a lead, or as an admin without one."""
        found, total = await banners.of(principal.workspace_id, user_of(principal))
        return BannersShape(
            items=[
                BannerShape(request_id=one.request_id, queue_id=one.queue_id, queue_name=name) for one, name in found
            ],
            total=total,
        )

    @router.post("/me/banners/{request_id}/dismiss", status_code=204, response_class=Response)
    async def dismiss_banner(principal: ReadsRequests, request_id: str) -> None:
        """Take a banner down: you have seen that there is a request, and nothing escalates any more."""
        await see(principal, [request_id])

    return router


def user_of(principal: Principal) -> str:
    """Return the user who calls; a 403 problem where it is no user."""
    if principal.kind != "user":
        raise ProblemError(
            403, "not-a-user", "These are a person's own settings: sign in as a user, an API key has none."
        )
    return principal.id


def _shape(agent: Agent) -> NotificationSettingsShape:
    wishes, quiet = agent.wishes, agent.wishes.quiet_hours
    return NotificationSettingsShape(
        sound=wishes.sound,
        desktop=wishes.desktop,
        push=wishes.push,
        email=wishes.email,
        quiet_hours=QuietHoursShape.model_validate(
            {
                "on": quiet.on,
                "from": quiet.begins,
                "to": quiet.ends,
                "days": sorted(quiet.days),
                "time_zone": quiet.time_zone,
            }
        ),
        queues={
            id_: QueueWaysShape(sound=own.sound, desktop=own.desktop, push=own.push, email=own.email, off=own.off)
            for id_, own in wishes.queues.items()
        },
        language=agent.language,
    )


def _agent(shape: NotificationSettingsShape) -> Agent:
    quiet = shape.quiet_hours
    return Agent(
        Wishes(
            shape.sound,
            shape.desktop,
            shape.push,
            shape.email,
            QuietHours(quiet.on, quiet.begins, quiet.ends, frozenset(quiet.days), quiet.time_zone),
            {id_: QueueWays(own.sound, own.desktop, own.push, own.email, own.off) for id_, own in shape.queues.items()},
        ),
        shape.language,
    )
