"""What a shop tells of its customers: events and orders, each of one client that it names by a key."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from services.identity.domain.activity import Item, Order
from services.identity.domain.contact_row import AddressRow, FieldWrong, bad_row
from services.identity.domain.inputs import Email, Id, Label, Phone, plain
from services.identity.domain.row_edit import address_of
from shared.contracts.event import UtcTime

Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(plain)]
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4, examples=["129.90"])]
Currency = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$"), Field(examples=["EUR"])
]
PropertyText = Annotated[str, StringConstraints(max_length=1_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class ContactKey(_Part):
    """Who it is about, by exactly one key, as `POST /contacts` tells people apart."""

    email: Email | None = None
    phone: Phone | None = None
    contact_key: Label | None = None
    external_code: Label | None = None
    """Of one of the client's chat contacts."""
    client_id: Id | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or None in (getattr(self, name) for name in self.model_fields_set):
            raise ValueError("give exactly one of email, phone, contact_key, external_code and client_id")
        return self

    @property
    def pair(self) -> tuple[str, str]:
        """Return which key it is, and its value."""
        name = next(iter(self.model_fields_set))
        return name, getattr(self, name)


class EventRow(_Part):
    """Something that a client did: put something in the basket, opened the application, asked for a price."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "evt-77",
                    "name": "Viewed a product",
                    "contact": {"contact_key": "customer-1001"},
                    "at": "2026-01-31T12:00:00Z",
                    "properties": {"product": "Blue shoes", "price": 79.5},
                    "workflows": ["Abandoned view"],
                }
            ]
        }
    )

    name: Label
    contact: ContactKey
    id: Told | None = None
    """Your own id of the event: told again under it, it is there once."""
    at: UtcTime | None = None
    """When it happened; now, where it is left out."""
    properties: Annotated[dict[Told, bool | float | PropertyText], Field(max_length=50)] = {}
    workflows: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    """What it started, by name."""


class ItemRow(_Part):
    """One line of an order."""

    name: Label
    quantity: Amount | None = None
    price: Amount | None = None
    external_id: Told | None = None


class OrderRow(_Part):
    """An order, as it is now; told again with another status, it is updated."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "order-5001",
                    "contact": {"contact_key": "customer-1001"},
                    "amount": "129.90",
                    "currency": "EUR",
                    "status": "delivered",
                    "date": "2026-01-31T12:00:00Z",
                    "items": [{"name": "Blue shoes", "quantity": 1, "price": "129.90"}],
                    "address": {"country": "NO", "city": "Oslo", "street": "Storgata 1", "postcode": "0155"},
                }
            ]
        }
    )

    external_id: Told
    """Your own id of the order."""
    contact: ContactKey
    amount: Amount
    currency: Currency
    """ISO 4217, three letters."""
    status: Label
    """In your own words."""
    date: UtcTime
    """When it was placed."""
    updated_at: UtcTime | None = None
    """When it last changed; now, where it is left out. What is older than what Kith knows changes nothing."""
    items: Annotated[tuple[ItemRow, ...], Field(max_length=200)] = ()
    address: AddressRow | None = None
    """Where it goes; it becomes the client's address, where that one is older than the order."""


class BadTold(BaseModel):
    """An event or an order that cannot be taken: what is wrong with it."""

    errors: list[FieldWrong]


def order_of(row: OrderRow, now: UtcTime) -> Order:
    """Return the order, with its amounts as text."""
    items = tuple(Item(one.name, _text(one.quantity), _text(one.price), one.external_id) for one in row.items)
    return Order(
        external_id=row.external_id,
        amount=f"{row.amount:f}",
        currency=row.currency,
        status=row.status,
        told_at=row.updated_at or now,
        items=items,
        address=address_of(row.address) if row.address else None,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _lenient(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - pydantic's own shape
    try:
        return handler(given)
    except ValidationError as error:
        return bad_row(error)


LenientEvent = Annotated[EventRow, WrapValidator(_lenient)]
LenientOrder = Annotated[OrderRow, WrapValidator(_lenient)]
