"""open-inference-openapi: JSON alone; every route, with and without a version."""

from open_inference.openapi.client import InferenceRequest, OpenInferenceClient
from open_inference.openapi.core import ApiError
from open_inference.openapi.types import RequestInput, TensorData

from case import MODEL, URL, IMAGES, batches, few, labels, report

client = OpenInferenceClient(base_url=URL)


def request(images, name="image"):
    # Each of a million values would be looked at several times.
    data = TensorData.construct(__root__=images.ravel().tolist())
    shape = list(images.shape)
    image = RequestInput.construct(name=name, datatype="FP32", shape=shape, data=data)
    return InferenceRequest.construct(id="42", inputs=[image])


def probabilities(answer):
    [output] = answer.outputs
    classes = output.shape[1]
    values = [float(value) for value in output.data.__root__]
    return [values[start : start + classes] for start in range(0, len(values), classes)]


def error(ask):
    try:
        ask()
    except ApiError as exception:
        return {"status": exception.status_code, "message": dict(exception.body)["error"]}
    return None


# These raise if the answer is any other than 200.
client.check_server_liveness()
client.check_server_readiness()
client.check_model_readiness(MODEL)
client.check_model_version_readiness(MODEL, "1")

report(
    ready=[True, True, True, True],
    server=client.read_server_metadata().dict(),
    model=client.read_model_version_metadata(MODEL, "1").dict(),
    labels={
        "json": labels(
            probabilities(client.model_infer(MODEL, request=request(images)))
            for images in batches()
        ),
        "version": labels(
            probabilities(client.model_version_infer(MODEL, "1", request=request(images)))
            for images in few()
        ),
    },
    errors={
        "unknown": error(lambda: client.read_model_metadata("nobody")),
        "name": error(lambda: client.model_infer(MODEL, request=request(IMAGES[:1], name="img"))),
    },
)
