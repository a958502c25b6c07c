"""Ports: the setting that mends it is named."""

import re
import socket

import pytest

from deploy.local import ports
from deploy.local.errors import CannotStart


def test_all_ports_count_from_one() -> None:
    numbers = ports.of_environment({"KITH_PORT": "9100"})

    assert numbers["console"] == 9100
    assert numbers["sandbox"] == 9105
    assert numbers["mongo"] == 9108


def test_each_can_be_set_by_itself() -> None:
    assert ports.of_environment({"KITH_KAFKA_PORT": "9092"})["kafka"] == 9092


@pytest.mark.parametrize("wrong", ["eighty", "0", "65536", "-1", "8000 "])
def test_what_is_no_port_is_named(wrong: str) -> None:
    with pytest.raises(CannotStart, match=r"KITH_INGEST_PORT is .* no port"):
        ports.of_environment({"KITH_INGEST_PORT": wrong})


def test_a_first_port_that_leaves_no_room_for_the_others_is_said() -> None:
    with pytest.raises(CannotStart, match="no port"):
        ports.of_environment({"KITH_PORT": "65530"})


def test_one_port_for_two_is_said() -> None:
    with pytest.raises(CannotStart, match="KITH_PORT and KITH_MONGO_PORT are both 8000"):
        ports.of_environment({"KITH_MONGO_PORT": "8000"})


def test_a_taken_port_names_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with pytest.raises(CannotStart, match=re.escape(f"Port {taken}, wanted for kafka")) as refusal:
            ports.refuse_taken({"kafka": taken}, ["kafka"])

    assert "KITH_KAFKA_PORT" in str(refusal.value)


def test_a_port_that_is_free_again_at_once_is_free() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as all of our servers do
        server.bind(("127.0.0.1", ports.free(1)[0]))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
            pass

    assert ports.is_free(port)


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections() -> None:
    found = ports.free(5)

    assert len(set(found)) == 5
    assert all(port < 32768 for port in found)
