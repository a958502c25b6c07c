"""What the business says of somebody, before it is believed: whether the workspace knows what it names."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from services.identity.domain.client_editing import ClientEdit, ClientPart
from services.identity.domain.definitions import AdditionalField, BadValueError, read_value
from services.identity.domain.labels import LabelKind
from services.identity.domain.people import Kind
from services.identity.domain.profile import FieldValue
from services.identity.store.stores import Stores
from shared.storage.mongo import Session


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, as the caller named it."""

    field: str
    message: str


class BadStatementError(Exception):
    """Something is named that the workspace does not have, or a field does not take its value."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = faults


class HeldByAnotherError(Exception):
    """Another client has proved this email or phone, or has this contact key; `client_id` says which."""

    def __init__(self, field: ClientPart, client_id: str) -> None:
        super().__init__(field)
        self.field = field
        self.client_id = client_id


class CheckStatement:
    """Reads an edit as a caller sends it into one that can be applied."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, workspace_id: str, given: ClientEdit, own_id: str | None, session: Session) -> ClientEdit:
        """Return the edit with fields by id and values of their types; `own_id` is the client's it is about.

        Raises the errors above. That another client may prove an email in the same moment is nothing to fear: what is
        stated is not unique.
        """
        faults = await self._unknown_labels(workspace_id, given, session)
        edit = dict(given)
        if "fields" in given:
            read = await self._fields(workspace_id, given["fields"], faults, session)
            edit["fields"] = read
        if "subscriptions" in given:
            there = {one.id for one in await self._stores.categories.all(workspace_id, session)}
            faults += [
                Fault(f"subscriptions.{id_}", "your workspace has no such category; GET /api/identity/categories")
                for id_ in given["subscriptions"]
                if id_ not in there
            ]
        if faults:
            raise BadStatementError(faults)
        await self._held_by_another(workspace_id, edit, own_id, session)
        return edit

    async def _unknown_labels(self, workspace_id: str, given: ClientEdit, session: Session) -> list[Fault]:
        faults: list[Fault] = []
        labels: Mapping[ClientPart, Callable[[Sequence[str]], Awaitable[set[str]]]] = {
            "tags": lambda ids: self._there("tag", workspace_id, ids, session),
            "groups": lambda ids: self._there("group", workspace_id, ids, session),
            "segments": lambda ids: self._there("segment", workspace_id, ids, session),
        }
        for part, there in labels.items():
            ids: Sequence[str] = given.get(part) or ()
            if ids and (unknown := [id_ for id_ in ids if id_ not in await there(ids)]):
                where = f"GET /api/identity/{part} lists them"
                faults.append(Fault(part, f"your workspace has no {part} {', '.join(unknown)}; {where}"))
        return faults

    async def _there(self, kind: LabelKind, workspace_id: str, ids: Sequence[str], session: Session) -> set[str]:
        return set(await self._stores.labels_by_hand(kind, workspace_id, ids, session))

    async def _fields(
        self, workspace_id: str, given: Mapping[str, object], faults: list[Fault], session: Session
    ) -> dict[str, FieldValue | None]:
        defined = await self._stores.fields.all(workspace_id, session)
        named: dict[str, AdditionalField] = {field.key: field for field in defined} | {f.id: f for f in defined}
        read: dict[str, FieldValue | None] = {}
        for name, value in given.items():
            field = named.get(name)
            if field is None:
                faults.append(Fault(f"fields.{name}", "your workspace has no such field; GET /api/identity/fields"))
                continue
            try:
                read[field.id] = read_value(field, value)
            except BadValueError as error:
                faults.append(Fault(f"fields.{name}", str(error)))
        return read

    async def _held_by_another(self, workspace_id: str, edit: ClientEdit, own_id: str | None, session: Session) -> None:
        clients = self._stores.clients
        for kind in ("email", "phone"):
            value: str | None = edit.get(kind)
            holder = value and await clients.has_verified(workspace_id, cast("Kind", kind), value, session)
            if holder and holder != own_id:
                raise HeldByAnotherError(kind, holder)
        key: Any = edit.get("contact_key")
        holder = key and await clients.has_contact_key(workspace_id, key, session)
        if holder and holder != own_id:
            raise HeldByAnotherError("contact_key", holder)
