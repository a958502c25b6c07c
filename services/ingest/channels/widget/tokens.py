"""A visitor's device: a random id, and a token of ours that proves it was given to this browser."""

import base64
import hashlib
import hmac
import re

from services.ingest.channels.contract import Account
from shared.contracts.ids import new_id

DEVICE_KEY = "device_key"
"""The secret of a connection that signs its devices' tokens."""
_DEVICE = re.compile(r"dv_[0-9a-f]{24}")


def new_device() -> str:
    """Make the id of a device, which is its contact id."""
    return new_id("dv")


def is_device(text: str) -> bool:
    """Tell whether a contact id has the form of those we give."""
    return _DEVICE.fullmatch(text) is not None


def token_of(account: Account, device: str) -> str:
    """Return the token of a device: its id, and an HMAC-SHA256 over it. It has no end, as a conversation has none."""
    digest = hmac.digest(account.secrets[DEVICE_KEY].encode(), f"device\n{device}".encode(), hashlib.sha256)
    return f"{device}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def device_of(account: Account, token: str) -> str | None:
    """Return whose token this is, or None where we did not give it for this site."""
    device = token.partition(".")[0]
    if not is_device(device) or not hmac.compare_digest(token_of(account, device).encode(), token.encode()):
        return None
    return device
