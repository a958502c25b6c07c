"""The safe values: every producer, consumer and broker of ours is made here and nowhere else.

FastStream's own defaults acknowledge first, start at the latest offset and produce with acks=1 (docs/decisions/0003).
"""

import ssl
import zlib
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from shared.settings import KithSettings

MAX_MESSAGE_BYTES = 1024 * 1024
"""The broker's `max.message.bytes`. A record of ours may be half of it: see `RecordTooLargeError`."""
MAX_RECORD_BYTES = MAX_MESSAGE_BYTES // 2
BATCH_BYTES = 256 * 1024
DELIVERY_TIMEOUT_MS = 10_000


def _ssl_context(settings: KithSettings) -> ssl.SSLContext | None:
    if "SSL" not in settings.kafka_security_protocol:
        return None
    return ssl.create_default_context(cafile=str(settings.kafka_ssl_cafile) if settings.kafka_ssl_cafile else None)


def connection(settings: KithSettings) -> dict[str, Any]:
    """Return how to reach the broker, in aiokafka's own arguments."""
    password = settings.kafka_sasl_password
    found: dict[str, Any] = {
        "bootstrap_servers": settings.kafka.split(","),
        "security_protocol": settings.kafka_security_protocol,
        "ssl_context": _ssl_context(settings),
    }
    if settings.kafka_sasl_username is not None:
        found |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": password.get_secret_value() if password else "",
        }
    return found


def _security(settings: KithSettings) -> BaseSecurity | None:
    context = _ssl_context(settings)
    if settings.kafka_sasl_username is None:
        return BaseSecurity(ssl_context=context) if context else None
    makers = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
    password = settings.kafka_sasl_password
    return makers[settings.kafka_sasl_mechanism](
        username=settings.kafka_sasl_username,
        password=password.get_secret_value() if password else "",
        use_ssl=context is not None,
        ssl_context=context,
    )


def make_producer(settings: KithSettings, client_id: str) -> AIOKafkaProducer:
    """Make a producer that counts a record as written only when every in-sync replica has it, once."""
    return AIOKafkaProducer(
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,  # the Publisher gathers
        max_batch_size=BATCH_BYTES,
        max_request_size=MAX_MESSAGE_BYTES,
        request_timeout_ms=DELIVERY_TIMEOUT_MS,
        **connection(settings),
    )


def make_reader(settings: KithSettings, client_id: str) -> AIOKafkaConsumer:
    """Make a consumer without a group, for tails and tools: it commits nothing."""
    return AIOKafkaConsumer(
        client_id=client_id,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=250,
        **connection(settings),
    )


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key: CRC-32 (docs/decisions/0002)."""
    return zlib.crc32(key) % partitions


async def partitions_of(reader: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """Return a topic's partitions. aiokafka tells a consumer only of topics that it reads already, so ask below it."""
    numbers: set[int] = await reader._client._wait_on_metadata(topic)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return [TopicPartition(topic, number) for number in sorted(numbers)]


def make_admin(settings: KithSettings) -> AIOKafkaAdminClient:
    """Make a client that creates and describes topics."""
    return AIOKafkaAdminClient(client_id="kith-admin", **connection(settings))


def make_broker(settings: KithSettings, service: str) -> KafkaBroker:
    """Make the FastStream broker that a service's subscribers hang on."""
    extra: dict[str, Any] = {}
    security = _security(settings)
    if security is not None:
        extra["security"] = security
    return KafkaBroker(
        settings.kafka.split(","),
        client_id=f"kith-{service}",
        allow_auto_create_topics=False,
        acks="all",
        enable_idempotence=True,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        graceful_timeout=20.0,
        apply_types=False,  # our handlers take raw records and decode each by itself
        logger=None,  # structlog says what matters, once
        **extra,
    )


def _tell_of_broken_lines() -> None:
    """Have a write on a connection that is closed under us fail as aiokafka expects it to.

    Where asyncio's transports pass such a write over, uvloop's raise RuntimeError. aiokafka knows OSError alone, so
    one reset at the wrong moment ends what fetches, commits or keeps us in the group, for good.
    """
    send = AIOKafkaConnection.send

    def told(self: AIOKafkaConnection, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return send(self, *given, **named)
        except RuntimeError as error:
            self.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"the connection to {self.host}:{self.port} is closed") from error

    AIOKafkaConnection.send = told


_tell_of_broken_lines()
