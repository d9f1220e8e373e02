"""Runs the commands of README.md: readme_test.py PROGRAM

A block of commands marked with the comment below is run, line by line, in a folder with small
recordings and score files. Every script that the documentation names must exist.
"""

import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- tests/readme_test.py runs these -->\n"
BLOCK = re.compile(re.escape(MARK) + r"```sh\n(.*?)```", re.DOTALL)
SCRIPT = re.compile(r"\b((?:script|bench)/[\w.-]+)")
NEED_TORCH = {"score", "train", "evaluate"}


def write_recording(path, hertz):
    samples = [int(8000 * math.sin(2 * math.pi * hertz * i / 16000)) for i in range(16000)]
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def furnish(folder):
    write_recording(folder / "recording.wav", 300)
    write_recording(folder / "recordings" / "a.wav", 200)
    write_recording(folder / "recordings" / "b.wav", 400)
    scores = [f"{i}.wav,{(i * 7) % 20}" for i in range(20)]
    (folder / "scores.csv").write_text("\n".join(["file,score", *scores]) + "\n")
    labels = [f"{i}.wav,{'spoof' if i % 3 else 'bonafide'}" for i in range(20)]
    (folder / "key.csv").write_text("\n".join(["path,label", *labels]) + "\n")


class Readme(unittest.TestCase):
    def test_its_commands_work(self):
        commands = [
            line
            for block in BLOCK.findall((ROOT / "README.md").read_text())
            for line in block.splitlines()
        ]
        self.assertGreater(len(commands), 3)
        with tempfile.TemporaryDirectory() as name:
            furnish(Path(name))
            path = f"{PROGRAM.parent}:{os.environ['PATH']}"
            for command in commands:
                if command.split()[1] in NEED_TORCH and not (PROGRAM.parent / "bonafide-torch").exists():
                    continue
                with self.subTest(command):
                    result = subprocess.run(
                        command, shell=True, cwd=name, env={**os.environ, "PATH": path},
                        capture_output=True, text=True,
                    )
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
                    self.assertTrue(result.stdout)

    def test_every_script_that_is_named_exists(self):
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]:
            for script in SCRIPT.findall(document.read_text()):
                with self.subTest(f"{document.name}: {script}"):
                    self.assertTrue((ROOT / script.rstrip(".")).exists())


if __name__ == "__main__":
    PROGRAM = Path(sys.argv.pop(1)).resolve()
    unittest.main()
