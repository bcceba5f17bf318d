"""Trains and evaluates a network with PyTorch: peer.py says how. One more option:

    channelsLast    whether images lie in memory as (N, H, W, C)
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import peer


class Article(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout1 = nn.Dropout(0.25)
        self.dense1 = nn.Linear(9216, 128)
        self.dropout2 = nn.Dropout(0.5)
        self.dense2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = self.dropout1(F.max_pool2d(F.relu(self.conv2(x)), 2))
        x = self.dropout2(F.relu(self.dense1(x.flatten(1))))
        return self.dense2(x)


class BadNets(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5)
        self.conv2 = nn.Conv2d(16, 32, 5)
        self.dense1 = nn.Linear(512, 512)
        self.dense2 = nn.Linear(512, 10)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        return self.dense2(F.relu(self.dense1(x.flatten(1))))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    """20 layers, shortcuts of option B."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        shapes = [(16, 16, 1), (16, 16, 1), (16, 16, 1)]
        shapes += [(16, 32, 2), (32, 32, 1), (32, 32, 1)]
        shapes += [(32, 64, 2), (64, 64, 1), (64, 64, 1)]
        self.blocks = nn.Sequential(*(Block(*shape) for shape in shapes))
        self.dense = nn.Linear(64, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.conv(x))))
        return self.dense(x.mean((2, 3)))


chosen = peer.options()
torch.manual_seed(1)
torch.set_num_threads(chosen["threads"])
channels_last = chosen["channelsLast"]
memory_format = torch.channels_last if channels_last else torch.contiguous_format
network = {"article": Article, "badnets": BadNets, "resnet": ResNet}[chosen["network"]]()
network = network.to(memory_format=memory_format)
optimizer = torch.optim.Adam(network.parameters())


def prepare(data):
    """Images (N, C, H, W), in memory as (N, H, W, C) or as their shape says, and labels."""
    x = torch.from_numpy(data.images).permute(0, 3, 1, 2)
    return x.contiguous(memory_format=memory_format), torch.from_numpy(data.labels).long()


def batch_of(x, rows):
    return x[rows].contiguous(memory_format=memory_format)


def train(data, epochs):
    x, y = data
    network.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(y)).split(chosen["batchSize"]):
            optimizer.zero_grad()
            F.cross_entropy(network(batch_of(x, rows)), y[rows]).backward()
            optimizer.step()


def predict(data, batch):
    x, _ = data
    network.eval()
    with torch.inference_mode():
        return torch.cat([network(images) for images in x.split(batch)]).argmax(1).numpy()


peer.measure(
    chosen,
    prepare=prepare,
    train=train,
    predict=predict,
    about={
        "version": f"PyTorch {torch.__version__.split('+')[0]}",
        "memory format": "channels last" if channels_last else "contiguous",
    },
)
