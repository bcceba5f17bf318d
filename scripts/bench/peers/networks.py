"""The article's network with given weights, by PyTorch and by onnxruntime.

Each returns a function from images (N, 1, 28, 28), float32 in 0-1, to probabilities (N, 10). As a
program, writes a network for onnxruntime: its weights and the file to write are its arguments.
"""

import json
import sys

import numpy as np

TYPES = {"F32": np.float32, "F16": np.float16}


def weights(path):
    """A safetensors file's tensors by name, float32, in the order that channels first asks for."""
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + int.from_bytes(content[:8], "little")
    found = {}
    for name, entry in json.loads(content[8:start]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(content[start + begin:start + end], TYPES[entry["dtype"]])
        found[name] = values.astype(np.float32).reshape(entry["shape"])
    for name in ("conv1/kernel", "conv2/kernel"):
        found[name] = found[name].transpose(3, 2, 0, 1)
    # What is flattened is (12, 12, 64) there, and (64, 12, 12) here.
    dense = found["dense1/kernel"].reshape(12, 12, 64, 128).transpose(2, 0, 1, 3)
    found["dense1/kernel"] = dense.reshape(9216, 128).T
    found["dense2/kernel"] = found["dense2/kernel"].T
    return {name: np.ascontiguousarray(values) for name, values in found.items()}


def pytorch(path, threads):
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(threads)
    named = {name: torch.from_numpy(values) for name, values in weights(path).items()}

    def both(layer):
        return named[f"{layer}/kernel"], named[f"{layer}/bias"]

    def classify(images):
        with torch.inference_mode():
            x = F.relu(F.conv2d(torch.from_numpy(images), *both("conv1")))
            x = F.max_pool2d(F.relu(F.conv2d(x, *both("conv2"))), 2)
            x = F.relu(F.linear(x.flatten(1), *both("dense1")))
            return F.softmax(F.linear(x, *both("dense2")), 1).numpy()

    return classify


def onnxruntime(path, threads):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda images: session.run(None, {"images": images})[0]


def write_onnx(given, path):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, last = [], "images"

    def add(op, *inputs, **attributes):
        nonlocal last
        output = f"{op}{len(nodes)}"
        nodes.append(helper.make_node(op, [last, *inputs], [output], **attributes))
        last = output

    add("Conv", "conv1/kernel", "conv1/bias")
    add("Relu")
    add("Conv", "conv2/kernel", "conv2/bias")
    add("Relu")
    add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    add("Flatten")
    add("Gemm", "dense1/kernel", "dense1/bias", transB=1)
    add("Relu")
    add("Gemm", "dense2/kernel", "dense2/bias", transB=1)
    add("Softmax")
    graph = helper.make_graph(
        nodes,
        "article",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(values, name) for name, values in given.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)


if __name__ == "__main__":
    write_onnx(weights(sys.argv[1]), sys.argv[2])
