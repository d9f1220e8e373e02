"""Runs `bonafide doctor`: doctor_test.py PROGRAM"""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1))


def doctor(program):
    return subprocess.run([program, "doctor"], capture_output=True, text=True)


class Doctor(unittest.TestCase):
    def test_it_says_what_the_machine_gives(self):
        result = doctor(PROGRAM)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        facts = dict(line.split(None, 1) for line in result.stdout.splitlines())
        self.assertIn("threads usable", facts["processor"])
        self.assertIn("flac", result.stdout)
        self.assertIn("G.722", facts["telephone"])
        if (PROGRAM.parent / "bonafide-torch").exists():
            self.assertIn("GFLOP/s", facts["BLAS"])

    def test_without_bonafide_torch_it_says_so_and_succeeds(self):
        with tempfile.TemporaryDirectory() as folder:
            alone = shutil.copy(PROGRAM, folder)
            result = doctor(alone)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("LibTorch     none: there is no", result.stdout)


if __name__ == "__main__":
    unittest.main()
