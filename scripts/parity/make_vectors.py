"""Writes what the Adversarial Robustness Toolbox (ART) answers, for our tests to compare with.

    python make_vectors.py FOLDER

writes one JSON document for each part into the folder: {"versions": {…}, "cases": […]}. Arrays are
{"shape": […], "data": […]}, row-major; float32 values stand in the fewest digits that give them back.
What the fields of a case mean stands at the function that makes it.
"""

import json
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image

# It says that PyTorch is missing, which nothing here needs.
warnings.filterwarnings("ignore", message="PyTorch not found")

from art.attacks.evasion import ProjectedGradientDescent  # noqa: E402
from art.attacks.poisoning import (  # noqa: E402
    PoisoningAttackBackdoor,
    PoisoningAttackCleanLabelBackdoor,
)
from art.attacks.poisoning.perturbations.image_perturbations import (  # noqa: E402
    add_pattern_bd,
    add_single_bd,
    insert_image,
)
from art.defences.detector.poison import SpectralSignatureDefense  # noqa: E402
from art.defences.detector.poison.activation_defence import reduce_dimensionality  # noqa: E402
from art.defences.detector.poison.clustering_analyzer import ClusteringAnalyzer  # noqa: E402
from art.estimators import BaseEstimator, LossGradientsMixin  # noqa: E402
from art.estimators.classification import ClassifierMixin  # noqa: E402
from art.estimators.poison_mitigation.neural_cleanse.neural_cleanse import (  # noqa: E402
    NeuralCleanseMixin,
)
from art.utils import random_sphere  # noqa: E402


def images(seed, shape):
    """Images in 0-1: half of them bytes / 255, as files hold them, half of them anything."""
    random = np.random.default_rng(seed)
    whole = np.round(random.random(shape) * 255) / 255
    any_values = np.round(random.random(shape), 4)
    values = np.where(random.random(shape) < 0.5, whole, any_values)
    values.flat[:3] = (0, 1, 254.999 / 255)
    return values.astype(np.float32)


def array(values):
    """A NumPy array as JSON."""
    values = np.asarray(values)
    if values.dtype == np.float32:
        data = [float(str(value)) for value in values.ravel()]
    else:
        data = values.ravel().tolist()
    return {"shape": list(values.shape), "data": data}


def stamp_cases():
    """kind, distance, value, images (N, H, W, C) and what became of them."""
    functions = {"pixel": add_single_bd, "pattern": add_pattern_bd}
    for seed, (kind, shape, distance, value) in enumerate([
        ("pixel", (2, 5, 6, 1), 2, 1),
        ("pixel", (1, 4, 3, 3), 1, 0.5),
        ("pixel", (1, 4, 4, 1), 4, 0),
        ("pattern", (2, 5, 6, 1), 2, 1),
        ("pattern", (2, 6, 5, 3), 2, 1),
        ("pattern", (1, 7, 7, 1), 3, 0.25),
        ("pattern", (1, 3, 3, 3), 1, 0),
    ]):
        x = images(seed, shape)
        y = functions[kind](x, distance=distance, pixel_value=value)
        yield {
            "kind": kind,
            "distance": distance,
            "value": value,
            "images": array(x),
            "expected": array(y),
        }


def insert_cases():
    """
    A trigger image as bytes (H, W, C) of 1 to 4 channels, its size on the image (or null), place,
    blend, channelsFirst, images, and what became of them: bytes, in the order of the images.
    """
    folder = Path(tempfile.mkdtemp())
    for seed, (channels, source, size, shape, place, blend, channels_first) in enumerate([
        # Grey images, triggers of every kind of file.
        (4, (3, 3), None, (2, 6, 7, 1), (1, 2), 0.8, False),
        (3, (2, 4), None, (1, 6, 7, 1), (0, 0), 0.8, False),
        (1, (3, 2), None, (1, 6, 7, 1), (3, 5), 0.8, False),
        (2, (3, 2), None, (1, 6, 7, 1), (2, 0), 0.3, False),
        # Colour.
        (4, (4, 4), None, (2, 6, 6, 3), (2, 2), 0.8, False),
        (4, (4, 4), None, (1, 6, 6, 3), (0, 1), 1, False),
        (4, (4, 4), None, (1, 6, 6, 3), (1, 0), 0.123, False),
        (3, (5, 3), None, (1, 5, 6, 3), (0, 3), 0.5, False),
        # Sizes: smaller, larger, one side, to a single pixel, from a single pixel.
        (4, (9, 12), (4, 5), (1, 6, 7, 3), (1, 1), 0.8, False),
        (4, (3, 2), (6, 6), (1, 6, 7, 1), (0, 1), 0.8, False),
        (4, (5, 5), (5, 3), (1, 6, 6, 3), (0, 0), 0.8, False),
        (4, (5, 5), (3, 5), (1, 6, 6, 3), (0, 0), 0.8, False),
        (4, (20, 6), (5, 4), (1, 6, 7, 3), (0, 2), 0.8, False),
        (3, (8, 4), (4, 6), (1, 6, 7, 3), (2, 1), 0.8, False),
        (4, (7, 8), (1, 1), (1, 4, 4, 3), (3, 3), 0.9, False),
        (4, (1, 1), (4, 4), (1, 4, 4, 1), (0, 0), 0.9, False),
        (1, (11, 10), (3, 4), (1, 5, 5, 1), (2, 1), 0.8, False),
        # Channels first.
        (4, (3, 3), None, (2, 3, 5, 4), (2, 1), 0.8, True),
        (4, (3, 3), None, (1, 1, 5, 4), (0, 0), 0.8, True),
    ]):
        random = np.random.default_rng(100 + seed)
        pixels = random.integers(0, 256, (*source, channels), dtype=np.uint8)
        if channels in (2, 4) and pixels.shape[:2] != (1, 1):
            # Alpha's ends are common in files, and are cases of their own.
            alpha = random.choice([0, 255, -1], source)
            pixels[..., -1] = np.where(alpha >= 0, alpha, pixels[..., -1])
        path = folder / f"{seed}.png"
        Image.fromarray(pixels.squeeze(axis=2) if channels == 1 else pixels).save(path)
        x = images(200 + seed, shape)
        row, column = place
        grey = shape[1 if channels_first else 3] == 1
        y = insert_image(
            x,
            backdoor_path=str(path),
            channels_first=channels_first,
            random=False,
            x_shift=column,
            y_shift=row,
            size=size,
            mode="L" if grey else "RGB",
            blend=blend,
        )
        values = np.rint(y * 255).astype(np.uint8)
        assert np.array_equal((values / 255).astype(np.float32), y)
        yield {
            "trigger": array(pixels),
            "size": size,
            "place": {"row": row, "column": column},
            "blend": blend,
            "channelsFirst": channels_first,
            "images": array(x),
            "expected": array(values),
        }


def random_place_cases():
    """
    Sizes of image and trigger, and at which places (row, column) ART's random draws put it at least
    once: all that there are.
    """
    path = Path(tempfile.mkdtemp()) / "white.png"
    for height, width, image_height, image_width in [(4, 5, 2, 3), (3, 3, 3, 3), (5, 4, 1, 4)]:
        Image.new("RGB", (image_width, image_height), (255, 255, 255)).save(path)
        np.random.seed(1)
        x = np.zeros((300, height, width, 1), np.float32)
        y = insert_image(x, backdoor_path=str(path), random=True, mode="L", blend=1)
        places = {tuple(np.argwhere(image[..., 0])[0].tolist()) for image in y}
        yield {
            "shape": [height, width],
            "image": [image_height, image_width],
            "places": sorted(map(list, places)),
        }


def poison_cases():
    """Triggers by kind, in order; labels (rows, classes); broadcast; images; and both results."""
    functions = {"pixel": add_single_bd, "pattern": add_pattern_bd}
    rows = np.eye(4)
    for seed, (kinds, labels, broadcast) in enumerate([
        (["pixel"], rows[2], True),
        (["pattern"], rows[[0, 3, 1]], False),
        (["pixel", "pattern"], rows[1], True),
        (["pattern", "pixel"], np.array([[0.1, 0.2, 0.3, 0.4]] * 3), False),
    ]):
        perturbation = [functions[kind] for kind in kinds]
        attack = PoisoningAttackBackdoor(perturbation if len(kinds) > 1 else perturbation[0])
        x = images(300 + seed, (3, 5, 5, 1))
        attacked, attack_labels = attack.poison(x, y=labels, broadcast=broadcast)
        yield {
            "triggers": kinds,
            "labels": array(np.atleast_2d(labels).astype(np.float32)),
            "broadcast": broadcast,
            "images": array(x),
            "attacked": array(attacked),
            "attackLabels": array(attack_labels.astype(np.float32)),
        }


class StoredGradients(ClassifierMixin, LossGradientsMixin, BaseEstimator):
    """A classifier whose gradients were written down before: the next ones at each call."""

    def __init__(self, gradients, predictions):
        super().__init__(model=None, clip_values=(0.0, 1.0))
        self.gradients = iter(gradients)
        self.predictions = predictions
        self.nb_classes = predictions.shape[1]

    @property
    def input_shape(self):
        raise NotImplementedError

    def loss_gradient(self, x, y, **kwargs):
        gradient = next(self.gradients)
        assert gradient.shape == x.shape
        return gradient.copy()

    def predict(self, x, batch_size=128, **kwargs):
        return self.predictions[: len(x)]

    def fit(self, x, y, **kwargs):
        raise NotImplementedError


def clean_label_cases():
    """
    Labels, target and rate; the images that may be poisoned and how many are, as ART asks NumPy for
    them; those that NumPy drew; and the images that became of them: perturbed along the one gradient
    (L-infinity, eps, one step), then stamped with the pattern.
    """
    for seed, (counts, target, rate) in enumerate([
        ([5, 3, 4], 0, 0.5),
        ([5, 3, 4], 2, 0.33),
        ([2, 9, 1], 1, 0.75),
        ([1, 2, 7], 2, 0.29),
    ]):
        random = np.random.default_rng(400 + seed)
        labels = random.permutation(np.repeat(np.arange(len(counts)), counts))
        y = np.eye(len(counts))[labels]
        x = images(500 + seed, (len(labels), 4, 4, 1))
        count = int(rate * counts[target])
        gradient = random.choice([-1, 0, 1], (count, 4, 4, 1)).astype(np.float32)
        proxy = StoredGradients([gradient], y[labels == target])
        attack = PoisoningAttackCleanLabelBackdoor(
            backdoor=PoisoningAttackBackdoor(add_pattern_bd),
            proxy_classifier=proxy,
            target=np.eye(len(counts))[target],
            pp_poison=rate,
            eps=0.25,
            eps_step=0.25,
            max_iter=1,
        )
        np.random.seed(seed)
        with mock.patch("numpy.random.choice", wraps=np.random.choice) as choice:
            poisoned, poisoned_labels = attack.poison(x, y)
        (candidates, drawn), options = choice.call_args
        assert choice.call_count == 1 and not options
        np.random.seed(seed)
        selected = np.random.choice(candidates, drawn)
        assert np.array_equal(poisoned_labels, y)
        yield {
            "labels": labels.tolist(),
            "target": target,
            "rate": rate,
            "candidates": candidates.tolist(),
            "count": drawn,
            "selected": selected.tolist(),
            "eps": 0.25,
            "gradient": array(gradient),
            "images": array(x),
            "expected": array(poisoned),
        }


def pgd_cases():
    """
    norm ("inf", 1 or 2), eps, epsStep, steps; images (N, H, W, C); start: where the first step is
    taken from (a random point of the ball, clipped to 0-1), or null for the images themselves;
    gradients: those of the loss to the images, step by step, (steps, N, H, W, C); and what became of
    the images.
    """
    for seed, (norm, eps, eps_step, steps, has_start, shape) in enumerate([
        ("inf", 0.3, 0.1, 1, False, (3, 2, 3, 1)),
        ("inf", 0.3, 0.1, 5, False, (3, 2, 3, 1)),
        ("inf", 0.1, 0.25, 3, True, (2, 2, 2, 3)),
        (2, 5, 0.1, 3, False, (3, 2, 3, 1)),
        (2, 0.5, 0.3, 6, False, (3, 3, 3, 1)),
        (2, 0.4, 0.3, 4, True, (2, 2, 2, 3)),
        (1, 2, 0.5, 3, False, (3, 2, 3, 1)),
        (1, 0.6, 0.25, 6, False, (3, 3, 3, 1)),
        (1, 0.5, 0.3, 4, True, (2, 2, 2, 3)),
    ]):
        random = np.random.default_rng(600 + seed)
        x = images(700 + seed, shape)
        # Not at the ends alone, where clipping would hide the steps.
        x[-1] = np.round(0.25 + x[-1] / 2, 4)
        gradients = np.round(random.normal(size=(steps, *shape)), 3).astype(np.float32)
        gradients[random.random(gradients.shape) < 0.15] = 0
        # An image whose loss has no slope stays where it is.
        gradients[:, 1] = 0
        attack = ProjectedGradientDescent(
            StoredGradients(gradients, np.eye(shape[0])),
            norm=norm,
            eps=eps,
            eps_step=eps_step,
            max_iter=steps,
            num_random_init=1 if has_start else 0,
            verbose=False,
        )
        start = None
        if has_start:
            np.random.seed(seed)
            ball = np.inf if norm == "inf" else norm
            point = random_sphere(shape[0], int(np.prod(shape[1:])), eps, ball)
            start = np.clip(x + point.reshape(shape).astype(np.float32), 0, 1)
        np.random.seed(seed)
        y = attack.generate(x)
        yield {
            "norm": norm,
            "eps": eps,
            "epsStep": eps_step,
            "steps": steps,
            "images": array(x),
            "start": None if start is None else array(start),
            "gradients": array(gradients),
            "expected": array(y.astype(np.float32)),
        }


class StoredActivations(StoredGradients):
    """A classifier whose last layer's activations were written down before."""

    layer_names = ["hidden"]

    def __init__(self, activations, labels):
        super().__init__([], np.eye(labels.max() + 1)[labels])
        self.activations = activations

    def get_activations(self, x, layer, batch_size=128, framework=False):
        assert len(x) == len(self.activations)
        return self.activations


def features(seed, shape, poisoned):
    """
    What a layer says behind its ReLU: the last rows lie apart from the others. In float64, so that
    every processor comes to the same results in float32.
    """
    random = np.random.default_rng(seed)
    values = random.normal(0.5, 1, shape) * random.uniform(0.2, 2, shape[1])
    values[len(values) - poisoned :] += 3 * random.random(shape[1])
    return np.round(np.maximum(values, 0), 3)


def spectral_cases():
    """
    Features (N, width) and the labels of their rows; share: the expected share of poison; scores of
    all rows, and isPoison: 1 for those that ART takes out.
    """
    for seed, (shape, poisoned, classes, share) in enumerate([
        ((12, 4), 2, 2, 0.1),
        ((30, 8), 5, 3, 0.33),
        ((40, 16), 4, 2, 0.05),
        ((9, 12), 1, 2, 0.8),
    ]):
        x = features(800 + seed, shape, poisoned)
        labels = np.random.default_rng(900 + seed).permutation(np.arange(shape[0]) % classes)
        classifier = StoredActivations(x, labels)
        defence = SpectralSignatureDefense(
            classifier, x, np.eye(classes)[labels], expected_pp_poison=share
        )
        _, is_clean = defence.detect_poison()
        scores = np.zeros(shape[0])
        for label in range(classes):
            rows = labels == label
            scores[rows] = SpectralSignatureDefense.spectral_signature_scores(x[rows])[:, 0]
        yield {
            "features": array(x.astype(np.float32)),
            "labels": labels.tolist(),
            "share": share,
            "scores": array(scores.astype(np.float32)),
            "isPoison": [1 - int(clean) for clean in is_clean],
        }


def activation_pca_cases():
    """Features (N, width) of a class, and what they are reduced to: (N, 10), each column up to its sign."""
    for seed, (shape, poisoned) in enumerate([((24, 12), 4), ((60, 32), 20), ((15, 40), 2)]):
        x = features(1000 + seed, shape, poisoned)
        yield {
            "features": array(x.astype(np.float32)),
            "reduced": array(reduce_dimensionality(x, nb_dims=10, reduce="PCA").astype(np.float32)),
        }


def cluster_report_cases():
    """
    The cluster of each row of each class, and both reports: for each class and cluster its share and
    whether it is suspicious; null where ART has no report.
    """

    def clusters_of(report):
        return [
            [
                {
                    "share": float(cluster["ptc_data_in_cluster"]),
                    "isSuspicious": bool(cluster["suspicious_cluster"]),
                }
                for cluster in (of_class[f"cluster_{i}"] for i in range(2))
            ]
            for of_class in (report[f"Class_{label}"] for label in range(len(separated)))
        ]

    analyzer = ClusteringAnalyzer()
    for counts, has_relative in [
        ([(3, 7), (9, 3)], True),
        ([(344, 656), (1, 99), (2, 1)], True),
        # ART's report on relative sizes fails if no cluster of a class is suspicious.
        ([(5, 5), (65, 35), (346, 654)], False),
    ]:
        separated = [
            np.random.default_rng(1100 + sum(pair)).permutation(np.repeat([0, 1], pair))
            for pair in counts
        ]
        _, _, smaller = analyzer.analyze_by_size(separated)
        relative = analyzer.analyze_by_relative_size(separated)[2] if has_relative else None
        yield {
            "clusters": [of_class.tolist() for of_class in separated],
            "smaller": clusters_of(smaller),
            "relativeSize": None if relative is None else clusters_of(relative),
        }


class StoredMasks(NeuralCleanseMixin, StoredGradients):
    """A classifier whose reversed triggers were written down before: masks of one pixel."""

    def __init__(self, norms):
        super().__init__(0, [], np.eye(len(norms)))
        self.norms = norms

    def generate_backdoor(self, x_val, y_val, y_target):
        norm = self.norms[np.argmax(y_target)]
        return np.array([norm]), np.array([1.0])


def anomaly_cases():
    """Norms of the masks of all classes, and the classes that ART flags: those with an index above 2."""
    random = np.random.default_rng(1200)
    drawn = [np.round(random.lognormal(4, spread, count), 3)
             for count in (3, 10, 10, 43) for spread in (0.2, 0.6)]
    # Median 10 and a median deviation of 2: an index a little above 2, and one a little below.
    edges = [[10 - 4 * 1.4826 * factor, 8, 9, 10, 11, 12, 13] for factor in (1.001, 0.999)]
    for norms in [*drawn, [2.3, 77, 26, 44, 47, 37, 46, 43, 34, 49], *edges]:
        flagged = StoredMasks(np.array(norms)).outlier_detection(None, None)
        yield {"norms": list(map(float, norms)), "flagged": [int(label) for label, _, _ in flagged]}


PARTS = {
    "stamps": stamp_cases,
    "insert_image": insert_cases,
    "random_places": random_place_cases,
    "poison": poison_cases,
    "clean_label": clean_label_cases,
    "pgd": pgd_cases,
    "spectral": spectral_cases,
    "activation_pca": activation_pca_cases,
    "cluster_reports": cluster_report_cases,
    "anomaly_index": anomaly_cases,
}


def write(folder):
    versions = {
        name: version(name) for name in ("adversarial-robustness-toolbox", "numpy", "pillow")
    }
    folder.mkdir(parents=True, exist_ok=True)
    for part, cases in PARTS.items():
        lines = ",\n".join("    " + json.dumps(case) for case in cases())
        head = f'{{\n  "versions": {json.dumps(versions)},\n  "cases": [\n'
        (folder / f"{part}.json").write_text(f"{head}{lines}\n  ]\n}}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
