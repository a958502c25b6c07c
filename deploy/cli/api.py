"""Speaks HTTP for the commands: to Kith's own API, and to the sandbox."""

import os
from typing import TYPE_CHECKING, Any, Self

from deploy.cli import addresses, demo_file
from deploy.cli.output import give_up
from deploy.local import ports, run_lock
from deploy.local.layout import Home

if TYPE_CHECKING:  # it takes long to import, and few commands need it
    import httpx


class Api:
    """Kith's API, or the sandbox's. What is refused ends the command in the server's own words."""

    def __init__(self, origin: str, key: str | None = None) -> None:
        import httpx

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # No proxy of the environment: what is asked is on this machine, or is the operator's own.
        secure = origin.startswith("https:")  # without it there are no certificates to load, which takes a while
        self._client = httpx.Client(base_url=origin, headers=headers, timeout=30, trust_env=False, verify=secure)
        self._origin = origin

    @classmethod
    def of_run(cls, home: Home) -> Self:
        """Reach the run that has `home`, with KITH_API_KEY or the demo's key."""
        key = os.environ.get("KITH_API_KEY")
        if key is None and home.demo.exists():
            key = demo_file.read(home).api_key
        if key is None:
            give_up("Give a key in KITH_API_KEY; `kith keys add` makes one.")
        return cls(origin_of(home), key)

    def ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  JSON
        """Send one request and give the answer's JSON."""
        answer = self.try_once(method, path, **more)
        if answer.is_error:
            give_up(f"{method} {path} was refused ({answer.status_code}): {problem_of(answer)}")
        return answer.json() if answer.content else None

    def try_once(self, method: str, path: str, **more: Any) -> "httpx.Response":  # noqa: ANN401  httpx's own arguments
        """Send one request and give the answer, whatever it is."""
        import httpx

        try:
            return self._client.request(method, path, **more)
        except httpx.TransportError as error:
            give_up(f"{self._origin} does not answer ({type(error).__name__}). Is Kith up? `kith status` tells.")


def origin_of(home: Home) -> str:
    """Give the one origin of the run that has `home`; without a run, where one would be."""
    run = run_lock.of(home)
    numbers = run.ports if run else ports.of_environment()
    return addresses.of("console", numbers)


def problem_of(answer: "httpx.Response") -> str:
    """Say what a problem document says."""
    try:
        told = answer.json()
    except ValueError:
        return answer.text[:500]
    if not isinstance(told, dict):
        return str(told)
    problem: dict[str, Any] = told
    fields = [f"{error.get('field')}: {error.get('message')}" for error in problem.get("errors", [])]
    return " ".join(filter(None, (problem.get("title"), problem.get("detail"), *fields)))
