#!/usr/bin/python3
"""Metrics: `bonafide metrics` against the official ASVspoof 5 package, on the same random scores.

Whole commands are timed, with start-up and the reading of both files, and in turns; the figures that
both print are compared. The package needs numpy and pandas (script/bootstrap --bench).

    git clone https://github.com/asvspoof-challenge/asvspoof5
    bench/metrics_speed.py --package asvspoof5/evaluation-package [--trials 1000000] [--rounds 3]
"""

import argparse
import multiprocessing
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import common


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--package", type=Path, required=True, help="folder evaluation-package")
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/bonafide")
    parser.add_argument("--trials", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--verification-trials", type=int, default=100_000)
    parser.add_argument("--cores", type=int, default=2, help="that each command may use")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def write(path, header, columns):
    with open(path, "w") as file:
        file.write("\t".join(header) + "\n")
        file.writelines("\t".join(row) + "\n" for row in zip(*columns))


def track1(folder, trials):
    """A fifth bona fide, with about 10 % EER; the key in another order than the scores."""
    random = np.random.default_rng(0)
    bona_fide = np.arange(trials) < trials // 5
    scores = random.normal(np.where(bona_fide, 1.28, -1.28), 1)
    names = np.array([f"E_{i:010}" for i in range(trials)])
    order = random.permutation(trials)
    labels = np.where(bona_fide, "bonafide", "spoof")
    write(folder / "scores.tsv", ["filename", "cm-score"], [names, map(repr, scores.tolist())])
    write(folder / "keys.tsv", ["filename", "cm-label"], [names[order], labels[order]])


def track2(folder, trials):
    random = np.random.default_rng(1)
    kind = random.choice(3, trials, p=[0.1, 0.3, 0.6])  # target, nontarget, spoof
    asv = random.normal(np.array([2, -2, 0.5])[kind], 1)
    cm = random.normal(np.array([1, 1, -1])[kind], 1)
    names = [f"E_{i:010}" for i in range(trials)]
    claims = [f"T_{i % 300:04}" for i in range(trials)]
    text = lambda values: map(repr, values.tolist())
    write(
        folder / "scores.tsv",
        ["spk", "filename", "cm-score", "asv-score", "sasv-score"],
        [claims, names, text(cm), text(asv), text(asv + cm)],
    )
    write(
        folder / "keys.tsv",
        ["spk", "filename", "cm-label", "asv-label"],
        [
            claims,
            names,
            np.array(["bonafide", "bonafide", "spoof"])[kind],
            np.array(["target", "nontarget", "spoof"])[kind],
        ],
    )


TRACKS = {
    "track 1": (track1, "--m t1 --cm scores.tsv --cm_keys keys.tsv", "--corpus asvspoof5-track1"),
    "track 2": (track2, "--m t2_tandem --sasv scores.tsv --sasv_keys keys.tsv",
                "--corpus asvspoof5-track2"),
}


def run(command, folder, cores):
    """Wall seconds, peak MiB, output and processor seconds of a command on so many cores."""
    began = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": str(cores), "OPENBLAS_NUM_THREADS": str(cores)},
        text=True,
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} failed")
    processor = usage.ru_utime + usage.ru_stime
    return time.monotonic() - began, usage.ru_maxrss / 1024, output, processor


def figures(output):
    """The lines "-eval_eer (%): 9.981" of the official summary."""
    return dict(re.findall(r"^-(\w+)[^:\n]*: (\S+)$", output, re.MULTILINE))


def compare(options, name, trials):
    make, official, ours = TRACKS[name]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # In a process of its own: a new process begins with the peak memory of the one it came from.
        maker = multiprocessing.Process(target=make, args=(folder, trials))
        maker.start()
        maker.join()
        if maker.exitcode != 0:
            raise SystemExit(f"{name}: the trials could not be written")
        package = (options.package / "evaluation.py").resolve()
        results = common.interleaved(
            {
                "bonafide": lambda: run(
                    [options.program.resolve(), "metrics", "scores.tsv", "--key", "keys.tsv"]
                    + ours.split(),
                    folder,
                    options.cores,
                ),
                "package": lambda: run(
                    [common.PYTHON, "-B", package] + official.split(), folder, options.cores
                ),
            },
            options.rounds,
        )
    median = {n: statistics.median(r[0] for r in runs) for n, runs in results.items()}
    ratio = statistics.median(
        b[0] / a[0] for a, b in zip(results["bonafide"], results["package"])
    )
    memory = {n: max(r[1] for r in runs) for n, runs in results.items()}
    processor = {n: statistics.median(r[3] for r in runs) for n, runs in results.items()}
    mine, theirs = figures(results["bonafide"][0][2]), figures(results["package"][0][2])
    same = "equal" if theirs and mine == theirs else f"DIFFERENT: {mine} {theirs}"
    print(
        f"{name:8} {trials:>9}  {median['bonafide']:8.3f} s {memory['bonafide']:7.0f} MiB"
        f"  {median['package']:8.2f} s {memory['package']:7.0f} MiB  {ratio:6.1f} times  {same}"
        f"  (processor {processor['bonafide']:.3f} s, {processor['package']:.2f} s)"
    )


def main():
    options = arguments()
    # Here and not in each new process: a hook there makes Python copy this large one to start it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    print(f"{options.rounds} interleaved rounds; {options.cores} cores, free: {common.free_cores(options.cores):.2f}")
    print(f"{'':8} {'trials':>9}  {'bonafide':>22}  {'official package':>22}  faster  figures")
    for trials in options.trials:
        compare(options, "track 1", trials)
    compare(options, "track 2", options.verification_trials)


if __name__ == "__main__":
    main()
