"""Asks a model of a hub or a station over the Open Inference Protocol v2, with nothing but Python's standard library.

    python3 oip_client.py http://localhost:5601 bright-spots 64 64

prints what the model is, then the outputs of one random image, asked once as JSON and once in the binary form; both must agree.
A hub wants a token: PERENNE_TOKEN=... in the environment.
"""
import array
import json
import os
import random
import sys
import urllib.request

BINARY = "Inference-Header-Content-Length"


class Model:
    def __init__(self, server, name, token=None):
        self.server, self.name = server.rstrip("/"), name
        self.headers = {"Authorization": "Bearer " + token} if token else {}

    def call(self, path, body=None, headers=None):
        request = urllib.request.Request(self.server + path, data=body, headers={**self.headers, **(headers or {})})
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    def get(self, path):
        return json.loads(self.call(path)[1] or "{}")

    def is_ready(self):
        return self.call("/v2/models/%s/ready" % self.name) is not None

    def metadata(self):
        return self.get("/v2/models/" + self.name)

    def infer(self, name, shape, values):
        """Outputs by name: (shape, values). One list of numbers in, JSON both ways."""
        body = json.dumps({"inputs": [{"name": name, "shape": shape, "datatype": "FP32", "data": list(values)}]}).encode()
        _, answer = self.call("/v2/models/%s/infer" % self.name, body, {"Content-Type": "application/json"})
        return {o["name"]: (o["shape"], o["data"]) for o in json.loads(answer)["outputs"]}

    def infer_binary(self, name, shape, values):
        """The same with tensors as little-endian float32 behind the JSON: several times smaller and faster."""
        raw = array.array("f", values)
        if sys.byteorder == "big":
            raw.byteswap()
        head = json.dumps({
            "parameters": {"binary_data_output": True},
            "inputs": [{"name": name, "shape": shape, "datatype": "FP32", "parameters": {"binary_data_size": 4 * len(raw)}}],
        }).encode()
        headers, answer = self.call("/v2/models/%s/infer" % self.name, head + raw.tobytes(), {"Content-Type": "application/octet-stream", BINARY: str(len(head))})
        at = int(headers[BINARY])
        outputs = {}
        for o in json.loads(answer[:at])["outputs"]:
            size = o["parameters"]["binary_data_size"]
            numbers = array.array("f")
            numbers.frombytes(answer[at:at + size])
            if sys.byteorder == "big":
                numbers.byteswap()
            outputs[o["name"]], at = (o["shape"], list(numbers)), at + size
        return outputs


def main(server, name, height, width):
    model = Model(server, name, os.environ.get("PERENNE_TOKEN"))
    facts = model.metadata()
    tensor = facts["inputs"][0]
    print("server", model.get("/v2")["name"], "model", facts["name"], "input", tensor["name"], tensor["shape"], "ready", model.is_ready())
    channels = max(1, int(tensor["shape"][1]))
    shape = [1, channels, int(height), int(width)]
    random.seed(5)
    values = array.array("f", (random.random() for _ in range(channels * shape[2] * shape[3])))
    plain, binary = model.infer(tensor["name"], shape, values), model.infer_binary(tensor["name"], shape, values)
    for output in facts["outputs"]:
        key = output["name"]
        worst = max(abs(a - b) for a, b in zip(plain[key][1], binary[key][1]))
        print("output", key, binary[key][0], "largest", round(max(binary[key][1]), 4), "JSON and binary differ by", worst)
        assert plain[key][0] == binary[key][0] and worst < 1e-6
    return values, binary


if __name__ == "__main__":
    main(*sys.argv[1:5])
