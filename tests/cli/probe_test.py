"""What the house carries for systems that are still to come: probe_test.py PROBE

PROBE is bonafide-torch with the system of probe.cpp: embeddings of recordings of any length, a loss
with parameters, references, scores of two parts.
"""
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from small_run import finished, write_wav

PROGRAM = os.path.abspath(sys.argv[1])
RECIPE = """name: probe
system: probe
model: {dimension: 6}
loss: {prototypes: 3, scale: 5}
score: {likeness: 0.25}
input:
  samples: 32000
  crop: {stretch: whole, fill: none}
data: {corpus: manifest}
train: {crop: whole, batch_size: 4, epochs: 6, average: false, save_minutes: 0}
optimizer: {lr: 0.01}
compute: {threads: 1}
"""


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def rows_of(lines):
    return [json.loads(line) for line in lines.splitlines()]


def tensors(path):
    """The tensors of a safetensors file, without what it says of its making."""
    content = read_bytes(path)
    return content[8 + int.from_bytes(content[:8], "little"):]


class Probe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = scratch.name
        with open(cls.path("probe.yaml"), "w", encoding="utf-8") as file:
            file.write(RECIPE)
        table = []
        for i in range(16):  # four speakers, as many lengths as recordings
            spoof = i % 4 == 3
            write_wav(cls.path(f"u{i}.wav"), spoof, i, 8000 + 997 * i)
            table.append([f"u{i}.wav", "spoof" if spoof else "bonafide", f"s{i // 4}"])
        cls.write_table("all.csv", table)
        cls.write_table("reversed.csv", table[::-1])
        cls.write_table("lonely.csv", table[:8] + [["u8.wav", "bonafide", "alone"]])
        cls.write_table("pairs.csv", [row + ["u4.wav"] for row in table[:3]], ",reference")
        cls.data = [f"data.{part}={cls.path('all.csv')}" for part in ("train", "dev", "eval")]
        cls.train("run")
        cls.model = cls.path("run", "last.safetensors")

    @classmethod
    def path(cls, *parts):
        return os.path.join(cls.folder, *parts)

    @classmethod
    def write_table(cls, name, rows, more=""):
        with open(cls.path(name), "w", encoding="utf-8") as file:
            file.write(f"path,label,speaker{more}\n")
            file.writelines(",".join(row) + "\n" for row in rows)

    @classmethod
    def training(cls, run, *more):
        return [PROGRAM, "train", cls.path("probe.yaml"), *cls.data, *more,
                "--output", cls.path(run)]

    @classmethod
    def train(cls, run, *more, status=0):
        return finished(cls.training(run, *more), status=status)

    def score(self, *more, status=0):
        return finished([PROGRAM, "score", "--model", self.model, "--format", "jsonl", *more],
                        status=status)

    def evaluate(self, output, *more, status=0):
        return finished([PROGRAM, "evaluate", self.path("probe.yaml"), *self.data, *more,
                         "--checkpoint", self.model, "--output", self.path(output)],
                        status=status)

    def evaluated(self, output):
        with open(self.path(output, "scores.csv"), newline="", encoding="utf-8") as file:
            return {row["file"]: row["score"] for row in csv.DictReader(file)}

    def test_a_killed_run_goes_on_to_the_same_bits(self):
        state = self.path("killed", "state.safetensors")
        running = subprocess.Popen(self.training("killed"), stdout=subprocess.DEVNULL)
        while not os.path.exists(state):
            self.assertIsNone(running.poll())
            time.sleep(0.002)
        running.send_signal(signal.SIGKILL)
        self.assertEqual(running.wait(), -signal.SIGKILL)
        self.train("killed", "--resume")
        for name in ("last", "best"):
            self.assertEqual(tensors(self.path("killed", f"{name}.safetensors")),
                             tensors(self.path("run", f"{name}.safetensors")))

    def test_a_model_file_keeps_what_its_loss_head_is_made_by(self):
        header = read_bytes(self.model)
        header = json.loads(header[8:8 + int.from_bytes(header[:8], "little")])
        self.assertEqual(header["head"]["shape"], [2, 3, 6])
        description = json.loads(header["__metadata__"]["bonafide"])
        self.assertEqual(description["loss"], {"prototypes": 3, "scale": 5})

    def test_scores_with_a_reference_a_list_of_pairs_and_a_column_are_the_same(self):
        recordings = [self.path(f"u{i}.wav") for i in range(3)]
        reference = self.path("u4.wav")
        one, _ = self.score("--reference", reference, *recordings)
        with open(self.path("pairs.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"{recording}\t{reference}\n" for recording in recordings)
        listed, _ = self.score("--reference", "@" + self.path("pairs.txt"), *recordings)
        column, _ = self.score(self.path("pairs.csv"))
        self.assertEqual(one, listed)
        self.assertEqual(one, column)
        for row in rows_of(one):
            parts = row["parts"]
            self.assertAlmostEqual(row["score"], 0.75 * parts["detection"] +
                                   0.25 * parts["likeness"], 6)
            self.assertNotIn("embedding", row)

    def test_references_of_different_lengths_score_alike_in_any_batch(self):
        recordings = [self.path(f"u{i}.wav") for i in range(8)]
        with open(self.path("mixed.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"{recording}\t{self.path(f'u{15 - i}.wav')}\n"
                            for i, recording in enumerate(recordings + recordings[:2]))
        pairs = ["--reference", "@" + self.path("mixed.txt"), *recordings]
        together, _ = self.score("--batch-size", "8", *pairs)
        alone, _ = self.score("--batch-size", "1", *pairs)
        for row, other in zip(rows_of(together), rows_of(alone), strict=True):
            self.assertAlmostEqual(row["score"], other["score"], 5)
            self.assertAlmostEqual(row["parts"]["likeness"], other["parts"]["likeness"], 5)

    def test_embeddings_go_into_a_file_of_their_own(self):
        embeddings = self.path("embeddings.jsonl")
        scores, _ = self.score("--reference", self.path("u4.wav"), "--embeddings", embeddings,
                               self.path("u0.wav"), self.path("missing.wav"), status=3)
        rows = rows_of(read_text(embeddings))
        self.assertEqual(len(rows[0]["embedding"]), 6)
        self.assertAlmostEqual(sum(x * x for x in rows[0].pop("embedding")), 1, 5)
        self.assertEqual(rows, rows_of(scores), "otherwise the same rows")
        self.assertIn("missing.wav", rows[1]["file"])

    def test_a_recording_without_a_reference_fails_alone(self):
        with open(self.path("one.txt"), "w", encoding="utf-8") as file:
            file.write(f"{self.path('u0.wav')}\t{self.path('u4.wav')}\n")
        rows = rows_of(self.score("--reference", "@" + self.path("one.txt"), self.path("u0.wav"),
                                  self.path("u1.wav"), status=3)[0])
        self.assertIsNotNone(rows[0]["score"])
        self.assertIsNone(rows[1]["score"])

    def test_figures_do_not_depend_on_the_order_of_the_list(self):
        self.evaluate("forward")
        self.evaluate("backward", f"data.eval={self.path('reversed.csv')}")
        self.assertEqual(self.evaluated("forward"), self.evaluated("backward"))

    def test_other_speakers_may_be_drawn_instead(self):
        self.evaluate("matched")
        self.evaluate("mismatched", "reference.draw=other_speaker")
        self.assertNotEqual(self.evaluated("matched"), self.evaluated("mismatched"))
        _, said = self.evaluate("listed", "reference.draw=listed", status=2)
        self.assertIn("data.eval: ", said)
        self.assertIn("names no reference", said)

    def test_a_trial_without_a_reference_stops_the_run_or_is_counted(self):
        lonely = f"data.train={self.path('lonely.csv')}"
        _, said = self.train("stopped", lonely, "--dry-run", status=2)
        self.assertIn("data.train: ", said)
        self.assertIn("u8.wav: there is no other bona fide recording of alone", said)
        shown, said = self.train("skipped", lonely, "reference.missing=skip", "--dry-run")
        self.assertIn("# train: 8 recordings", shown)
        self.assertIn("data.train: 1 trials without a reference left out, the first: ", said)

    def test_is_judged_by_verification_trials_in_training_and_in_evaluate(self):
        trials = [[f"u{i}.wav", key, claimed, f"u{enrolled}.wav;u{enrolled + 1}.wav"]
                  for claimed, enrolled, other in (("s0", 0, 6), ("s1", 4, 2))
                  for i, key in ((enrolled + 2, "target"), (enrolled + 1, "target"),
                                 (other, "nontarget"), (enrolled + 3, "spoof"))]
        with open(self.path("trials.csv"), "w", encoding="utf-8") as file:
            file.write("path,asv_key,claimed_speaker,enrolments\n")
            file.writelines(",".join(row) + "\n" for row in trials)
        verify = ["task.judge=verification",
                  *(f"data.{part}={self.path('trials.csv')}" for part in ("dev", "eval"))]
        self.train("verified", *verify, "train.epochs=2")
        with open(self.path("verified", "log.csv"), newline="", encoding="utf-8") as file:
            self.assertTrue(all(0 <= float(row["sasv_eer"]) <= 100 for row in csv.DictReader(file)))
        self.evaluate("trials", *verify)
        with open(self.path("trials", "scores.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["asv_key"] for row in rows], [row[1] for row in trials])
        for row in rows:  # the mean of the two opinions, each the sum of its parts by likeness
            parts = 0.75 * float(row["part_detection"]) + 0.25 * float(row["part_likeness"])
            self.assertAlmostEqual(float(row["score"]), parts, 5)

    def test_options_of_another_system_are_refused(self):
        for override in ("loss.margin=2", "score.logit=1", "loss.prototype=2"):
            _, said = self.train("refused", override, "--dry-run", status=2)
            self.assertIn(f'unknown key "{override.split("=")[0]}"', said)
        _, said = finished([PROGRAM, "train", "aasist", *self.data, "loss.wave_reconstruction=0.3",
                            "--dry-run", "--output", self.path("refused")], status=2)
        self.assertIn("loss.wave_reconstruction: only system: reconstruction", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
