"""What a user has is not lost: keeps_test.py BONAFIDE

Nothing that is read, and nothing that this program did not make, is written over or removed; closed or
full standard streams spoil neither files nor exit statuses.
"""

import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from small_run import SMALL, finished, write_data, write_wav

SPLIT = Path(__file__).resolve().parent.parent.parent / "script/split-manifest"
PROGRAM = ""


def contents(folder):
    return {path.relative_to(folder): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Keeps(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def run_it(self, *arguments, **options):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True,
                              text=True, timeout=300, **options)

    def refuses(self, *arguments, word):
        """With status 2, one line that has the word, and everything as it was."""
        before = contents(self.folder)
        done = self.run_it(*arguments)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
        self.assertIn(word, done.stderr)
        self.assertEqual(contents(self.folder), before)

    def recording(self, name):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(str(path.with_suffix(".wav")), False, 1)
        return path.with_suffix(".wav")

    def scores(self, name="s.csv"):
        path = self.folder / name
        path.write_text("file,score,label\n" + "".join(
            f"u{i},{i % 5},{'bonafide' if i % 3 else 'spoof'}\n" for i in range(30)))
        return path

    def small_model(self):
        data = write_data(str(self.folder))
        self.small = [*SMALL, "train.epochs=1", *data]
        finished([PROGRAM, "train", "aasist", *self.small, "--output", str(self.folder / "run")])
        return self.folder / "run/best.safetensors"


class Augmenting(Keeps):
    def test_writes_to_folders_of_its_own_only(self):
        self.recording("c/a")
        self.recording("other/a")
        self.refuses("data", "augment", "c", "c", "--steps", "mu_law", word="c/a.wav")
        self.refuses("data", "augment", "c", "other", "--steps", "mu_law", word="other files")
        self.refuses("data", "copysynth", "c", "other", "--vocoder", "lpc", word="other files")
        self.recording("k/bonafide/a")
        self.refuses("data", "copysynth", "k", "k/bonafide", "--vocoder", "lpc", word="a.wav")

    def test_reads_nothing_from_where_it_writes(self):
        self.recording("in/a")
        self.assertEqual(
            self.run_it("data", "augment", "out", "in", "--steps", "mu_law").returncode, 0)
        self.refuses("data", "augment", "out", "out/manifest.csv", "--steps", "mu_law", word="a.flac")
        (self.folder / "out/sources.csv").unlink()
        self.refuses("data", "augment", "out", "in", "--steps", "mu_law", word="out/a.flac")


class Outputs(Keeps):
    def test_are_no_inputs(self):
        self.scores()
        self.scores("k.csv")
        wav = self.recording("a")
        (self.folder / "m.csv").write_text(f"path,label,mine\n{wav.name},bonafide,1\n")
        for command in (["metrics", "s.csv", "--json", "s.csv"],
                        ["metrics", "s.csv", "--report", "./s.csv"],
                        ["metrics", "s.csv", "--key", "k.csv", "--json", "k.csv"],
                        ["fuse", "fit", "s.csv", "s.csv"],
                        ["fuse", "fit", "k.csv", "s.csv", "--key", "k.csv"],
                        ["data", "check", "manifest", "m.csv", "--report", "m.csv"],
                        ["data", "manifest", "manifest", "m.csv", "-o", "m.csv"],
                        ["score", "a.wav", "--output", "a.wav"]):
            with self.subTest(command=command):
                self.refuses(*command, word="is an input, too")
        self.assertEqual(self.run_it("fuse", "fit", "map.json", "s.csv").returncode, 0)
        self.refuses("fuse", "apply", "map.json", "s.csv", "--output", "s.csv", word="s.csv")
        self.refuses("fuse", "apply", "map.json", "s.csv", "--output", "map.json", word="map.json")

    def test_of_a_training_replace_neither_its_recipe_nor_models_that_are_done(self):
        model = self.small_model()
        (self.folder / "recipe.yaml").write_text("base: aasist  # mine\n")
        self.refuses("train", "recipe.yaml", *self.small, "--output", ".", word="recipe.yaml")
        (self.folder / "run/state.safetensors").unlink()
        self.refuses("train", "aasist", *self.small, "--output", "run", word="best.safetensors")
        self.assertTrue(model.exists())

    def test_of_an_evaluation_do_not_replace_what_it_reads(self):
        model = self.small_model()
        self.refuses("evaluate", "aasist", *self.small, "--checkpoint", model, "--output", "run",
                     word="a training's folder")
        (self.folder / "e").mkdir()
        (self.folder / "e/scores.csv").write_text("path,label\n../u0.wav,bonafide\n../u1.wav,spoof\n")
        self.refuses("evaluate", "aasist", *self.small, "data.eval=e/scores.csv", "--checkpoint", model,
                     "--output", "e", word="e/scores.csv")

    def test_of_a_conversion_are_written_to_and_not_replaced(self):
        model = self.small_model()
        system = ["--system", "aasist", *SMALL[:3]]
        (self.folder / "target").write_text("old")
        (self.folder / "link").symlink_to("target")
        (self.folder / "link.unchecked").write_text("mine")
        done = self.run_it("convert", model, "link", *system)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertGreater((self.folder / "target").stat().st_size, 1000)
        self.assertEqual((self.folder / "link.unchecked").read_text(), "mine")
        os.mkfifo(self.folder / "pipe")
        with subprocess.Popen(["cat", "pipe"], cwd=self.folder, stdout=subprocess.PIPE) as cat:
            self.assertEqual(self.run_it("convert", model, "pipe", *system).returncode, 0)
            self.assertEqual(cat.communicate()[0], (self.folder / "target").read_bytes())
        self.assertTrue(stat.S_ISFIFO((self.folder / "pipe").stat().st_mode))

    def test_of_split_manifest_are_no_inputs(self):
        (self.folder / "m.csv").write_text("path,label,speaker\na,bonafide,1\nb,spoof,2\n")
        before = contents(self.folder)
        done = subprocess.run([sys.executable, "-B", str(SPLIT), "m.csv", "m.csv"], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(contents(self.folder), before)


class Checkpoints(Keeps):
    def test_that_describe_themselves_are_scored_as_they_say(self):
        """Whatever the recipe beside them says of window and calibration; another network is refused."""
        model = self.small_model()
        recipe = self.folder / "mine.yaml"
        recipe.write_text("base: aasist\nmodel: {filts: [70, [1, 4], [4, 4], [4, 4], [4, 4]], "
                          "gat_dims: [4, 4]}\n")  # and its window of four seconds
        alone = self.run_it("score", "--model", model, "u0.wav", "u1.wav")
        beside = self.run_it("score", "--model", "mine.yaml", "--checkpoint", model, "u0.wav", "u1.wav")
        self.assertEqual((beside.returncode, beside.stdout), (0, alone.stdout), beside.stderr)
        self.refuses("score", "--model", "lcnn", "--checkpoint", model, "u0.wav", word="describes itself")

    def test_that_do_not_fit_are_named_themselves(self):
        model = self.small_model()
        done = self.run_it("convert", model, "out.safetensors", "--system", "aasist")
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(model), done.stderr)
        self.refuses("convert", model, "out.safetensors", "--system", "aasist", "model.foo=3",
                     word="model")
        self.assertEqual(self.run_it("convert", model, "no/out.safetensors", "--system", "aasist",
                                     *SMALL[:3]).stderr.count("unchecked"), 0)


class Streams(Keeps):
    def test_that_are_full_or_closed_change_no_exit_status(self):
        wav = self.recording("a")
        for command, status in ((["nosuch"], 2), (["metrics", "nothere"], 1),
                                (["score", wav, "nothere", "--output", "o.csv"], 3)):
            for redirection in ("2>/dev/full", "2>&-"):
                with self.subTest(command=command, redirection=redirection):
                    line = " ".join(map(str, [PROGRAM, *command])) + " " + redirection
                    done = subprocess.run(["sh", "-c", line], cwd=self.folder, capture_output=True)
                    self.assertEqual(done.returncode, status)
                    if status == 3:
                        text = (self.folder / "o.csv").read_text()
                        self.assertEqual(text.count("\n"), 3, text)
                        self.assertNotIn("bonafide: ", text)

    def test_that_are_closed_are_not_taken_for_files(self):
        self.recording("a")
        line = f"{PROGRAM} score a.wav --output o.csv >&- 2>&- <&-"
        subprocess.run(["sh", "-c", line], cwd=self.folder)
        rows = (self.folder / "o.csv").read_text().splitlines()
        self.assertEqual(len(rows), 2, rows)

        small = [*SMALL, "train.epochs=1", *write_data(str(self.folder))]
        line = f"{PROGRAM} train aasist {' '.join(small)} --output run >&-"
        subprocess.run(["sh", "-c", line], cwd=self.folder, stderr=subprocess.DEVNULL)
        self.assertTrue((self.folder / "run/best.safetensors").exists())
        for path, text in contents(self.folder / "run").items():
            self.assertNotIn(b" utterances/s", text, path)


class Evaluating(Keeps):
    def test_refuses_values_that_cannot_be_meant(self):
        model = self.small_model()
        for override in ("data.limit=yes", "evaluate.batch_size=abc", "evaluate.batch_size=-1",
                         "compute.threads=-1", "compute.threads=100000", "compute.loaders=0",
                         "evaluate.buckets=-1", "loader.cache=[5]", "data.root=[2019]"):
            with self.subTest(override=override):
                self.refuses("evaluate", "aasist", *self.small, override, "--checkpoint", model,
                             "--output", "e", word=override.split("=")[0])
        self.refuses("evaluate", "aasist", *self.small, "--checkpoint", model, "--output", "e", "--set",
                     "nosuch", word="--set")
        done = self.run_it("evaluate", "aasist", *self.small, "evaluate.asv_scores=nope", "--checkpoint",
                           model, "--output", "e")
        self.assertEqual((done.returncode, (self.folder / "e").exists()), (1, False), done.stderr)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
