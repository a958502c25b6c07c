"""One person as a shop, a CRM or a line of a file tells of them: a row. What is left out, or null, stays as it is."""

from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import ErrorDetails

from services.identity.domain.inputs import Email, Label, Language, Phone, plain
from shared.contracts.chat import Channel
from shared.contracts.event import UtcTime

DedupeOn = Literal["email", "phone", "contact_key", "external_code"]
"""What tells whether somebody is there already."""
AT_ONCE = 500
"""Rows of one call."""
LABELS_OF_ROW = 50
FIELDS_OF_ROW = 100
TOKENS_OF_ROW = 50
APPLICATIONS_OF_ROW = 20

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(plain)]
"""Something of the workspace's, by its id or its name."""
Token = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_096), AfterValidator(plain)]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$"), Field(examples=["NO"])
]


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("there is no such time zone; give an IANA name, such as Europe/Oslo")
    return name


TimeZone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(_time_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class AddressRow(_Part):
    """Where post reaches somebody; the whole of it: it takes the place of the address before."""

    country: Country | None = None
    """ISO 3166, two letters."""
    region: Label | None = None
    city: Label | None = None
    street: Label | None = None
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)] | None = None


class LocationRow(_Part):
    """Where somebody was last known to be, in degrees (WGS 84), by its names, or both."""

    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    country: Country | None = None
    region: Label | None = None
    city: Label | None = None


class PushTokenRow(_Part):
    """What a push to one of somebody's apps or browsers is addressed with."""

    kind: Literal["mobile", "web"]
    token: Token
    label: Label | None = None
    """The app or the browser, as you call it."""


class DeviceRow(_Part):
    """A device on which an application is installed."""

    id: Label
    platform: Label | None = None
    model: Label | None = None
    at: UtcTime | None = None
    """When it was last seen."""


class ApplicationRow(_Part):
    """An application of yours that somebody has, by your own id; devices that are there already stay."""

    id: Label
    name: Label | None = None
    devices: Annotated[tuple[DeviceRow, ...], Field(max_length=50)] = ()


Names = Annotated[tuple[Named, ...], Field(max_length=LABELS_OF_ROW)]


class ContactRow(_Part):
    """A person. What is left out, or null, stays as it is; nothing is ever cleared by a row."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contact_key": "customer-1001",
                    "name": "Ann",
                    "surname": "Example",
                    "email": "ann@example.com",
                    "phone": "+47 912 34 567",
                    "language": "nb",
                    "time_zone": "Europe/Oslo",
                    "tags": ["newsletter"],
                    "push_tokens": [{"kind": "web", "token": "fWx…", "label": "Firefox"}],
                }
            ]
        }
    )

    name: Label | None = None
    surname: Label | None = None
    email: Email | None = None
    phone: Phone | None = None
    """With its country code."""
    contact_key: Label | None = None
    """Your own key of the person; no two clients have the same."""
    external_code: Label | None = None
    """The label on one of the client's chat contacts. It finds who is there, and is never written by a row."""
    source: Channel | None = None
    """The channel through which they first came; only taken for somebody new."""
    language: Language | None = None
    """A BCP 47 tag, such as `pt-BR`."""
    time_zone: TimeZone | None = None
    """An IANA name, such as `Europe/Oslo`."""
    address: AddressRow | None = None
    location: LocationRow | None = None
    fields: Annotated[dict[Named, str | float | bool | list[str] | None], Field(max_length=FIELDS_OF_ROW)] = {}
    """Additional fields, by id or key; a null stays as it is."""
    tags: Names = ()
    """Tags to put on, by id or name; a name that is new makes the tag."""
    remove_tags: Names = ()
    groups: Names = ()
    """Contact groups to add them to, by id or name."""
    remove_groups: Names = ()
    segments: Names = ()
    """Segments kept by hand to add them to, by id or name."""
    remove_segments: Names = ()
    subscriptions: Annotated[dict[Named, bool], Field(max_length=LABELS_OF_ROW)] = {}
    """Whether they want each subscription category, by its id or name."""
    push_tokens: Annotated[tuple[PushTokenRow, ...], Field(max_length=TOKENS_OF_ROW)] = ()
    """Tokens to add. `DELETE /clients/{id}/push-tokens` removes one."""
    applications: Annotated[tuple[ApplicationRow, ...], Field(max_length=APPLICATIONS_OF_ROW)] = ()


class FieldWrong(BaseModel):
    """One field of a row that cannot be taken, and what to do about it."""

    field: str
    message: str


class BadRow(BaseModel):
    """A row that says nothing: what is wrong with it."""

    errors: list[FieldWrong]


def read_row(given: Any) -> ContactRow | BadRow:  # noqa: ANN401 - whatever somebody sent
    """Read one row. What is wrong with it is said, field by field, and concerns no other row."""
    try:
        return ContactRow.model_validate(given)
    except ValidationError as error:
        return bad_row(error)


def bad_row(error: ValidationError) -> BadRow:
    """Return what is wrong, by field."""
    return BadRow(errors=[_wrong(one) for one in error.errors(include_input=False, include_url=False)])


def _wrong(error: ErrorDetails) -> FieldWrong:
    place = [str(part) for part in error["loc"] if part not in {"tuple", "function-after", "[key]"}]
    message = error["msg"].removeprefix("Value error, ")
    return FieldWrong(field=".".join(place) or "row", message=message)


def _lenient(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - pydantic's own shape
    try:
        return handler(given)
    except ValidationError as error:
        return bad_row(error)


LenientRow = Annotated[ContactRow, WrapValidator(_lenient)]
"""A row in the body of a call: one that is wrong becomes a `BadRow`, and the call goes on."""
