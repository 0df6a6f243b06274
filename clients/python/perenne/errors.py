"""What can go wrong, told apart by what the caller can do about it."""

from typing import Dict, List, Optional


class HubError(Exception):
    """Base of all errors of this package."""


class NotReachable(HubError):
    """No hub answered, also after the retries. Nothing is known about the request."""


class Refused(HubError):
    """The hub answered with a refusal; its sentence says what to change."""

    def __init__(self, status: int, detail: str, code: Optional[str] = None, fields: Optional[Dict[str, List[str]]] = None) -> None:
        super().__init__(f"{detail} (HTTP {status})")
        self.status = status
        self.detail = detail
        self.code = code
        self.fields: Dict[str, List[str]] = fields or {}
