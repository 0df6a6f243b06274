"""Large files in pieces: after a broken connection the hub is asked how far it is, and it goes on from there."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any, Dict, Optional

from .errors import HubError, NotReachable, Refused
from .transport import Transport

LARGE_FROM = 32 << 20
PIECE = 16 << 20
_ATTEMPTS = 6


def send_in_pieces(transport: Transport, base: str, path: Path, facts: Dict[str, str], piece: int = PIECE) -> Dict[str, Any]:
    state = transport.json("POST", f"{base}/uploads/", {"fileName": path.name, "length": path.stat().st_size, "hash": _hash(path), "facts": facts})
    upload = f"{base}/uploads/{state['id']}"
    failures = 0
    with path.open("rb") as file:
        while state["offset"] < state["length"]:
            file.seek(state["offset"])
            headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(state["offset"])}
            try:
                # Not repeated blindly: the piece may have arrived although its answer was lost.
                with transport.open("PATCH", upload, file.read(piece), headers) as answer:
                    state = json.loads(answer.read())
                failures = 0
            except (NotReachable, Refused) as error:
                passing = isinstance(error, NotReachable) or error.status in (409, 429, 502, 503, 504)
                failures += 1
                if not passing or failures >= _ATTEMPTS:
                    raise
                time.sleep(0.5 * 2.0 ** failures)
                state = transport.json("GET", upload)
    finished = transport.json("POST", f"{upload}/finish", {}, repeat=True)
    answer_of: Optional[Dict[str, Any]] = finished.get("answer")
    if answer_of is None:
        raise HubError("The hub finished an upload without a verdict.")
    return answer_of


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
