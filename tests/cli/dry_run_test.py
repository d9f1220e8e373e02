"""What `bonafide train --dry-run` refuses is what `train` refuses: dry_run_test.py PROGRAM."""
import os
import sys
import tempfile
import unittest

from small_run import SMALL, finished, write_data

PROGRAM = os.path.abspath(sys.argv[1])


class DryRun(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.data = write_data(self.folder)
        self.output = os.path.join(self.folder, "run")

    def train(self, *arguments, status=0):
        return finished([PROGRAM, "train", "aasist", *SMALL, *self.data, *arguments,
                         "--output", self.output], status=status)

    def test_writes_nothing_and_says_what_it_found(self):
        out, _ = self.train("--dry-run")
        self.assertIn("# train: 16 recordings", out)
        self.assertIn("# dev: 16 recordings", out)
        self.assertIn("# 4 batches an epoch", out)
        self.assertFalse(os.path.exists(self.output))

    def test_refuses_what_a_training_refuses(self):
        for override, word in (("train.batch_size=24", "do not fill one batch of 24"),
                               ("train.freeze=[nothing.*]", "nothing.*"),
                               ("optimizer.groups=[{match: none}]", "none"),
                               ("init=[/nowhere/model.pth]", "/nowhere/model.pth"),
                               ("model.gat_dims=[4,0]", "gat_dims"),
                               ("input.crop.stretch=whole", "input.crop"),
                               ("input.crop.fill=none", "input.crop"),
                               ("evaluate.asv_scores=/nowhere/asv.txt", "/nowhere/asv.txt")):
            with self.subTest(override):
                status = 1 if "/nowhere" in override else 2
                _, dry = self.train(override, "--dry-run", status=status)
                _, real = self.train(override, status=status)
                self.assertEqual(dry, real)
                self.assertIn(word, dry)
        os.remove(os.path.join(self.folder, "u3.wav"))
        _, dry = self.train("--dry-run", status=1)
        self.assertIn("u3.wav: No such file or directory", dry)
        self.train("--dry-run", "train.broken_files=skip")
        weights = ["train.sampler=weighted", "train.weights=[{label: real, weight: 2}]"]
        _, dry = self.train(*weights, "--dry-run", status=2)
        self.assertIn("no recording has the label", dry)

    def test_refuses_a_folder_that_holds_a_run(self):
        self.train("train.epochs=1")
        _, dry = self.train("--dry-run", status=2)
        self.assertIn("holds a training run already", dry)
        _, dry = self.train("--dry-run", "--resume", "optimizer.name=sgd", status=2)
        self.assertIn("optimizer.name", dry)
        self.train("--dry-run", "--resume", "train.epochs=3")

    def test_a_last_batch_of_one_trains(self):
        out, _ = self.train("train.batch_size=5", "train.drop_last=false", "--dry-run")
        self.assertIn("# 4 batches an epoch", out)
        self.train("train.batch_size=5", "train.drop_last=false", "train.epochs=1")
        _, said = finished([PROGRAM, "score", "--model", os.path.join(self.output, "best.safetensors"),
                            os.path.join(self.folder, "u0.wav")])
        self.assertEqual(said, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
