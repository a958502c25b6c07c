"""What a visitor is shown of a queue, in one language. The hours are moments: each browser has its own clock."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.ingest.domain.form_words import THANKS, TITLE, in_words
from shared.contracts.opening import Opening, open_spans
from shared.contracts.queues import FieldKind, QueueStateV1, WhenClosed

SHOWN_DAYS = 14


class SpanShown(BaseModel):
    """Open from a moment to a later one."""

    opens: datetime
    closes: datetime


class WayShown(BaseModel):
    """Another way to reach the business."""

    kind: Literal["phone", "email", "link"]
    label: str
    value: str


class ChoiceShown(BaseModel):
    """One of the answers to a choice."""

    id: str
    label: str


class FieldShown(BaseModel):
    """One question."""

    id: str
    kind: FieldKind
    label: str
    required: bool
    choices: list[ChoiceShown]
    several: bool


class FormShown(BaseModel):
    """The queue's contact form."""

    title: str
    fields: list[FieldShown]
    thanks: str


class QueueShown(BaseModel):
    """How it stands with a queue."""

    is_open: bool
    until: datetime | None
    """When it next closes or opens, where anybody knows."""
    spans: list[SpanShown]
    """When it is open, for 14 days."""
    time_zone: str
    when_closed: WhenClosed
    offline: str
    """What the business says while it is closed; may be empty."""
    other_ways: list[WayShown]
    form: FormShown | None
    """None: it asks nothing, so that no form can be left."""


class SiteState(BaseModel):
    """What a site's queue says right now."""

    queue: QueueShown | None
    """None: no queue is fed by this site; the chat is always there."""


def shown(queue: QueueStateV1 | None, opening: Opening | None, now: datetime, language: str | None) -> SiteState:
    """Say in a visitor's language what a queue says; the first of its languages for everybody else."""
    if queue is None or opening is None:
        return SiteState(queue=None)
    spans = [SpanShown(opens=opens, closes=closes) for opens, closes in open_spans(queue, now, days=SHOWN_DAYS)]
    return SiteState(
        queue=QueueShown(
            is_open=opening.is_open,
            until=opening.until,
            spans=spans,
            time_zone=queue.time_zone,
            when_closed=queue.when_closed,
            offline=in_words(queue.offline, language),
            other_ways=[
                WayShown(kind=way.kind, label=in_words(way.label, language), value=way.value)
                for way in queue.other_ways
            ],
            form=_form(queue, language) if queue.form.fields else None,
        )
    )


def _form(queue: QueueStateV1, language: str | None) -> FormShown:
    return FormShown(
        title=in_words(queue.form.title, language, TITLE),
        thanks=in_words(queue.form.thanks, language, THANKS),
        fields=[
            FieldShown(
                id=field.id,
                kind=field.kind,
                label=in_words(field.label, language),
                required=field.required,
                several=field.several,
                choices=[ChoiceShown(id=choice.id, label=in_words(choice.label, language)) for choice in field.choices],
            )
            for field in queue.form.fields
        ],
    )
