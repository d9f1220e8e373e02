"""The parity runner on cases made up here. Usage: runner_test.py PARITY_TEST"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(sys.argv.pop(1)).resolve()

# mu-law of 256 levels: the middle of the scale is code 128.
MU_LAW = {"component": "augment/mu-law", "config": {"quantization_channels": 256}, "mode": "eval",
          "weights": {}, "inputs": {"waveform": {"tensor": "in.waveform"}}}
CODE = {"of": "code", "tolerance": 1e-6, "select": []}
TENSORS = {"in.waveform": ("F32", struct.pack("<2f", 0.0, 0.0)),
           "out.code": ("I64", struct.pack("<2q", 128, 128))}


def safetensors(metadata, tensors):
    header = {"__metadata__": {k: v if isinstance(v, str) else json.dumps(v)
                               for k, v in metadata.items()}}
    data = b""
    for name, (dtype, values) in tensors.items():
        header[name] = {"dtype": dtype, "shape": [2], "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


class Runner(unittest.TestCase):
    def verdicts(self, outputs, tensors=TENSORS, **changes):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "case.safetensors"
            metadata = {**MU_LAW, "outputs": outputs, **changes}
            path.write_bytes(safetensors({k: v for k, v in metadata.items() if v is not None}, tensors))
            environment = {**os.environ, "BONAFIDE_GOLDEN": folder}
            environment.pop("BONAFIDE_PARITY_ONLY", None)
            done = subprocess.run([RUNNER], capture_output=True, text=True, env=environment)
        lines = [line.split() for line in done.stdout.splitlines() if line.startswith("PARITY")]
        return done.returncode, [(line[1], " ".join(line[3:])) for line in lines]

    def test_compares_the_outputs_that_a_case_has(self):
        status, lines = self.verdicts({"out.code": CODE})

        self.assertEqual(status, 0)
        self.assertEqual([verdict for verdict, _ in lines], ["PASS"])

    def test_fails_an_output_that_the_component_does_not_give_and_goes_on(self):
        status, lines = self.verdicts({"out.other": {**CODE, "of": "other"}, "out.code": CODE})

        self.assertEqual(status, 1)
        self.assertEqual([verdict for verdict, _ in lines], ["FAIL", "PASS"])
        self.assertIn("does not give other", lines[0][1])

    def test_fails_alone_an_output_that_cannot_be_compared(self):
        for broken in ({"of": "code", "select": []}, {"tolerance": 1, "select": []},
                       {**CODE, "select": [["shuffle", 0]]}):
            status, lines = self.verdicts({"out.broken": broken, "out.code": CODE},
                                          {**TENSORS, "out.broken": TENSORS["out.code"]})

            self.assertEqual(status, 1, broken)
            self.assertEqual([verdict for verdict, _ in lines], ["FAIL", "PASS"], broken)

    def test_names_a_stored_tensor_that_nobody_compares(self):
        status, lines = self.verdicts({"out.code": CODE}, {**TENSORS, "out.forgotten": TENSORS["out.code"]})

        self.assertEqual(status, 0)
        self.assertIn(("UNCOVERED", "augment/mu-law out.forgotten"), lines)

    def test_fails_a_case_without_outputs(self):
        for outputs in (None, {}):
            status, lines = self.verdicts(outputs)

            self.assertEqual(status, 1)
            self.assertIn("stores no outputs", lines[0][1])

    def test_names_a_component_that_nobody_knows(self):
        status, lines = self.verdicts({"out.code": CODE}, component="augment/telepathy")

        self.assertEqual((status, lines), (0, [("UNCOVERED", "augment/telepathy")]))


if __name__ == "__main__":
    unittest.main()
