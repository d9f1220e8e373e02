"""What the tests of training programs share: a small data set, a small system, the program."""
import math
import os
import random
import struct
import subprocess
import sys
import wave

SMALL = ["model.filts=[70,[1,4],[4,4],[4,4],[4,4]]", "model.gat_dims=[4,4]", "input.samples=6000",
         "train.batch_size=4", "train.epochs=2", "optimizer.lr=0.003", "compute.threads=1",
         "loss.class_weights=[0.5,0.5]", "data.corpus=manifest"]
SKIPPED = 77  # CTest shows it


def write_wav(path, spoof, seed, length=8000):
    """Half a second of noise, or so many samples; a spoof has a tone in it."""
    noise = random.Random(seed)
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        tone = 8000 if spoof else 0
        samples = [int(tone * math.sin(0.3 * n) + noise.uniform(-2000, 2000)) for n in range(length)]
        file.writeframes(struct.pack(f"<{length}h", *samples))


def write_data(folder, count=16):
    """Recordings and a manifest of them; the overrides that make it every part of the data."""
    manifest = os.path.join(folder, "all.csv")
    with open(manifest, "w") as file:
        file.write("path,label,attack\n")
        for i in range(count):
            spoof = i % 2 == 1
            write_wav(os.path.join(folder, f"u{i}.wav"), spoof, i)
            file.write(f"u{i}.wav,{'spoof' if spoof else 'bonafide'},{'tone' if spoof else ''}\n")
    return [f"data.{part}={manifest}" for part in ("train", "dev", "eval")]


def finished(command, environment=None, status=0, seconds=300):
    """Standard output and error of a command that must end with the status."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds,
                          env={**os.environ, **(environment or {})})
    if done.returncode != status:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}, not {status}\n"
                 f"{done.stdout}{done.stderr}")
    return done.stdout, done.stderr
