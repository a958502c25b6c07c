"""What a profile shows beside who somebody is."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.identity.domain.definitions import AdditionalField, FieldType, still_valid
from services.identity.domain.profile import Address, FieldValue, Location, ProfileSource, RefusedAs, RefusedKind
from services.identity.usecases.show_client import WholeClient


class ShownRefusalOut(BaseModel):
    """That an email or a phone of the client's must not be written to."""

    kind: RefusedKind
    value: str
    what: RefusedAs
    at: datetime
    reason: str | None


class AddressOut(BaseModel):
    """Where post reaches somebody."""

    country: str | None
    region: str | None
    city: str | None
    street: str | None
    postcode: str | None
    source: ProfileSource
    at: datetime | None


class LocationOut(BaseModel):
    """Where somebody was last known to be."""

    latitude: float | None
    longitude: float | None
    country: str | None
    region: str | None
    city: str | None
    source: ProfileSource
    at: datetime | None


class NamedOut(BaseModel):
    """A contact group of the client."""

    id: str
    name: str


class SegmentOfClientOut(NamedOut):
    """A segment that the client is in."""

    by_rule: bool
    """It is in it because of what it is, and cannot be taken out by hand."""


class FieldOut(BaseModel):
    """What an additional field of the client holds."""

    id: str
    key: str
    name: str
    type: FieldType
    value: str | float | bool | list[str]
    """Text, a date (ISO 8601) or a choice's id; a number; yes or no; the ids of several choices."""
    shown: str
    """The same in words: the labels of choices."""


class SubscriptionOut(BaseModel):
    """Whether the client wants a subscription category."""

    category_id: str
    name: str
    subscribed: bool
    chosen_at: datetime | None
    """None: nobody chose, and it is as the category says by default."""


class DeviceOut(BaseModel):
    """A device on which an application is installed."""

    id: str
    platform: str | None
    model: str | None
    at: datetime | None


class ApplicationOut(BaseModel):
    """An application of the business's that the client has."""

    id: str
    name: str | None
    devices: list[DeviceOut]


class PushTokenOut(BaseModel):
    """What a push to one of the client's apps or browsers is addressed with."""

    kind: Literal["mobile", "web"]
    token: str
    label: str | None
    at: datetime | None


class ProfileOut(BaseModel):
    """All of it."""

    refusals: list[ShownRefusalOut]
    language: str | None
    time_zone: str | None
    address: AddressOut | None
    location: LocationOut | None
    groups: list[NamedOut]
    segments: list[SegmentOfClientOut]
    """Those kept by hand first."""
    fields: list[FieldOut]
    """In the workspace's order; what is empty is left out."""
    subscriptions: list[SubscriptionOut]
    """Every category of the workspace."""
    applications: list[ApplicationOut]
    push_tokens: list[PushTokenOut]


def profile_out(whole: WholeClient) -> ProfileOut:
    """Show what the profile holds, as far as the workspace still defines it."""
    client = whole.client
    return ProfileOut(
        refusals=[
            ShownRefusalOut(kind=one.kind, value=one.value, what=one.what, at=one.at, reason=one.reason)
            for one in client.refusals
        ],
        language=client.language,
        time_zone=client.time_zone,
        address=_address_out(client.address),
        location=_location_out(client.location),
        groups=[NamedOut(id=id_, name=whole.groups[id_]) for id_ in client.groups if id_ in whole.groups],
        segments=[
            *(
                SegmentOfClientOut(id=id_, name=whole.segments[id_], by_rule=False)
                for id_ in client.segments
                if id_ in whole.segments
            ),
            *(SegmentOfClientOut(id=id_, name=name, by_rule=True) for id_, name in whole.by_rule.items()),
        ],
        fields=[
            FieldOut(
                id=field.id,
                key=field.key,
                name=field.name,
                type=field.type,
                value=list(value) if isinstance(value, tuple) else value,
                shown=in_words(field, value),
            )
            for field in whole.fields
            if (value := _value(field, client.fields.get(field.id))) is not None
        ],
        subscriptions=_subscriptions_out(whole),
        applications=[
            ApplicationOut(
                id=one.id,
                name=one.name,
                devices=[DeviceOut(id=d.id, platform=d.platform, model=d.model, at=d.at) for d in one.devices],
            )
            for one in client.applications
        ],
        push_tokens=[
            PushTokenOut(kind=one.kind, token=one.token, label=one.label, at=one.at) for one in client.push_tokens
        ],
    )


def _value(field: AdditionalField, value: FieldValue | None) -> FieldValue | None:
    return None if value is None else still_valid(field, value)


def in_words(field: AdditionalField, value: FieldValue) -> str:
    """Write a value as a person reads it; yes and no stay `true` and `false`, which every language has words for."""
    labels = {choice.id: choice.label for choice in field.choices}
    if isinstance(value, tuple):
        return ", ".join(labels.get(one, one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value).removesuffix(".0")
    return labels.get(value, value) if field.has_choices else value


def _subscriptions_out(whole: WholeClient) -> list[SubscriptionOut]:
    chosen = {one.category_id: one for one in whole.client.subscriptions}
    found: list[SubscriptionOut] = []
    for category in whole.categories:
        mine = chosen.get(category.id)
        found.append(
            SubscriptionOut(
                category_id=category.id,
                name=category.name,
                subscribed=mine.subscribed if mine else category.by_default,
                chosen_at=mine.at if mine else None,
            )
        )
    return found


def _address_out(address: Address | None) -> AddressOut | None:
    if address is None:
        return None
    return AddressOut(
        country=address.country,
        region=address.region,
        city=address.city,
        street=address.street,
        postcode=address.postcode,
        source=address.source,
        at=address.at,
    )


def _location_out(location: Location | None) -> LocationOut | None:
    if location is None:
        return None
    return LocationOut(
        latitude=location.latitude,
        longitude=location.longitude,
        country=location.country,
        region=location.region,
        city=location.city,
        source=location.source,
        at=location.at,
    )
