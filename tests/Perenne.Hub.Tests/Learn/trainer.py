"""A trainer of somebody's own, with nothing but Python's standard library: it speaks the contract and hands a finished package over.

job.json's parameters choose what it does: {"package": folder to hand over, "mode": "ok" | "fail" | "wait" | "hang" | "silent" | "flood" | "empty" | "nan"}.
"""
import json
import os
import shutil
import signal
import sys
import time

STOPPED = 75
folder = sys.argv[1]
with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
    job = json.load(file)
parameters = job.get("parameters") or {}
mode = parameters.get("mode", "ok")
said = os.path.join(parameters.get("package", ""), "mode")
if os.path.exists(said):
    with open(said, encoding="utf-8") as file:
        mode = file.read()
checkpoint = os.path.join(folder, job["checkpoint"], "step")
steps = job.get("steps") or 10

stopping = False


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)

with open(os.path.join(folder, job["samples"]), encoding="utf-8") as file:
    samples = [json.loads(line) for line in file]
for sample in samples:
    with open(os.path.join(folder, job["images"], sample["path"]), "rb") as image:
        if image.read(4) != b"\x89PNG":
            sys.exit("%s is not a PNG" % sample["path"])

first = 0
if os.path.exists(checkpoint):
    with open(checkpoint, encoding="utf-8") as file:
        first = int(file.read())
print("from step", first, "on", len(samples), "samples", flush=True)

if mode == "fail":
    sys.stderr.write("Traceback: class 'open' has no example that fits into a crop\n")
    sys.exit(3)
while mode == "wait" and not stopping:
    time.sleep(0.05)
if mode == "hang":
    while not stopping:
        time.sleep(0.05)
    time.sleep(600)
if mode == "silent":
    while not stopping:
        time.sleep(0.05)
    sys.exit(STOPPED)
if mode == "flood":
    for _ in range(40000):
        print("x" * 1000)
    sys.stderr.write("the flood is over\n")
    sys.exit(4)

with open(os.path.join(folder, job["metrics"]), "a", encoding="utf-8") as metrics:
    for step in range(first + 1, steps + 1):
        line = {"step": step, "steps": steps, "loss": float("nan") if mode == "nan" else 1.0 / step, "imagesPerSecond": 100}
        if step % 5 == 0:
            line["validation"] = {"mAP@.5": step / (steps + 1.0)}
            line["answers"] = [{"id": sample["id"], "found": [{"class": 0, "score": 0.9, "box": [1, 2, 3, 4]}]} for sample in samples] + [{"id": "none of the hub's"}]
        metrics.write(json.dumps(line) + "\n")
        metrics.flush()
        time.sleep(parameters.get("pause", 0))
        if stopping:
            os.makedirs(os.path.dirname(checkpoint), exist_ok=True)
            with open(checkpoint, "w", encoding="utf-8") as file:
                file.write(str(step))
            sys.exit(STOPPED)
if mode == "nan":
    sys.exit("the loss became NaN at step 1")
if mode != "empty":
    shutil.copytree(parameters["package"], os.path.join(folder, "model.part"))
    os.rename(os.path.join(folder, "model.part"), os.path.join(folder, job["model"]))
