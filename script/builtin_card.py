#!/usr/bin/env python3
"""Writes the built-in detector with its card: builtin_card.py MODEL DATA EVAL.json TEST.json OUT

MODEL: a model file that `bonafide train` wrote. DATA: the folder of script/builtin_manifest.py.
EVAL.json, TEST.json: metrics.json of `bonafide evaluate` on the mini corpus' eval part and on
recordings of other collections ("" when there were none).
"""
import csv
import json
import os
import struct
import sys


def counts(path):
    with open(path, newline="") as file:
        labels = [row["label"] for row in csv.DictReader(file)]
    return f"{labels.count('bonafide')} bona fide and {labels.count('spoof')} spoofed recordings"


def result(path):
    with open(path) as file:
        eer = json.load(file)["metrics"]["eer"]
    return "EER {:.1f} % (95 % interval {:.1f} to {:.1f} %)".format(
        100 * eer["value"], 100 * eer["low"], 100 * eer["high"])


def main(model, data, evaluation, test, out):
    with open(model, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        tensors = file.read()
    description = json.loads(header["__metadata__"]["bonafide"])
    made = description["card"]
    card = {
        "title": "Built-in demonstration detector",
        "warning": "A demonstration, not a forensic tool: it was trained on little data, and it often "
                   "fails on synthesisers, speakers and channels that it has not heard.",
        "licence": "Apache-2.0",
        "made_by": made["made_by"] + " (script/train-builtin), recipe aasist-small",
        "seed": made["seed"],
        "trained_on": counts(os.path.join(data, "train.csv")) + ": the mini corpus (Debian's packages)",
        "calibrated_on": counts(os.path.join(data, "calibration.csv")) + ": the mini corpus' eval part",
        "dev": "EER {:.1f} % on the mini corpus' dev part, which chose the epochs averaged".format(
            made["dev_eer_percent"]),
        "eval": result(evaluation) + " on the mini corpus' eval part: unseen speakers, languages and "
                                     "synthesisers",
    }
    if test:
        also = ", and clips of public demo pages with a stated licence: "
        card["trained_on"] += also + "CMU ARCTIC, LJ Speech and AISHELL-3 with FastSpeech, FastSpeech 2, " \
                                     "DiffGAN-TTS and PortaSpeech"
        card["calibrated_on"] += also + "LibriTTS and VCTK with several synthesisers"
        card["test"] = result(test) + " on " + counts(os.path.join(data, "test.csv")) + \
            " of public demo pages (neural synthesis, conversion and vocoders), used for nothing else"
    description["card"] = card
    header["__metadata__"]["bonafide"] = json.dumps(description, separators=(",", ":"))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + tensors)


if __name__ == "__main__":
    main(*sys.argv[1:6])
