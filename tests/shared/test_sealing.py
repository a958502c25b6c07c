"""Secrets open only for the workspace and the purpose they were sealed for."""

import base64
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing.keys import SecretKeyError, SecretKeys, UnsealError


def root(byte: int, length: int = 32) -> str:
    return base64.urlsafe_b64encode(bytes([byte]) * length).decode().rstrip("=")


OLD, NEW = f"1:{root(1)}", f"2:{root(2)}"
SEALED = SecretKeys(OLD).seal("ws_1", "connection.token", "123:ABC")


def test_what_was_sealed_opens_again_and_is_never_sealed_alike() -> None:
    keys = SecretKeys(OLD)
    once, twice = keys.seal("ws_1", "connection.token", "123:ABC ü"), keys.seal("ws_1", "connection.token", "123:ABC ü")
    assert once != twice
    assert "123" not in once
    assert keys.unseal("ws_1", "connection.token", once) == "123:ABC ü"


@pytest.mark.parametrize(
    ("workspace", "purpose"), [("ws_2", "connection.token"), ("ws_1", "connection.secret"), ("", ""), ("ws_1", "")]
)
def test_for_another_workspace_or_purpose_it_stays_shut(workspace: str, purpose: str) -> None:
    with pytest.raises(UnsealError):
        SecretKeys(OLD).unseal(workspace, purpose, SEALED)


def test_a_new_version_seals_and_the_old_one_still_opens() -> None:
    both = SecretKeys(f"{NEW}, {OLD}")
    assert both.unseal("ws_1", "connection.token", SEALED) == "123:ABC"
    assert both.seal("ws_1", "p", "x").startswith("k2.")
    with pytest.raises(UnsealError, match="version 1"):
        SecretKeys(NEW).unseal("ws_1", "connection.token", SEALED)


@pytest.mark.parametrize("cut", range(len(SEALED)))
def test_cut_short_anywhere_it_is_an_unseal_error(cut: int) -> None:
    with pytest.raises(UnsealError):
        SecretKeys(OLD).unseal("ws_1", "connection.token", SEALED[:cut])


@given(st.integers(0, len(SEALED) - 1), st.characters() | st.sampled_from("kA-_.0٣"))
def test_changed_anywhere_it_never_opens_as_something_else(place: int, other: str) -> None:
    changed = SEALED[:place] + other + SEALED[place + 1 :]
    try:
        opened = SecretKeys(OLD).unseal("ws_1", "connection.token", changed)
    except UnsealError:
        return
    assert opened == "123:ABC"  # the last character of base64 holds bits that mean nothing


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("", "is not set"),
        (" , ", "is not set"),
        (root(1), "each part is"),
        (f"x:{root(1)}", "each part is"),
        (f"0:{root(1)}", "versions are"),
        (f"-1:{root(1)}", "versions are"),
        (f"1:{root(1)},1:{root(2)}", "each there once"),
        (f"1:{root(1, 31)}", "31 bytes"),
        ("1:", "0 bytes"),
        ("1:é", "each part is"),
    ],
)
def test_a_setting_that_is_wrong_says_so_without_repeating_the_key(setting: str, says: str) -> None:
    with pytest.raises(SecretKeyError) as refused:
        SecretKeys(setting)
    assert says in str(refused.value)
    told = "".join(traceback.format_exception(refused.value)).split("SecretKeyError")[-1]
    assert root(1)[:8] not in told
    assert refused.value.__cause__ is None
