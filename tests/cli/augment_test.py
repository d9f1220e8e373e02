"""`bonafide data augment` and `data copysynth`, as a user runs them: bonafide."""

import math
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
import wave
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve()


def run(*arguments, cwd=None):
    return subprocess.run([PROGRAM, "data", *map(str, arguments)], capture_output=True, text=True,
                          cwd=cwd)


def write_voice(path, seconds, pitch, rate=16000):
    """Harmonics of a pitch that swells."""
    noise = random.Random(pitch)
    samples = []
    for i in range(int(seconds * rate)):
        t = i / rate
        value = sum(0.2 / h * math.sin(2 * math.pi * pitch * h * t) for h in range(1, 8))
        samples.append(int(16000 * value * (0.6 + 0.4 * math.sin(9 * t)) + noise.gauss(0, 20)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


class Augment(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.voices = self.folder / "voices"
        self.voices.mkdir()
        for name, pitch in ("one", 120), ("two", 200):
            write_voice(self.voices / f"{name}.wav", 0.5, pitch)
        self.out = self.folder / "out"

    def test_writes_copies_originals_pictures_and_a_page(self):
        result = run("augment", self.out, self.voices, "--steps", "telephone", "--ab",
                     "--spectrogram")

        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, "2 of 2 recordings done\n")
        for name in ("one.flac", "two.flac", "one.png", "originals/one.flac", "manifest.csv"):
            self.assertTrue((self.out / name).is_file(), name)
        self.assertTrue((self.out / "one.png").read_bytes().startswith(b"\x89PNG"))
        self.assertIn('src="originals/two.flac"', (self.out / "listen.html").read_text())

    def test_a_broken_recording_is_named_and_the_others_are_done(self):
        (self.voices / "zero.wav").write_bytes(b"")

        result = run("augment", self.out, self.voices, "--steps", "[mu_law, {name: gain, p: 0.5}]")

        self.assertEqual(result.returncode, 3)
        self.assertIn("zero.wav", result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_a_truncated_recording_is_named_and_done(self):
        path = self.voices / "one.wav"
        path.write_bytes(path.read_bytes()[:-600])

        for command in (["augment", self.out, self.voices, "--steps", "mu_law"],
                        ["copysynth", self.folder / "copies", self.voices, "--vocoder", "lpc"]):
            result = run(*command)

            self.assertEqual((result.returncode, result.stderr),
                             (0, f"bonafide: {path}: truncated: 600 bytes fewer than the header "
                                 "promises\n"))
            self.assertIn("2 of 2 recordings done", result.stdout)

    def test_a_folder_named_in_brackets_is_not_another_one(self):
        bracketed = self.folder / "[voices]"
        bracketed.mkdir()
        write_voice(bracketed / "three.wav", 0.5, 150)

        for number, separator in enumerate(([], ["--"])):
            out = self.folder / f"out{number}"
            result = run("augment", "--steps", "telephone", *separator, out, "[voices]",
                         cwd=self.folder)

            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual([path.name for path in out.glob("*.flac")], ["three.flac"])

    def test_wrong_steps_are_one_line_and_status_2(self):
        for steps in ("rawbost", "[{name: gain, dB: 3}]", "[{p: 1}]", "{", "3", "[codec: 5]"):
            result = run("augment", self.out, self.voices, "--steps", steps)
            self.assertEqual(result.returncode, 2, steps)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertFalse(self.out.exists())

    def test_lists_what_there_is(self):
        result = run("augment", "--list")
        self.assertEqual(result.returncode, 0)
        for name in ("rawboost", "telephone", "g722"):
            self.assertRegex(result.stdout, rf"(?m)^{name} ")

    def test_copy_synthesis_writes_pairs_and_a_protocol(self):
        result = run("copysynth", self.out, self.voices, "--vocoder", "world,lpc", "--all")

        self.assertEqual((result.returncode, result.stderr), (0, ""))
        lines = (self.out / "protocol.txt").read_text().splitlines()
        self.assertEqual(lines[:3], ["- bonafide/one - - bonafide", "- world/one - world spoof",
                                     "- lpc/one - lpc spoof"])
        self.assertEqual(len((self.out / "manifest.csv").read_text().splitlines()), 7)

    def write_shard(self, path):
        with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as shard:
            for name in ("one", "two"):
                shard.add(self.voices / f"{name}.wav", f"{name}.wav")
                label = self.folder / f"{name}.cls"
                label.write_text("spoof" if name == "two" else "bonafide")
                shard.add(label, f"{name}.cls")

    def test_every_list_of_recordings_keeps_its_labels(self):
        table = self.folder / "list.tsv"
        table.write_text("path\tlabel\nvoices/one.wav\tbonafide\nvoices/two.wav\tspoof\n")
        lines = self.folder / "list.jsonl"
        lines.write_text('{"path": "voices/one.wav", "label": "bonafide"}\n'
                         '{"path": "voices/two.wav", "label": "spoof"}\n')
        shards = [self.folder / "shard.tar", self.folder / "shard.tar.gz"]
        protocol = self.folder / "ASVspoof2019_LA_cm_protocols" / "ASVspoof2019.LA.cm.dev.trl.txt"
        protocol.parent.mkdir()
        protocol.write_text("LA_1 one - - bonafide\nLA_1 two - A01 spoof\n")
        flac = self.folder / "ASVspoof2019_LA_dev" / "flac"
        flac.mkdir(parents=True)
        for name in ("one", "two"):  # what is in them says what they are
            shutil.copy(self.voices / f"{name}.wav", flac / f"{name}.flac")
        for shard in shards:
            self.write_shard(shard)
        for source in (table, lines, protocol, *shards):
            with self.subTest(source.name):
                out = self.folder / f"out-{source.name}"
                result = run("augment", out, source, "--steps", "mu_law")
                self.assertEqual(result.returncode, 0, result.stderr)
                rows = (out / "manifest.csv").read_text().splitlines()[1:]
                self.assertEqual([row.split(",")[1:3] for row in rows],
                                 [["one.flac", "bonafide"], ["two.flac", "spoof"]])
                # Only bona fide recordings are copied by vocoders.
                copies = self.folder / f"copies-{source.name}"
                result = run("copysynth", copies, source, "--vocoder", "lpc")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertFalse((copies / "lpc" / "two.flac").exists())

    def test_what_a_folder_only_promises_is_named_and_the_others_are_done(self):
        (self.voices / "speaker.01").symlink_to("/not/there")

        for command, *options in ("augment", "--steps", "mu_law"), ("copysynth", "--vocoder", "lpc"):
            with self.subTest(command):
                result = run(command, self.folder / command, self.voices, *options)
                self.assertEqual(result.returncode, 3)
                self.assertEqual(result.stderr, f"bonafide: {self.voices}/speaker.01: a link to "
                                                "/not/there, which is not there\n")
                self.assertEqual(result.stdout, "2 of 3 recordings done\n")

    def test_an_unknown_vocoder_is_refused(self):
        result = run("copysynth", self.out, self.voices, "--vocoder", "word")
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean world", result.stderr)


if __name__ == "__main__":
    unittest.main()
