"""What the hub answers, with the fields that are promised; ``raw`` has everything."""

from dataclasses import dataclass
from typing import Any, Dict, Generic, List, Optional, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Image:
    id: str
    file_name: str
    hash: str
    width: int
    height: int
    is_annotated: bool
    quality: str
    raw: Dict[str, Any]

    @staticmethod
    def of(row: Dict[str, Any]) -> "Image":
        return Image(row["id"], row["fileName"], row["contentHash"], row["width"], row["height"], row["isAnnotated"], row["quality"], row)


@dataclass(frozen=True)
class Annotation:
    """``document`` is an annotation document (docs/annotation-document.md); None where ``withdrawn``."""

    id: str
    image_id: str
    file_name: str
    hash: str
    width: int
    height: int
    state: str
    withdrawn: bool
    verdict: Optional[str]
    document: Optional[Dict[str, Any]]
    raw: Dict[str, Any]

    @staticmethod
    def of(row: Dict[str, Any]) -> "Annotation":
        return Annotation(row["annotationId"], row["imageId"], row["fileName"], row["hash"], row["width"], row["height"], row["state"], row["withdrawn"],
                          row.get("verdict"), row.get("document"), row)


@dataclass(frozen=True)
class Page(Generic[T]):
    """``since`` is where the next fetch goes on, now or tomorrow."""

    items: List[T]
    since: str
    more: bool


@dataclass(frozen=True)
class Campaign:
    id: str
    name: str
    state: str
    target: int
    done: int
    raw: Dict[str, Any]

    @staticmethod
    def of(row: Dict[str, Any]) -> "Campaign":
        return Campaign(row["id"], row["name"], row["state"], row["target"], row["totals"]["done"], row)


@dataclass(frozen=True)
class Upload:
    """What became of one file: ``outcome`` is stored, duplicate or refused."""

    file_name: str
    outcome: str
    image_id: Optional[str]
    reason: Optional[str]
    raw: Dict[str, Any]

    @staticmethod
    def of(row: Dict[str, Any]) -> "Upload":
        return Upload(row.get("fileName") or "", row["outcome"], row.get("imageId"), row.get("reason"), row)


@dataclass(frozen=True)
class Export:
    id: str
    format: str
    state: str
    hash: Optional[str]
    bytes: int
    losses: List[Dict[str, Any]]
    error: Optional[str]
    raw: Dict[str, Any]

    @property
    def running(self) -> bool:
        return self.state in ("waiting", "reading", "writing")

    @staticmethod
    def of(row: Dict[str, Any]) -> "Export":
        return Export(row["id"], row["format"], row["state"], row.get("hash"), row["bytes"], row["losses"], row.get("error"), row)
