"""Annotation documents as COCO, as detection trainers read it."""

import math
from typing import Any, Dict, Iterable, List, Optional, Sequence

from .models import Annotation

_Points = Sequence[Sequence[float]]


def to_coco(annotations: Iterable[Annotation], classes: Sequence[str] = ()) -> Dict[str, Any]:
    """One image per annotation that is not withdrawn; the last one of an image counts.

    Boxes keep their numbers; a rotated box becomes its four corners as a polygon, a mask its run lengths. Points and lines have no place in
    COCO's detection form and are counted in info.left_out.
    """
    newest: Dict[str, Annotation] = {}
    for one in annotations:
        newest.pop(one.image_id, None)
        if not one.withdrawn and one.document is not None:
            newest[one.image_id] = one
    names = list(classes)
    known = set(names)
    images: List[Dict[str, Any]] = []
    marks: List[Dict[str, Any]] = []
    left_out = 0
    for number, one in enumerate(newest.values(), 1):
        document = one.document or {}
        images.append({"id": number, "file_name": one.file_name, "width": one.width, "height": one.height, "perenne_id": one.image_id, "sha256": one.hash})
        for shape in document.get("shapes", []):
            geometry = _geometry(shape)
            if geometry is None:
                left_out += 1
                continue
            label = shape["label"]
            if label not in known:
                known.add(label)
                names.append(label)
            mark = {"id": len(marks) + 1, "image_id": number, "category_id": names.index(label) + 1, "iscrowd": 0, **geometry}
            if shape.get("score") is not None:
                mark["score"] = shape["score"]
            marks.append(mark)
    return {
        "info": {"description": "Perenne", "left_out": left_out},
        "images": images,
        "annotations": marks,
        "categories": [{"id": i, "name": name, "supercategory": ""} for i, name in enumerate(names, 1)],
    }


def _geometry(shape: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    kind = shape["kind"]
    if kind == "box":
        x, y, width, height = shape["box"]
        return {"bbox": [x, y, width, height], "area": width * height, "segmentation": []}
    if kind == "rotatedBox":
        ring = _corners(*shape["rotatedBox"])
        return _of_rings([ring])
    if kind == "polygon":
        return _of_rings(shape["rings"])
    if kind == "mask":
        size, counts = shape["mask"]["size"], shape["mask"]["counts"]
        box, area = _mask_bounds(counts, size[0])
        return {"bbox": box, "area": area, "segmentation": {"size": size, "counts": counts}}
    return None


def _corners(cx: float, cy: float, width: float, height: float, degrees: float) -> List[List[float]]:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return [[cx + dx * cos - dy * sin, cy + dx * sin + dy * cos]
            for dx, dy in ((-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2))]


def _of_rings(rings: Sequence[_Points]) -> Dict[str, Any]:
    xs = [point[0] for ring in rings for point in ring]
    ys = [point[1] for ring in rings for point in ring]
    area = sum(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, list(ring[1:]) + [ring[0]]))) / 2 for ring in rings)
    return {"bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)], "area": area, "segmentation": [[v for point in ring for v in point] for ring in rings]}


def _mask_bounds(counts: str, height: int) -> "tuple[List[float], float]":
    """Bounds and area of COCO's compressed run lengths (column-major, starting with a run of zeros)."""
    left, top, right, bottom, area, at = math.inf, math.inf, -math.inf, -math.inf, 0, 0
    for number, run in enumerate(_runs(counts)):
        if number % 2 and run:
            area += run
            first, last = divmod(at, height), divmod(at + run - 1, height)
            left, right = min(left, first[0]), max(right, last[0])
            top, bottom = (0, height - 1) if first[0] != last[0] else (min(top, first[1]), max(bottom, last[1]))
        at += run
    return ([0, 0, 0, 0], 0) if not area else ([left, top, right - left + 1, bottom - top + 1], area)


def _runs(counts: str) -> List[int]:
    runs: List[int] = []
    at = 0
    while at < len(counts):
        value, shift, more = 0, 0, True
        while more:
            code = ord(counts[at]) - 48
            value |= (code & 0x1F) << 5 * shift
            more = bool(code & 0x20)
            at += 1
            shift += 1
            if not more and code & 0x10:
                value |= -1 << 5 * shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    return runs
