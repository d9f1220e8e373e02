#!/usr/bin/python3
"""Makes the checkpoints of this folder. What is to be read from read/NAME.pt and from the same in
PyTorch's older format, read/NAME_legacy.pt, is in read/NAME.expected.safetensors. Those of refused/
cannot be read. Needs PyTorch (Debian's python3-torch); run it in this folder."""

import argparse
import collections
import json
import struct
import sys
import types

import numpy
import torch

DTYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        flat = tensor.detach().contiguous().reshape(-1)
        size = flat.numel() * flat.element_size()
        content = bytes(flat.view(torch.uint8).numpy()) if size else b""
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def save(name, whole, expected, **options):
    torch.save(whole, f"read/{name}.pt", **options)
    torch.save(whole, f"read/{name}_legacy.pt", _use_new_zipfile_serialization=False, **options)
    write_safetensors(f"read/{name}.expected.safetensors", expected)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(2, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.inner = torch.nn.Sequential(torch.nn.PReLU(), torch.nn.Linear(3, 1, bias=False))


def every_dtype():
    values = torch.tensor([0.0, 1.0, -2.5, 100.0])
    tensors = {DTYPES[t].lower(): values.to(t) for t in DTYPES if t != torch.uint8}
    tensors["u8"] = torch.tensor([0, 1, 255], dtype=torch.uint8)
    tensors["scalar"] = torch.tensor(3.5)
    tensors["empty"] = torch.zeros(0, 4)
    return tensors


def views():
    base = torch.arange(24, dtype=torch.float32)
    table = base.view(4, 6)
    return {
        "table": table,
        "transposed": table.t(),
        "row": table[2],
        "column": table[:, 3],
        "strided": table[1:, ::2],
        "permuted": base.view(2, 3, 4).permute(2, 0, 1),
        "channels_last": torch.rand(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        "tied": table,
    }


def training_checkpoint(net):
    optimizer = torch.optim.Adam(net.parameters())
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return {
        "epoch": 7,
        "seed": 2 ** 70,
        "best": numpy.float64(0.83),
        "history": numpy.arange(3, dtype=numpy.float32),
        "hyper_parameters": argparse.Namespace(lr=1e-4, layers=[1, 2], device=torch.device("cpu")),
        "dtype": torch.float32,
        "shape": torch.Size([1, 2]),
        "names": {"a", "b"},
        "optimizer": optimizer.state_dict(),
        "state_dict": collections.OrderedDict(
            ("module." + key, value) for key, value in net.state_dict().items()),
    }


def main():
    torch.manual_seed(1)
    net = Net()
    save("every_dtype", every_dtype(), every_dtype())
    shared = views()
    save("views", shared, shared)
    save("state_dict", net.state_dict(), net.state_dict())
    parameters = {"weight": torch.nn.Parameter(torch.rand(2, 2)), "note": "not a tensor"}
    save("parameters", {"model": parameters}, {"weight": parameters["weight"]})
    save("training", training_checkpoint(net), net.state_dict())
    save("protocol4", {"model_state_dict": net.state_dict(), "bytes": b"\x00\xff"},
         net.state_dict(), pickle_protocol=4)

    # A whole module, of a class that no reader will ever find. (The older format would put
    # PyTorch's own source text into the file.)
    module = types.ModuleType("somewhere_else")
    Net.__module__ = "somewhere_else"
    module.Net = Net
    sys.modules["somewhere_else"] = module
    torch.save(net, "read/whole_module.pt")
    write_safetensors("read/whole_module.expected.safetensors", net.state_dict())

    torch.save({"epoch": 3, "optimizer": {}}, "refused/no_tensors.pt")
    torch.save([torch.zeros(2)], "refused/list.pt")
    torch.save({"w": torch.zeros(1).expand(10 ** 9)}, "refused/expanded.pt")
    torch.save({"w": torch.eye(2).to_sparse()}, "refused/sparse.pt")
    torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, "refused/complex.pt")
    torch.save({"w": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8)},
               "refused/quantised.pt")
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), "refused/torchscript.pt")


main()
