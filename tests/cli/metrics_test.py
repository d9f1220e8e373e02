"""bonafide metrics and fuse, as a person types them. Usage: metrics_test.py BONAFIDE"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()

KEY = "".join(f"s{i % 3} u{i} - - bonafide\n" for i in range(20)) + "".join(
    f"s{i % 3} u{i} - A{7 + i % 2:02} spoof\n" for i in range(20, 60))


def bonafide(*arguments):
    return subprocess.run([BONAFIDE, *map(str, arguments)], capture_output=True, text=True)


def score(i):
    """Bona fide trials are higher, with some overlap."""
    return (1.0 if i < 20 else -1.0) + ((i * 37) % 29 - 14) / 9


class Metrics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.key = self.write("key.txt", KEY)
        self.scores = self.write("scores.txt", "".join(f"u{i} {score(i)}\n" for i in range(60)))

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_prints_a_short_table(self):
        result = bonafide("metrics", self.scores, "--key", self.key)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("20 bona fide, 40 spoof", result.stdout)
        self.assertIn("EER (det) %", result.stdout)

    def test_writes_json_plots_and_a_page(self):
        result = bonafide("metrics", self.scores, "--key", self.key, "--by", "attack",
                          "--bootstrap", 100, "--json", self.folder / "out.json",
                          "--plots", self.folder / "plots", "--report", self.folder / "out.html")

        self.assertEqual(result.returncode, 0, result.stderr)
        figures = json.loads((self.folder / "out.json").read_text())
        self.assertLess(figures["metrics"]["eer"]["low"], figures["metrics"]["eer"]["high"])
        self.assertEqual(set(figures["by"]["attack"]), {"A07", "A08"})
        self.assertTrue((self.folder / "plots" / "det.svg").exists())
        self.assertIn("<svg", (self.folder / "out.html").read_text())

    def test_names_the_trial_without_score_in_one_line(self):
        short = self.write("short.txt", "".join(f"u{i} {score(i)}\n" for i in range(59)))

        result = bonafide("metrics", short, "--key", self.key)

        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertIn("u59", result.stderr)

    def test_refuses_an_unknown_variant_and_corpus(self):
        for option in (["--eer", "magic"], ["--corpus", "magic"]):
            result = bonafide("metrics", self.scores, "--key", self.key, *option)

            self.assertEqual(result.returncode, 2)
            self.assertIn("magic", result.stderr)

    def test_prints_the_figures_of_verification(self):
        trials = self.write("sasv.txt", "s u1 2.5 target\ns u2 1.5 nontarget\ns u3 0.5 spoof\n")

        result = bonafide("metrics", trials)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a-DCF", result.stdout)

    def test_prints_an_official_report(self):
        cm = self.write("cm.txt", "".join(
            f"u{i} {'-' if i < 20 else 'A07'} {'bonafide' if i < 20 else 'spoof'} {score(i)}\n"
            for i in range(60)))
        asv = self.write("asv.txt", "- target 3\n- target 2\n- nontarget -1\nA07 spoof 1\n")

        result = bonafide("metrics", cm, "--corpus", "asvspoof2019-la", "--asv-scores", asv)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith("\nCM SYSTEM\n\tEER\t\t= "))

    def test_calibrates_scores(self):
        fit = bonafide("fuse", "fit", self.folder / "map.json", self.scores, "--key", self.key)
        applied = bonafide("fuse", "apply", self.folder / "map.json", self.scores)

        self.assertEqual((fit.returncode, applied.returncode), (0, 0), fit.stderr + applied.stderr)
        self.assertGreater(json.loads((self.folder / "map.json").read_text())["scale"], 0)
        self.assertEqual(applied.stdout.splitlines()[0], "file,score")
        self.assertEqual(len(applied.stdout.splitlines()), 61)


if __name__ == "__main__":
    unittest.main()
