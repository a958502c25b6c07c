"""Between what the domain thinks in and what MongoDB keeps."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from services.identity.domain.facets import facets_of
from services.identity.domain.people import ChatContact, Client, Evidence, Holding, Link, Mark, Taken, Told
from shared.storage.mongo import Document


def _bare(moment: datetime) -> datetime:
    """Leave out the time zone, which is UTC: the driver reads and writes bare times several times as quickly."""
    return datetime.combine(moment, moment.time())  # a quarter of what `replace` takes


def _utc(moment: datetime) -> datetime:
    return datetime.combine(moment, moment.time(), UTC)


def _told_to(told: Told | None) -> Document | None:
    return None if told is None else {"value": told.value, "at": told.at, "event_id": told.event_id}


def _told_from(found: Document | None) -> Told | None:
    return None if found is None else Told(found["value"], found["at"], found["event_id"])


def _mark_to(mark: Mark | None) -> Document | None:
    if mark is None:
        return None
    return {"id": mark.id, "at": _bare(mark.at), "text": mark.text, "told_at": mark.told_at, "told_by": mark.told_by}


def _mark_from(found: Document | None) -> Mark | None:
    if found is None:
        return None
    return Mark(found["id"], _utc(found["at"]), found["text"], found["told_at"], found["told_by"])


def _link_from(found: Document | None) -> Link | None:
    return None if found is None else Link(found["how"], found["strength"], found["value"], _utc(found["at"]))


def _evidence_from(found: Document) -> Evidence:
    return Evidence(
        event_id=found["event_id"],
        kind=found["kind"],
        value=found["value"],
        strength=found["strength"],
        how=found["how"],
        at=_utc(found["at"]),
    )


def chat_contact_to(contact: ChatContact) -> Document:
    """Write a chat contact; its times are bare, as `ChatContacts` reads them.

    `visitor` and `newest` are what lists are walked by (store/migrate.py).
    """
    link = contact.link
    return {
        "_id": contact.id,
        "workspace_id": contact.workspace_id,
        "channel": contact.channel,
        "connection_id": contact.connection_id,
        "contact_id": contact.contact_id,
        "created_at": _bare(contact.created_at),
        "changed_at": _bare(contact.changed_at),
        "rev": contact.rev,
        "name": _told_to(contact.told_name),
        "username": _told_to(contact.told_username),
        "language": _told_to(contact.told_language),
        "set_name": contact.set_name,
        "set_language": contact.set_language,
        "external_code": contact.external_code,
        "proactive": contact.proactive,
        "reactive": contact.reactive,
        "switches_rev": contact.switches_rev,
        "blocked": contact.blocked,
        "blocked_at": _bare(contact.blocked_at) if contact.blocked_at else None,
        "blocked_by": contact.blocked_by,
        "registered": contact.registered,
        "client_id": contact.client_id,
        "link": None if link is None else {**asdict(link), "at": _bare(link.at)},
        "evidence": [{**asdict(evidence), "at": _bare(evidence.at)} for evidence in contact.evidence],
        "first_message": _mark_to(contact.first_message),
        "last_message": _mark_to(contact.last_message),
        "visitor": contact.is_visitor,
        "newest": _bare(contact.newest),
    }


def chat_contact_from(found: Document) -> ChatContact:
    """Read a chat contact back."""
    return ChatContact(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        channel=found["channel"],
        connection_id=found["connection_id"],
        contact_id=found["contact_id"],
        created_at=_utc(found["created_at"]),
        changed_at=_utc(found["changed_at"]),
        rev=found["rev"],
        told_name=_told_from(found["name"]),
        told_username=_told_from(found["username"]),
        told_language=_told_from(found["language"]),
        set_name=found["set_name"],
        set_language=found["set_language"],
        external_code=found["external_code"],
        proactive=found["proactive"],
        reactive=found["reactive"],
        switches_rev=found["switches_rev"],
        blocked=found["blocked"],
        blocked_at=_utc(found["blocked_at"]) if found["blocked_at"] else None,
        blocked_by=found.get("blocked_by", ""),
        registered=found["registered"],
        client_id=found["client_id"],
        link=_link_from(found["link"]),
        evidence=tuple(_evidence_from(item) for item in found["evidence"]),
        first_message=_mark_from(found["first_message"]),
        last_message=_mark_from(found["last_message"]),
    )


def changes(before: Document, after: Document) -> Document:
    """Return the fields that differ."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def client_to(client: Client) -> Document:
    """Write a client. `ids` and `facets` follow from the rest: indexes walk them."""
    found: dict[str, Any] = asdict(client)
    found["_id"] = found.pop("id")
    found["tags"] = list(client.tags)
    found["chat_contact_ids"] = list(client.chat_contact_ids)
    found["holdings"] = [asdict(holding) for holding in client.holdings]
    found["taken"] = [asdict(taken) for taken in client.taken]
    found["ids"] = list(client.ids)
    found["facets"] = facets_of(client)
    return found


def client_from(found: Document) -> Client:
    """Read a client back."""
    return Client(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        name=found["name"],
        created_at=found["created_at"],
        changed_at=found["changed_at"],
        rev=found["rev"],
        surname=found["surname"],
        contact_key=found["contact_key"],
        origin=found["origin"],
        tags=tuple(found["tags"]),
        registered=found["registered"],
        chat_contact_ids=tuple(found["chat_contact_ids"]),
        holdings=tuple(Holding(**item) for item in found["holdings"]),
        taken=tuple(Taken(**item) for item in found["taken"]),
    )
