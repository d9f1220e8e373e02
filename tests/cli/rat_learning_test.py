"""What Reference-Augmented Training learns, on real recordings and at full size, with the real
program: rat_learning_test.py PROGRAM SHARED
"""
import csv
import math
import os
import subprocess
import sys
import tempfile
import unittest

from small_run import SKIPPED, finished, write_wav

PROGRAM, SHARED = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WILD = os.path.join(SHARED, "data", "wild", "protocol.csv")


def pairs_of(count):
    """So many real recordings of each class, each with a bona fide one of its speaker."""
    with open(WILD, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    bona_fide = {}
    for row in rows:
        if row["label"] == "bonafide":
            bona_fide.setdefault(row["speaker"], []).append(row["path"])
    pairs = {"bonafide": [], "spoof": []}
    for row in rows:
        others = [path for path in bona_fide.get(row["speaker"], []) if path != row["path"]]
        if others and len(pairs[row["label"]]) < count:
            pairs[row["label"]].append((row["path"], row["label"], others[0]))
    return pairs["bonafide"] + pairs["spoof"]


class Learning(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def log(self, run):
        with open(os.path.join(run, "log.csv"), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_memorises_32_real_pairs_within_200_steps(self):
        """Bound: none of them is on the wrong side of the others, an EER of 0 %."""
        pairs = pairs_of(16)
        self.assertEqual(len(pairs), 32)
        table = os.path.join(self.folder, "pairs.csv")
        root = os.path.dirname(WILD)
        with open(table, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["path", "label", "reference"])
            for path, label, reference in pairs:
                out.writerow([os.path.join(root, path), label, os.path.join(root, reference)])
        run = os.path.join(self.folder, "run")
        finished([PROGRAM, "train", "rat/tiny", f"data.train={table}", f"data.dev={table}",
                  "reference.draw=listed", "input.samples=32000", "train.batch_size=8",
                  "train.sampler=shuffle", "train.epochs=50", "train.patience=50",
                  "compute.threads=1", "--output", run], seconds=900)
        self.assertEqual(min(float(row["eer"]) for row in self.log(run)), 0)

    def most_memory(self, *command):
        """Bytes that a command of ours holds at most; it must end well."""
        with open(os.path.join(self.folder, "said"), "w+", encoding="utf-8") as said:
            child = subprocess.Popen([PROGRAM, *command], stdout=said, stderr=said)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            self.assertEqual(child.returncode, 0, said.read())
        return usage.ru_maxrss * 1024

    def test_takes_a_step_at_the_size_of_xls_r_300m_and_scores_by_what_it_learnt(self):
        """Bounds: a step takes 6 GB at most; loading and scoring 1.3 times the weights and 0.5 GB."""
        lines = ["path,label,speaker"]
        for i in range(4):
            write_wav(os.path.join(self.folder, f"u{i}.wav"), i % 2 == 1, i, 64000)
            lines.append(f"u{i}.wav,{'spoof' if i % 2 == 1 else 'bonafide'},s")
        table = os.path.join(self.folder, "all.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        run = os.path.join(self.folder, "run")
        model = os.path.join(run, "last.safetensors")
        learning = self.most_memory(
            "train", "rat/rat", "data.corpus=manifest", f"data.train={table}", "train.select=~",
            "train.batch_size=4", "train.epochs=1", "--output", run)
        self.assertTrue(math.isfinite(float(self.log(run)[0]["loss"])))
        scoring = self.most_memory(
            "score", "--model", model, "--reference", os.path.join(self.folder, "u0.wav"),
            os.path.join(self.folder, "u1.wav"))
        weights = os.path.getsize(model)
        print(f"a step of four pairs of 4 s: {learning / 1e9:.2f} GB; a score: {scoring / 1e9:.2f} "
              f"GB; weights: {weights / 1e9:.2f} GB")
        self.assertLess(learning, 6e9)
        self.assertLess(scoring, 1.3 * weights + 0.5e9)


if __name__ == "__main__":
    if not os.path.exists(WILD):
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
