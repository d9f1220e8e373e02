#!/usr/bin/env python3
"""Manifests for the built-in detector: builtin_manifest.py MINICORPUS WILD OUT

MINICORPUS: a folder made by `bonafide data minicorpus`. WILD: a folder with protocol.csv and clips
from public demo pages, or "" to do without. Writes OUT/train.csv, dev.csv, eval.csv, calibration.csv and
test.csv with absolute paths; the mini corpus' eval part is in both eval.csv and calibration.csv (a
calibration does not change an EER). Of WILD only clips whose page states a licence are learned from: those of
LibriTTS and VCTK speakers calibrate, the others train. All remaining clips, whose pages state none,
are for testing only. The 8-kHz digits of FSDD are left out everywhere.
"""
import csv
import os
import sys

COLUMNS = ["path", "label", "speaker", "attack", "partition"]


def mini(folder):
    parts = {"train": ["train"], "dev": ["dev"], "eval": ["eval", "calibration"]}
    with open(os.path.join(folder, "manifest.csv"), newline="") as file:
        for row in csv.DictReader(file):
            row["path"] = os.path.abspath(os.path.join(folder, row["path"]))
            for part in parts.get(row["partition"], []):
                yield part, row


def wild(folder):
    with open(os.path.join(folder, "protocol.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if row["corpus"] == "FSDD":
                continue
            row["path"] = os.path.abspath(os.path.join(folder, row["path"]))
            row["attack"] = "" if row["label"] == "bonafide" else row["system"]
            if row["licence"].startswith("no licence"):
                yield "test", row
            elif row["corpus"] in ("LibriTTS", "VCTK"):
                yield "calibration", row
            else:
                yield "train", row


def main(minicorpus, wild_folder, out):
    os.makedirs(out, exist_ok=True)
    tables = {part: [] for part in ("train", "dev", "eval", "calibration", "test")}
    sources = list(mini(minicorpus)) + (list(wild(wild_folder)) if wild_folder else [])
    for part, row in sources:
        tables[part].append({column: row.get(column, "") for column in COLUMNS} | {"partition": part})
    for part, rows in tables.items():
        with open(os.path.join(out, part + ".csv"), "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{part}: {len(rows)}")


if __name__ == "__main__":
    main(*sys.argv[1:4])
