"""Reference-Augmented Training on a small encoder, with the real program: rat_test.py PROGRAM"""
import csv
import json
import math
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import wave

from small_run import finished

PROGRAM = os.path.abspath(sys.argv[1])
VOICES = (300, 600, 1200, 2400)  # Hz: a voice is a tone, of a pitch that varies by 5 %
SMALL = ["train.epochs=2", "train.batch_size=6", "train.save_minutes=0", "compute.threads=1"]
ZEROS = "without a reference: beside a vector of zeros"


def write_voice(path, voice, seed, length=6400):
    noise = random.Random(seed)
    step = 2 * math.pi * VOICES[voice] * noise.uniform(0.95, 1.05) / 16000
    samples = [int(6000 * math.sin(step * n) + noise.uniform(-1500, 1500)) for n in range(length)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{length}h", *samples))


def tensors(path):
    """The tensors of a safetensors file, without what it says of its making."""
    with open(path, "rb") as file:
        content = file.read()
    return content[8 + int.from_bytes(content[:8], "little"):]


def rows_of(lines):
    return [json.loads(line) for line in lines.splitlines()]


class Rat(unittest.TestCase):
    """Bona fide speech is in the speaker's own voice and spoofed speech in another's: only a
    reference tells them apart."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = scratch.name
        draws = random.Random(5)
        for part, count in (("train", 96), ("dev", 48), ("few", 16)):
            lines = ["path,label,speaker"]
            for i in range(count):
                speaker, spoof = i % 4, i // 4 % 2 == 1
                others = [voice for voice in range(4) if voice != speaker]
                name = f"{part}{i}.wav"
                write_voice(cls.path(name), draws.choice(others) if spoof else speaker,
                            f"{part}{i}", 6400 + 320 * (i % 3 if part == "few" else 0))
                lines.append(f"{name},{'spoof' if spoof else 'bonafide'},{part}{speaker}")
            with open(cls.path(part + ".csv"), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        few = cls.path("few.csv")
        cls.few = [f"data.{part}={few}" for part in ("train", "dev", "eval")]
        cls.train("run")
        cls.model = cls.path("run", "last.safetensors")

    @classmethod
    def path(cls, *parts):
        return os.path.join(cls.folder, *parts)

    @classmethod
    def training(cls, run, *more, recipe="rat/tiny"):
        return [PROGRAM, "train", recipe, *SMALL, *more, "--output", cls.path(run)]

    @classmethod
    def train(cls, run, *more, recipe="rat/tiny", status=0):
        return finished(cls.training(run, *cls.few, *more, recipe=recipe), status=status)

    def score(self, *more, model=None, status=0):
        return finished([PROGRAM, "score", "--model", model or self.model, "--format", "jsonl",
                         *more], status=status)

    def log(self, run):
        with open(self.path(run, "log.csv"), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_a_killed_run_goes_on_to_the_same_bits(self):
        state = self.path("killed", "state.safetensors")
        running = subprocess.Popen(self.training("killed", *self.few), stdout=subprocess.DEVNULL)
        while not os.path.exists(state):
            self.assertIsNone(running.poll())
            time.sleep(0.002)
        running.send_signal(signal.SIGKILL)
        self.assertEqual(running.wait(), -signal.SIGKILL)
        self.train("killed", "--resume")
        self.assertEqual(tensors(self.path("killed", "last.safetensors")), tensors(self.model))

    def test_the_score_is_the_probability_that_the_margin_means(self):
        row, = rows_of(self.score("--reference", self.path("few4.wav"), self.path("few0.wav"))[0])
        self.assertAlmostEqual(row["score"], 1 / (1 + math.exp(-row["parts"]["margin"])), 6)
        self.assertEqual(row["detail"], "reference {}: only 0.42 s long".format(
            self.path("few4.wav")))

    def test_margins_beside_several_references_are_averaged(self):
        references = [self.path("few4.wav"), self.path("few8.wav")]
        margins = [rows_of(self.score("--reference", reference, self.path("few0.wav"))[0])[0]
                   ["parts"]["margin"] for reference in references]
        with open(self.path("pairs.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"{self.path('few0.wav')}\t{each}\n" for each in references)
        row, = rows_of(self.score("--reference", "@" + self.path("pairs.txt"),
                                  self.path("few0.wav"))[0])
        mean = sum(margins) / 2
        self.assertAlmostEqual(row["parts"]["margin"], mean, 5)
        self.assertAlmostEqual(row["score"], 1 / (1 + math.exp(-mean)), 6)

    def test_without_a_reference_rat_uses_zeros_and_says_so(self):
        row, = rows_of(self.score(self.path("few0.wav"))[0])
        self.assertEqual(row["detail"], ZEROS)
        zero = self.path("zero.safetensors")
        finished([PROGRAM, "convert", self.model, zero, "--system", "rat/tiny",
                  "model.reference=zero"])
        again, = rows_of(self.score(self.path("few0.wav"), model=zero)[0])
        self.assertEqual(again["score"], row["score"])
        self.assertEqual(again["detail"], "")

    def test_scores_do_not_depend_on_the_batch(self):
        recordings = [self.path(f"few{i}.wav") for i in range(8)]
        pairs = ["--reference", self.path("few9.wav"), *recordings]
        together, alone = (rows_of(self.score("--batch-size", size, *pairs)[0])
                           for size in ("8", "1"))
        for row, other in zip(together, alone, strict=True):
            self.assertAlmostEqual(row["parts"]["margin"], other["parts"]["margin"], 4)

    def test_other_pair_systems_refuse_to_judge_alone(self):
        self.train("diff", "model.classifier=ff-diff")
        model = self.path("diff", "last.safetensors")
        recording, reference = self.path("few0.wav"), self.path("few4.wav")
        row, = rows_of(self.score(recording, model=model, status=1)[0])
        self.assertEqual((row["score"], row["detail"]), (None, "no reference to compare it with"))
        row, = rows_of(self.score("--reference", reference, recording, model=model)[0])
        self.assertIsNotNone(row["score"])

    def test_a_system_of_one_recording_takes_no_reference(self):
        self.train("ff", "model.classifier=ff")
        _, said = self.score("--reference", self.path("few4.wav"), self.path("few0.wav"),
                             model=self.path("ff", "last.safetensors"), status=2)
        self.assertIn("--reference", said)

    def test_scores_that_depend_on_the_batch_are_evaluates_alone(self):
        whole = "model.waveform_normalization=batch"
        self.train("whole", whole)
        model = self.path("whole", "last.safetensors")
        _, said = self.score(self.path("few0.wav"), model=model, status=2)
        self.assertIn("only evaluate reproduces its scores", said)
        finished([PROGRAM, "evaluate", "rat/tiny", *self.few, whole, "evaluate.batch_size=6",
                  "--checkpoint", model, "--output", self.path("evaluated")])

    def evaluate(self, output, *more, model=None, status=0):
        said = finished([PROGRAM, "evaluate", "rat/tiny", *self.few, "--checkpoint",
                         model or self.model, "--output", self.path(output), *more],
                        status=status)
        return said[0] if status == 0 else said[1]

    def table(self, *parts):
        with open(self.path(*parts), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def margins(self, *parts):
        return [row["part_margin"] for row in self.table(*parts)]

    def test_references_are_degraded_by_conditions(self):
        names = ["matched", "zero", "silence", "other_speaker+seconds:0.3+snr:-20"]
        said = self.evaluate("conditions", f"reference.conditions=[{', '.join(names)}]")
        self.assertIn("reference: matched", said)
        rows = self.table("conditions", "conditions.csv")
        self.assertEqual([row["condition"] for row in rows], names)
        for row in rows:
            self.assertIn(row["condition"], said)
            self.assertEqual((row["bona_fide"], row["spoof"]), ("8", "8"))
            self.assertLessEqual(float(row["eer_low"]), float(row["eer"]))
        files = sorted(os.listdir(self.path("conditions", "conditions")))
        self.assertEqual(len(files), 4)
        all_margins = [self.margins("conditions", "conditions", file) for file in files]
        for i, one in enumerate(all_margins):
            for other in all_margins[i + 1:]:
                self.assertNotEqual(one, other)
        self.evaluate("undegraded")
        self.assertEqual(self.margins("undegraded", "scores.csv"),
                         self.margins("conditions", "scores.csv"))
        self.evaluate("again", f"reference.conditions=['{names[3]}']", "compute.loaders=1")
        self.assertEqual(self.margins("again", "scores.csv"),
                         self.margins("conditions", "conditions", next(
                             file for file in files if file.startswith("other"))))

    def test_scores_come_in_the_published_form_too(self):
        self.evaluate("published", "reference.conditions=[matched, zero]")
        folder = self.path("published", "scores")
        self.assertEqual(sorted(os.listdir(folder)), ["RAT_with_reference_scores.txt",
                                                      "RAT_zero_reference_scores.txt"])
        with open(os.path.join(folder, "RAT_with_reference_scores.txt"), encoding="utf-8") as file:
            rows = list(csv.reader(file))
        ours = self.table("published", "scores.csv")
        for (name, score, label), row in zip(rows, ours, strict=True):
            self.assertEqual(name, row["file"])
            self.assertAlmostEqual(float(score), float(row["score"]), 6)
            self.assertEqual(label, "0" if row["label"] == "bonafide" else "1")
        published, own = (finished([PROGRAM, "metrics", *command])[0].splitlines()[1:] for command in (
            [os.path.join(folder, "RAT_with_reference_scores.txt"), "--bonafide-label", "0"],
            [self.path("published", "scores.csv")]))
        self.assertEqual([line for line in published if line.startswith("EER")],
                         [line for line in own if line.startswith("EER")])

    def test_conditions_that_make_no_sense_are_refused(self):
        for condition, reason in (("loud", "none of matched"), ("zero+self", "of one kind")):
            said = self.evaluate("refused", f"reference.conditions=[{condition}]", status=2)
            self.assertIn(reason, said)
        self.train("one", "model.classifier=ff")
        alone = self.path("one", "last.safetensors")
        for condition, reason in (("silence", "judges a recording by itself"),
                                  ("zero", "only the classifier rat")):
            said = self.evaluate("refused", f"reference.conditions=[{condition}]", model=alone,
                                 status=2)
            self.assertIn(reason, said)
        said = self.evaluate("refused", "--sensitivity", "2", model=alone, status=2)
        self.assertIn("judges a recording by itself", said)
        said = self.evaluate("refused", "reference.conditions=[zero]", "--sensitivity", "2",
                             status=2)
        self.assertIn("no references were drawn", said)

    def test_sensitivity_tells_whether_the_reference_is_heard(self):
        self.evaluate("sensitive", "--sensitivity", "6")
        with open(self.path("sensitive", "sensitivity.json"), encoding="utf-8") as file:
            measured = json.load(file)
        self.assertEqual(measured["pairs"], 6)
        self.assertGreater(measured["grad_ratio"], 0)
        self.assertGreater(measured["delta_zero.attn_map"], 0)
        self.assertEqual(measured["delta_zero.mlp_out"], 0)
        with open(self.path("sensitive", "report.html"), encoding="utf-8") as file:
            self.assertIn("Sensitivity to the reference", file.read())

    def test_bf16_is_told_where_scores_are(self):
        self.train("bf16", "compute.precision=bf16", "train.epochs=1")
        model = self.path("bf16", "last.safetensors")
        row, = rows_of(self.score(self.path("few0.wav"), model=model)[0])
        self.assertEqual((row["precision"], row["detail"]), ("bf16", ZEROS + "; in bf16"))
        self.evaluate("half", model=model)
        self.evaluate("full", "compute.precision=float32", model=model)
        self.evaluate("other", "compute.precision=bf16")
        for folder, precision in (("half", "bf16"), ("full", "float32"), ("other", "bf16")):
            with open(self.path(folder, "metrics.json"), encoding="utf-8") as file:
                self.assertEqual(json.load(file)["precision"], precision)
        half, full = (self.margins(folder, "scores.csv") for folder in ("half", "full"))
        self.assertNotEqual(half, full)
        for one, other in zip(half, full, strict=True):
            self.assertAlmostEqual(float(one), float(other), delta=0.1)
        for asked, of, told in ((None, None, None), ("bf16", None, "bf16"),
                                ("float32", model, None)):
            more = ["--precision", asked] if asked else []
            row, = rows_of(self.score(self.path("few0.wav"), *more, model=of)[0])
            self.assertEqual(row.get("precision"), told)

    def test_frozen_it_learns_the_rest_and_then_the_encoder_too(self):
        frozen = ["train.freeze=[extractor.*]", "train.epochs=1"]
        self.train("frozen", *frozen)
        first = self.path("frozen", "last.safetensors")
        _, said = self.train("thawed", f"init=[{first}]", "model.finetune_bn=eval-after-first",
                             "optimizer.lr=1e-6")
        self.assertIn(f"init: {first}: ", said)
        self.assertNotEqual(tensors(first), tensors(self.path("thawed", "last.safetensors")))

    def test_keeps_what_a_frozen_encoder_makes_or_says_how_large_it_is(self):
        kept = f"loader.features={self.path('kept')}"
        frozen = ["train.freeze=[extractor.*]", "model.classifier=ff-concat3"]
        self.train("plain", *frozen, "train.batch_size=1")
        self.train("kept-run", *frozen, kept, "train.batch_size=1")
        self.assertTrue(os.listdir(self.path("kept")))
        for plain, other in zip(self.log("plain"), self.log("kept-run"), strict=True):
            self.assertAlmostEqual(float(plain["loss"]), float(other["loss"]), 4)
        _, said = self.train("large", kept, "--dry-run", recipe="rat/rat", status=2)
        self.assertIn("19.6 MB (24 layers x 199 frames x 1024 numbers)", said)

    def best_eer(self, run, *more):
        finished(self.training(run, f"data.train={self.path('train.csv')}",
                               f"data.dev={self.path('dev.csv')}", "train.epochs=20",
                               "train.save_minutes=10", *more))
        return min(float(row["eer"]) for row in self.log(run))

    def test_learns_to_compare_voices(self):
        """Bound: an epoch with a dev EER of at most 25 %, within 90 s. That none comes near it
        without the reference shows that there is nothing else to learn from."""
        began = time.monotonic()
        self.assertLessEqual(self.best_eer("learns"), 25)
        self.assertLess(time.monotonic() - began, 90)
        self.assertGreater(self.best_eer("guesses", "model.reference=zero"), 25)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
