"""Runs `bonafide doctor`: doctor_test.py PROGRAM [OWN_THREADS_BLAS]"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1))
OWN_THREADS_BLAS = sys.argv.pop(1) if len(sys.argv) > 1 else None  # given where there is LibTorch


def doctor(program, **environment):
    return subprocess.run([program, "doctor"], capture_output=True, text=True,
                          env={**os.environ, **environment})


class Doctor(unittest.TestCase):
    def test_it_says_what_the_machine_gives(self):
        result = doctor(PROGRAM)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        facts = dict(line.split(None, 1) for line in result.stdout.splitlines())
        self.assertIn("threads usable", facts["processor"])
        self.assertIn("flac", result.stdout)
        self.assertIn("G.722", facts["telephone"])
        if OWN_THREADS_BLAS:
            self.assertIn("GFLOP/s", facts["BLAS"])

    def test_without_bonafide_torch_it_says_so_and_succeeds(self):
        with tempfile.TemporaryDirectory() as folder:
            alone = shutil.copy(PROGRAM, folder)
            result = doctor(alone)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("LibTorch     none: there is no", result.stdout)

    if OWN_THREADS_BLAS:
        def test_it_warns_of_a_blas_with_threads_of_its_own_and_sets_their_number(self):
            result = doctor(PROGRAM, LD_PRELOAD=OWN_THREADS_BLAS)
            self.assertEqual((result.returncode, result.stderr), (0, "1 BLAS threads\n"))
            self.assertIn("WARNING      this OpenBLAS keeps threads of its own", result.stdout)


if __name__ == "__main__":
    unittest.main()
