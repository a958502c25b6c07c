"""What a profile holds beside who somebody is: where they live, what they chose, how their devices are reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FieldValue = str | float | bool | tuple[str, ...]
"""An additional field's value: text, a date (ISO 8601) or a choice's id; a number; yes or no; several choices' ids."""
ProfileSource = Literal["by_hand", "api", "import", "order", "shared", "geoip"]
"""Where an address or a location came from. `shared`: the person sent it in a chat."""
RefusedKind = Literal["email", "phone"]
RefusedAs = Literal["blacklisted", "spam", "unsubscribed"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where post reaches somebody. A country is its ISO 3166 code of two letters."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    street: str | None = None
    postcode: str | None = None
    source: ProfileSource = "by_hand"
    at: datetime | None = None
    """When it was learned."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where somebody was last known to be. Degrees, WGS 84; a place may be known by its names alone."""

    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    source: ProfileSource = "by_hand"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A device on which an application is installed."""

    id: str
    platform: str | None = None
    model: str | None = None
    at: datetime | None = None
    """When it was last seen."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application of the business's that somebody has, by its own id."""

    id: str
    name: str | None = None
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class PushToken:
    """What a push to one of somebody's apps or browsers is addressed with."""

    kind: Literal["mobile", "web"]
    token: str
    label: str | None = None
    """The app or the browser, as the business names it."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody chose of one subscription category. No entry: whatever the category says by default."""

    category_id: str
    subscribed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a value of this client's must not be written to, as the profile shows it."""

    kind: RefusedKind
    value: str
    what: RefusedAs
    at: datetime
    reason: str | None = None
