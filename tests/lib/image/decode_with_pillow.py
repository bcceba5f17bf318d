"""Writes JPEGs with Pillow, and what Pillow makes of them.

Argument: a folder with images.json, a list. For each of them, the folder gets N.jpg, N.raw with the
samples that libjpeg-turbo decodes, grey or RGB, and N.luma with those that it decodes of YCbCr if it
is asked for grey; of others, both are the same.
"""

import io
import json
import sys

import numpy as np
from PIL import Image

CHANNELS = {"L": 1, "RGB": 3, "CMYK": 4}


def draw(case):
    """Noise, waves or two colours, from the case's seed."""
    random = np.random.default_rng(case["seed"])
    height, width, channels = case["height"], case["width"], CHANNELS[case["mode"]]
    if case["kind"] == "noise":
        return random.integers(0, 256, (height, width, channels)).astype(np.uint8)
    y, x = np.mgrid[0:height, 0:width]
    if case["kind"] == "edge":
        image = np.where((x + y > (width + height) // 3)[..., None],
                         *random.integers(0, 256, (2, channels)))
        return image.astype(np.uint8)
    waves = [128 + 120 * np.sin(x / (3 + c) + y / (5 + 2 * c)) for c in range(channels)]
    return (np.stack(waves, -1) + random.normal(0, 8, (height, width, channels))).clip(
        0, 255).astype(np.uint8)


def turn_sampling(data):
    """The same codes in a frame of other sampling: what stood beside one another stands below."""
    frame = next(i for i in range(2, len(data)) if data[i] == 0xFF and data[i + 1] in (0xC0, 0xC2))
    size = data[frame + 5:frame + 9]
    data[frame + 5:frame + 9] = size[2:] + size[:2]
    sampling = data[frame + 11]
    data[frame + 11] = (sampling & 15) << 4 | sampling >> 4


def encode(case):
    pixels = draw(case)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels, case["mode"])
    file = io.BytesIO()
    image.save(file, "JPEG", **case["options"])
    data = bytearray(file.getvalue())
    if case["isTurned"]:
        turn_sampling(data)
    return bytes(data)


def main(folder):
    with open(f"{folder}/images.json") as file:
        cases = json.load(file)
    for number, case in enumerate(cases):
        data = encode(case)
        image = Image.open(io.BytesIO(data))
        image.load()
        if image.mode != "L":
            image = image.convert("RGB")
        luma = Image.open(io.BytesIO(data))
        luma.draft("L", luma.size)
        if luma.mode != "L" or case["options"].get("keep_rgb"):
            luma = image
        with open(f"{folder}/{number}.luma", "wb") as file:
            file.write(np.asarray(luma).tobytes())
        with open(f"{folder}/{number}.jpg", "wb") as file:
            file.write(data)
        with open(f"{folder}/{number}.raw", "wb") as file:
            file.write(np.asarray(image).tobytes())


main(sys.argv[1])
