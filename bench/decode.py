#!/usr/bin/python3
"""Recordings a second, decoded and cropped to 64600 samples on one thread: bonafide's audio room
against Debian's python3-soundfile. Both read 16-kHz files again and again from the page cache.

    cmake --build --preset release --target decode_speed
    bench/decode.py --recordings FOLDER [--files 100] [--rounds 5]
"""

import argparse
from pathlib import Path

import common

SOUNDFILE_LOOP = """
import sys, time, numpy, soundfile
files, decoded, began = sys.argv[1:], 0, time.monotonic()
while time.monotonic() - began < 1:
    for path in files:
        samples, _ = soundfile.read(path, dtype="float32")
        decoded += len(numpy.resize(samples, 64600)) // 64600
print(decoded / (time.monotonic() - began))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--recordings", type=Path, required=True)
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/decode_speed")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    files = sorted(options.recordings.rglob("*.flac"))[: options.files]
    rates = common.interleaved(
        {
            "bonafide": lambda: float(common.run([options.program, *files], 1)),
            "soundfile": lambda: float(
                common.run([common.PYTHON, "-c", SOUNDFILE_LOOP, *files], 1)
            ),
        },
        options.rounds,
    )
    print(f"{len(files)} recordings; cores free: {common.free_cores(1):.2f}; recordings/s:")
    common.print_rates(rates, "bonafide")


if __name__ == "__main__":
    main()
