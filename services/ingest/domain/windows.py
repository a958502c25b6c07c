"""Until when a channel takes free text of ours: providers close that some time after the person last wrote. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contracts.chat import Channel

_ORDINARY: Mapping[Channel, timedelta] = {
    "whatsapp": timedelta(hours=24),
    "messenger": timedelta(hours=24),
    "instagram": timedelta(hours=24),
}
_OF_A_PERSON: Mapping[Channel, timedelta] = {"messenger": timedelta(days=7), "instagram": timedelta(days=7)}
"""Where a human agent may answer for longer, if the message is marked as one's (Meta's HUMAN_AGENT)."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """How long may be written. None: for ever."""

    until: datetime | None
    of_a_person_until: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.of_a_person_until is None or now < self.of_a_person_until

    def is_a_persons(self, now: datetime) -> bool:
        """Tell whether only a human agent's own words go through now."""
        return self.until is not None and now >= self.until


def window_of(channel: Channel, last_received: datetime | None) -> Window:
    """Return the window of a chat. Who never wrote where one is kept has none open."""
    ordinary = _ORDINARY.get(channel)
    if ordinary is None:
        return Window(None, None)
    if last_received is None:
        return Window(_LONG_AGO, _LONG_AGO)
    until = last_received + ordinary
    return Window(until, last_received + _OF_A_PERSON.get(channel, ordinary))
