"""What a caller may say of a client: to make one, and to change one."""

from typing import Annotated, Literal, cast, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from services.identity.domain.client_editing import ClientEdit, ClientPart
from services.identity.domain.countries import COUNTRIES
from services.identity.domain.inputs import Email, Id, Label, Language, Phone, plain
from services.identity.domain.profile import Address, Application, Device, Location, PushToken
from services.identity.domain.tags import TAGS_OF_ONE
from services.identity.routes.asked import Asked, left_out
from shared.contracts.chat import Channel
from shared.contracts.event import UtcTime

LABELS_OF_ONE = 200
FIELDS_AT_ONCE = 100
TOKENS_OF_ONE = 50
APPLICATIONS_OF_ONE = 50
_PARTS = frozenset(get_args(ClientPart))


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("there is no such time zone; give an IANA name, such as Europe/Oslo")
    return name


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("there is no such country; give its two letters of ISO 3166, such as NO")
    return code


TimeZone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(_time_zone)]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=2), AfterValidator(_country)
]
Token = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_096), AfterValidator(plain)]
Ids = Annotated[list[Id], Field(max_length=LABELS_OF_ONE)]


class AddressAsked(Asked):
    """Where post reaches somebody; it takes the place of the whole address before."""

    country: Country | None = None
    """ISO 3166, two letters."""
    region: Label | None = None
    city: Label | None = None
    street: Label | None = None
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)] | None = None


class LocationAsked(Asked):
    """Where somebody was last known to be: degrees (WGS 84), names, or both."""

    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    country: Country | None = None
    region: Label | None = None
    city: Label | None = None

    @field_validator("longitude", mode="after")
    @classmethod
    def _both(cls, longitude: float | None, info: ValidationInfo) -> float | None:
        if "latitude" in info.data and (longitude is None) != (info.data["latitude"] is None):
            raise ValueError("latitude and longitude belong together; give both or neither")
        return longitude


class DeviceAsked(Asked):
    """A device on which an application is installed."""

    id: Label
    platform: Label | None = None
    model: Label | None = None
    at: UtcTime | None = None
    """When it was last seen."""


class ApplicationAsked(Asked):
    """An application of the business's that somebody has, by its own id."""

    id: Label
    name: Label | None = None
    devices: Annotated[tuple[DeviceAsked, ...], Field(max_length=50)] = ()


class PushTokenAsked(Asked):
    """What a push to one of somebody's apps or browsers is addressed with."""

    kind: Literal["mobile", "web"]
    token: Token
    label: Label | None = None
    """The app or the browser, as you name it."""
    at: UtcTime | None = None


class _SaidOfClient(Asked):
    surname: Label | None = None
    email: Email | None = None
    """Counts as stated: known, neither claimed by the person nor verified."""
    phone: Phone | None = None
    """With its country code; counts as stated."""
    contact_key: Label | None = None
    """The business's own key of the person; no two clients have the same."""
    language: Language | None = None
    time_zone: TimeZone | None = None
    """An IANA name, such as `Europe/Oslo`."""
    address: AddressAsked | None = None
    location: LocationAsked | None = None
    tags: Annotated[list[Id], Field(max_length=TAGS_OF_ONE)] = Field(default_factory=left_out)
    """All of them, by id."""
    groups: Ids = Field(default_factory=left_out)
    """All contact groups, by id."""
    segments: Ids = Field(default_factory=left_out)
    """All segments that are kept by hand, by id."""
    fields: Annotated[dict[Id, str | float | bool | list[str] | None], Field(max_length=FIELDS_AT_ONCE)] = Field(
        default_factory=left_out
    )
    """Additional fields by id or key. Those that are left out stay; null empties one."""
    subscriptions: Annotated[dict[Id, bool], Field(max_length=LABELS_OF_ONE)] = Field(default_factory=left_out)
    """Subscription categories by id: whether the person wants them. Those that are left out stay."""
    applications: Annotated[list[ApplicationAsked], Field(max_length=APPLICATIONS_OF_ONE)] = Field(
        default_factory=left_out
    )
    """All of them."""
    push_tokens: Annotated[list[PushTokenAsked], Field(max_length=TOKENS_OF_ONE)] = Field(default_factory=left_out)
    """All of them."""

    def edit(self) -> ClientEdit:
        """Return what was sent, as the domain takes it."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("tags", "groups", "segments"):
            if name in sent:
                sent[name] = tuple(dict.fromkeys(sent[name]))
        if self.address is not None:
            sent["address"] = _address(self.address)
        if self.location is not None:
            sent["location"] = _location(self.location)
        if "applications" in sent:
            sent["applications"] = tuple(_application(one) for one in self.applications)
        if "push_tokens" in sent:
            tokens = {(one.kind, one.token): one for one in self.push_tokens}
            sent["push_tokens"] = tuple(PushToken(**one.model_dump()) for one in tokens.values())
        if "source" in sent:
            sent["origin"] = sent.pop("source")
        return {cast("ClientPart", name): value for name, value in sent.items() if name in _PARTS}


class NewClientAsked(_SaidOfClient):
    """Somebody the business knows."""

    name: Label
    source: Channel | None = None
    """The channel through which they first came."""


class ClientEditAsked(_SaidOfClient):
    """A change. What is left out stays, null clears, lists are whole."""

    name: Label = Field(default_factory=left_out)
    rev: int | None = None
    """The rev you saw, if the change may only be made to that: 409 otherwise. `If-Match` says the same."""


def _address(asked: AddressAsked) -> Address | None:
    found = Address(**asked.model_dump())
    return None if found == Address() else found


def _location(asked: LocationAsked) -> Location | None:
    found = Location(**asked.model_dump())
    return None if found == Location() else found


def _application(asked: ApplicationAsked) -> Application:
    devices = tuple(Device(**one.model_dump()) for one in asked.devices)
    return Application(asked.id, asked.name, devices)
