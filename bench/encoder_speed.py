#!/usr/bin/python3
"""A speech encoder of the shape of XLS-R 300M with random weights: bonafide against Hugging Face's
transformers on PyTorch, waveforms/s and peak memory.

    bench/encoder_speed.py --peer "1.13=/venv/bin/python" [--layers 24] [--seconds 4]

A peer is a Python with torch and transformers (a virtual environment over Debian's python3-torch:
python3 -m venv --system-site-packages DIR && DIR/bin/pip install transformers==4.30.2), or a
command that starts one. bonafide's side: cmake --build --preset release --target encoder_speed
"""

import argparse
import shlex
import statistics
from pathlib import Path

import common

PEER = """
import sys, time, torch, transformers
threads, layers, seconds, rounds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
config = transformers.Wav2Vec2Config(
    hidden_size=1024, num_hidden_layers=layers, num_attention_heads=16, intermediate_size=4096,
    feat_extract_norm="layer", conv_bias=True, do_stable_layer_norm=True)
network = transformers.Wav2Vec2Model(config).eval()
waves = torch.randn(1, int(seconds * 16000))
with torch.no_grad():
    network(waves, output_hidden_states=True)
    began = time.monotonic()
    for _ in range(rounds):
        network(waves, output_hidden_states=True)
print(rounds / (time.monotonic() - began))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/encoder_speed")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--layers", type=int, default=24)
    parser.add_argument("--seconds", type=float, nargs="+", default=[4.0])
    parser.add_argument("--waveforms", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    return parser.parse_args()


def contestants(options, threads, seconds):
    shape = [threads, options.layers, seconds, options.waveforms]
    works = {"bonafide": ([options.program, *shape], {})}
    for peer in options.peer:
        name, command = peer.split("=", 1)
        works[f"PyTorch {name}, stock"] = ([*shlex.split(command), "-c", PEER, *shape], {})
        works[f"PyTorch {name}, tuned"] = ([*shlex.split(command), "-c", PEER, *shape],
                                           common.TUNED)
    return {name: lambda work=work: common.run_measured(work[0], threads, work[1])
            for name, work in works.items()}


def main():
    options = arguments()
    for seconds in options.seconds:
        for threads in options.threads:
            print(f"\n{options.layers} layers, {seconds:g} s, {threads} thread(s), cores free "
                  f"{common.free_cores(threads):.2f}; waveforms/s")
            results = common.interleaved(contestants(options, threads, seconds), options.rounds)
            common.print_rates({name: [float(output) for output, _ in runs]
                                for name, runs in results.items()}, "bonafide")
            for name, runs in results.items():
                print(f"  {name:34}{statistics.median(peak for _, peak in runs):9.0f} MiB")


if __name__ == "__main__":
    main()
