"""The trainer's network in PyTorch: one training step on 16 crops of 192 pixels, and one prediction of 640 x 640: torch_step.py STEPS THREADS.

Prints milliseconds, {"step": ..., "predict": ...}: with one thread of the processor, which waiting does not lengthen; with more by the clock, for a quiet machine. The batch is random and fixed, and the loss is a plain sum of squares: neither crops nor
assignment are made here, only the network, AdamW and the average of the weights. Debian: apt-get install python3-torch; run with /usr/bin/python3.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 8
THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 1
NOW = time.process_time if THREADS == 1 else time.perf_counter
torch.set_num_threads(THREADS)
torch.manual_seed(1)


class Conv(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, stride=1, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        x = self.norm(self.conv(x))
        return F.relu(x, inplace=True) if self.relu else x


class Stage(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.down, self.a, self.b = Conv(inputs, outputs, stride=2), Conv(outputs, outputs), Conv(outputs, outputs, relu=False)

    def forward(self, x):
        x = self.down(x)
        return F.relu(x + self.b(self.a(x)), inplace=True)


class Detector(nn.Module):
    def __init__(self, classes=6):
        super().__init__()
        self.stem = nn.Sequential(Conv(16, 32), Conv(32, 32))
        self.stages = nn.ModuleList([Stage(32, 64), Stage(64, 96), Stage(96, 128)])
        self.laterals = nn.ModuleList([Conv(64, 64, 1), Conv(96, 64, 1), Conv(128, 64, 1)])
        self.merges = nn.ModuleList([Conv(64, 64), Conv(64, 64)])
        self.head, self.scores, self.boxes = Conv(64, 64), nn.Conv2d(64, classes, 1), nn.Conv2d(64, 4, 1)

    def forward(self, x):
        x = self.stem(F.pixel_unshuffle(x, 4))
        c8 = self.stages[0](x)
        c16 = self.stages[1](c8)
        up = self.laterals[2](self.stages[2](c16))
        for level, merge in ((c16, 1), (c8, 0)):
            up = self.merges[merge](self.laterals[merge](level) + F.interpolate(up, scale_factor=2, mode="nearest"))
        up = self.head(up)
        return self.scores(up), self.boxes(up)


net = Detector().to(memory_format=torch.channels_last)
average = [p.detach().clone() for p in net.parameters()]
optimiser = torch.optim.AdamW(net.parameters(), lr=1e-4, betas=(0.9, 0.99), weight_decay=0.05)
crops = torch.randn(16, 1, 192, 192).contiguous(memory_format=torch.channels_last)
picture = torch.randn(1, 1, 640, 640).contiguous(memory_format=torch.channels_last)


def step():
    optimiser.zero_grad()
    scores, boxes = net(crops)
    (scores.square().mean() + boxes.square().mean()).backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 10)
    optimiser.step()
    with torch.no_grad():
        for kept, now in zip(average, net.parameters()):
            kept.lerp_(now, 0.002)


def measured(work):
    work()
    work()
    start = NOW()
    for _ in range(STEPS):
        work()
    return 1000 * (NOW() - start) / STEPS


train = measured(step)
net.eval()
with torch.no_grad():
    predict = measured(lambda: net(picture))
print(json.dumps({"parameters": sum(p.numel() for p in net.parameters()), "step": train, "predict": predict}))
