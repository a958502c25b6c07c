"""What a row changes of a client, as the edit that a user would make by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.identity.domain.catalog import Meant
from services.identity.domain.client import Client
from services.identity.domain.client_editing import ClientEdit, ClientPart, Saying
from services.identity.domain.contact_row import AddressRow, ApplicationRow, FieldWrong, LocationRow, PushTokenRow
from services.identity.domain.labels import OF_ONE
from services.identity.domain.profile import Address, Application, Device, Location, PushToken

TOKENS_KEPT = 100
APPLICATIONS_KEPT = 50
DEVICES_KEPT = 50
_AS_THEY_ARE: tuple[ClientPart, ...] = (*("name", "surname", "contact_key", "email", "phone", "language", "time_zone"),)


class TooManyError(Exception):
    """More of something than one client has; `wrong` says of what."""

    def __init__(self, field: str, most: int) -> None:
        self.wrong = FieldWrong(field=field, message=f"one client has at most {most} of them")
        super().__init__(self.wrong.message)


def edit_of(meant: Meant, client: Client, said: Saying) -> ClientEdit:
    """Return what changes. Raises `TooManyError`."""
    row = meant.row
    edit: dict[ClientPart, Any] = {part: value for part in _AS_THEY_ARE if (value := getattr(row, part)) is not None}
    if row.address is not None:
        edit["address"] = address_of(row.address)
    if row.location is not None:
        edit["location"] = location_of(row.location)
    if meant.tags or meant.off_tags:
        edit["tags"] = _put("tags", client.tags, meant.tags, meant.off_tags, OF_ONE["tag"])
    if meant.groups or meant.off_groups:
        edit["groups"] = _put("groups", client.groups, meant.groups, meant.off_groups, OF_ONE["group"])
    if meant.segments or meant.off_segments:
        edit["segments"] = _put("segments", client.segments, meant.segments, meant.off_segments, OF_ONE["segment"])
    if meant.fields:
        edit["fields"] = meant.fields
    if meant.subscriptions:
        edit["subscriptions"] = _never_widened(client, meant) if said.source == "import" else meant.subscriptions
    if row.push_tokens:
        edit["push_tokens"] = with_tokens(client.push_tokens, row.push_tokens, said.at)
    if row.applications:
        edit["applications"] = with_applications(client.applications, row.applications)
    return edit


def address_of(row: AddressRow) -> Address:
    """Return the address, still without its source and date."""
    return Address(row.country, row.region, row.city, row.street, row.postcode)


def location_of(row: LocationRow) -> Location:
    """Return the location, still without its source and date."""
    return Location(row.latitude, row.longitude, row.country, row.region, row.city)


def with_tokens(there: tuple[PushToken, ...], given: Sequence[PushTokenRow], at: datetime) -> tuple[PushToken, ...]:
    """Add tokens; one that is there keeps its date, and takes a new label. Raises `TooManyError`."""
    found = {(token.kind, token.token): token for token in there}
    for one in given:
        here = found.get((one.kind, one.token))
        if here is None:
            found[one.kind, one.token] = PushToken(one.kind, one.token, one.label, at)
        elif one.label is not None:
            found[one.kind, one.token] = replace(here, label=one.label)
    if len(found) > TOKENS_KEPT:
        raise TooManyError("push_tokens", TOKENS_KEPT)
    return tuple(found.values())


def with_applications(there: tuple[Application, ...], given: Sequence[ApplicationRow]) -> tuple[Application, ...]:
    """Add applications and devices to those that are there, by their ids. Raises `TooManyError`."""
    found = {one.id: one for one in there}
    for row in given:
        here = found.get(row.id, Application(row.id))
        devices = {device.id: device for device in here.devices}
        for device in row.devices:
            before = devices.get(device.id, Device(device.id))
            devices[device.id] = Device(
                device.id,
                device.platform or before.platform,
                device.model or before.model,
                device.at or before.at,
            )
        if len(devices) > DEVICES_KEPT:
            raise TooManyError("applications.devices", DEVICES_KEPT)
        found[row.id] = Application(row.id, row.name or here.name, tuple(devices.values()))
    if len(found) > APPLICATIONS_KEPT:
        raise TooManyError("applications", APPLICATIONS_KEPT)
    return tuple(found.values())


def _put(part: str, there: tuple[str, ...], on: Sequence[str], off: Sequence[str], most: int) -> tuple[str, ...]:
    found = tuple(id_ for id_ in dict.fromkeys((*there, *on)) if id_ not in off)
    if len(found) > most and len(found) > len(there):
        raise TooManyError(part, most)
    return found


def _never_widened(client: Client, meant: Meant) -> dict[str, bool]:
    """Leave out what an import would permit again although the person said no."""
    refused = {one.category_id for one in client.subscriptions if not one.subscribed}
    return {id_: wanted for id_, wanted in meant.subscriptions.items() if not (wanted and id_ in refused)}
