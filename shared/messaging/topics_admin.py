"""Makes the topics of the register, once; partitions are fixed from then on."""

from typing import Any

import structlog
from aiokafka.admin import NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.contracts.topics import TOPICS, Topic
from shared.messaging.kafka import MAX_MESSAGE_BYTES, make_admin
from shared.settings import KithSettings

log = structlog.get_logger(__name__)

_DAY_MS = 24 * 60 * 60 * 1000


def _config(topic: Topic) -> dict[str, str]:
    common = {"max.message.bytes": str(MAX_MESSAGE_BYTES), "message.timestamp.type": "CreateTime"}
    if topic.retention is not None:
        return common | {"cleanup.policy": "delete", "retention.ms": str(int(topic.retention.total_seconds() * 1000))}
    return common | {
        "cleanup.policy": "compact",
        "segment.ms": str(_DAY_MS),
        "max.compaction.lag.ms": str(_DAY_MS),
        "delete.retention.ms": str(7 * _DAY_MS),
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
