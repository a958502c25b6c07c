"""Clients as rows of a table. Columns are named as an import names them, so that what goes out can come back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

from services.identity.domain.client import Client
from services.identity.domain.definitions import AdditionalField
from services.identity.domain.profile import Address, FieldValue

Column = Literal[
    "id",
    "name",
    "surname",
    "email",
    "phone",
    "contact_key",
    "source",
    "registered",
    "tags",
    "language",
    "time_zone",
    "country",
    "region",
    "city",
    "street",
    "postcode",
    "refused",
    "created_at",
    "fields",
]
COLUMNS: tuple[Column, ...] = get_args(Column)
Cell = str | bool | list[str] | dict[str, FieldValue] | None
TagNames = Mapping[str, str]
"""By id."""
_NOWHERE = Address()
_WHOLE = 10**6
"""Up to here a whole number is written without a point or an exponent by `%g`."""


def _held(kind: Literal["email", "phone"]) -> Callable[[Client, TagNames], Cell]:
    def read(client: Client, _tags: TagNames) -> Cell:
        shown = client.shown(kind)
        return shown.value if shown else None

    return read


def _address(part: str) -> Callable[[Client, TagNames], Cell]:
    return lambda client, _tags: getattr(client.address or _NOWHERE, part)


def _plain(name: str) -> Callable[[Client, TagNames], Cell]:
    return lambda client, _tags: getattr(client, name)


_READERS: Mapping[Column, Callable[[Client, TagNames], Cell]] = {
    **{name: _plain(name) for name in ("id", "name", "surname", "contact_key", "language", "time_zone")},
    **{part: _address(part) for part in ("country", "region", "city", "street", "postcode")},
    "email": _held("email"),
    "phone": _held("phone"),
    "source": _plain("origin"),
    "registered": _plain("registered"),
    "tags": lambda client, tags: [tags[tag] for tag in client.tags if tag in tags],
    "refused": lambda client, _tags: sorted({f"{one.kind} {one.what}" for one in client.refusals}),
    "created_at": lambda client, _tags: client.created_at.isoformat().replace("+00:00", "Z"),
    "fields": lambda client, _tags: dict(client.fields),
}


def cells_of(client: Client, columns: Sequence[Column], tags: TagNames) -> dict[str, Any]:
    """Return a client's cells by column; additional fields by their ids."""
    return {column: _READERS[column](client, tags) for column in columns}


def header_of(columns: Sequence[Column], fields: Sequence[AdditionalField]) -> list[str]:
    """Name the columns of a table, each additional field by its own name."""
    return [
        name for column in columns for name in ([field.name for field in fields] if column == "fields" else [column])
    ]


def texts_of(client: Client, columns: Sequence[Column], fields: Sequence[AdditionalField], tags: TagNames) -> list[str]:
    """Write a client as a row of a table."""
    found: list[str] = []
    for column, cell in cells_of(client, columns, tags).items():
        if column == "fields":
            found += [_field_text(field, client.fields.get(field.id)) for field in fields]
        else:
            found.append(_text(cell))
    return found


def _text(cell: Cell) -> str:
    """Write a cell: lists with semicolons, as an import reads them."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case list():
            return "; ".join(cell)
        case _:
            return str(cell)


def _field_text(field: AdditionalField, value: FieldValue | None) -> str:
    labels = {choice.id: choice.label for choice in field.choices}
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(labels.get(one, one) for one in value)
        case float():
            return f"{value:g}" if value.is_integer() and abs(value) < _WHOLE else repr(value)
        case _:
            return labels.get(str(value), str(value))
