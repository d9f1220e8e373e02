"""bonafide convert, as a person types it. Usage: convert_test.py BONAFIDE"""

import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()
CHECKS_FIT = (BONAFIDE.parent / "bonafide-torch").exists()
DATA = pathlib.Path(__file__).resolve().parent.parent / "checkpoint/data/read"
CHECKPOINT = DATA / "training.pt"


def bonafide(*arguments):
    return subprocess.run([BONAFIDE, *map(str, arguments)], capture_output=True, text=True)


def header_of(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length))


def description_of(path):
    return json.loads(header_of(path)["__metadata__"]["bonafide"])


class Convert(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.out = self.directory / "out.safetensors"

    def test_writes_plain_tensors_and_says_so_without_a_system(self):
        result = bonafide("convert", CHECKPOINT, self.out)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("plain tensors: without --system", result.stdout)
        expected = header_of(DATA / "training.expected.safetensors")
        got = header_of(self.out)
        self.assertEqual({name: entry["shape"] for name, entry in got.items()},
                         {name: entry["shape"] for name, entry in expected.items()})

    @unittest.skipIf(CHECKS_FIT, "bonafide-torch would rightly refuse these tensors")
    def test_describes_the_system_and_where_the_tensors_came_from(self):
        result = bonafide("convert", CHECKPOINT, self.out, "--system", "aasist-l",
                          "input.samples=32000")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("not checked against the network", result.stderr)
        description = description_of(self.out)
        self.assertEqual(description["format"], 1)
        self.assertEqual(description["name"], "aasist-l")
        self.assertEqual(description["system"], "classifier")
        self.assertEqual(description["model"]["gat_dims"], [24, 32])
        self.assertEqual(description["input"], {"sample_rate": 16000, "samples": 32000})
        self.assertEqual(description["card"]["source"]["file"], "training.pt")
        self.assertEqual(description["card"]["source"]["sha256"],
                         hashlib.sha256(CHECKPOINT.read_bytes()).hexdigest())

    @unittest.skipIf(CHECKS_FIT, "bonafide-torch would rightly refuse these tensors")
    def test_keeps_the_description_of_a_model_file(self):
        first = self.directory / "first.safetensors"
        bonafide("convert", CHECKPOINT, first, "--system", "aasist")

        result = bonafide("convert", first, self.out)

        self.assertIn("describes itself as aasist", result.stdout)
        self.assertEqual(description_of(self.out), description_of(first))

    @unittest.skipUnless(CHECKS_FIT, "needs bonafide-torch")
    def test_leaves_no_file_when_the_tensors_do_not_fit_the_network(self):
        result = bonafide("convert", CHECKPOINT, self.out, "--system", "aasist")

        self.assertEqual(result.returncode, 1)
        self.assertTrue(result.stderr.startswith("bonafide: "))
        self.assertEqual(list(self.directory.iterdir()), [])

    def assert_refused(self, status, message, *arguments):
        result = bonafide("convert", *arguments)
        self.assertEqual(result.returncode, status)
        self.assertIn(message, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_refuses_to_overwrite_its_input(self):
        copy = self.directory / "copy.safetensors"
        copy.write_bytes((DATA / "training.expected.safetensors").read_bytes())
        self.assert_refused(2, "is the input", copy, copy)

    def test_refuses_other_formats(self):
        self.assert_refused(2, "safetensors only", CHECKPOINT, self.directory / "x.pth")

    def test_refuses_overrides_without_a_system(self):
        self.assert_refused(2, "name one by --system", CHECKPOINT, self.out, "input.samples=1")

    def test_refuses_an_unknown_recipe(self):
        self.assert_refused(2, "built-in recipes", CHECKPOINT, self.out, "--system", "aasits")

    def test_names_a_missing_input(self):
        self.assert_refused(1, "No such file", self.directory / "none.pt", self.out)


unittest.main()
