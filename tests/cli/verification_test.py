"""Verification trials in training and in evaluate: verification_test.py PROGRAM SHARED

The voices are real recordings where SHARED has them, and else noise.
"""
import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest

from small_run import SMALL, finished, write_wav

PROGRAM, SHARED = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WILD = os.path.join(SHARED, "data", "wild", "protocol.csv")
FIGURES = ["sasv_eer", "sv_eer", "spf_eer", "a_dcf_asvspoof5", "a_dcf1", "sv_min_dcf_p05",
           "sv_min_dcf_p01"]
VERIFY = ["task.judge=verification", "train.average=false", "train.broken_files=skip"]


def real_voices():
    """Recordings of the two speakers who have most, and spoofs."""
    with open(WILD, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    path = lambda row: os.path.join(os.path.dirname(WILD), row["path"])
    by_speaker = {}
    for row in rows:
        if row["label"] == "bonafide" and row["speaker"] != "-" and float(row["dur_s"]) > 1:
            by_speaker.setdefault(row["speaker"], []).append(path(row))
    most = sorted(by_speaker, key=lambda name: (-len(by_speaker[name]), name))[:2]
    spoofs = [path(row) for row in rows if row["label"] == "spoof"]
    return {name: by_speaker[name][:6] for name in most}, spoofs[:6]


def made_voices(folder):
    paths = [os.path.join(folder, f"voice{i}.wav") for i in range(18)]
    for i, path in enumerate(paths):
        write_wav(path, i >= 12, i)
    return {"anna": paths[:6], "bert": paths[6:12]}, paths[12:]


def write_table(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Verification(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = scratch.name
        voices, spoofs = real_voices() if os.path.exists(WILD) else made_voices(cls.folder)
        cls.trials = []
        for name, own in voices.items():
            other = next(recordings for each, recordings in voices.items() if each != name)
            for key, tested in (("target", own[2:]), ("nontarget", other[2:]), ("spoof", spoofs)):
                cls.trials += [{"id": os.path.basename(path), "path": path,
                                "attack": "tts" if key == "spoof" else "",
                                "codec": "alaw" if len(path) % 2 else "none",
                                "claimed_speaker": name, "asv_key": key,
                                "enrolments": ";".join(own[:2])} for path in tested]
        learned = [{"path": path, "label": "bonafide", "speaker": name}
                   for name, own in voices.items() for path in own]
        learned += [{"path": path, "label": "spoof", "speaker": "machine"} for path in spoofs]
        cls.train = cls.write("train.csv", learned)
        cls.data = [*SMALL, f"data.train={cls.train}",
                    f"data.dev={cls.write('trials.csv', cls.trials)}",
                    f"data.eval={os.path.join(cls.folder, 'trials.csv')}", *VERIFY]
        cls.run_folder = os.path.join(cls.folder, "run")
        cls.said, _ = finished([PROGRAM, "train", "aasist", *cls.data, "train.keep_scores=true",
                                "--output", cls.run_folder])
        cls.model = os.path.join(cls.run_folder, "best.safetensors")

    @classmethod
    def write(cls, name, rows):
        return write_table(os.path.join(cls.folder, name), rows)

    def bonafide(self, *arguments, status=0):
        return finished([PROGRAM, *arguments], status=status)

    def evaluate(self, name, *more, status=0):
        """The folder that it writes, and what it says."""
        out = os.path.join(self.folder, name)
        said = self.bonafide("evaluate", "aasist", *self.data, *more, "--checkpoint", self.model,
                             "--output", out, status=status)
        return out, said

    def metrics(self, folder):
        with open(os.path.join(folder, "metrics.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_training_journals_each_figure_and_chooses_by_the_sasv_eer(self):
        log = read_table(os.path.join(self.run_folder, "log.csv"))
        self.assertEqual(list(log[0])[7:], FIGURES)
        for row in log:
            self.assertEqual(row["eer"], row["sasv_eer"])
        self.assertEqual([row["best"] for row in log][0], "1")
        lowest = min(float(row["sasv_eer"]) for row in log)
        self.assertIn(f"dev SASV-EER {lowest:.2f} %", self.said)
        card = self.bonafide("models", "show", self.model)[0]
        self.assertIn("dev_sasv_eer_percent", card)

    def test_evaluate_is_metrics_of_the_score_file(self):
        out, (printed, _) = self.evaluate("eval")
        rows = read_table(os.path.join(out, "scores.csv"))
        self.assertEqual([row["asv_key"] for row in rows], [t["asv_key"] for t in self.trials])
        self.assertEqual([row["claimed_speaker"] for row in rows],
                         [trial["claimed_speaker"] for trial in self.trials])
        self.assertTrue(all(-1 <= float(row["score"]) <= 1 for row in rows))
        theirs = os.path.join(self.folder, "metrics.json")
        scores = os.path.join(out, "scores.csv")
        said, _ = self.bonafide("metrics", scores, "--bootstrap", "1000", "--seed", "1234", "--json",
                                theirs)
        with open(theirs, encoding="utf-8") as file:
            self.assertEqual(self.metrics(out)["metrics"], json.load(file)["metrics"])
        count = sum(trial["asv_key"] == "target" for trial in self.trials)
        self.assertIn(f" on eval: {count} target, ", printed.splitlines()[0])
        tables = lambda text: text.partition("\n")[2]
        self.assertTrue(tables(printed).startswith(tables(said).rstrip("\n")), (printed, said))
        self.assertEqual(set(self.metrics(out)["by"]), {"attack", "codec"})
        best = min(float(row["sasv_eer"])
                   for row in read_table(os.path.join(self.run_folder, "log.csv")))
        self.assertAlmostEqual(100 * self.metrics(out)["metrics"]["sasv_eer"], best, places=6)

    def test_a_recording_against_itself_has_the_cosine_one(self):
        first = self.trials[0]
        rows = [{**first, "enrolments": first["path"]}, *self.trials[1:]]
        out, _ = self.evaluate("self", f"data.eval={self.write('self.csv', rows)}")
        scores = [float(row["score"]) for row in read_table(os.path.join(out, "scores.csv"))]
        self.assertAlmostEqual(scores[0], 1, places=6)
        self.assertLess(max(scores[1:]), 1)

    def test_a_broken_enrolment_costs_its_own_trials_alone(self):
        missing = os.path.join(self.folder, "gone.wav")
        rows = [{**self.trials[0], "enrolments": missing}, {**self.trials[1], "path": missing},
                *self.trials[2:]]
        out, (_, errors) = self.evaluate("broken", f"data.eval={self.write('broken.csv', rows)}",
                                         status=3)
        scored = [bool(row["score"]) for row in read_table(os.path.join(out, "scores.csv"))]
        self.assertEqual(scored, [False, False] + [True] * (len(rows) - 2))
        self.assertEqual(errors.count("gone.wav: No such file"), 2, errors)

    def test_two_processes_give_the_same_scores(self):
        out, _ = self.evaluate("alone")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        shared = os.path.join(self.folder, "together")
        command = [PROGRAM, "evaluate", "aasist", *self.data, "--checkpoint", self.model, "--output",
                   shared]
        running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, env={
            **os.environ, "RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank),
            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}) for rank in range(2)]
        self.assertEqual([process.wait(120) for process in running], [0, 0])
        theirs = read_table(os.path.join(shared, "scores.csv"))
        for ours, other in zip(read_table(os.path.join(out, "scores.csv")), theirs, strict=True):
            self.assertAlmostEqual(float(ours["score"]), float(other["score"]), places=5)

    def test_trials_of_one_pair_each_are_told_apart_by_their_enrolment(self):
        rows = [{**trial, "enrolments": one} for trial in self.trials
                for one in trial["enrolments"].split(";")]
        out, _ = self.evaluate("pairs", f"data.eval={self.write('pairs.csv', rows)}")
        claims = [row["claimed_speaker"] for row in read_table(os.path.join(out, "scores.csv"))]
        self.assertEqual(claims, [row["enrolments"] for row in rows])
        self.bonafide("metrics", os.path.join(out, "scores.csv"))

    def test_another_figure_may_choose(self):
        without_spoofs = [trial for trial in self.trials if trial["asv_key"] != "spoof"]
        dev = f"data.dev={self.write('voices.csv', without_spoofs)}"
        command = ["train", "aasist", *self.data, dev, "train.epochs=1", "--output",
                   os.path.join(self.folder, "voices")]
        _, errors = self.bonafide(*command, status=2)
        self.assertIn("data.dev: train.select_by: sasv_eer: no spoof trials", errors)
        said, _ = self.bonafide(*command, "train.select_by=sv_min_dcf_p05")
        self.assertIn("dev SV minDCF (0.05) ", said)
        log = read_table(os.path.join(self.folder, "voices", "log.csv"))
        self.assertEqual(list(log[0])[7:], ["sv_eer", "sv_min_dcf_p05", "sv_min_dcf_p01"])
        self.assertEqual(log[0]["eer"], log[0]["sv_eer"])

    def test_without_a_selection_the_last_epoch_is_kept(self):
        out = os.path.join(self.folder, "last")
        data = [*SMALL, f"data.train={self.train}", "train.select=~"]
        said, _ = self.bonafide("train", "aasist", *data, "--output", out)
        self.assertIn("the last epoch, 2: ", said)
        self.assertNotIn("EER", said)
        self.assertTrue(os.path.exists(os.path.join(out, "last.safetensors")))
        for name in ("best", "averaged"):
            self.assertFalse(os.path.exists(os.path.join(out, f"{name}.safetensors")))
        self.assertEqual([row["eer"] for row in read_table(os.path.join(out, "log.csv"))], ["", ""])
        self.bonafide("train", "--resume", "train.epochs=3", "--output", out)
        self.assertEqual(len(read_table(os.path.join(out, "log.csv"))), 3)
        for more in ("train.patience=2", "train.keep_scores=true", "schedule.name=plateau"):
            _, errors = self.bonafide("train", "aasist", *data, more, "--output", out + "2",
                                      status=2)
            self.assertIn("no part chooses the best epoch", errors)

    def test_speakers_may_be_what_is_learned_from(self):
        with_speakers = [row for row in read_table(self.train) if row["label"] == "bonafide"]
        one_class = f"data.train={self.write('bonafide.csv', with_speakers)}"
        command = ["train", "aasist", *self.data, one_class, "--dry-run"]
        _, errors = self.bonafide(*command, status=2)
        self.assertIn("0 spoofed", errors)
        self.bonafide(*command, "task.learn=speakers")
        unlabelled = [{**row, "label": ""} for row in with_speakers]
        out = os.path.join(self.folder, "unlabelled")
        _, errors = self.bonafide(*command[:-1], f"data.train={self.write('u.csv', unlabelled)}",
                                  "task.learn=speakers", "--output", out, status=1)
        self.assertIn("epoch 1, batch 1: a recording without a label", errors)
        nobody = [{**row, "speaker": ""} for row in with_speakers]
        command.insert(-1, f"data.train={self.write('nobody.csv', nobody)}")
        _, errors = self.bonafide(*command, "task.learn=speakers", status=2)
        self.assertIn("has no speaker", errors)

    def test_what_is_no_trial_is_refused(self):
        for changes, what in (({"enrolments": ""}, "has no enrolments"),
                              ({"asv_key": ""}, "has no asv_key"),
                              ({"asv_key": "target"}, "0 others"),
                              ({"label": "spoof"}, "contradicts its asv_key")):
            rows = [{**trial, **changes} for trial in self.trials]
            _, (_, errors) = self.evaluate("refused", f"data.eval={self.write('r.csv', rows)}",
                                           status=2)
            self.assertIn(what, errors)
        for wrong in ("task.judge=verify", "evaluate.asv_scores=asv.txt"):
            self.evaluate("refused", wrong, status=2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
