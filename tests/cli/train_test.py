"""From recordings to a report with the real program: manifest, train, resume, score, evaluate, metrics.

train_test.py BONAFIDE
"""
import csv
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import wave

SMALL = ["model.filts=[70,[1,4],[4,4],[4,4],[4,4]]", "model.gat_dims=[4,4]", "input.samples=6000",
         "train.batch_size=4", "train.epochs=8", "optimizer.lr=0.003",
         "loss.class_weights=[0.5,0.5]", "data.corpus=manifest"]


def write_wav(path, spoof, seed):
    """Half a second of noise; a spoof has a tone in it."""
    noise = random.Random(seed)
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        tone = 8000 if spoof else 0
        samples = [int(tone * math.sin(0.3 * n) + noise.uniform(-2000, 2000)) for n in range(8000)]
        file.writeframes(struct.pack("<8000h", *samples))


def run(program, *arguments, status=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode != status:
        sys.exit(f"{' '.join(arguments)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        manifest = os.path.join(folder, "all.csv")
        with open(manifest, "w") as file:
            file.write("path,label,attack\n")
            for i in range(16):
                spoof = i % 2 == 1
                write_wav(os.path.join(folder, f"u{i}.wav"), spoof, i)
                file.write(f"u{i}.wav,{'spoof' if spoof else 'bonafide'},{'tone' if spoof else ''}\n")
        data = [f"data.{part}={manifest}" for part in ("train", "dev", "eval", "calibration")]
        out = os.path.join(folder, "run")
        run(program, "train", "aasist", *SMALL, *data, "--output", out)
        model = os.path.join(out, "best.safetensors")

        rows = list(csv.DictReader(run(program, "score", "--model", model, folder).splitlines()))
        assert len(rows) == 16, rows
        assert all(row["score"] and row["llr"] and row["verdict"] for row in rows), rows

        evaluation = os.path.join(folder, "evaluation")
        run(program, "evaluate", "aasist", *SMALL, *data, "--checkpoint", model, "--output", evaluation)
        with open(os.path.join(evaluation, "metrics.json")) as file:
            eer = json.load(file)["metrics"]["eer"]["value"]
        assert eer < 0.3, f"an easy task, but an EER of {eer}"
        with open(os.path.join(evaluation, "report.html")) as file:
            page = file.read()
        assert "<svg" in page and "http://" not in page.replace("http://www.w3.org", ""), "not one file"

        table = run(program, "metrics", os.path.join(evaluation, "scores.csv"), "--bootstrap", "200")
        assert "EER" in table, table
        run(program, "train", "--resume", "--output", out)  # nothing left to do is no error
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
