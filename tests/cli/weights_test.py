"""Published checkpoints of every wrapping, converted, scored and evaluated: weights_test.py BONAFIDE"""

import collections
import io
import json
import pathlib
import pickle
import struct
import subprocess
import sys
import tempfile
import types
import unittest
import zipfile

from small_run import write_data

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
BUILTIN = pathlib.Path(__file__).resolve().parents[2] / "models/builtin.safetensors"


def read_safetensors(path):
    """Names to (dtype, shape, bytes), and the metadata."""
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    about = header.pop("__metadata__", {})
    values = data[8 + length:]
    return {name: (entry["dtype"], entry["shape"], values[slice(*entry["data_offsets"])])
            for name, entry in header.items()}, about


class Storage:
    def __init__(self, kind, data, count):
        self.kind, self.data, self.count = kind, data, count


class Tensor:
    def __init__(self, dtype, shape, data):
        self.dtype, self.shape, self.data = dtype, shape, data

    def __reduce__(self):
        strides, count = [], 1
        for size in reversed(self.shape):
            strides.insert(0, count)
            count *= size
        kind = TORCH.FloatStorage if self.dtype == "F32" else TORCH.LongStorage
        return UTILS._rebuild_tensor_v2, (Storage(kind, self.data, count), 0, tuple(self.shape),
                                          tuple(strides), False, collections.OrderedDict())


TORCH, UTILS = types.ModuleType("torch"), types.ModuleType("torch._utils")
for storage in ("FloatStorage", "LongStorage"):
    setattr(TORCH, storage, type(storage, (), {"__module__": "torch"}))
UTILS._rebuild_tensor_v2 = types.FunctionType((lambda *_: None).__code__, {}, "_rebuild_tensor_v2")
UTILS._rebuild_tensor_v2.__module__ = "torch._utils"
UTILS._rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
sys.modules.update({"torch": TORCH, "torch._utils": UTILS})


def save(value, path):
    """What torch.save writes."""
    storages, stream = [], io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if not isinstance(item, Storage):
                return None
            storages.append(item.data)
            return "storage", item.kind, str(len(storages) - 1), "cpu", item.count

    Pickler(stream, 2).dump(value)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x/data.pkl", stream.getvalue())
        for number, data in enumerate(storages):
            archive.writestr(f"x/data/{number}", data)
    return path


def one(value=1.0):
    return Tensor("F32", [1], struct.pack("<f", value))


class Weights(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.data = write_data(str(cls.folder), 4)
        cls.tensors, about = read_safetensors(BUILTIN)
        system = json.loads(about["bonafide"])
        cls.recipe = cls.folder / "recipe.yaml"
        cls.recipe.write_text(json.dumps({key: system[key] for key in ("system", "model", "score")}
                                         | {"input": system["input"]}))
        cls.out = cls.folder / "out.safetensors"
        cls.checkpoint = cls.folder / "in.pth"

    def weights(self, prefix="", factor=1):
        state = collections.OrderedDict()
        for name, (dtype, shape, data) in self.tensors.items():
            if factor != 1 and dtype == "F32":
                values = struct.unpack(f"<{len(data) // 4}f", data)
                data = struct.pack(f"<{len(values)}f", *(factor * value for value in values))
            state[prefix + name] = Tensor(dtype, shape, data)
        return state

    def bonafide(self, *arguments, status=0):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def convert(self, value, *arguments, status=0):
        save(value, self.checkpoint)
        return self.bonafide("convert", self.checkpoint, self.out, "--system", self.recipe,
                             *arguments, status=status)

    def assert_converted(self, value, *notes, arguments=(), factor=1):
        line = self.convert(value, *arguments).stdout
        for note in notes:
            self.assertIn(note, line)
        got, _ = read_safetensors(self.out)
        self.assertEqual(list(got), list(self.tensors))
        want = self.weights(factor=factor)
        for name, (_, _, data) in got.items():
            self.assertEqual(data, want[name].data, name)

    def test_names_that_fit_stay_and_nothing_is_said(self):
        self.assert_converted(self.weights())
        self.assertNotIn("taken off", self.convert(self.weights()).stdout)

    def test_a_prefix_before_all_names_is_taken_off(self):
        for prefix in ("module.", "_orig_mod.module.", "model.", "ema_model.module.", "a.b.c."):
            self.assert_converted(self.weights(prefix), f'"{prefix}" taken off the names')

    def test_the_plain_set_is_taken_and_the_average_named(self):
        both = {"ema": self.weights("module.", 2), "model": self.weights("module."), "epoch": 3}
        self.assert_converted(both, 'weights of "model"', "--weights-from takes ema instead")
        self.assert_converted(both, 'weights of "ema"', "--weights-from takes model instead",
                              arguments=["--weights-from", "ema"], factor=2)
        refusal = self.convert(both, "--weights-from", "swa", status=2).stderr
        self.assertIn('has no weights called "swa"; there are: model, ema', refusal)

    def test_an_averaged_model_is_taken_without_its_counter(self):
        state = self.weights("module.")
        state["n_averaged"] = Tensor("I64", [], struct.pack("<q", 7))
        self.assert_converted(state, "left out: 1 tensor beside them (n_averaged)")

    def test_a_lightning_checkpoint_is_taken_without_its_loss(self):
        state = self.weights("model.")
        state["loss.weight"] = one()
        self.assert_converted({"state_dict": state, "optimizer_states": [{"state": {0: one()}}]},
                              'weights of "state_dict"; "model." taken off the names',
                              "1 tensor beside them (loss.weight), 1 tensor of optimizer_states")

    def test_a_compiled_inner_module_is_seen_through(self):
        first = next(name for name in self.tensors if "." in name).split(".")[0] + "."
        state = collections.OrderedDict(
            (name.replace(first, first + "_orig_mod.", 1) if name.startswith(first) else name, value)
            for name, value in self.weights().items())
        self.assert_converted(state, "wrappers taken out of names")

    def test_names_that_are_wrapped_in_part_are_no_fit(self):
        state = collections.OrderedDict(
            ("module." * (number % 2) + name, value)
            for number, (name, value) in enumerate(self.weights().items()))
        self.out.unlink(missing_ok=True)
        refusal = self.convert(state, status=1).stderr
        self.assertIn("does not fit the network", refusal)
        self.assertIn('behind "module."', refusal)
        self.assertFalse(self.out.exists())

    def test_scoring_and_evaluating_choose_as_convert_does(self):
        recording = self.folder / "u0.wav"
        plain = self.bonafide("score", recording).stdout.splitlines()[1].split(",")[1]
        save({"state_dict": self.weights("model._orig_mod."), "ema": self.weights(factor=2)},
             self.checkpoint)
        score = ["score", "--model", self.recipe, "--checkpoint", self.checkpoint, recording]

        done = self.bonafide(*score)
        self.assertEqual(done.stdout.splitlines()[1].split(",")[1], plain)
        self.assertIn('"model._orig_mod." taken off the names; --weights-from takes ema', done.stderr)
        other = self.bonafide(*score, "--weights-from", "ema")
        self.assertNotEqual(other.stdout.splitlines()[1].split(",")[1], plain)
        self.assertIn('weights of "ema"', other.stderr)

        done = self.bonafide("evaluate", self.recipe, *self.data, "data.corpus=manifest",
                             "--checkpoint", self.checkpoint, "--output", self.folder / "report")
        self.assertIn('"model._orig_mod." taken off', done.stderr)
        rows = (self.folder / "report/scores.csv").read_text().splitlines()
        self.assertTrue(any(plain[:6] in row for row in rows if row.startswith("u0")), rows)

    def test_a_set_is_not_asked_of_a_model_file(self):
        refusal = self.bonafide("evaluate", self.recipe, *self.data, "--checkpoint", BUILTIN,
                                "--weights-from", "ema", status=2).stderr
        self.assertIn("a model file has one set of weights", refusal)


unittest.main()
