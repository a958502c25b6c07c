"""Whose preference page an address leads to: a token that nobody guesses, and that says nothing to who reads it.

It is sealed with `KITH_SECRET_KEY`, so that whoever writes to people makes one without asking anybody.
"""

from shared.sealing.keys import SecretKeys, UnsealError

_EVERYWHERE = "preferences"
"""In the workspace's place when it is sealed: the token itself has to say which workspace it is of."""
_PURPOSE = "preferences.page"
_MOST_CHARACTERS = 400


class NoSuchPageError(Exception):
    """No token of ours, or of a key that is not there any more."""


def preferences_token(keys: SecretKeys, workspace_id: str, client_id: str) -> str:
    """Return what stands behind `/u/`."""
    return keys.seal(_EVERYWHERE, _PURPOSE, f"{workspace_id} {client_id}")


def whose_preferences(keys: SecretKeys, token: str) -> tuple[str, str]:
    """Return the workspace and the client of a token. Raises `NoSuchPageError`."""
    if len(token) > _MOST_CHARACTERS:
        raise NoSuchPageError
    try:
        workspace_id, _, client_id = keys.unseal(_EVERYWHERE, _PURPOSE, token).partition(" ")
    except UnsealError as error:
        raise NoSuchPageError from error
    return workspace_id, client_id
