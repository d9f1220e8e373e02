#!/usr/bin/python3
"""Utterances a second in training: `bonafide train` with AASIST against the same step in PyTorch.

A step is forward in training mode, weighted cross entropy, backward, Adam with L2. bonafide's figure
is the column utt_per_s of its journal, so it includes loading from disk; PyTorch gets its batches
from memory.

    bench/train_step.py [--batch 8] [--steps 6] [--rounds 3]
"""

import argparse
import csv
import tempfile
from pathlib import Path

import common

TORCH_LOOP = """
import sys, time, torch
import aasist_reference as reference
threads, batch, steps = map(int, sys.argv[1:])
torch.set_num_threads(threads)
network = reference.Aasist().train()
loss = torch.nn.CrossEntropyLoss(weight=torch.tensor([0.1, 0.9]))
optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, weight_decay=1e-4)
waves = torch.randn(batch, reference.SAMPLES) * 0.1
labels = torch.arange(batch) % 2
def step():
    optimizer.zero_grad()
    loss(network(waves), labels).backward()
    optimizer.step()
step()
began = time.monotonic()
for _ in range(steps): step()
print(batch * steps / (time.monotonic() - began))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/bonafide")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    return parser.parse_args()


def torch_run(options, threads, environment):
    here = Path(__file__).resolve().parent
    output = common.run(
        [common.PYTHON, "-B", "-c", TORCH_LOOP, threads, options.batch, options.steps],
        threads,
        {"PYTHONPATH": str(here), **environment},
    )
    return float(output)


def our_run(options, data, threads):
    """Two epochs; the second is timed, as PyTorch's first step is not."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        common.run(
            [options.program, "train", "aasist", "data.corpus=manifest",
             f"data.root={data}/manifest.csv", f"train.batch_size={options.batch}",
             "train.epochs=2", "train.average=false", f"compute.threads={threads}",
             "--output", run],
            threads,
        )
        with open(run / "log.csv") as file:
            return float(list(csv.DictReader(file))[-1]["utt_per_s"])


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        common.write_recordings(Path(folder), options.batch * options.steps, 72000)
        for threads in options.threads:
            rates = common.interleaved(
                {
                    "bonafide": lambda: our_run(options, folder, threads),
                    "PyTorch, stock allocator": lambda: torch_run(options, threads, {}),
                    "PyTorch, tuned allocator": lambda: torch_run(options, threads, common.TUNED),
                },
                options.rounds,
            )
            print(f"\n{threads} thread(s); cores free: {common.free_cores(threads):.2f}; "
                  f"batch {options.batch}; utterances/s:")
            common.print_rates(rates, "bonafide")


if __name__ == "__main__":
    main()
