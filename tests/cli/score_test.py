"""`bonafide score` with the built-in model, as a user runs it: score_test.py BONAFIDE"""

import csv
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
import wave
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve()


def write_recording(path, halves=1):
    """Half a second of a rectangular wave, so many times and louder each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        for i in range(halves):
            high, low = bytes([0, 16 + i]), bytes([0, 240 - i])
            file.writeframes((high * 40 + low * 40) * 100)


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

    def test_a_score_may_be_that_of_all_windows(self):
        write_recording(self.folder / "long.wav", 20)

        def row(*arguments):
            result = self.score("--format", "jsonl", *arguments, "long.wav")
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)

        windows = [segment["score"] for segment in row("--segments")["segments"]]
        self.assertGreater(len(windows), 2)
        self.assertEqual(row()["over"], "first")
        self.assertAlmostEqual(row()["score"], windows[0], 6)
        self.assertAlmostEqual(row("--over", "mean")["score"], sum(windows) / len(windows), 6)
        worst = row("--over", "worst", "--segments")
        self.assertAlmostEqual(worst["score"], min(windows), 6)
        self.assertEqual(worst["over"], "worst")
        self.assertIn(f"over worst: {len(windows)} windows", worst["detail"])
        self.assertIn("over mean", self.score("--over", "mean", "long.wav").stdout)

    def test_reads_a_list_of_powershell_and_names_the_line_of_a_nul_byte(self):
        (self.folder / "list.txt").write_bytes("clean.wav\r\n".encode("utf-16"))
        self.assertIn("\nclean.wav,", self.score("@list.txt").stdout)
        (self.folder / "list.txt").write_bytes(b"clean.wav\na\0b.wav\n")
        result = self.score("@list.txt")
        self.assertEqual(result.returncode, 2)
        self.assertIn("list.txt: line 2: a NUL byte", result.stderr)

    def test_walks_through_links_past_companions_and_names_what_it_cannot_read(self):
        write_recording(self.folder / "disk" / "far.wav")
        write_recording(self.folder / "in" / "near.wav")
        write_recording(self.folder / "in" / "._near.wav")
        for name, target in (("far", self.folder / "disk"), ("lost", "gone"), ("up", "..")):
            (self.folder / "in" / name).symlink_to(target)
        result = self.score("in")
        self.assertEqual(result.returncode, 3)
        rows = result.stdout.splitlines()[1:]
        self.assertEqual([row.split(",")[0] for row in rows],
                         ["in/far/far.wav", "in/lost", "in/near.wav", "in/up/clean.wav",
                          "in/up/disk/far.wav"])
        self.assertIn("a link to gone, which is not there", rows[1])

    def test_names_what_an_archive_holds_beside_its_samples(self):
        with tarfile.open(self.folder / "s.tar", "w") as archive:
            archive.add(self.folder / "clean.wav", "Dr. Who 2.0.wav")
            archive.add(self.folder / "clean.wav", "README")
        result = self.score("s.tar")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("s.tar/Dr. Who 2.0.wav", result.stdout)
        self.assertIn("not read: 1 members of archives that belong to no sample (s.tar/README)",
                      result.stderr)

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

    def test_a_stretch_is_scored_as_a_file_of_it_is(self):
        write_recording(self.folder / "long.wav", 4)
        with wave.open(str(self.folder / "long.wav")) as file:
            parameters, frames = file.getparams(), file.readframes(32000)
        with wave.open(str(self.folder / "part.wav"), "wb") as file:
            file.setparams(parameters)
            file.writeframes(frames[2 * 8000:2 * 24000])
        expected = self.rows(self.score("part.wav"))[0]["score"]
        whole = self.rows(self.score("long.wav"))[0]["score"]
        self.assertNotEqual(expected, whole)
        cut = {"id": "c", "type": "MonoCut", "start": 0.5, "duration": 1.0, "channel": 0,
               "recording": {"id": "r", "duration": 2.0, "sources": [
                   {"type": "file", "channels": [0], "source": "long.wav"}]}}
        lists = {
            "seconds.csv": "path,start,end\nlong.wav,0.5,1.5\n",
            "seconds.tsv": "path\tstart\tend\nlong.wav\t0.5\t1.5\n",
            "speechbrain.csv": "ID,duration,wav,start,stop\nu,1.0,long.wav,8000,24000\n",
            "nemo.jsonl": '{"audio_filepath": "long.wav", "offset": 0.5, "duration": 1.0}\n',
            "lhotse.jsonl": json.dumps(cut) + "\n",
            "kaldi/wav.scp": "r ../long.wav\n",
            "kaldi/segments": "u r 0.5 1.5\n"}
        (self.folder / "kaldi").mkdir()
        for name, text in lists.items():
            (self.folder / name).write_text(text)
        for name in [*lists, "kaldi"]:
            if name.startswith("kaldi/"):
                continue
            result = self.score(name)
            self.assertEqual(result.returncode, 0, (name, result.stderr))
            self.assertEqual([row["score"] for row in self.rows(result)], [expected], name)

    def test_a_stretch_that_the_recording_lacks_does_not_stop_the_others(self):
        (self.folder / "m.csv").write_text("path,start,end\nclean.wav,0.25,0.75\n"
                                           "clean.wav,3,4\nclean.wav,0,0.5\n")
        result = self.score("m.csv")
        self.assertEqual(result.returncode, 3)
        self.assertIn("t=0.25,0.75 ends 0.250 s behind the recording", result.stdout)
        self.assertIn("t=3,4 begins behind the recording, which has 0.500 s", result.stdout)
        self.assertEqual([row["score"] != "" for row in self.rows(result)], [True, False, True])

    def test_a_pipe_has_no_stretches(self):
        os.mkfifo(self.folder / "named")
        (self.folder / "m.csv").write_text("path,start,end\nnamed,0.1,0.3\n")
        result = subprocess.run(["bash", "-c", f"cat clean.wav > named & {PROGRAM} score m.csv named"],
                                capture_output=True, text=True, cwd=self.folder, timeout=120)
        self.assertEqual(result.returncode, 3, result.stderr)
        rows = self.rows(result)
        self.assertEqual([row["score"] != "" for row in rows], [False, True], result.stdout)

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
