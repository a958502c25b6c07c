"""Asks a broker whether it is ready, in Kafka's own protocol and without a client library to load."""

import socket
import struct
from dataclasses import dataclass

METADATA = 3
"""The API key of the Metadata request; version 1 is the oldest that tells all topics when asked for none."""

_REQUEST = struct.pack(">hhih5si", METADATA, 1, 1, 5, b"probe", -1)


@dataclass
class _Reader:
    """Walks through the fields of an answer."""

    answer: bytes
    at: int = 0

    def number(self, shape: str) -> int:
        (value,) = struct.unpack_from(f">{shape}", self.answer, self.at)
        self.at += struct.calcsize(f">{shape}")
        return value

    def skip_text(self) -> None:
        length = self.number("h")
        self.at += max(length, 0)  # -1 stands for no text

    def skip_numbers(self) -> None:
        count = self.number("i")
        self.at += 4 * count


def is_ready(port: int, *, within: float = 2) -> bool:
    """Tell whether the broker on `port` takes part in its cluster and every partition has a leader.

    It answers before that, while it still replays its log: a producer would then get retries for its first records.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), within) as broker:
            broker.settimeout(within)
            broker.sendall(struct.pack(">i", len(_REQUEST)) + _REQUEST)
            (length,) = struct.unpack(">i", _exactly(broker, 4))
            return _all_led(_Reader(_exactly(broker, length)))
    except (OSError, struct.error):
        return False


def _exactly(broker: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        piece = broker.recv(count - len(received))
        if not piece:
            raise ConnectionError("the broker ended the connection")
        received += piece
    return bytes(received)


def _all_led(answer: _Reader) -> bool:
    """Read a Metadata answer, version 1: https://kafka.apache.org/protocol.html#The_Messages_Metadata."""
    answer.number("i")  # correlation id
    brokers = answer.number("i")
    for _ in range(brokers):
        answer.number("i")  # node id
        answer.skip_text()  # host
        answer.number("i")  # port
        answer.skip_text()  # rack
    answer.number("i")  # controller
    led = brokers > 0
    for _ in range(answer.number("i")):
        answer.number("h")  # error
        answer.skip_text()  # topic
        answer.number("b")  # internal
        for _ in range(answer.number("i")):
            answer.number("h")  # error
            answer.number("i")  # partition
            led = answer.number("i") >= 0 and led
            answer.skip_numbers()  # replicas
            answer.skip_numbers()  # in sync
    return led
