"""kserve: InferenceRESTClient, which has no metadata and no versions."""

import asyncio

import httpx
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from case import MODEL, URL, batches, labels, report


async def infer(client, images, is_binary):
    image = InferInput("image", list(images.shape), "FP32")
    image.set_data_from_numpy(images, binary_data=is_binary)
    output = RequestedOutput("probabilities", {"binary_data": is_binary})
    request = InferRequest(MODEL, [image], request_id="42", request_outputs=[output])
    answer = await client.infer(URL, request, model_name=MODEL)
    assert (answer.id, answer.model_name) == ("42", MODEL)
    return answer.outputs[0].as_numpy()


async def error(ask):
    try:
        await ask
    except httpx.HTTPStatusError as exception:
        return {"status": exception.response.status_code, "message": str(exception)}
    return None


async def main():
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        wrong = InferRequest("nobody", [InferInput("image", [1], "FP32", [0.5])])
        report(
            ready=[
                await client.is_server_live(URL),
                await client.is_server_ready(URL),
                await client.is_model_ready(URL, MODEL),
            ],
            unready=[await client.is_model_ready(URL, "nobody")],
            labels={
                "json": labels([await infer(client, images, False) for images in batches()]),
                "binary": labels([await infer(client, images, True) for images in batches()]),
            },
            errors={"unknown": await error(client.infer(URL, wrong, model_name="nobody"))},
        )


asyncio.run(main())
