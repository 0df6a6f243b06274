#!/usr/bin/env python3
"""A trainer of one's own, with nothing but Python's standard library: the smallest that speaks Perenne's contract.

    trainer.py JOBFOLDER

It "learns" how frequent each image tag is and answers with that, whatever the image: the baseline every real
classifier has to beat. What matters is around it: job.json and samples.jsonl are read, metrics.jsonl is appended,
SIGTERM ends with 75 so that the run can go on later, and model/ appears complete or not at all. Replace `learn`
and `network` by calls into the framework of your choice; docs/training.md describes the contract.
"""
import hashlib
import json
import math
import os
import signal
import struct
import sys
import time

STOPPED = 75


# --- ONNX is a protobuf file: fields are (number << 3 | kind), kind 0 = number, 2 = length and bytes ----------------
def varint(n):
    out = bytearray()
    while True:
        out.append(n & 127 | (128 if n > 127 else 0))
        n >>= 7
        if not n:
            return bytes(out)


def number(field, n):
    return varint(field << 3) + varint(n)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, dims, values):
    return b"".join(number(1, d) for d in dims) + number(2, 1) + block(8, name) + block(9, struct.pack(f"<{len(values)}f", *values))


def node(kind, inputs, output, attributes=b""):
    return b"".join(block(1, i) for i in inputs) + block(2, output) + block(3, output) + block(4, kind) + attributes


def value(name, dims):
    shape = b"".join(block(1, number(1, d) if isinstance(d, int) else block(2, d)) for d in dims)
    return block(1, name) + block(2, block(1, number(1, 1) + block(2, shape)))


def network(logits):
    """image [N, 1, H, W] -> scores [N, classes] and features [N, 1]: mean brightness times 0 plus the logits."""
    axis = block(5, block(1, "axis") + number(3, 1) + number(20, 2))
    graph = b"".join(block(1, n) for n in [
        node("GlobalAveragePool", ["image"], "mean"),
        node("Conv", ["mean", "weight", "bias"], "answer"),
        node("Flatten", ["answer"], "scores", axis),
        node("Flatten", ["mean"], "features", axis),
    ]) + block(2, "prior")
    graph += block(5, tensor("weight", [len(logits), 1, 1, 1], [0.0] * len(logits))) + block(5, tensor("bias", [len(logits)], logits))
    graph += block(11, value("image", ["batch", 1, "height", "width"]))
    graph += block(12, value("scores", ["batch", len(logits)])) + block(12, value("features", ["batch", 1]))
    return number(1, 8) + block(2, "trainer.py") + block(7, graph) + block(8, block(1, "") + number(2, 17))


def learn(samples, classes, report):
    counts = [1.0] * classes  # nothing is impossible (Laplace)
    for step, sample in enumerate(samples, 1):
        counts[sample["tag"]] += 1
        if step % 100 == 0 or step == len(samples):
            report(step, len(samples), -math.log(counts[sample["tag"]] / sum(counts)))
    return [math.log(c / sum(counts)) for c in counts]


def main(folder):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    if job["task"] != "classify":
        sys.exit(f"This example classifies images; the job's task is {job['task']}.")
    with open(os.path.join(folder, job.get("samples", "samples.jsonl")), encoding="utf-8") as file:
        samples = [json.loads(line) for line in file if line.strip()]
    tagged = [s for s in samples if s["split"] == "train" and s.get("tag") is not None]
    if not tagged:
        sys.exit("No training image has a tag. Tag some images first.")
    start = time.monotonic()

    def report(step, steps, loss):
        with open(os.path.join(folder, job.get("metrics", "metrics.jsonl")), "a", encoding="utf-8") as out:
            out.write(json.dumps({"step": step, "steps": steps, "seconds": time.monotonic() - start, "loss": loss}) + "\n")

    logits = learn(tagged, len(job["classes"]), report)
    onnx = network(logits)
    best = max(range(len(logits)), key=lambda c: logits[c])
    tests = [s for s in samples if s["split"] == "test" and s.get("tag") is not None]
    manifest = {
        "format": "perenne-model/1", "name": job.get("name", "prior"), "task": "classify", "classes": job["classes"],
        "input": {"name": "image", "width": 64, "height": 64, "channels": "gray", "resize": "stretch", "dynamic": True},
        "head": {"family": "classification", "outputs": {"scores": "scores"}, "logits": True},
        "threshold": 0.5, "features": {"output": "features", "length": 1},
        "metrics": {"accuracy": sum(s["tag"] == best for s in tests) / len(tests)} if tests else {},
        "lineage": {"trainer": "docs/examples/trainer.py", "seed": job.get("seed"), "trainingRun": job.get("run")},
        "sha256": hashlib.sha256(onnx).hexdigest(),
    }
    model = os.path.join(folder, job.get("model", "model"))
    os.makedirs(model + ".part", exist_ok=True)
    for name, data in (("model.onnx", onnx), ("model.json", json.dumps(manifest, indent=2).encode())):
        with open(os.path.join(model + ".part", name), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    os.rename(model + ".part", model)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: trainer.py JOBFOLDER")
    main(sys.argv[1])
