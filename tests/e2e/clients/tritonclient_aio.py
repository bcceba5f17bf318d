"""tritonclient[http].aio: many requests at once."""

import asyncio

import tritonclient.http.aio as triton

from case import MODEL, URL, batches, labels, report


async def infer(client, images, is_binary):
    image = triton.InferInput("image", list(images.shape), "FP32")
    image.set_data_from_numpy(images, binary_data=is_binary)
    output = triton.InferRequestedOutput("probabilities", binary_data=is_binary)
    answer = await client.infer(MODEL, [image], outputs=[output])
    return answer.as_numpy("probabilities")


async def read(client, is_binary):
    return labels(await asyncio.gather(*(infer(client, i, is_binary) for i in batches())))


async def main():
    async with triton.InferenceServerClient(URL.removeprefix("http://")) as client:
        report(
            ready=[
                await client.is_server_live(),
                await client.is_server_ready(),
                await client.is_model_ready(MODEL),
                await client.is_model_ready(MODEL, "1"),
            ],
            unready=[await client.is_model_ready("nobody")],
            server=await client.get_server_metadata(),
            model=await client.get_model_metadata(MODEL),
            labels={"json": await read(client, False), "binary": await read(client, True)},
        )


asyncio.run(main())
