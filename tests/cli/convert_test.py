"""bonafide convert, as a person types it. Usage: convert_test.py BONAFIDE"""

import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()
DATA = pathlib.Path(__file__).resolve().parent.parent / "checkpoint/data/read"
CHECKPOINT = DATA / "training.pt"


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
        self.directory = pathlib.Path(directory.name) / "work"
        self.directory.mkdir()
        # A copy without bonafide-torch beside it, which would refuse these small tensors.
        self.program = pathlib.Path(directory.name) / "bonafide"
        shutil.copy(BONAFIDE, self.program)
        self.out = self.directory / "out.safetensors"

    def bonafide(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)

    def put_network_beside(self, script):
        """A bonafide-torch that says what a network wants."""
        network = self.program.with_name("bonafide-torch")
        network.write_text("#!/bin/sh\n" + script)
        network.chmod(0o755)

    def put_fitting_network_beside(self):
        wanted = [[name, entry["shape"]]
                  for name, entry in header_of(DATA / "training.expected.safetensors").items()]
        self.put_network_beside(
            f'test "$1" = wants && grep -q description && echo \'{json.dumps(wanted)}\'')

    def test_writes_plain_tensors_and_says_so_without_a_system(self):
        result = self.bonafide("convert", CHECKPOINT, self.out)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("plain tensors: without --system", result.stdout)
        expected = header_of(DATA / "training.expected.safetensors")
        got = header_of(self.out)
        self.assertEqual({name: entry["shape"] for name, entry in got.items()},
                         {name: entry["shape"] for name, entry in expected.items()})

    def test_describes_the_system_and_where_the_tensors_came_from(self):
        result = self.bonafide("convert", CHECKPOINT, self.out, "--system", "aasist-l",
                               "input.samples=32000")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("not checked against the network", result.stderr)
        description = description_of(self.out)
        self.assertEqual(description["format"], 1)
        self.assertEqual(description["name"], "aasist-l")
        self.assertEqual(description["system"], "classifier")
        self.assertEqual(description["model"]["gat_dims"], [24, 32])
        self.assertEqual(description["input"],
                         {"sample_rate": 16000, "samples": 32000, "frontend": {},
                          "crop": {"stretch": "first", "fill": "repeat"}})
        self.assertEqual(description["card"]["source"]["file"], "training.pt")
        self.assertEqual(description["card"]["source"]["sha256"],
                         hashlib.sha256(CHECKPOINT.read_bytes()).hexdigest())

    def test_keeps_the_description_of_a_model_file(self):
        first = self.directory / "first.safetensors"
        self.bonafide("convert", CHECKPOINT, first, "--system", "aasist")

        result = self.bonafide("convert", first, self.out)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("describes itself as aasist", result.stdout)
        self.assertEqual(description_of(self.out), description_of(first))

    def test_leaves_no_file_when_the_tensors_do_not_fit_the_network(self):
        self.put_network_beside("""echo '[["first.weight", [3, 2]], ["second.weight", [1]]]'""")

        result = self.bonafide("convert", CHECKPOINT, self.out, "--system", "aasist")

        self.assertEqual(result.returncode, 1)
        self.assertIn('"state_dict.module" does not fit the network: 1 tensor is missing '
                      '(second.weight)', result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_says_what_is_wrong_with_the_recipe_of_the_network(self):
        self.put_network_beside('echo "bonafide: model.gat_dims: no list" >&2; exit 2')

        self.assert_refused(2, "bonafide: model.gat_dims: no list\n", CHECKPOINT, self.out,
                            "--system", "aasist")

    def test_writes_the_file_without_a_note_when_the_tensors_fit(self):
        self.put_fitting_network_beside()

        result = self.bonafide("convert", CHECKPOINT, self.out, "--system", "aasist")

        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(list(self.directory.iterdir()), [self.out])

    def test_says_which_weights_it_took_and_what_it_left(self):
        self.put_fitting_network_beside()

        for system in [[], ["--system", "aasist"]]:
            result = self.bonafide("convert", CHECKPOINT, self.out, *system)

            self.assertIn('weights of "state_dict"; "module." taken off the names; left out: 18 '
                          'tensors of optimizer\n', result.stdout)

    def test_refuses_a_set_of_weights_that_is_not_there(self):
        for system in [[], ["--system", "aasist"]]:
            self.assert_refused(2, 'has no weights called "ema"; there are: state_dict', CHECKPOINT,
                                self.out, "--weights-from", "ema", *system)

    def assert_refused(self, status, message, *arguments):
        result = self.bonafide("convert", *arguments)
        self.assertEqual(result.returncode, status)
        self.assertIn(message, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_refuses_to_overwrite_its_input(self):
        copy = self.directory / "copy.safetensors"
        copy.write_bytes((DATA / "training.expected.safetensors").read_bytes())
        self.assert_refused(2, "is the input", copy, copy)

    def test_refuses_other_formats(self):
        self.assert_refused(2, ".safetensors and PyTorch's .pth", CHECKPOINT,
                            self.directory / "x.onnx")

    def test_refuses_a_description_in_a_file_that_cannot_hold_it(self):
        self.assert_refused(2, "cannot describe itself", CHECKPOINT, self.directory / "x.pth",
                            "--system", "aasist")

    def test_writes_a_state_dict_that_comes_back_as_it_was(self):
        pth = self.directory / "x.pth"
        plain, back = self.directory / "plain.safetensors", self.out
        for source, target in [(CHECKPOINT, plain), (CHECKPOINT, pth), (pth, back)]:
            result = self.bonafide("convert", source, target)
            self.assertEqual(result.returncode, 0, result.stderr)

        self.assertEqual(back.read_bytes(), plain.read_bytes())

    def test_pytorch_reads_the_state_dict_that_it_writes(self):
        try:
            import torch
        except ImportError:
            self.skipTest("python3-torch is not installed (script/bootstrap --bench)")
        pth = self.directory / "x.pth"
        self.bonafide("convert", CHECKPOINT, pth)

        want = {name.removeprefix("module."): tensor
                for name, tensor in torch.load(CHECKPOINT, weights_only=False)["state_dict"].items()}
        for got in [torch.load(pth, weights_only=False), torch.load(pth, weights_only=True)]:
            self.assertEqual(list(got), list(want))
            for name, tensor in want.items():
                self.assertEqual(got[name].dtype, tensor.dtype)
                self.assertTrue(torch.equal(got[name], tensor), name)

    def put_encoder(self, path):
        """A small encoder under fairseq's names, as the tensors alone show it."""
        tensors, data = {}, b""
        for name, shape in [("feature_extractor.conv_layers.0.0.weight", [3, 1, 10]),
                            ("encoder.layer_norm.weight", [4]),
                            ("encoder.layers.0.self_attn_layer_norm.weight", [4]),
                            ("mask_emb", [4])]:
            begin, count = len(data), 1
            for size in shape:
                count *= size
            data += struct.pack(f"<{count}f", *range(count))
            tensors[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
        header = json.dumps(tensors).encode()
        path.write_bytes(struct.pack("<Q", len(header)) + header + data)

    def test_gives_speech_encoders_one_spelling_and_says_what_they_leave_open(self):
        encoder = self.directory / "encoder.safetensors"
        self.put_encoder(encoder)

        result = self.bonafide("convert", encoder, self.out, "encoder.num_attention_heads=2")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("fairseq's wav2vec2", result.stdout)
        self.assertIn("left out: 1 tensor of pre-training", result.stdout)
        self.assertIn("encoder.do_stable_layer_norm=false", result.stdout)
        header = header_of(self.out)
        self.assertIn("encoder.layers.0.layer_norm.weight", header)
        config = json.loads(header["__metadata__"]["encoder"])
        self.assertEqual(config["num_attention_heads"], 2)
        self.assertEqual(config["hidden_size"], 4)

    def test_refuses_to_be_told_what_the_file_says_otherwise(self):
        encoder = self.directory / "encoder.safetensors"
        self.put_encoder(encoder)
        self.assert_refused(2, "says 4 itself", encoder, self.out, "encoder.hidden_size=8")
        self.assert_refused(2, "no speech encoder", CHECKPOINT, self.out, "encoder.hidden_size=8")

    def test_refuses_overrides_without_a_system(self):
        self.assert_refused(2, "name one by --system", CHECKPOINT, self.out, "input.samples=1")

    def test_refuses_an_unknown_recipe(self):
        self.assert_refused(2, "built-in recipes", CHECKPOINT, self.out, "--system", "aasits")

    def test_names_a_missing_input(self):
        self.assert_refused(1, "No such file", self.directory / "none.pt", self.out)


unittest.main()
