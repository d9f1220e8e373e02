"""Models and states that leave out what never learns: frozen_test.py PROGRAM."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from small_run import SMALL, finished, write_data

PROGRAM = os.path.abspath(sys.argv[1])
FROZEN = ["train.store_frozen=false", 'train.freeze=["encoder.*"]']


def header_of(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length))


def tensors_of(path):
    """Name -> bytes."""
    header = header_of(path)
    data = path.read_bytes()[8 + struct.unpack("<Q", path.read_bytes()[:8])[0]:]
    return {name: data[slice(*entry["data_offsets"])]
            for name, entry in header.items() if name != "__metadata__"}


class Frozen(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        cls.data = write_data(str(cls.folder))
        cls.base = cls.train("base", "train.epochs=1") / "best.safetensors"
        cls.run_folder = cls.train("run", f"init=[{cls.base}]", *FROZEN)
        cls.model = cls.run_folder / "best.safetensors"

    @classmethod
    def train(cls, name, *overrides, resume=False):
        run = cls.folder / name
        cls.said = finished([PROGRAM, "train", "aasist", *SMALL, *cls.data, *overrides,
                             *(["--resume"] if resume else []), "--output", str(run)])[1]
        return run

    def kill_one_that_saved(self, name):
        """A run that ends without warning, once its state is on the disk."""
        command = [PROGRAM, "train", "aasist", *SMALL, *self.data, f"init=[{self.base}]", *FROZEN,
                   "train.save_minutes=0", "--output", str(self.folder / name)]
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while not (self.folder / name / "state.safetensors").exists():
            self.assertIsNone(running.poll(), "ended before it saved")
            time.sleep(0.005)
        running.kill()
        running.wait()

    def scores(self, model):
        return finished([PROGRAM, "score", "--model", str(model), str(self.folder / "u0.wav"),
                         str(self.folder / "u1.wav")])[0]

    def test_no_model_and_no_state_holds_them_again(self):
        for name in ("best", "last", "averaged"):
            tensors = tensors_of(self.run_folder / f"{name}.safetensors")
            self.assertFalse([key for key in tensors if key == "encoder.0.0.conv1.weight"], name)
            self.assertIn("out_layer.weight", tensors, name)
            self.assertIn("encoder.1.0.bn1.running_mean", tensors, "a buffer may change")
        state = tensors_of(self.run_folder / "state.safetensors")
        self.assertFalse([key for key in state if key.endswith("encoder.0.0.conv1.weight")])

    def test_a_model_says_by_file_and_sha256_where_they_are(self):
        base = json.loads(header_of(self.model)["__metadata__"]["bonafide"])["base"]
        self.assertEqual(len(base), 1)
        self.assertEqual(base[0]["from"], str(self.base))
        self.assertEqual(len(base[0]["files"][0]["sha256"]), 64)
        self.assertIn("encoder.0.0.conv1.weight", base[0]["tensors"])

    def test_embedding_makes_the_same_model_whole(self):
        whole = self.folder / "whole.safetensors"
        out, _ = finished([PROGRAM, "convert", "--embed", str(self.model), str(whole)])
        self.assertIn("needs no other file", out)
        self.assertEqual(set(tensors_of(whole)), set(tensors_of(self.base)))
        self.assertEqual(tensors_of(whole)["encoder.0.0.conv1.weight"],
                         tensors_of(self.base)["encoder.0.0.conv1.weight"])
        self.assertEqual(self.scores(whole), self.scores(self.model))

    def test_another_run_begins_with_the_whole_model(self):
        self.train("next", f"init=[{self.model}]", "train.epochs=1")
        wanted = len([name for name in tensors_of(self.base)
                      if not name.endswith("num_batches_tracked")])
        self.assertIn(f"{wanted} of {wanted} tensors taken", self.said)

    def test_a_run_that_was_stopped_goes_on_to_the_bit(self):
        self.kill_one_that_saved("stopped")
        stopped = self.train("stopped", f"init=[{self.base}]", *FROZEN, resume=True)
        for name in ("last", "averaged"):
            self.assertEqual(tensors_of(stopped / f"{name}.safetensors"),
                             tensors_of(self.run_folder / f"{name}.safetensors"), name)

    def test_what_is_left_out_must_stay_frozen(self):
        self.kill_one_that_saved("thawed")
        _, said = finished([PROGRAM, "train", "aasist", *SMALL, *self.data, f"init=[{self.base}]",
                            "train.store_frozen=false", "--resume", "--output",
                            str(self.folder / "thawed")], status=2)
        self.assertIn("must stay frozen", said)

    def test_a_base_that_is_gone_or_another_one_now_is_named(self):
        kept = self.base.read_bytes()
        self.addCleanup(self.base.write_bytes, kept)
        self.base.write_bytes(kept[:-4] + b"\0\0\0\1")
        _, said = finished([PROGRAM, "score", "--model", str(self.model),
                            str(self.folder / "u0.wav")], status=1)
        self.assertIn("has changed (another SHA-256)", said)
        self.base.unlink()
        _, said = finished([PROGRAM, "score", "--model", str(self.model),
                            str(self.folder / "u0.wav")], status=1)
        self.assertIn(f"needs {self.base}", said)


unittest.main(argv=sys.argv[:1])
