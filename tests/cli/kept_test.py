"""Files that an earlier version wrote: kept_test.py PROGRAM. Later versions score and resume them.

tests/kept/run is a run of the small AASIST of small_run.py over its data, one epoch, with moving and
stochastic weight averages and a calibration, as version 0.1.0 left it before the release. The
numbers below are that version's own: scores of its models, and of its last model after it went on
for an epoch.
"""
import csv
import io
import os
import shutil
import sys
import tempfile
import unittest

from small_run import finished, write_data

PROGRAM = os.path.abspath(sys.argv[1])
KEPT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "kept", "run")

AVERAGED = [0.237938866, 0.168148905, 0.171292871, 0.200629324]
AVERAGED_LLR = [0.810316359, -0.470137114, -0.412453997, 0.125789067]
BEST = [0.106586881, 0.106814161, 0.106552891, 0.106771804]
RESUMED = [0.122475654, 0.123060241, 0.122365035, 0.122927666]


class KeptFiles(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.data = write_data(self.folder)
        self.run_folder = os.path.join(self.folder, "run")
        shutil.copytree(KEPT, self.run_folder)

    def column(self, model, name):
        recordings = [os.path.join(self.folder, f"u{i}.wav") for i in range(4)]
        out, _ = finished([PROGRAM, "score", "--threads", "1", "--model",
                           os.path.join(self.run_folder, model), *recordings])
        return [float(row[name]) for row in csv.DictReader(io.StringIO(out))]

    def expect(self, found, wanted, places):
        for one, other in zip(found, wanted, strict=True):
            self.assertAlmostEqual(one, other, places)

    def test_models_are_scored_as_they_were(self):
        self.expect(self.column("best.safetensors", "score"), BEST, 6)
        self.expect(self.column("averaged.safetensors", "score"), AVERAGED, 6)
        self.expect(self.column("averaged.safetensors", "llr"), AVERAGED_LLR, 4)

    def test_a_run_goes_on(self):
        finished([PROGRAM, "train", os.path.join(self.run_folder, "recipe.yaml"), *self.data,
                  f"data.calibration={self.folder}/all.csv", "train.epochs=2", "--resume",
                  "--output", self.run_folder])
        self.expect(self.column("last.safetensors", "score"), RESUMED, 4)
        with open(os.path.join(self.run_folder, "log.csv"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
