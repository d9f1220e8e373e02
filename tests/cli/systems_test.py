"""One full-size system from recordings to a score, by its own recipe: systems_test.py BONAFIDE RECIPE

Only data, epochs and batch size are overridden. The corpus is easy on purpose: hums, and the same
with a whistle. It shows that a recipe learns, not how well.
"""

import csv
import json
import math
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

RATE = 16000
PARTS = {"train": 64, "dev": 12, "eval": 8}
EPOCHS = 4
BATCH = 4
HIGHEST_EER = 25.0  # percent


def write_recording(path, spoof, draws):
    """A second of a hum, its pitch, level and noise drawn; a spoof whistles, too."""
    pitch, level = draws.uniform(90, 220), draws.uniform(2000, 6000)
    whistle = draws.uniform(3000, 5000) if spoof else 0
    partials = [(2 * math.pi * pitch * k / RATE, level / k) for k in range(1, 6)]
    if spoof:
        partials.append((2 * math.pi * whistle / RATE, level))
    samples = [int(sum(size * math.sin(step * n) for step, size in partials)
                   + draws.uniform(-300, 300)) for n in range(RATE)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{RATE}h", *(max(-32768, min(32767, s)) for s in samples)))


def write_corpus(folder):
    draws = random.Random(1)
    lines = ["path,label,attack,partition"]
    for part, count in PARTS.items():
        for i in range(count):
            spoof = i % 2 == 1
            write_recording(folder / f"{part}{i}.wav", spoof, draws)
            lines.append(f"{part}{i}.wav,{'spoof,whistle' if spoof else 'bonafide,'},{part}")
    (folder / "all.csv").write_text("\n".join(lines) + "\n")


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def step_losses(folder):
    scalars = map(json.loads, (folder / "scalars.jsonl").read_text().splitlines())
    return [scalar["value"] for scalar in scalars if scalar["name"] == "batch_loss_train"]


def main(program, recipe):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder)
        data = ["data.corpus=manifest", f"data.root={folder}/all.csv"]
        run(program, "train", recipe, *data, f"train.epochs={EPOCHS}", f"train.batch_size={BATCH}",
            "--output", folder / "run")
        with open(folder / "run/log.csv", newline="") as file:
            eers = [float(epoch["eer"]) for epoch in csv.DictReader(file)]
        # By steps: an easy task is learnt within the first epoch.
        losses = step_losses(folder / "run")
        first, last = (statistics.fmean(some) for some in (losses[:4], losses[-16:]))
        print(f"loss of the first four steps {first:.3f}, of the last epoch {last:.3f}; EERs {eers}")
        assert len(eers) == EPOCHS and len(losses) == EPOCHS * PARTS["train"] // BATCH
        assert last < first
        assert min(eers) <= HIGHEST_EER, eers

        averages = "average: true" in run(program, "recipe", "show", recipe)
        assert averages == (folder / "run/averaged.safetensors").exists(), "the average is missing"
        model = folder / "run/best.safetensors"
        run(program, "evaluate", recipe, *data, "--checkpoint", model, "--output", folder / "eval")
        assert "eer" in json.loads((folder / "eval/metrics.json").read_text())["metrics"]

        rows = list(csv.DictReader(run(program, "score", "--model", model, *sorted(
            folder.glob("eval?.wav"))).splitlines()))
        with open(folder / "eval/scores.csv", newline="") as file:
            scores = {Path(row["file"]).stem: row["score"] for row in csv.DictReader(file)}
        assert {Path(row["file"]).stem: row["score"] for row in rows} == scores, (rows, scores)


if __name__ == "__main__":
    main(*sys.argv[1:])
