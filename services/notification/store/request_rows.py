"""Requests as documents."""

from dataclasses import asdict
from typing import Any

from services.notification.domain.request import Comment, Contents, Happening, Request
from shared.storage.mongo import Document

LISTED = {"sealed_answers": False, "fields": False, "choices": False, "terms": False}
"""What a list never reads."""
_NAMES = tuple(Request.__dataclass_fields__)


def document_of(request: Request, contents: Contents, terms: list[str]) -> Document:
    """Return a new request's document. `unseen` is there only while nobody has acknowledged it, for its index."""
    row: dict[str, Any] = asdict(request)
    row["_id"] = row.pop("id")
    return {**row, **asdict(contents), "terms": terms, "unseen": True}


def request_of(row: Document) -> Request:
    """Read a request, whichever of its fields were asked for."""
    given = {name: row[name] for name in _NAMES if name in row}
    comment = row.get("last_comment")
    given["viewers"] = tuple(row.get("viewers", ()))
    given["last_comment"] = Comment(**comment) if comment else None
    return Request(id=row["_id"], **given)


def contents_of(row: Document) -> Contents:
    """Read what a form says."""
    return Contents(row["fields"], row["choices"], row["sealed_answers"])


def happening_row(workspace_id: str, happening: Happening) -> Document:
    """Return the document of a line of a history."""
    return {"workspace_id": workspace_id, **asdict(happening)}


def happening_of(row: Document) -> Happening:
    """Read a line of a history."""
    return Happening(row["request_id"], row["kind"], row["at"], row["by"], row["what"], row.get("sealed"))
