"""Tables and filters of bonafide metrics, cell by cell. Usage: metrics_tables_test.py BONAFIDE

What each cell must say is computed here, by the definitions and from lists of trials.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()


@dataclass
class Trial:
    name: str
    kind: str  # bonafide or spoof; target, nontarget or spoof
    attack: str
    codec: str
    subset: str
    score: float
    dummy: bool = False

    @property
    def spoof(self):
        return self.kind == "spoof"


def det_eer(positives, negatives):
    """Stable ascending sort of the positives before the negatives; where the rates come closest."""
    ranked = sorted([(s, True) for s in positives] + [(s, False) for s in negatives],
                    key=lambda entry: entry[0])
    missed, accepted = 0, len(negatives)
    best = (1.0, 0.5)
    for _, positive in ranked:
        missed += positive
        accepted -= not positive
        miss, alarm = missed / len(positives), accepted / len(negatives)
        best = min(best, (abs(miss - alarm), (miss + alarm) / 2), key=lambda entry: entry[0])
    return best[1]


def min_dcf(positives, negatives):
    """ASVspoof 5, track 1: (0.95 miss + 0.5 false alarm) / 0.5."""
    return min(0.95 * sum(s < t for s in positives) / len(positives) +
               0.5 * sum(s >= t for s in negatives) / len(negatives)
               for t in [*positives, *negatives, 1e9]) / 0.5


def a_dcf(trials):
    """ASVspoof 5, track 2: costs 1, 10, 10 and priors 0.9405, 0.0095, 0.05."""
    scores = {kind: [t.score for t in trials if t.kind == kind]
              for kind in ("target", "nontarget", "spoof")}
    share = lambda kind, threshold: (sum(s >= threshold for s in scores[kind]) / len(scores[kind]))
    return min(0.9405 * (1 - share("target", t)) + 0.095 * share("nontarget", t) +
               0.5 * share("spoof", t) for t in [*(t.score for t in trials), 1e9]) / 0.595


def cell(trials, attack=None, codec=None):
    """An attack chooses among the spoofs alone, a codec among all."""
    return [t for t in trials if (codec is None or t.codec == codec) and
            (attack is None or not t.spoof or t.attack == attack)]


def figure(function, trials):
    positives = [t.score for t in trials if not t.spoof]
    negatives = [t.score for t in trials if t.spoof]
    return function(positives, negatives) if positives and negatives else None


def text_tables(text):
    """The tables of an official report by the line above them; cells are text."""
    tables, name, columns = {}, None, None
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if line.startswith("\\begin{tabular}"):
            name = next(l for l in reversed(lines[:i]) if l.strip(" ="))
        elif line.startswith("\\bottomrule"):
            columns = None
        elif name and "&" not in line and not line.startswith("\\") and line.strip():
            if columns is None:
                columns = line.split()
                tables[name] = {}
            elif line.split()[0] not in tables[name] and not line.startswith(("=", "Table", "#")):
                tables[name][line.split()[0]] = line.split()[1:]
                tables[name][None] = columns
        elif not line.strip() and columns is not None:
            name = None
    return tables


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, lines):
        path = self.folder / name
        path.write_text("".join(line + "\n" for line in lines))
        return path

    def run_metrics(self, *arguments):
        result = subprocess.run([BONAFIDE, "metrics", *map(str, arguments)], capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def figures(self, *arguments):
        self.run_metrics(*arguments, "--json", self.folder / "out.json")
        return json.loads((self.folder / "out.json").read_text())

    def check_table(self, table, trials, rows, columns, pooled, expected):
        """`expected` makes the text of a cell from its trials; rows and columns are (tag, value)."""
        self.assertEqual(table[None], [tag for tag, _ in columns])
        self.assertEqual([row for row in table if row is not None], [tag for tag, _ in rows])
        self.assertIn(pooled, table)
        for tag, attack in rows:
            want = [expected(cell(trials, attack, codec)) for _, codec in columns]
            self.assertEqual(table[tag], [text for text in want if text], tag)


class Asvspoof2021(Tables):
    CODECS = ("none", "alaw", "pstn", "g722", "ulaw", "gsm", "opus")

    def setUp(self):
        super().setUp()
        draw = random.Random(1)
        self.trials = []
        for i in range(900):
            spoof = i % 3 > 0
            self.trials.append(Trial(
                f"LA_E_{i}", "spoof" if spoof else "bonafide",
                f"A{draw.randint(7, 19):02}" if spoof else "bonafide", draw.choice(self.CODECS),
                draw.choice(("eval", "progress", "hidden")), draw.gauss(-1 if spoof else 1, 1)))
        self.key = self.write("key.txt", (
            f"LA_{i % 9} {t.name} {t.codec} ita_tx {t.attack} {t.kind} notrim {t.subset}"
            for i, t in enumerate(self.trials)))
        self.scores = self.write("scores.txt", (
            f"{t.name} {t.score!r}" for t in draw.sample(self.trials, len(self.trials))))

    def of(self, *subsets):
        return [t for t in self.trials if t.subset in subsets]

    def test_official_table_has_the_eer_of_each_cell_of_the_subset(self):
        attacks = [(f"A{i:02}", f"A{i:02}") for i in range(7, 20)] + [("Pooled", None)]
        codecs = [(f"C{i + 1}", codec) for i, codec in enumerate(self.CODECS)] + [("Pooled", None)]
        percent = lambda trials: (lambda e: "" if e is None else f"{100 * e:.2f}")(
            figure(det_eer, trials))
        for subset in ("eval", "progress", "hidden"):
            file = self.folder / "official.json"
            text = self.run_metrics(self.scores, "--key", self.key, "--corpus", "asvspoof2021-la",
                                    "--subset", subset, "--json", file)
            (table,) = text_tables(text).values()
            self.check_table(table, self.of(subset), attacks, codecs, "Pooled", percent)
            (same,) = json.loads(file.read_text())["tables"]
            printed = [f"{value:.2f}" for row in same["values"] for value in row if value is not None]
            for value in printed:
                self.assertIn(value, text)
            self.assertEqual(len(same["rows"]), len(attacks))

    def test_two_factors_are_crossed_over_the_filtered_trials(self):
        cross = self.figures(self.scores, "--key", self.key, "--by", "attack,codec", "--subset",
                             "progress", "--where", "codec=alaw,opus")["cross"]
        trials = [t for t in self.of("progress") if t.codec in ("alaw", "opus")]

        self.assertEqual(cross["columns"], ["pooled", "alaw", "opus"])
        self.assertEqual(cross["rows"], ["pooled"] + sorted({t.attack for t in trials if t.spoof}))
        for row, values in zip(cross["rows"], cross["values"]):
            for column, value in zip(cross["columns"], values):
                want = figure(det_eer, cell(trials, None if row == "pooled" else row,
                                            None if column == "pooled" else column))
                if want is None:
                    self.assertIsNone(value, (row, column))
                else:
                    self.assertAlmostEqual(value, 100 * want, places=10, msg=(row, column))

    def test_filters_by_attack_keep_every_bona_fide_trial(self):
        metrics = self.figures(self.scores, "--key", self.key, "--subset", "eval", "--where",
                               "attack=A07,A19")["metrics"]
        trials = [t for t in self.of("eval") if not t.spoof or t.attack in ("A07", "A19")]

        self.assertEqual(metrics["bona_fide_trials"], sum(not t.spoof for t in trials))
        self.assertEqual(metrics["spoof_trials"], sum(t.spoof for t in trials))
        self.assertAlmostEqual(metrics["eer"]["value"], figure(det_eer, trials), places=12)

    def test_target_only_keeps_who_is_a_target_in_any_trial(self):
        wanted = {t.name for i, t in enumerate(self.trials) if t.spoof or i % 2 == 0}
        lines = []
        for t in self.trials:  # as in the real protocols: nontarget trials before and after
            if t.spoof:
                lines.append(f"LA_1 {t.name} {t.attack} spoof")
                continue
            lines.append(f"LA_1 {t.name} bonafide nontarget")
            if t.name in wanted:
                lines.append(f"LA_2 {t.name} bonafide target")
            lines.append(f"LA_3 {t.name} bonafide nontarget")

        metrics = self.figures(self.scores, "--key", self.key, "--subset", "hidden",
                               "--target-only", self.write("asv.txt", lines))["metrics"]
        trials = [t for t in self.of("hidden") if t.name in wanted]

        self.assertEqual(metrics["bona_fide_trials"], sum(not t.spoof for t in trials))
        self.assertEqual(metrics["spoof_trials"], sum(t.spoof for t in trials))
        self.assertAlmostEqual(metrics["eer"]["value"], figure(det_eer, trials), places=12)


class Verification(Tables):
    def test_two_factors_are_crossed(self):
        draw = random.Random(4)
        trials = [Trial(f"u{i}", kind, draw.choice(("A1", "A2")) if kind == "spoof" else "-",
                        draw.choice(("gsm", "opus")), "eval",
                        draw.gauss({"target": 2, "nontarget": 0, "spoof": -1}[kind], 1))
                  for i, kind in enumerate(("target", "nontarget", "spoof") * 80)]
        trials.append(Trial("alone", "target", "-", "pcm", "eval", 3.0))
        scores = self.write("trials.csv", ["claim,filename,attack,codec,asv-label,sasv-score"] + [
            f"p,{t.name},{t.attack},{t.codec},{t.kind},{t.score!r}" for t in trials])

        cross = self.figures(scores, "--by", "attack,codec", "--eer", "det", "--tables",
                             self.folder, "--report", self.folder / "out.html")["cross"]

        self.assertEqual(cross["rows"], ["pooled", "A1", "A2"])
        self.assertEqual(cross["columns"], ["pooled", "gsm", "opus", "pcm"])
        for row, values in zip(cross["rows"], cross["values"]):
            self.assertIsNone(values.pop())
            for column, value in zip(cross["columns"], values):
                chosen = cell(trials, None if row == "pooled" else row,
                              None if column == "pooled" else column)
                want = det_eer([t.score for t in chosen if t.kind == "target"],
                               [t.score for t in chosen if t.kind != "target"])
                self.assertAlmostEqual(value, 100 * want, places=10, msg=(row, column))
        self.assertTrue((self.folder / "attack_by_codec.csv").exists())
        self.assertIn("SASV-EER (%), attack by codec", (self.folder / "out.html").read_text())


class Asvspoof5(Tables):
    """Full keys. Dummy trials fill the list up: track 2 leaves them out, track 1 does not."""

    ATTACKS = ("A17", "A23", "A30")
    CODECS = ("-", "codec-1", "codec-11")  # in the order of strings

    def make_trials(self, kinds, seed):
        draw = random.Random(seed)
        trials = []
        for i in range(600):
            kind = kinds[i % len(kinds)]
            spoof = kind == "spoof"
            trials.append(Trial(
                f"E_{i:010}", kind, draw.choice(self.ATTACKS) if spoof else "bonafide",
                draw.choice(self.CODECS), "eval",
                draw.gauss({"nontarget": 0, "spoof": -1}.get(kind, 2), 1), dummy=i % 7 == 0))
        # Values of dummy trials alone.
        trials.append(Trial("E_first", "spoof", "A02", "codec-9", "eval", 9.0, dummy=True))
        return trials

    def axes(self, trials):
        # The package takes the last attack for the mark of bona fide trials.
        attacks = sorted({t.attack for t in trials})[:-1]
        codecs = sorted({t.codec for t in trials})
        return ([("pooled", None)] + [(a, a) for a in attacks],
                [("pooled", None)] + [(c, c) for c in codecs])

    def test_track_1_counts_dummy_trials(self):
        trials = self.make_trials(("bonafide", "spoof", "spoof"), 2)
        key = self.write("key.txt", ["trial_anon cm-label attack_anon codec track_2_tag"] + [
            f"{t.name} {t.kind} {t.attack} {t.codec} {'dummy' if t.dummy else '-'}"
            for t in trials])
        scores = self.write("scores.tsv", ["filename\tcm-score"] + [
            f"{t.name}\t{t.score!r}" for t in reversed(trials)])

        tables = text_tables(self.run_metrics(scores, "--key", key, "--corpus",
                                              "asvspoof5-track1"))

        rows, columns = self.axes(trials)
        self.assertEqual([tag for tag, _ in rows], ["pooled", "A02", *self.ATTACKS])
        for name, function, form in (("eval_minDCF", min_dcf, "{:.5f}"),
                                     ("EER (%)", lambda p, n: 100 * det_eer(p, n), "{:.3f}")):
            self.check_table(tables[name], trials, rows, columns, "pooled", lambda chosen: (
                lambda value: "" if value is None else form.format(value))(
                    figure(function, chosen)))

    def test_track_2_leaves_dummy_trials_out(self):
        trials = self.make_trials(("target", "nontarget", "spoof"), 3)
        # In the list of attacks it would stand where the mark of bona fide trials is cut off.
        trials.append(Trial("E_last", "spoof", "zoo", "codec-9", "eval", 9.0, dummy=True))
        key = self.write(
            "key.txt",
            ["tar_spk_anon trial_anon cm-label asv-label attack_anon codec track_2_tag"] + [
                f"T_1 {t.name} {'spoof' if t.spoof else 'bonafide'} {t.kind} {t.attack} {t.codec} "
                f"{'dummy' if t.dummy else '-'}" for t in trials])
        scores = self.write(
            "scores.tsv", ["spk\tfilename\tcm-score\tasv-score\tsasv-score"] + [
                f"T_1\t{t.name}\t-\t-\t{t.score!r}" for t in reversed(trials)
                if t.name != "E_last"])  # nor need they have a score

        tables = text_tables(self.run_metrics(scores, "--key", key, "--corpus",
                                              "asvspoof5-track2"))

        kept = [t for t in trials if not t.dummy]
        rows, columns = self.axes(kept)
        self.assertEqual([tag for tag, _ in rows], ["pooled", *self.ATTACKS])
        self.check_table(tables["a-DCF"], kept, rows, columns, "pooled",
                         lambda chosen: f"{a_dcf(chosen):.5f}")


if __name__ == "__main__":
    unittest.main()
