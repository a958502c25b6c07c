"""Tags: words of the business's own for people. A client holds their ids, so that a new name is one write."""

from dataclasses import dataclass
from datetime import datetime

from services.identity.domain.facets import folded

TAG_CHARACTERS = 64
TAGS_OF_ONE = 50
"""More than anybody reads on one person."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a workspace."""

    id: str
    workspace_id: str
    name: str
    created_at: datetime

    @property
    def key(self) -> str:
        """What makes the name unique: `VIP` and `vip` are one tag, and so are `José` and `jose`."""
        return tag_key(self.name)


def tag_key(name: str) -> str:
    """Fold a name, with one space where there were several."""
    return folded(" ".join(name.split()))
