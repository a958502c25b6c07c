"""What people are sorted by, by hand or by a filter: tags, contact groups and segments. A client holds their ids.

One word for the three is a label: each has a name that is unique in its workspace, and people who have it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.identity.domain.client import Client
from services.identity.domain.facets import folded

NAME_CHARACTERS = 64
DESCRIPTION_CHARACTERS = 500

LabelKind = Literal["tag", "group", "segment"]
FACETS: dict[LabelKind, str] = {"tag": "t", "group": "g", "segment": "sg"}
"""How a label stands in a client's `facets`, before a colon and its id."""
FIELDS: dict[LabelKind, str] = {"tag": "tags", "group": "groups", "segment": "segments"}
"""Of a client."""
OF_ONE: dict[LabelKind, int] = {"tag": 50, "group": 200, "segment": 200}
"""More than anybody reads on one person."""


@dataclass(frozen=True, slots=True)
class Label:
    """A tag, a group or a segment of a workspace. Whatever is renamed keeps its id, and nobody's record changes."""

    id: str
    workspace_id: str
    name: str
    created_at: datetime
    description: str = ""
    rev: int = 1

    @property
    def key(self) -> str:
        """What makes the name unique: `VIP` and `vip` are one tag, and so are `José` and `jose`."""
        return label_key(self.name)


@dataclass(frozen=True, slots=True)
class Group(Label):
    """A list of people that is kept by hand."""


def label_key(name: str) -> str:
    """Fold a name, with one space where there were several."""
    return folded(tidy(name))


def tidy(name: str) -> str:
    """Write a name with one space where there were several, and none around it."""
    return " ".join(name.split())


def label_facet(kind: LabelKind, id_: str) -> str:
    """Return the facet by which who has a label is found."""
    return f"{FACETS[kind]}:{id_}"


def held(client: Client, kind: LabelKind) -> tuple[str, ...]:
    """Return the labels of one kind that a client has by hand."""
    match kind:
        case "tag":
            return client.tags
        case "group":
            return client.groups
        case "segment":
            return client.segments


def with_all(client: Client, kind: LabelKind, ids: tuple[str, ...], now: datetime) -> Client:
    """Copy as changed now, with these labels of one kind and no others: one copy, for bulk work makes very many."""
    rev = client.rev + 1
    match kind:
        case "tag":
            return replace(client, tags=ids, rev=rev, changed_at=now)
        case "group":
            return replace(client, groups=ids, rev=rev, changed_at=now)
        case "segment":
            return replace(client, segments=ids, rev=rev, changed_at=now)
