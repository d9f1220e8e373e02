"""`bonafide score` with the built-in model, as a user runs it: score_test.py BONAFIDE"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve()


def write_recording(path):
    """Half a second of a rectangular wave."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((b"\0\x10" * 40 + b"\0\xf0" * 40) * 100)


class Score(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        write_recording(self.folder / "clean.wav")

    def score(self, *arguments):
        return subprocess.run([PROGRAM, "score", *arguments], capture_output=True, text=True,
                              cwd=self.folder, timeout=120)

    def test_a_folder_in_brackets_is_itself(self):
        write_recording(self.folder / "calls" / "wrong.wav")
        write_recording(self.folder / "[calls]" / "right.wav")

        for arguments in (["[calls]"], ["--", "[calls]"]):
            result = self.score(*arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("right.wav", result.stdout)
            self.assertNotIn("wrong.wav", result.stdout)

    def test_a_name_with_a_blank_has_no_row_where_blanks_separate_columns(self):
        write_recording(self.folder / "a b.wav")

        result = self.score("--format", "asvspoof2021", "a b.wav", "clean.wav")

        self.assertEqual(result.returncode, 3)
        self.assertRegex(result.stdout, r"\Aclean \S+\n\Z")
        self.assertIn("a b.wav: a blank in the name", result.stderr)
        self.assertEqual(self.score("a b.wav").returncode, 0)

    def test_a_list_that_cannot_be_read_does_not_stop_the_others(self):
        (self.folder / "broken.tar").write_bytes(b"x" * 700)

        result = self.score("broken.tar", "@missing.txt", "clean.wav")

        self.assertEqual(result.returncode, 3)
        rows = result.stdout.splitlines()[1:]
        self.assertEqual([row.split(",")[0] for row in rows],
                         ["broken.tar", "@missing.txt", "clean.wav"])
        self.assertEqual(rows[1], "@missing.txt,,,,,,No such file or directory")
        self.assertEqual(self.score("@missing.txt", "broken.tar").returncode, 1)
        self.assertEqual(self.score("broken.tar").returncode, 2)

    def rows(self, result):
        return list(csv.DictReader(io.StringIO(result.stdout)))

    def test_a_recording_comes_through_any_kind_of_pipe(self):
        expected = self.rows(self.score("clean.wav"))[0]["score"]
        os.mkfifo(self.folder / "named")
        for command in ("cat clean.wav | %s score /dev/stdin", "%s score <(cat clean.wav)",
                        "cat clean.wav > named & %s score named"):
            result = subprocess.run(["bash", "-c", command % PROGRAM], capture_output=True,
                                    text=True, cwd=self.folder, timeout=120)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(self.rows(result)[0]["score"], expected)
            self.assertEqual(self.rows(result)[0]["detail"], "")

    def test_a_pipe_that_is_named_twice_is_read_once(self):
        with open(self.folder / "clean.wav", "rb") as file:
            result = subprocess.run([PROGRAM, "score", "/dev/stdin", "/dev/fd/0"],
                                    input=file.read(), capture_output=True, cwd=self.folder,
                                    timeout=120)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"/dev/fd/0,,,,,,\"nothing is left of this pipe, which was read before\"",
                      result.stdout)

    def test_an_empty_pipe_and_a_device_are_named(self):
        result = subprocess.run([PROGRAM, "score", "/dev/stdin", "/dev/zero"], input=b"",
                                capture_output=True, text=False, cwd=self.folder, timeout=120)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"/dev/stdin,,,,,,an empty pipe", result.stdout)
        self.assertIn(b"/dev/zero,,,,,,not a regular file", result.stdout)

    def test_a_recording_where_paths_are_promised_is_said_in_one_line(self):
        with open(self.folder / "clean.wav", "rb") as file:
            result = subprocess.run([PROGRAM, "score", "-"], stdin=file, capture_output=True,
                                    text=True, cwd=self.folder, timeout=120)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("a sound file", result.stderr)
        self.assertIn("/dev/stdin", result.stderr)

    def test_less_read_than_is_there_is_said_beside_the_score(self):
        bytes_ = (self.folder / "clean.wav").read_bytes()
        (self.folder / "more.wav").write_bytes(bytes_ + b"\x11" * 500)
        (self.folder / "pointer.wav").write_text("version https://git-lfs.github.com/spec/v1\n")

        result = self.score("more.wav", "pointer.wav")

        self.assertEqual(result.returncode, 3)
        more, pointer = self.rows(result)
        self.assertNotEqual(more["score"], "")
        self.assertIn("500 bytes behind the 16000 bytes of samples", more["detail"])
        self.assertIn("a Git LFS pointer", pointer["detail"])

    def test_a_full_disk_is_named(self):
        result = self.score("--output", "/dev/full", "clean.wav")

        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr,
                         "bonafide: /dev/full: cannot be written (is the disk full?)\n")


if __name__ == "__main__":
    unittest.main()
