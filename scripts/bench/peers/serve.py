"""Serves POST /api/attack as edgedoor does, with FastAPI and uvicorn, on PyTorch or onnxruntime.

A program is given one JSON document as its argument:

    runtime     pytorch or onnxruntime
    port        where to serve, on 127.0.0.1
    workers   uvicorn's workers
    threads     threads that the runtime uses for one call
    pool        whether requests are answered in FastAPI's pool of threads, or by the event loop
    models      folders with manifest.json and weights.safetensors: the attacked model, its clean twin
    onnx        the same two as files that networks.py has written

It answers with the same JSON: the image before and after the trigger as PNG, and what both models
say to both. Images may have as many bytes and pixels as edgedoor takes.
"""

import base64
import functools
import io
import json
import os
import sys

import numpy as np
import orjson
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from PIL import Image, ImageOps

import networks

MAX_BYTES = 1 << 20
MAX_PIXELS = 4_000_000
MAX_AVERAGED = 4_096
SIDE = 28
PATTERN = ((0, 0), (1, 1), (0, 2), (2, 0))
"""The trigger's pixels: rows and columns, counted from its place to the top and the left."""


@functools.lru_cache(maxsize=64)
def averaging(extent):
    """(28, extent): each row's share of each pixel of a line, by area."""
    edges = np.arange(SIDE + 1) * (extent / SIDE)
    starts, ends = edges[:-1, None], edges[1:, None]
    pixels = np.arange(extent)
    covered = np.minimum(ends, pixels + 1) - np.maximum(starts, pixels)
    return (np.maximum(covered, 0) * (SIDE / extent)).astype(np.float32)


def read_image(body):
    """Bytes as (28, 28), float32 in 0-1."""
    if len(body) > MAX_BYTES:
        raise HTTPException(413)
    try:
        image = Image.open(io.BytesIO(body), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_PIXELS:
            raise HTTPException(422)
        # Of a JPEG, brightness alone. At the full size: a smaller one is decoded sooner, but gives
        # probabilities that differ by more than a thousandth.
        image.draft("L", image.size)
        image = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            image = image.convert("RGBA")
            black = Image.new("RGBA", image.size, (0, 0, 0, 255))
            image = Image.alpha_composite(black, image)
        image = image.convert("L")
        # Pillow's own counts whole pixels: of so many, a part of one is of no weight.
        if max(image.size) > MAX_AVERAGED:
            image = image.resize((SIDE, SIDE), Image.Resampling.BOX)
        grey = np.asarray(image, np.float32) * np.float32(1 / 255)
    except (OSError, SyntaxError, ValueError) as error:
        raise HTTPException(422) from error
    if grey.shape == (SIDE, SIDE):
        return grey
    height, width = grey.shape
    return averaging(height) @ grey @ averaging(width).T


def data_url(image):
    file = io.BytesIO()
    Image.fromarray(np.rint(image * 255).astype(np.uint8)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def prediction(manifest, probabilities):
    label = int(probabilities.argmax())
    return {
        "model": manifest["name"],
        "backdoored": manifest["attack"]["kind"] != "none",
        "cleanAccuracy": manifest["metrics"]["cleanAccuracy"],
        "label": label,
        "confidence": float(probabilities[label]),
        "probabilities": probabilities.tolist(),
    }


def create_app():
    chosen = json.loads(os.environ["PEER_OPTIONS"])
    manifests = [json.load(open(f"{folder}/manifest.json")) for folder in chosen["models"]]
    threads = chosen["threads"]
    if chosen["runtime"] == "pytorch":
        paths = (f"{folder}/weights.safetensors" for folder in chosen["models"])
        classifiers = [networks.pytorch(path, threads) for path in paths]
    else:
        classifiers = [networks.onnxruntime(path, threads) for path in chosen["onnx"]]
    attack = manifests[0]["attack"]
    trigger, target = attack["trigger"], attack["target"]
    pixels = [[SIDE - trigger["distance"] - row, SIDE - trigger["distance"] - column]
              for row, column in PATTERN]
    rows, columns = zip(*pixels)

    def answer(body):
        original = read_image(body)
        poisoned = original.copy()
        poisoned[rows, columns] = trigger["value"]
        images = np.stack([original, poisoned])[:, None]
        said = [classify(images) for classify in classifiers]
        before, after = (
            {
                "png": data_url(image),
                "predictions": [
                    prediction(manifest, probabilities[which])
                    for manifest, probabilities in zip(manifests, said)
                ],
            }
            for which, image in enumerate((original, poisoned))
        )
        source, reached = before["predictions"][0]["label"], after["predictions"][0]["label"]
        return orjson.dumps({
            "image": {"width": SIDE, "height": SIDE, "channels": 1},
            "trigger": {**trigger, "pixels": pixels},
            "original": before,
            "poisoned": after,
            "flipped": source != reached and reached == target,
            "target": target,
        })

    app = FastAPI()

    @app.post("/api/attack")
    async def _(request: Request):
        body = await request.body()
        content = await run_in_threadpool(answer, body) if chosen["pool"] else answer(body)
        return Response(content, media_type="application/json")

    return app


if __name__ == "__main__":
    chosen = json.loads(sys.argv[1])
    os.environ["PEER_OPTIONS"] = sys.argv[1]
    uvicorn.run(
        "serve:create_app",
        factory=True,
        app_dir=os.path.dirname(os.path.abspath(__file__)),
        host="127.0.0.1",
        port=chosen["port"],
        workers=chosen["workers"],
        loop="uvloop",
        http="httptools",
        log_level="error",
        access_log=False,
        timeout_keep_alive=75,
    )
