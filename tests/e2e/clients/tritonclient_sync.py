"""tritonclient[http]: everything that it can ask of a server that holds its own models."""

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from case import BATCH, IMAGES, MODEL, URL, batches, few, labels, report


def tensor(images, is_binary):
    image = triton.InferInput("image", list(images.shape), "FP32")
    return image.set_data_from_numpy(images, binary_data=is_binary)


def infer(client, images, is_binary, **options):
    output = triton.InferRequestedOutput("probabilities", binary_data=is_binary)
    answer = client.infer(MODEL, [tensor(images, is_binary)], outputs=[output], **options)
    return answer.as_numpy("probabilities")


def classify(client, images, is_binary):
    """The labels by the classification extension: "value:index:label" of each image."""
    output = triton.InferRequestedOutput("probabilities", binary_data=is_binary, class_count=1)
    answer = client.infer(MODEL, [tensor(images, is_binary)], outputs=[output])
    texts = answer.as_numpy("probabilities").ravel()
    return [(text.decode() if isinstance(text, bytes) else text).split(":")[2] for text in texts]


def raw(client, image):
    """The body is the tensor alone; no outputs asked for: all of them, in bytes."""
    body = image.tobytes()
    response = client._post(
        request_uri=f"v2/models/{MODEL}/infer",
        request_body=body,
        headers={"Inference-Header-Content-Length": "0"},
        query_params=None,
    )
    length = int(response.get("Inference-Header-Content-Length"))
    answer = triton.InferenceServerClient.parse_response_body(
        response.read(), header_length=length
    )
    return answer.as_numpy("probabilities")


def error(ask):
    try:
        ask()
    except InferenceServerException as exception:
        return {"status": exception.status(), "message": exception.message()}
    return None


with triton.InferenceServerClient(URL.removeprefix("http://"), network_timeout=120) as client:
    gzip = {"request_compression_algorithm": "gzip", "response_compression_algorithm": "gzip"}
    deflate = {"request_compression_algorithm": "deflate"}
    all_outputs = client.infer(MODEL, [tensor(IMAGES[:2], True)], request_id="42", priority=1, timeout=9)
    wrong = np.full((1, 28, 28, 1), np.nan, np.float32)
    report(
        ready=[
            client.is_server_live(),
            client.is_server_ready(),
            client.is_model_ready(MODEL),
            client.is_model_ready(MODEL, "1"),
        ],
        unready=[client.is_model_ready(MODEL, "2"), client.is_model_ready("nobody")],
        server=client.get_server_metadata(),
        model=client.get_model_metadata(MODEL, "1"),
        labels={
            "json": labels(infer(client, images, False) for images in batches()),
            "binary": labels(infer(client, images, True) for images in batches()),
            "version": labels(infer(client, images, True, model_version="1") for images in few()),
            "gzip": labels(infer(client, images, True, **gzip) for images in few()),
            "deflate": labels(infer(client, images, False, **deflate) for images in few()),
            "classes": [int(label) for label in classify(client, IMAGES[:BATCH], False)],
            "binary classes": [int(label) for label in classify(client, IMAGES[:BATCH], True)],
            "raw": labels(raw(client, image) for image in IMAGES[:10]),
        },
        outputs=[all_outputs.get_response()["id"], *all_outputs.as_numpy("probabilities").shape],
        config=client.get_model_config(MODEL),
        index=client.get_model_repository_index(),
        errors={
            "unknown": error(lambda: client.get_model_metadata("nobody")),
            "nan_json": error(lambda: infer(client, wrong, False)),
            "nan_binary": error(lambda: infer(client, wrong, True)),
            "shape": error(lambda: infer(client, IMAGES[:1].reshape(1, 784), True)),
        },
        statistics=client.get_inference_statistics(MODEL, "1")["model_stats"],
    )
