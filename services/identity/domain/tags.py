"""Tags: words of the business's own for people, each with a colour."""

from dataclasses import dataclass
from typing import Literal

from services.identity.domain.labels import NAME_CHARACTERS, OF_ONE, Label, label_key

tag_key = label_key
"""What makes a tag's name unique."""
TAG_CHARACTERS = NAME_CHARACTERS
TAGS_OF_ONE = OF_ONE["tag"]

TagColor = Literal[
    "gray",
    "red",
    "pink",
    "grape",
    "violet",
    "indigo",
    "blue",
    "cyan",
    "teal",
    "green",
    "lime",
    "yellow",
    "orange",
]
"""A fixed palette: each is shown in a shade that can be read in light and in dark, which nobody need choose."""
DEFAULT_COLOR: TagColor = "gray"


@dataclass(frozen=True, slots=True)
class Tag(Label):
    """A tag of a workspace."""

    color: TagColor = DEFAULT_COLOR
