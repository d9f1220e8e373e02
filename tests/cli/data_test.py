"""bonafide data list, check and manifest, as a person types them. Usage: data_test.py BONAFIDE"""

import csv
import io
import json
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import wave

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def bonafide(*arguments):
    return subprocess.run([BONAFIDE, "data", *map(str, arguments)], capture_output=True, text=True)


def write_recording(path, seconds=0.1):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(b"\1\2" * int(16000 * seconds))


class Data(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def partialspoof(self, count=6):
        """Parts train and dev of a small copy; eval is not there."""
        for part in ("train", "dev"):
            lines = []
            for i in range(count):
                write_recording(self.folder / part / "con_wav" / f"{part}_{i}.wav")
                lines.append(f"s{i} {part}_{i} - " + ("- bonafide" if i % 2 else "CON spoof"))
            self.write(f"protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.{part}.trl.txt",
                       "\n".join(lines) + "\n")

    def shard(self, name, members):
        with tarfile.open(self.folder / name, "w") as archive:
            for member, text in members.items():
                info = tarfile.TarInfo(member)
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))

    def test_reads_a_class_that_lies_on_another_disk(self):
        for i in range(3):
            write_recording(self.folder / f"for/training/fake/{i}.wav")
            write_recording(self.folder / f"disk/{i}.wav")
        (self.folder / "for/training/real").symlink_to(self.folder / "disk")
        result = bonafide("manifest", "fake-or-real", self.folder / "for", "--part", "training")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count(",bonafide,"), 3)

    def test_names_what_lies_there_and_is_not_listed(self):
        for name in ("real/a", "fake/b", "fakes/c"):
            write_recording(self.folder / f"training/{name}.wav")
        write_recording(self.folder / "training/fake/._b.wav")
        for command in ("check", "manifest"):
            result = bonafide(command, "fake-or-real", self.folder, "--part", "training")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("not read: 1 recordings in folders that are none of the data set "
                          f"({self.folder}/training/fakes/c.wav)", result.stderr)
        result = bonafide("check", "fake-or-real", self.folder, "--part", "training")
        self.assertIn("2 of 2 listed recordings are there; 1 more lie there and are not listed",
                      result.stdout)

    def test_misses_a_class_whose_link_leads_nowhere(self):
        write_recording(self.folder / "training/fake/b.wav")
        (self.folder / "training/real").symlink_to("gone")
        result = bonafide("check", "fake-or-real", self.folder, "--part", "training")
        self.assertEqual(result.returncode, 3)
        self.assertIn("training/real: a link to gone, which is not there", result.stderr)

    def test_names_the_members_of_a_shard_that_are_no_samples(self):
        self.shard("s.tar", {"Track 2.0 (Clean).wav": "x", "Track 2.0 (Clean).cls": "spoof",
                             "README": "x", "inner.tar": "x"})
        for command in ("check", "manifest"):
            result = bonafide(command, "shards", self.folder)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("s.tar/README", result.stderr)
            self.assertIn("1 archives inside archives", result.stderr)
        self.assertIn("Track 2.0 (Clean).wav", result.stdout)

    def test_takes_the_stretches_of_a_table_in_every_command(self):
        write_recording(self.folder / "a.wav", 0.5)
        # SpeechBrain's columns
        table = self.write("m.csv", "ID,duration,wav,start,stop,label\n"
                           "u1,0.1,a.wav,0,1600,spoof\nu2,0.2,a.wav,1600,4800,bonafide\n")

        manifest = bonafide("manifest", "manifest", table)
        self.assertIn("2 of 2 are stretches", manifest.stderr)
        self.assertIn("a.wav,bonafide,,,,1600,4800", manifest.stdout)
        check = bonafide("check", "manifest", table, "--deep")
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertIn("2 of 2 recordings decode", check.stdout)
        augment = bonafide("augment", self.folder / "out", table, "--steps", "telephone")
        self.assertEqual(augment.returncode, 0, augment.stderr)
        rows = (self.folder / "out" / "manifest.csv").read_text().splitlines()
        self.assertEqual(len(rows), 3)
        self.assertNotIn("start", rows[0])

    def test_names_the_line_of_a_stretch_that_is_none(self):
        write_recording(self.folder / "a.wav")
        table = self.write("m.csv", "path,label,start,stop\na.wav,spoof,64000,1280\n")
        for command in (["manifest", "manifest", table], ["check", "manifest", table],
                        ["augment", self.folder / "out", table, "--steps", "telephone"],
                        ["copysynth", self.folder / "out", table]):
            result = bonafide(*command)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(f'{table}: line 2: column "start": 64000', result.stderr)

    def test_reads_tables_of_powershell_and_protocols_with_tabs_and_trailing_blanks(self):
        write_recording(self.folder / "ä.wav")
        (self.folder / "m.csv").write_bytes("path,label\r\nä.wav,spoof \r\n".encode("utf-16"))
        (self.folder / "l.txt").write_bytes("s1\tä.wav\t-\t-\tbonafide \t\r\n\r\n".encode())
        for corpus, arguments in (("manifest", ["m.csv"]), ("cm-list", [".", "--part", "l.txt"])):
            result = subprocess.run([BONAFIDE, "data", "check", corpus, *arguments],
                                    cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("1 of 1 recordings are there", result.stdout)

    def test_the_page_of_corpora_is_that_of_the_program(self):
        page = (ROOT / "docs" / "corpora.md").read_text()
        block = re.search(r"```text\n(.*?)```", page, re.DOTALL).group(1)
        self.assertEqual(block, bonafide("list").stdout)

    def test_says_that_standard_output_took_nothing(self):
        self.partialspoof(200)
        with open("/dev/full", "w") as full:
            result = subprocess.run([BONAFIDE, "data", "manifest", "partialspoof", self.folder,
                                     "--part", "train"], stdout=full, stderr=subprocess.PIPE,
                                    text=True)

        self.assertEqual((result.returncode, result.stderr),
                         (1, "bonafide: standard output: cannot be written\n"))

    def test_shortcuts_go_on_after_what_cannot_be_measured(self):
        for i in range(4):
            write_recording(self.folder / f"{i}.wav", seconds=0.05 if i == 3 else 0.5)
        self.write("m.csv", "path,label,partition\n" + "".join(
            f"{i}.wav,{'spoof' if i % 2 else 'bonafide'},\"p\x1b[31m\"\n" for i in range(4)))

        result = bonafide("shortcuts", "manifest", self.folder / "m.csv")

        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertRegex(result.stderr, r"^bonafide: \S*/3.wav: shortcuts are measured at")
        self.assertIn("crest factor", result.stdout)
        self.assertNotIn("\x1b", result.stdout)

    def test_list_tells_programs_the_known_counts(self):
        corpora = {c["name"]: c for c in json.loads(bonafide("list", "--json").stdout)}
        self.assertIn({"part": "eval", "bona_fide": 7355, "spoof": 63882, "first_hand": True},
                      corpora["asvspoof2019-la"]["counts"])
        self.assertFalse(corpora["cfad"]["first_hand"])

    def test_check_says_what_is_missing_and_what_is_broken(self):
        self.partialspoof()
        (self.folder / "dev/con_wav/dev_3.wav").unlink()
        (self.folder / "train/con_wav/train_2.wav").write_text("no recording")
        result = bonafide("check", "partialspoof", self.folder, "--deep", "--jobs", "2",
                          "--report", self.folder / "report.csv")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn("10 of 12 recordings decode", result.stdout)
        self.assertIn("dev_3.wav: no such file", result.stderr)
        self.assertIn("PartialSpoof.LA.cm.eval.trl.txt: No such file", result.stderr)
        self.assertIn("train: bona fide: 3 in the protocol, 2580 are said to be", result.stderr)
        with open(self.folder / "report.csv") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([pathlib.Path(row["file"]).name for row in rows],
                         ["train_2.wav", "dev_3.wav"])

    def test_check_of_one_whole_part_is_content(self):
        self.partialspoof()
        result = bonafide("check", "partialspoof", self.folder, "--part", "dev")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("6 of 6 recordings are there", result.stdout)

    def test_check_without_any_recording_or_protocol_fails(self):
        self.write("m.csv", "path,label\na.wav,spoof\n")
        self.assertEqual(bonafide("check", "manifest", self.folder / "m.csv").returncode, 1)
        result = bonafide("check", "partialspoof", self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 1)

    def test_check_of_an_empty_list_is_not_content(self):
        table = self.write("empty.csv", "path,label\n")
        result = bonafide("check", "manifest", table)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stderr, f"bonafide: check: {table} lists no recordings\n")

    def test_check_goes_on_after_an_interrupt(self):
        paths = []
        for i in range(40):
            write_recording(self.folder / f"{i}.wav", seconds=60)
            paths.append(f"{i}.wav")
        self.write("m.csv", "path,label\n" + "".join(f"{p},spoof\n" for p in paths))
        command = [BONAFIDE, "data", "check", "manifest", self.folder / "m.csv", "--deep", "--jobs",
                   "1", "--state", self.folder / "state"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        state = self.folder / "state"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None and not (
                state.exists() and len(state.read_text().splitlines()) > 2):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
        done_before = len(state.read_text().splitlines()) - 1
        self.assertGreater(done_before, 0)
        if process.returncode != 0:  # it may have been quicker than the signal
            self.assertEqual(process.returncode, 3)
            self.assertIn("interrupted after", errors)
        again = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn(f"40 of 40 recordings decode, {done_before} of them in an earlier run",
                      again.stdout)

    def test_manifest_of_every_form_reads_back_with_the_same_recordings(self):
        self.partialspoof()
        first = None
        for name in ("out/m.csv", "out/m.tsv", "out/m.jsonl"):
            (self.folder / "out").mkdir(exist_ok=True)
            result = bonafide("manifest", "partialspoof", self.folder, "--output",
                              self.folder / name)
            self.assertEqual(result.returncode, 3, result.stderr)  # eval is not there
            check = bonafide("check", "manifest", self.folder / name)
            self.assertEqual(check.returncode, 0, check.stderr)
            self.assertIn("12 of 12 recordings are there", check.stdout)
            again = bonafide("manifest", "manifest", self.folder / name)
            first = first or again.stdout
            self.assertEqual(again.stdout, first)

    def test_manifest_without_output_goes_to_standard_output(self):
        self.partialspoof()
        result = bonafide("manifest", "partialspoof", self.folder, "--part", "train")
        self.assertEqual(result.returncode, 0)
        rows = list(csv.DictReader(result.stdout.splitlines()))
        self.assertEqual(len(rows), 6)
        self.assertEqual({row["partition"] for row in rows}, {"train"})


if __name__ == "__main__":
    unittest.main()
