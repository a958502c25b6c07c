"""Between a filter and its document. What is not asked is left out."""

from dataclasses import asdict
from typing import Any

from services.identity.domain.filter import Filter
from shared.storage.mongo import Document


def filter_to(asked: Filter) -> Document:
    """Write a filter."""
    return {name: value for name, value in asdict(asked).items() if value not in ("", None, ())}


def filter_from(found: Document) -> Filter:
    """Read a filter back."""
    kept: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in found.items()}
    return Filter(**kept)
