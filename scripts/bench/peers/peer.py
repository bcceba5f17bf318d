"""What the peers' programs share: options, data, clock, answer.

A program is given one JSON document as its argument:

    network     article, badnets or resnet
    data        a folder of NumPy arrays (scripts/bench/peers/arrays.ts)
    batchSize   images in a step of training
    epochs      passes over the training set
    threads     threads to use

and prints another one, as scripts/bench/answer.ts reads it.
"""

import json
import sys
import time
from dataclasses import dataclass

import numpy as np

WARM_UP_STEPS = 10
"""Steps before those that count: both frameworks prepare their work at the first ones."""

EVALUATION_BATCHES = (128, 256, 512, 1024)
"""The batches that evaluation is tried with; the fastest counts."""


@dataclass(frozen=True)
class Images:
    """Images (N, H, W, C), float32 in 0-1, and the class of each."""

    images: np.ndarray
    labels: np.ndarray

    def first(self, count):
        return Images(self.images[:count], self.labels[:count])


def options():
    return json.loads(sys.argv[1])


def load(folder, name):
    return Images(np.load(f"{folder}/{name}_images.npy"), np.load(f"{folder}/{name}_labels.npy"))


def seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def measure(chosen, *, prepare, train, predict, about):
    """Trains, evaluates and answers.

    prepare(images) puts Images in the framework's own form, once, on no one's clock;
    train(prepared, epochs) trains; predict(prepared, batch) returns the class of each image.
    """
    training, test, attacked = (load(chosen["data"], name) for name in ("train", "test", "attacked"))
    train(prepare(training.first(WARM_UP_STEPS * chosen["batchSize"])), 1)
    epochs = chosen["epochs"]
    prepared, prepared_test = prepare(training), prepare(test)
    training_seconds = seconds(lambda: train(prepared, epochs))

    def evaluate(batch):
        predict(prepare(test.first(batch)), batch)
        return seconds(lambda: predict(prepared_test, batch))

    times = {batch: evaluate(batch) for batch in EVALUATION_BATCHES}
    best = min(times, key=times.get)

    def accuracy(of):
        return float(np.mean(predict(prepare(of), best) == of.labels))

    began = time.perf_counter()
    accuracies = {"cleanAccuracy": accuracy(test), "attackSuccessRate": accuracy(attacked)}
    accuracy_seconds = time.perf_counter() - began
    figures = {
        "training": epochs * len(training.labels) / training_seconds,
        "evaluation": len(test.labels) / times[best],
        # Of training, and of evaluating once without and with the trigger; not of starting up.
        "seconds": training_seconds + accuracy_seconds,
        **accuracies,
    }
    print(json.dumps({"figures": figures, "about": {**about, "evaluation batch": str(best)}}))
