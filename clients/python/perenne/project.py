"""One project: images in, annotations out."""

import json
import time
import urllib.parse
from pathlib import Path
from typing import Any, BinaryIO, Callable, Dict, Iterable, Iterator, List, Optional, Union

from .coco import to_coco
from .errors import HubError
from .models import Annotation, Campaign, Export, Image, Page, Upload
from .transport import Transport
from .uploads import LARGE_FROM, send_in_pieces

_PROPOSALS_AT_ONCE = 500


class Project:
    def __init__(self, transport: Transport, slug: str) -> None:
        self._transport = transport
        self.slug = slug
        self._path = "/api/v1/projects/" + urllib.parse.quote(slug, safe="")

    # --- reading ----------------------------------------------------------------------------

    def images(self, annotated: Optional[bool] = None, organization: Optional[str] = None, camera: Optional[str] = None, page_size: int = 200) -> Iterator[Image]:
        """All images that fit, newest first, fetched page by page as you go on."""
        cursor: Optional[str] = None
        while True:
            page = self._transport.json("GET", f"{self._path}/images", query={"annotated": annotated, "in": organization, "camera": camera, "size": page_size, "cursor": cursor})
            for row in page["images"]:
                yield Image.of(row)
            cursor = page.get("next")
            if not cursor:
                return

    def download(self, image: Union[Image, str], target: Union[str, Path]) -> None:
        """The image's file as it arrived."""
        self._save(f"{self._path}/images/{image if isinstance(image, str) else image.id}/original", Path(target))

    def annotation_page(self, since: Optional[str] = None, state: str = "groundTruth", organization: Optional[str] = None, campaign: Optional[str] = None, size: int = 500) -> Page[Annotation]:
        """One page in the order of the last change. Keep ``since`` of the answer: with it the next call gives what changed after it."""
        page = self._transport.json("GET", f"{self._path}/annotations", query={"since": since, "state": state, "in": organization, "campaign": campaign, "size": size})
        return Page([Annotation.of(row) for row in page["annotations"]], page["since"], page["more"])

    def annotations(self, since: Optional[str] = None, state: str = "groundTruth", organization: Optional[str] = None, campaign: Optional[str] = None) -> Iterator[Annotation]:
        """All of them; withdrawn ones too, so that a copy can drop what is no longer valid."""
        while True:
            page = self.annotation_page(since, state, organization, campaign)
            yield from page.items
            since = page.since
            if not page.more:
                return

    def coco(self, state: str = "groundTruth", organization: Optional[str] = None, campaign: Optional[str] = None) -> Dict[str, Any]:
        """The annotations as one COCO dictionary, classes in the order of the schema."""
        schema = self._transport.json("GET", f"{self._path}/schema")
        classes = [one["name"] for one in schema["classes"]]
        return to_coco(self.annotations(state=state, organization=organization, campaign=campaign), classes)

    def campaigns(self) -> List[Campaign]:
        return [Campaign.of(row) for row in self._transport.json("GET", f"{self._path}/campaigns")]

    # --- writing ----------------------------------------------------------------------------

    def upload(self, organization: str, file: Union[str, Path], facts: Optional[Dict[str, str]] = None, large_from: int = LARGE_FROM) -> Upload:
        """Sends one image. The same bytes again change nothing, so a repeated upload is safe. Large files go in pieces and survive broken connections.

        ``facts``: camera, station, capturedAt, partId, batch, group, metadata (a JSON object as text).
        """
        path = Path(file)
        base = f"/api/v1/organizations/{urllib.parse.quote(organization, safe='')}/projects/{urllib.parse.quote(self.slug, safe='')}"
        if path.stat().st_size >= large_from:
            answer = send_in_pieces(self._transport, base, path, facts or {})
        else:
            with path.open("rb") as content:
                query = {"fileName": path.name, **(facts or {})}
                with self._transport.open("POST", f"{base}/images", content.read(), {"Content-Type": "application/octet-stream"}, query, repeat=True) as reply:
                    answer = json.loads(reply.read())
        return Upload.of(answer["files"][0])

    def propose(self, organization: str, proposals: Iterable[Dict[str, Any]]) -> Dict[str, Any]:
        """Pre-annotations of a model, shown to annotators as dashed shapes. Each: {"hash": SHA-256 of the image file, "document": annotation document}.

        The newest proposal of an image replaces the one before. Answers how many were added, changed, unchanged, and a sentence for each refused.
        """
        total: Dict[str, Any] = {"added": 0, "changed": 0, "unchanged": 0, "refused": []}
        path = f"/api/v1/organizations/{urllib.parse.quote(organization, safe='')}/projects/{urllib.parse.quote(self.slug, safe='')}/annotations/proposals"
        batch: List[Dict[str, Any]] = []

        def send() -> None:
            answer = self._transport.json("POST", path, {"items": batch}, repeat=True)
            for key in total:
                total[key] = total[key] + answer[key]
            batch.clear()

        for one in proposals:
            batch.append(one)
            if len(batch) == _PROPOSALS_AT_ONCE:
                send()
        if batch:
            send()
        return total

    # --- exports ----------------------------------------------------------------------------

    def export(self, format: str, target: Union[str, Path], source: str = "groundTruth", images: bool = False, campaign: Optional[str] = None,
               progress: Optional[Callable[[Export], None]] = None, every: float = 1.0) -> Export:
        """Lets the hub write a data set in the background and downloads its zip."""
        started = self._transport.json("POST", f"{self._path}/exports", {"format": format, "source": source, "images": images, "campaignId": campaign})
        export = Export.of(started)
        while export.running:
            if progress:
                progress(export)
            time.sleep(every)
            export = Export.of(self._transport.json("GET", f"{self._path}/exports/{export.id}"))
        if export.state != "done":
            raise HubError(f"The export ended as {export.state}: {export.error or 'it was stopped'}")
        self._save(f"{self._path}/exports/{export.id}/file", Path(target))
        return export

    def _save(self, path: str, target: Path) -> None:
        part = target.with_name(target.name + ".part")
        with self._transport.open("GET", path) as answer, part.open("wb") as file:
            _copy(answer, file)
        part.replace(target)


def _copy(source: Any, target: BinaryIO) -> None:
    while True:
        piece = source.read(1 << 20)
        if not piece:
            return
        target.write(piece)
