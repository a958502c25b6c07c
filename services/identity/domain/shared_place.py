"""Where somebody is, as they sent it in a chat."""

import re

from services.identity.domain.profile import Location
from shared.contracts.chat import MessageReceivedV1

_PLACE = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*\Z", re.ASCII)
_POLE = 90
_DATE_LINE = 180


def place_in(event: MessageReceivedV1) -> Location | None:
    """Return the place that a message shares, which every channel gives as `latitude, longitude`."""
    for attachment in event.attachments:
        found = _PLACE.match(attachment.ref or "") if attachment.kind == "location" else None
        if found is None:
            continue
        latitude, longitude = float(found[1]), float(found[2])
        if abs(latitude) <= _POLE and abs(longitude) <= _DATE_LINE:
            return Location(latitude, longitude, source="shared", at=event.time)
    return None


def is_newer(place: Location, there: Location | None) -> bool:
    """Tell whether a place takes another one's: the newest stands, whoever told it."""
    return there is None or there.at is None or (place.at is not None and place.at > there.at)
