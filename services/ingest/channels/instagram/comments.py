"""Comments under posts of ours on Instagram."""

from typing import Any

from pydantic import ValidationError

from services.ingest.channels.instagram.updates import Comment, Entry
from services.ingest.channels.meta.envelope import Reader, at_seconds
from shared.contracts import chat

FIELDS = frozenset({"comments", "live_comments"})


def take_change(reader: Reader, entry: dict[str, Any], change: Any) -> None:  # noqa: ANN401 - whatever Meta sent
    """Add what a change says: a comment is a message, dated by its entry. Everything else is kept as unknown.

    A boosted post may notify twice, at two times: the event's id is the comment's, so that it is one.
    """
    field = str(change.get("field")) if isinstance(change, dict) else "change"
    try:
        if field not in FIELDS:
            reader.unknown(field, change)
        else:
            _add(reader, Comment.model_validate(change.get("value")), Entry.model_validate(entry).time)
    except ValidationError:
        reader.unknown(field, change)


def _add(reader: Reader, comment: Comment, seconds: int) -> None:
    if comment.author.id == reader.account.account_id:
        reader.read.echoes += 1
        return
    reader.add(
        chat.MessageReceivedV1(
            id=reader.id("comment", comment.id),
            time=at_seconds(seconds),
            workspace_id=reader.account.workspace_id,
            chat=reader.chat(comment.author.id),
            sender=chat.Sender(username=comment.author.username or None),
            message_id=comment.id,
            text=comment.text,
            comment=chat.Comment(
                id=comment.id, media_id=comment.media.id if comment.media else None, parent_id=comment.parent_id
            ),
        )
    )
