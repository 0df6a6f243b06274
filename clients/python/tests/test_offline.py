"""What needs no hub: COCO geometry, retries against a scripted server."""

import io
import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Dict, List, Optional, Tuple

from perenne import Annotation, NotReachable, Refused, to_coco
from perenne.transport import Transport


def annotation(image: str, shapes: List[Dict[str, Any]], withdrawn: bool = False) -> Annotation:
    document = None if withdrawn else {"shapes": shapes, "tags": [], "values": {}, "verdict": "defects"}
    return Annotation("a", image, image + ".png", "0" * 64, 100, 80, "groundTruth", withdrawn, None, document, {})


class Coco(unittest.TestCase):
    def test_boxes_keep_their_numbers_and_classes_follow_the_schema(self) -> None:
        coco = to_coco([annotation("i", [{"kind": "box", "id": "1", "label": "short", "box": [1.5, 2, 30, 4]}])], ["open", "short"])
        self.assertEqual([("open", 1), ("short", 2)], [(c["name"], c["id"]) for c in coco["categories"]])
        self.assertEqual(([1.5, 2, 30, 4], 120, 2), (coco["annotations"][0]["bbox"], coco["annotations"][0]["area"], coco["annotations"][0]["category_id"]))

    def test_a_box_turned_by_90_degrees_has_its_sides_swapped(self) -> None:
        shape = {"kind": "rotatedBox", "id": "1", "label": "open", "rotatedBox": [50, 40, 30, 10, 90]}
        mark = to_coco([annotation("i", [shape])])["annotations"][0]
        for expected, found in zip([45, 25, 10, 30], mark["bbox"]):
            self.assertAlmostEqual(expected, found)
        self.assertAlmostEqual(300, mark["area"])

    def test_the_last_annotation_of_an_image_counts_and_a_withdrawn_one_removes_it(self) -> None:
        box = {"kind": "box", "id": "1", "label": "open", "box": [0, 0, 1, 1]}
        coco = to_coco([annotation("i", [box]), annotation("k", [box]), annotation("i", [box, box]), annotation("k", [], withdrawn=True)])
        self.assertEqual((1, 2), (len(coco["images"]), len(coco["annotations"])))

    def test_points_are_counted_as_left_out(self) -> None:
        coco = to_coco([annotation("i", [{"kind": "point", "id": "1", "label": "open", "point": [1, 2]}])])
        self.assertEqual((1, []), (coco["info"]["left_out"], coco["annotations"]))

    def test_a_mask_has_the_bounds_of_its_runs(self) -> None:
        # 4 rows x 3 columns, column-major: 5 zeros, 2 ones, 5 zeros -> column 1, rows 1 and 2.
        shape = {"kind": "mask", "id": "1", "label": "open", "mask": {"size": [4, 3], "counts": "525"}}
        mark = to_coco([annotation("i", [shape])])["annotations"][0]
        self.assertEqual(([1, 1, 1, 2], 2), (mark["bbox"], mark["area"]))


class Scripted:
    """A server that gives the answers it was told, in order, and remembers the requests."""

    def __init__(self, *answers: Tuple[int, Dict[str, str], bytes]) -> None:
        self.requests: List[Tuple[str, str, bytes]] = []
        queue = list(answers)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((self.command, self.path, body))
                status, headers, content = queue.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.pauses: List[float] = []
        self.transport = Transport(f"http://127.0.0.1:{self.server.server_port}", "prn_x", sleep=self.pauses.append)

    def __enter__(self) -> "Scripted":
        return self

    def __exit__(self, *error: Optional[Any]) -> None:
        self.server.shutdown()
        self.server.server_close()


BUSY = (503, {"Retry-After": "7"}, b"")
OK = (200, {}, b'{"fine": true}')


class Retries(unittest.TestCase):
    def test_a_busy_hub_is_asked_again_after_the_time_it_names(self) -> None:
        with Scripted(BUSY, BUSY, OK) as hub:
            self.assertEqual({"fine": True}, hub.transport.json("GET", "/x"))
            self.assertEqual([7.0, 7.0], hub.pauses)

    def test_a_post_is_not_repeated_unless_that_does_no_harm(self) -> None:
        with Scripted(BUSY) as hub, self.assertRaises(Refused):
            hub.transport.json("POST", "/x", {})
        with Scripted(BUSY, OK) as hub:
            hub.transport.json("POST", "/x", {"a": 1}, repeat=True)
            self.assertEqual([b'{"a": 1}', b'{"a": 1}'], [r[2] for r in hub.requests])

    def test_a_file_is_sent_again_from_its_beginning(self) -> None:
        with Scripted(BUSY, OK) as hub:
            hub.transport.open("PUT", "/x", io.BytesIO(b"whole"), {"Content-Length": "5"}).close()
            self.assertEqual([b"whole", b"whole"], [r[2] for r in hub.requests])

    def test_a_refusal_carries_the_sentence_and_the_fields_and_is_not_repeated(self) -> None:
        problem = json.dumps({"detail": "Choose a format.", "code": "invalid-input", "errors": {"format": ["Choose a format."]}}).encode()
        with Scripted((400, {"Content-Type": "application/problem+json"}, problem)) as hub, self.assertRaises(Refused) as caught:
            hub.transport.json("GET", "/x")
        self.assertEqual((400, "Choose a format.", {"format": ["Choose a format."]}), (caught.exception.status, caught.exception.detail, caught.exception.fields))

    def test_the_token_does_not_follow_a_redirect(self) -> None:
        with Scripted((302, {"Location": "http://127.0.0.1:9/elsewhere"}, b"")) as hub, self.assertRaises(Refused) as caught:
            hub.transport.json("GET", "/x")
        self.assertEqual(302, caught.exception.status)

    def test_no_hub_is_said_so_after_the_retries(self) -> None:
        pauses: List[float] = []
        with self.assertRaises(NotReachable):
            Transport("http://127.0.0.1:9", "prn_x", sleep=pauses.append).json("GET", "/x")
        self.assertEqual([0.5, 1.0, 2.0, 4.0], pauses)

    def test_what_is_no_address_is_refused_at_once(self) -> None:
        with self.assertRaises(ValueError):
            Transport("perenne.example.org", "prn_x")


if __name__ == "__main__":
    unittest.main()
