"""What every event has, and what every state has besides."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict


def _utc_millis(value: datetime) -> datetime:
    """Keep what every store of ours can keep: UTC, whole milliseconds."""
    if value.tzinfo is UTC and value.microsecond % 1000 == 0:
        return value
    if value.tzinfo is None:
        raise ValueError("a time needs its offset, such as 2026-01-31T12:00:00Z")
    value = value.astimezone(UTC)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


UtcTime = Annotated[datetime, AfterValidator(_utc_millis)]
"""A moment in UTC, in whole milliseconds: MongoDB keeps no finer ones, and a round trip must not change an event."""


class Part(BaseModel, frozen=True):
    """A value inside an event. Unknown fields are passed over, so that a newer producer does not stop us."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Event(Part, frozen=True):
    """Something that happened. The JSON of an event is whole by itself; the `ce_*` headers repeat it for routers."""

    source: ClassVar[str]
    """The service that owns it, and says so unless a record names another: of a refusal whoever learns of it tells."""

    type: str
    """The event's name and version, such as `message.received.v1`."""
    id: str
    """Unique for ever; derived from the provider's own id wherever there is one."""
    time: UtcTime
    """When it happened, by the provider's clock where there is one."""
    workspace_id: str

    def key(self) -> str:
        """Return what orders this event: all with one key are handled one after the other."""
        raise NotImplementedError


class StateEvent(Event, frozen=True):
    """The full state of one thing. The newest on the topic is all there is to know; consumers ignore lower revs."""

    rev: int

    def kept(self) -> str:
        """Return all that it says, in words: not when and under which id it was told, for it may be told again."""
        return self.model_dump_json(exclude={"id", "time"})
