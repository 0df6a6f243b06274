"""HTTP with retries. A request is repeated only where that does no harm."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, BinaryIO, Callable, Dict, Mapping, Optional, Union

from .errors import NotReachable, Refused

Query = Mapping[str, Union[str, int, bool, None]]
_AGAIN = {429, 502, 503, 504}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token must not follow a redirect to somebody else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Transport:
    def __init__(self, address: str, token: str, timeout: float = 60.0, retries: int = 4, sleep: Callable[[float], None] = time.sleep) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{address!r} is not the address of a hub. Give it as https://perenne.example.org.")
        self.address = address.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_NoRedirects())

    def json(self, method: str, path: str, body: Any = None, query: Optional[Query] = None, repeat: Optional[bool] = None) -> Any:
        """The parsed answer; None where there is none. ``repeat`` says that a POST may be sent twice without harm."""
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {} if data is None else {"Content-Type": "application/json"}
        with self.open(method, path, data, headers, query, repeat) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def open(self, method: str, path: str, data: Union[bytes, BinaryIO, None] = None, headers: Optional[Dict[str, str]] = None,
             query: Optional[Query] = None, repeat: Optional[bool] = None) -> Any:
        """The open answer of a success. Raises Refused or NotReachable."""
        may_repeat = method in ("GET", "HEAD", "PUT", "DELETE") if repeat is None else repeat
        for attempt in range(self._retries + 1):
            last = attempt == self._retries or not may_repeat
            if attempt and hasattr(data, "seek"):
                data.seek(0)  # type: ignore[union-attr]
            try:
                return self._opener.open(self._request(method, path, data, headers, query), timeout=self._timeout)
            except urllib.error.HTTPError as error:
                with error:
                    if last or error.code not in _AGAIN:
                        raise _refusal(error) from None
                    pause = _wait_of(error.headers.get("Retry-After"), attempt)
            except (urllib.error.URLError, OSError) as error:
                if last:
                    reason = getattr(error, "reason", error)
                    raise NotReachable(f"No hub answers at {self.address} ({reason}). Is it running, and is the address right?") from error
                pause = _wait_of(None, attempt)
            self._sleep(pause)
        raise AssertionError("unreachable")

    def _request(self, method: str, path: str, data: Union[bytes, BinaryIO, None], headers: Optional[Dict[str, str]], query: Optional[Query]) -> urllib.request.Request:
        shown = {k: ("true" if v is True else "false" if v is False else str(v)) for k, v in (query or {}).items() if v is not None}
        url = self.address + path + ("?" + urllib.parse.urlencode(shown) if shown else "")
        every = {"Authorization": f"Bearer {self._token}", "Accept": "application/json", "User-Agent": "perenne-python/0.1"}
        return urllib.request.Request(url, data=data, method=method, headers={**every, **(headers or {})})


def _wait_of(retry_after: Optional[str], attempt: int) -> float:
    if retry_after and retry_after.isdigit():
        return min(60.0, float(retry_after))
    return min(20.0, 0.5 * 2.0 ** attempt)


def _refusal(error: urllib.error.HTTPError) -> Refused:
    content = error.read()
    try:
        problem = json.loads(content)
        return Refused(error.code, str(problem.get("detail") or problem.get("title") or error.reason), problem.get("code"), problem.get("errors"))
    except (ValueError, AttributeError):
        return Refused(error.code, content[:300].decode("utf-8", "replace") or str(error.reason))
