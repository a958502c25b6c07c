"""Instagram's comments, as far as Kith reads them. Unknown fields are passed over."""

from pydantic import Field

from services.ingest.channels.meta.updates import Id, Lenient, Seconds


class Author(Lenient):
    id: Id
    username: str | None = None


class Media(Lenient):
    id: str | None = None


class Comment(Lenient):
    id: Id
    author: Author = Field(alias="from")
    text: str = ""
    parent_id: str | None = None
    media: Media | None = None


class Entry(Lenient):
    time: Seconds
