#!/usr/bin/python3
"""Utterances a second: `bonafide score` with AASIST against the same network in Debian's PyTorch.

bonafide is timed as a user waits for it: the whole process, from start to the last row. PyTorch is
timed without its import and without loading the weights: only decoding and the network, one
utterance at a time, which is its fastest way on a processor. Both are pinned to the same cores.

    bench/score_speed.py --weights AASIST.pth --recordings FOLDER [--files 48] [--rounds 5]
"""

import argparse
import csv
import io
import tempfile
from pathlib import Path

import common


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", type=Path, required=True, help="official AASIST.pth")
    parser.add_argument("--recordings", type=Path, required=True, help="folder of 16-kHz flac files")
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/bonafide")
    parser.add_argument("--files", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    return parser.parse_args()


TORCH_LOOP = """
import sys, time, torch
import aasist_reference as reference
torch.set_num_threads(int(sys.argv[1]))
network = reference.load(sys.argv[2])
began = time.monotonic()
with torch.no_grad():
    scores = [network(reference.read(path).unsqueeze(0))[0, 1].item() for path in sys.argv[3:]]
print(time.monotonic() - began, *scores)
"""


def torch_run(options, files, threads, environment):
    here = Path(__file__).resolve().parent
    output = common.run(
        [common.PYTHON, "-B", "-c", TORCH_LOOP, threads, options.weights, *files],
        threads,
        {"PYTHONPATH": str(here), **environment},
    )
    seconds, *scores = map(float, output.split())
    return len(files) / seconds, scores


def our_run(options, model, files, threads):
    rows = ""

    def work():
        nonlocal rows
        rows = common.run(
            [options.program, "score", "--model", model, "--threads", threads, *files], threads
        )

    seconds = common.wall_seconds(work)
    scores = [float(row["score"]) for row in csv.DictReader(io.StringIO(rows))]
    return len(files) / seconds, scores


def compare(options, model, files, threads):
    results = common.interleaved(
        {
            "bonafide": lambda: our_run(options, model, files, threads),
            "PyTorch, stock allocator": lambda: torch_run(options, files, threads, {}),
            "PyTorch, tuned allocator": lambda: torch_run(options, files, threads, common.TUNED),
        },
        options.rounds,
    )
    print(f"\n{threads} thread(s); cores free: {common.free_cores(threads):.2f}; utterances/s:")
    common.print_rates(
        {name: [rate for rate, _ in runs] for name, runs in results.items()}, "bonafide"
    )
    ours, theirs = results["bonafide"][0][1], results["PyTorch, stock allocator"][0][1]
    print(f"  largest difference of scores: {max(abs(a - b) for a, b in zip(ours, theirs)):.1e}")


def main():
    options = arguments()
    files = sorted(options.recordings.rglob("*.flac"))[: options.files]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "aasist.safetensors"
        common.run([options.program, "convert", options.weights, model, "--system", "aasist"], 1)
        print(f"{len(files)} recordings, {options.rounds} interleaved rounds")
        for threads in options.threads:
            compare(options, model, files, threads)


if __name__ == "__main__":
    main()
