"""Makes the topics of the register, once; partitions are fixed from then on."""

from datetime import timedelta
from typing import Any

import structlog
from aiokafka.admin import NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.contracts.topics import COMPACTION_LAG, SEGMENT, TOMBSTONES_KEPT, TOPICS, Topic
from shared.messaging.kafka import MAX_MESSAGE_BYTES, make_admin
from shared.settings import KithSettings

log = structlog.get_logger(__name__)


def _ms(span: timedelta) -> str:
    return str(int(span.total_seconds() * 1000))


def _config(topic: Topic) -> dict[str, str]:
    common = {
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "message.timestamp.type": "CreateTime",
        "segment.ms": _ms(SEGMENT),
    }
    if topic.retention is not None:
        return common | {"cleanup.policy": "delete", "retention.ms": _ms(topic.retention)}
    return common | {
        "cleanup.policy": "compact",
        "max.compaction.lag.ms": _ms(COMPACTION_LAG),
        "delete.retention.ms": _ms(TOMBSTONES_KEPT),
    }


async def create_topics(settings: KithSettings) -> list[str]:
    """Make every topic that is missing; safe to run twice. Returns the names of those made."""
    admin = make_admin(settings)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [topic for topic in TOPICS if topic.name not in there]
        if not missing:
            return []
        answer: Any = await admin.create_topics(
            [
                NewTopic(
                    topic.name,
                    settings.partitions_hot if topic.hot else settings.partitions,
                    settings.replication,
                    topic_configs=_config(topic),
                )
                for topic in missing
            ]
        )
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"the topic {name} could not be made")
        return [topic.name for topic in missing]
    finally:
        await admin.close()
