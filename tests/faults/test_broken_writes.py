"""A connection that is closed under a write is told as one, and whoever has ended by itself is found out."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from shared.messaging import kafka
from shared.messaging.watchdog import Progress, Watchdog


class ClosedWriter:
    """Writes as uvloop's transports do once they are closed."""

    def write(self, _data: bytes) -> None:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    def close(self) -> None:
        return


async def test_a_write_on_a_closed_connection_is_a_broken_connection() -> None:
    connection: Any = kafka.AIOKafkaConnection("127.0.0.1", 9, request_timeout_ms=1000)
    connection._writer, connection._reader, connection._versions = ClosedWriter(), object(), {3: (0, 0)}
    connection._read_task = asyncio.create_task(asyncio.sleep(0))

    with pytest.raises(KafkaConnectionError):
        connection.send(MetadataRequest([]))

    assert not connection.connected()


@pytest.mark.parametrize("ended", ["fetching", "coordinating"])
async def test_a_consumer_that_has_ended_by_itself_is_broken(ended: str) -> None:
    over, runs = asyncio.get_running_loop().create_future(), asyncio.get_running_loop().create_future()
    over.set_result(None)
    consumer = SimpleNamespace(
        _closed=False,
        _fetcher=SimpleNamespace(error_future=over if ended == "fetching" else runs),
        _coordinator=SimpleNamespace(_coordination_task=over if ended == "coordinating" else runs),
    )
    dog = Watchdog(SimpleNamespace(consumer=consumer), "t", "g", Progress())

    assert dog.broken
    consumer._closed = True
    assert not dog.broken, "one that is being stopped has not ended by itself"
