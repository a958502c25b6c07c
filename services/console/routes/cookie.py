"""The session's cookie, and who may use it: pages of our own origin, nobody else."""

from fastapi import Request, Response

from services.console.settings import ConsoleSettings
from services.console.usecases.sign_in import SESSION_LIFE
from shared.web.problems import ProblemError

PATH = "/api/console"


class SessionCookie:
    """Sets, reads and deletes it. Scripts never see it, and no other site's request carries it."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        # Cookies know no ports: without one in the name, two runs on one host would sign each other out.
        self.name = f"kith_session_{settings.origin_port}"

    def set(self, response: Response, value: str) -> None:
        response.set_cookie(
            self.name,
            value,
            max_age=int(SESSION_LIFE.total_seconds()),
            path=PATH,
            secure=self._settings.is_https,
            httponly=True,
            samesite="strict",
        )

    def delete(self, response: Response) -> None:
        response.delete_cookie(self.name, path=PATH, secure=self._settings.is_https, httponly=True, samesite="strict")

    def of(self, request: Request) -> str | None:
        return request.cookies.get(self.name)

    def check_origin(self, request: Request) -> None:
        """Refuse a request that uses the cookie and does not come from our own pages."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin in self._settings.origins or (origin is None and site == "same-origin"):
            return
        raise self._foreign()

    def check_not_foreign(self, request: Request) -> None:
        """Refuse a browser on another site; a program, which sends neither header, may sign in."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin in self._settings.origins or (origin is None and site in {None, "same-origin"}):
            return
        raise self._foreign()

    def _foreign(self) -> ProblemError:
        return ProblemError(
            403,
            "foreign-origin",
            f"This request did not come from the console's own pages. Open the console at {self._settings.origin}; "
            "where it is reached at another address, that one belongs into KITH_PUBLIC_URL.",
        )
