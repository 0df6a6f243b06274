"""Against a running hub: PERENNE_HUB, PERENNE_TOKEN, PERENNE_PROJECT, PERENNE_ORGANIZATION name it; the project is empty but for label classes."""

import hashlib
import os
import struct
import tempfile
import unittest
import zipfile
import zlib
from pathlib import Path

from perenne import Hub, Refused

ORGANIZATION, PROJECT = os.environ.get("PERENNE_ORGANIZATION", ""), os.environ.get("PERENNE_PROJECT", "")


def png(path: Path, seed: int, side: int = 160) -> Path:
    """A grey PNG of noise, by seed."""
    rows, value = bytearray(), seed * 2654435761 % 2**32
    for _ in range(side):
        rows.append(0)
        for _ in range(side):
            value = (value * 1664525 + 1013904223) % 2**32
            rows.append(value >> 24)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b""))
    return path


@unittest.skipUnless(os.environ.get("PERENNE_HUB") and PROJECT, "needs a running hub")
class RunningHub(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.hub = Hub()
        cls.project = cls.hub.project(PROJECT)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)

    def file(self, seed: int) -> Path:
        return png(Path(self.folder.name) / f"part-{seed}.png", seed)

    def test_images_go_in_once_and_come_out_byte_for_byte(self) -> None:
        file = self.file(1)
        first = self.project.upload(ORGANIZATION, file, {"camera": "py-top"})
        second = self.project.upload(ORGANIZATION, file, {"camera": "py-top"})
        self.assertEqual(("stored", "duplicate", first.image_id), (first.outcome, second.outcome, second.image_id))
        listed = [i for i in self.project.images(camera="py-top", page_size=1)]
        self.assertEqual([("part-1.png", 160)], [(i.file_name, i.width) for i in listed])
        target = Path(self.folder.name) / "out.png"
        self.project.download(listed[0], target)
        self.assertEqual(file.read_bytes(), target.read_bytes())

    def test_a_large_file_goes_in_pieces(self) -> None:
        verdict = self.project.upload(ORGANIZATION, self.file(2), {"camera": "py-large"}, large_from=1)
        self.assertEqual("stored", verdict.outcome)

    def test_what_is_no_image_is_refused_with_a_reason(self) -> None:
        bad = Path(self.folder.name) / "bad.png"
        bad.write_bytes(b"not a picture")
        try:
            verdict = self.project.upload(ORGANIZATION, bad)
            self.assertEqual("refused", verdict.outcome)
            self.assertTrue(verdict.reason)
        except Refused as refused:
            self.assertTrue(refused.detail)

    def test_proposals_are_kept_and_the_same_again_changes_nothing(self) -> None:
        file = self.file(3)
        self.project.upload(ORGANIZATION, file)
        document = {"shapes": [{"kind": "box", "id": "1", "label": "open", "box": [10, 10, 20, 20], "attributes": {}, "score": 0.9}], "tags": [], "values": {}, "verdict": None}
        proposal = {"hash": hashlib.sha256(file.read_bytes()).hexdigest(), "document": document}
        self.assertEqual(1, self.project.propose(ORGANIZATION, [proposal])["added"])
        self.assertEqual(1, self.project.propose(ORGANIZATION, [proposal])["unchanged"])
        refused = self.project.propose(ORGANIZATION, [{"hash": "0" * 64, "document": document}])["refused"]
        self.assertIn("import the image first", refused[0])

    def test_annotations_come_as_coco_and_a_cursor_gives_nothing_twice(self) -> None:
        file = self.file(4)
        self.project.upload(ORGANIZATION, file, {"camera": "py-coco"})
        document = {"shapes": [{"kind": "box", "id": "1", "label": "short", "box": [1, 2, 30, 40], "attributes": {}}], "tags": [], "values": {}, "verdict": "defects"}
        item = {"hash": hashlib.sha256(file.read_bytes()).hexdigest(), "document": document}
        self.hub.transport.json("POST", f"/api/v1/organizations/{ORGANIZATION}/projects/{PROJECT}/annotations/import", {"items": [item]})
        coco = self.project.coco(state="imported")
        mine = [i for i in coco["images"] if i["file_name"] == "part-4.png"]
        self.assertEqual(1, len(mine))
        self.assertEqual([[1, 2, 30, 40]], [a["bbox"] for a in coco["annotations"] if a["image_id"] == mine[0]["id"]])
        page = self.project.annotation_page(state="imported")
        again = self.project.annotation_page(since=page.since, state="imported")
        self.assertEqual(([], page.since), (again.items, again.since))

    def test_an_export_is_made_and_downloaded(self) -> None:
        target = Path(self.folder.name) / "set.zip"
        export = self.project.export("coco", target, source="newest", every=0.1)
        self.assertEqual(export.hash, hashlib.sha256(target.read_bytes()).hexdigest())
        self.assertIn("export-report.txt", zipfile.ZipFile(target).namelist())

    def test_graphql_and_campaigns_answer(self) -> None:
        answer = self.hub.graphql("query($p: String!) { project(slug: $p) { slug images(first: 1) { nodes { fileName } } } }", {"p": PROJECT})
        self.assertEqual(PROJECT, answer["data"]["project"]["slug"])
        self.assertEqual([], self.project.campaigns())
        self.assertIn(PROJECT, [p["slug"] for p in self.hub.projects()])

    def test_a_refusal_says_what_to_change(self) -> None:
        with self.assertRaises(Refused) as caught:
            self.project.export("excel", Path(self.folder.name) / "x.zip")
        self.assertIn("label-studio", caught.exception.detail)


if __name__ == "__main__":
    unittest.main()
