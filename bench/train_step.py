#!/usr/bin/python3
"""A training step: `bonafide train` against the same step in PyTorch, utterances/s and peak memory.

A step is forward in training mode, loss, backward, Adam: AASIST with weighted cross entropy and L2,
or LightCNN, a spectrogram CNN, with its angular margin. bonafide's rate is the column utt_per_s of
its journal, so it includes loading from disk and LightCNN's spectrograms; PyTorch gets its batches
from memory. Peak memory is the whole process' largest resident set.

    bench/train_step.py [--system aasist|lcnn] [--batch 8] [--steps 6] [--rounds 3]
"""

import argparse
import csv
import statistics
import tempfile
from pathlib import Path

import common

SETUP = {
    "aasist": """
import aasist_reference as reference
network = reference.Aasist().train()
criterion = torch.nn.CrossEntropyLoss(weight=torch.tensor([0.1, 0.9]))
optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, weight_decay=1e-4)
inputs = torch.randn(batch, reference.SAMPLES) * 0.1
""",
    "lcnn": """
import lightcnn_reference as reference
network = reference.LightCnn().train()
criterion = reference.loss
optimizer = torch.optim.Adam(network.parameters(), lr=5e-4)
inputs = torch.randn(batch, reference.BINS, reference.FRAMES)
""",
}

TORCH_LOOP = """
import sys, time, torch
threads, batch, steps = map(int, sys.argv[1:])
torch.set_num_threads(threads)
{setup}
labels = torch.arange(batch) % 2
def step():
    optimizer.zero_grad()
    criterion(network(inputs), labels).backward()
    optimizer.step()
step()
began = time.monotonic()
for _ in range(steps): step()
print(batch * steps / (time.monotonic() - began))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/bonafide")
    parser.add_argument("--system", choices=sorted(SETUP), default="aasist")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    return parser.parse_args()


def torch_run(options, threads, environment):
    """Utterances/s, and peak memory in MiB."""
    here = Path(__file__).resolve().parent
    loop = TORCH_LOOP.format(setup=SETUP[options.system])
    output, peak = common.run_measured(
        [common.PYTHON, "-B", "-c", loop, threads, options.batch, options.steps],
        threads,
        {"PYTHONPATH": str(here), **environment},
    )
    return float(output), peak


def our_run(options, data, threads):
    """Two epochs; the second is timed, as PyTorch's first step is not."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        _, peak = common.run_measured(
            [options.program, "train", options.system, "data.corpus=manifest",
             f"data.root={data}/manifest.csv", f"train.batch_size={options.batch}",
             "train.epochs=2", "train.average=false", f"compute.threads={threads}",
             "--output", run],
            threads,
        )
        with open(run / "log.csv") as file:
            return float(list(csv.DictReader(file))[-1]["utt_per_s"]), peak


def print_results(results, ours):
    rates = {name: [rate for rate, _ in values] for name, values in results.items()}
    common.print_rates(rates, ours)
    print("  peak memory, MiB:")
    for name, values in results.items():
        peaks = [peak for _, peak in values]
        ratio = statistics.median(a[1] / b[1] for a, b in zip(results[ours], values))
        print(f"  {name:34}{statistics.median(peaks):9.0f}{min(peaks):9.0f}{max(peaks):9.0f}"
              f"   {ratio:.2f}")


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        common.write_recordings(Path(folder), options.batch * options.steps, 80000)
        for threads in options.threads:
            results = common.interleaved(
                {
                    "bonafide": lambda: our_run(options, folder, threads),
                    "PyTorch, stock allocator": lambda: torch_run(options, threads, {}),
                    "PyTorch, tuned allocator": lambda: torch_run(options, threads, common.TUNED),
                },
                options.rounds,
            )
            print(f"\n{options.system}, {threads} thread(s); cores free: "
                  f"{common.free_cores(threads):.2f}; batch {options.batch}; utterances/s:")
            print_results(results, "bonafide")


if __name__ == "__main__":
    main()
