"""Runs the commands of README.md: readme_test.py PROGRAM

A block of commands marked with a comment below is run, line by line, in a folder with small
recordings and score files; what trains gets a corpus of a few recordings in the place of /data/LA,
and a network of a few weights. Every script that the documentation names must exist, and the tables
of docs/systems.md must be those of docs/results.
"""

import math
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- tests/readme_test.py runs these -->\n"
TRAINING_MARK = "<!-- tests/readme_test.py runs these with little data -->\n"
LITTLE = ("model.filts=[70,[1,4],[4,4],[4,4],[4,4]] model.gat_dims=[4,4] input.samples=6000 "
          "train.batch_size=4 train.epochs=1")
RECIPE_MARK = "<!-- tests/readme_test.py reads the recipes and overrides of these -->\n"
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


def furnish_corpus(root):
    """A little ASVspoof 2019 LA."""
    for part, suffix in {"train": "trn", "dev": "trl", "eval": "trl"}.items():
        lines = []
        for i in range(12):
            key = "- bonafide" if i % 2 else "A01 spoof"
            lines.append(f"LA_{i:04} LA_{part}_{i} - {key}\n")
            folder = root / f"ASVspoof2019_LA_{part}" / "flac"
            folder.mkdir(parents=True, exist_ok=True)
            write_recording(folder / f"LA_{part}_{i}.flac", 300 + 20 * i)
        protocols = root / "ASVspoof2019_LA_cm_protocols"
        protocols.mkdir(exist_ok=True)
        name = f"ASVspoof2019.LA.cm.{part}.{suffix}.txt"
        (protocols / name).write_text("".join(lines))


def commands_after(mark, page="README.md"):
    block = re.compile(re.escape(mark) + r"```sh\n(.*?)```", re.DOTALL)
    blocks = block.findall((ROOT / page).read_text())
    return [line for text in blocks for line in text.splitlines()]


class Readme(unittest.TestCase):
    def test_its_training_commands_work(self):
        if not (PROGRAM.parent / "bonafide-torch").exists():
            self.skipTest("built without LibTorch")
        commands = commands_after(TRAINING_MARK)
        self.assertGreater(len(commands), 1)
        with tempfile.TemporaryDirectory() as name:
            furnish_corpus(Path(name) / "LA")
            path = f"{PROGRAM.parent}:{os.environ['PATH']}"
            for command in commands:
                small = command.replace("/data/LA", f"{name}/LA").replace(
                    " data.root", f" {LITTLE} data.root")
                with self.subTest(command):
                    result = subprocess.run(
                        small, shell=True, cwd=name, env={**os.environ, "PATH": path},
                        capture_output=True, text=True,
                    )
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue((Path(name) / "runs/aasist-eval/report.html").exists())

    def test_its_commands_work(self):
        commands = commands_after(MARK)
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

    def test_recipes_and_overrides_of_pages_are_accepted(self):
        """`recipe show` takes what `train` and `evaluate` are given."""
        for page in sorted(ROOT.glob("docs/*.md")):
            for command in commands_after(RECIPE_MARK, page.relative_to(ROOT)):
                with self.subTest(f"{page.name}: {command}"):
                    words = shlex.split(command)
                    options = [i for i, word in enumerate(words) if word.startswith("--")]
                    recipe = words[2:min(options, default=len(words))]
                    shown = subprocess.run([PROGRAM, "recipe", "show", *recipe],
                                           capture_output=True, text=True)
                    self.assertEqual((shown.returncode, shown.stderr), (0, ""))

    def test_the_tables_of_systems_are_made_of_the_runs_on_record(self):
        """And each of those runs learnt."""
        results = sorted(ROOT.glob("docs/results/*.jsonl"))
        self.assertTrue(results)
        page = (ROOT / "docs/systems.md").read_text()
        for path in results:
            with self.subTest(path.name):
                made = subprocess.run(
                    [sys.executable, "-B", ROOT / "script/comparison-table", path, "--check",
                     "--program", PROGRAM], capture_output=True, text=True)
                self.assertEqual((made.returncode, made.stderr), (0, ""))
                self.assertIn(made.stdout, page)

    def test_every_script_that_is_named_exists(self):
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]:
            for script in SCRIPT.findall(document.read_text()):
                with self.subTest(f"{document.name}: {script}"):
                    self.assertTrue((ROOT / script.rstrip(".")).exists())


if __name__ == "__main__":
    PROGRAM = Path(sys.argv.pop(1)).resolve()
    unittest.main()
