"""The entry point."""

import os
from typing import Any, Dict, List, Optional

from .project import Project
from .transport import Transport


class Hub:
    """A hub, as one person or machine sees it.

    Without arguments the address and the token are taken from PERENNE_HUB and PERENNE_TOKEN.
    """

    def __init__(self, address: Optional[str] = None, token: Optional[str] = None, timeout: float = 60.0, retries: int = 4) -> None:
        address = address or os.environ.get("PERENNE_HUB")
        token = token or os.environ.get("PERENNE_TOKEN")
        if not address or not token:
            raise ValueError("Give the hub's address and an API token, or set PERENNE_HUB and PERENNE_TOKEN.")
        self.transport = Transport(address, token, timeout, retries)

    def projects(self) -> List[Dict[str, Any]]:
        """The projects you can see."""
        found: List[Dict[str, Any]] = self.transport.json("GET", "/api/v1/projects")
        return found

    def project(self, slug: str) -> Project:
        """One project by its name in addresses. Asks nothing yet."""
        return Project(self.transport, slug)

    def graphql(self, query: str, variables: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """The answer of POST /graphql: {"data": …} and, where single fields could not be read, {"errors": […]}."""
        answer: Dict[str, Any] = self.transport.json("POST", "/graphql", {"query": query, "variables": variables}, repeat=True)
        return answer
