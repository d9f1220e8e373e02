"""AASIST from its official weights over a few real recordings: finetune_test.py PROGRAM SHARED.

By the commands of docs/training.md, but for the download: the weights lie below SHARED.
"""
import csv
import io
import os
import sys
import tempfile
import unittest

from small_run import SKIPPED, finished

PROGRAM, SHARED = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WEIGHTS = os.path.join(SHARED, "weights", "AASIST.pth")
WILD = os.path.join(SHARED, "data", "wild", "protocol.csv")
PARTS = {"train": 8, "dev": 4, "eval": 4}  # recordings of each class


def write_manifest(path):
    """The first recordings of each class, part by part, with full paths."""
    with open(WILD, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["path", "label", "partition"])
        for label in ("bonafide", "spoof"):
            left = iter([row for row in rows if row["label"] == label])
            for part, count in PARTS.items():
                for _ in range(count):
                    recording = os.path.join(os.path.dirname(WILD), next(left)["path"])
                    out.writerow([recording, label, part])


class FineTuning(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.environment = {"XDG_DATA_HOME": self.folder}
        os.makedirs(os.path.join(self.folder, "bonafide", "models"))
        finished([PROGRAM, "convert", WEIGHTS, "--system", "aasist",
                  os.path.join(self.folder, "bonafide", "models", "aasist.safetensors")])

    def scores(self, model, recordings):
        out, _ = finished([PROGRAM, "score", "--model", model, *recordings], self.environment)
        return [float(row["score"]) for row in csv.DictReader(io.StringIO(out))]

    def test_an_epoch_moves_the_official_weights_and_can_be_scored(self):
        manifest = os.path.join(self.folder, "mine.csv")
        run = os.path.join(self.folder, "run")
        write_manifest(manifest)
        _, said = finished([PROGRAM, "train", "aasist/finetune", f"data.root={manifest}",
                            "train.epochs=1", "train.batch_size=4", "train.average=false",
                            "--output", run], self.environment, seconds=900)
        self.assertIn("init: aasist: 211 of 211 tensors taken", said)
        with open(manifest, encoding="utf-8") as file:
            recordings = [row["path"] for row in csv.DictReader(file) if row["partition"] == "eval"]
        before = self.scores("aasist", recordings)
        after = self.scores(os.path.join(run, "best.safetensors"), recordings)
        self.assertNotEqual(before, after)
        for one, other in zip(before, after):
            self.assertLess(abs(one - other), 5, "a few small steps do not make another detector")

    def test_weights_that_are_not_here_are_named(self):
        manifest = os.path.join(self.folder, "mine.csv")
        write_manifest(manifest)
        os.remove(os.path.join(self.folder, "bonafide", "models", "aasist.safetensors"))
        _, said = finished([PROGRAM, "train", "aasist/finetune", f"data.root={manifest}",
                            "--output", os.path.join(self.folder, "run")],
                           self.environment, status=1)
        self.assertIn("bonafide models fetch aasist", said)


if __name__ == "__main__":
    if not os.path.exists(WEIGHTS) or not os.path.exists(WILD):
        print(f"skipped: no {WEIGHTS} or {WILD}")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
