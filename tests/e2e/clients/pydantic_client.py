"""pydantic-open-inference: a model as a pair of pydantic classes, by nested JSON."""

from pydantic_open_inference import (
    BadStatusCodeFromServerError,
    IncompatibleTensorError,
    InputsBaseModel,
    OutputsBaseModel,
    RemoteModel,
)

from case import MODEL, URL, IMAGES, batches, few, labels, report


class Images(InputsBaseModel):
    image: list[list[list[tuple[float]]]]


class Answer(OutputsBaseModel):
    probabilities: list[tuple[(float,) * 10]]


def remote(name, version=None):
    return RemoteModel(
        model_name=name,
        model_version=version,
        inputs_model=Images,
        outputs_model=Answer,
        server_url=URL,
        request_timeout_seconds=60,
    )


def error(ask):
    try:
        ask()
    except BadStatusCodeFromServerError as exception:
        return {"status": exception.status_code, "message": str(exception)}
    return None


current, versioned, unknown = remote(MODEL), remote(MODEL, "1"), remote("nobody")


def metadata(model):
    """What the client finds in the metadata: it has no types for fixed extents but the last."""
    try:
        model.validate()
    except IncompatibleTensorError as exception:
        return str(exception)
    return None


report(
    ready=[current.is_ready(), versioned.is_ready()],
    unready=[unknown.is_ready(), remote(MODEL, "2").is_ready()],
    shapes=[metadata(current), metadata(versioned)],
    labels={
        "json": labels(
            current.infer(Images(image=images.tolist())).probabilities for images in batches()
        ),
        "version": labels(
            versioned.infer(Images(image=images.tolist())).probabilities for images in few()
        ),
    },
    errors={"unknown": error(lambda: unknown.infer(Images(image=IMAGES[:1].tolist())))},
)
