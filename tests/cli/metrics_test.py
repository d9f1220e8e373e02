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
        for option in (["--eer", "magic"], ["--resampling", "magic"], ["--corpus", "magic"]):
            result = bonafide("metrics", self.folder / "missing.txt", "--key", self.key, *option)

            self.assertEqual(result.returncode, 2)
            self.assertIn("magic", result.stderr)

    def test_prints_the_figures_of_verification(self):
        trials = self.write("sasv.txt", "s u1 2.5 target\ns u2 1.5 nontarget\ns u3 0.5 spoof\n")

        result = bonafide("metrics", trials)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a-DCF", result.stdout)

    def test_draws_every_plot_and_writes_every_table(self):
        key = self.write("two.csv", "id,label,attack,codec\n" + "".join(
            f"u{i},{'bonafide' if i < 20 else 'spoof'},{'-' if i < 20 else f'A0{7 + i % 2}'},"
            f"c_{i % 3}\n" for i in range(60)))

        result = bonafide("metrics", self.scores, "--key", key, "--by", "attack,codec", "--plots",
                          self.folder / "plots", "--tables", self.folder / "tables")

        self.assertEqual(result.returncode, 0, result.stderr)
        plots = {path.name for path in (self.folder / "plots").iterdir()}
        self.assertEqual(plots, {"det.svg", "histogram.svg", "tippett.svg", "reliability.svg",
                                 "by_attack.svg", "by_codec.svg"})
        tables = {path.name for path in (self.folder / "tables").iterdir()}
        names = ("figures", "by_attack", "by_codec", "attack_by_codec")
        self.assertEqual(tables, {f"{n}.{e}" for n in names for e in ("csv", "tex")})
        rows = (self.folder / "tables" / "by_codec.csv").read_text().splitlines()
        self.assertTrue(rows[1].startswith("c_0,7,13,"), rows[1])
        self.assertIn("c\\_0", (self.folder / "tables" / "by_codec.tex").read_text())

    def test_compares_two_systems(self):
        worse = self.write("worse.txt", "".join(
            f"u{i} {score(i) * (-1 if i % 2 == 0 else 1)}\n" for i in reversed(range(60))))

        result = bonafide("metrics", self.scores, "--key", self.key, "--compare", worse,
                          "--bootstrap", 200, "--json", self.folder / "out.json",
                          "--report", self.folder / "out.html")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("McNemar", result.stdout)
        figures = json.loads((self.folder / "out.json").read_text())["comparison"]
        self.assertLess(figures["eer"]["high"], 0)
        self.assertLess(figures["eer"]["p_value"], 0.05)
        self.assertEqual(figures["eer"]["resamples"], 200)
        self.assertIn("Compared with", (self.folder / "out.html").read_text())

    def test_compares_labelled_files_without_a_key(self):
        labelled = self.write("labelled.csv", "id,score,label\n" + "".join(
            f"u{i},{score(i)},{'bonafide' if i < 20 else 'spoof'}\n" for i in range(60)))

        result = bonafide("metrics", labelled, "--compare", self.scores)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"only one right \(McNemar\) +0 +0")

    def test_takes_the_asv_scores_of_a_table_that_has_others_too(self):
        rows = [(f"k{i}", kind, mean + i % 7) for i, (kind, mean) in enumerate(
            [("target", 9), ("nontarget", 0), ("spoof", 5)] * 10)]
        plain = self.write("plain.txt", "".join(f"- {kind} {s}\n" for _, kind, s in rows))
        table = self.write("table.tsv", "spk\tfilename\tcm-score\tasv-score\tasv-label\n" + "".join(
            f"a\t{name}\t{i % 3}\t{s}\t{kind}\n" for i, (name, kind, s) in enumerate(rows)))
        only = self.write("only.tsv", "spk\tfilename\tasv-score\tasv-label\n" + "".join(
            f"a\t{name}\t{s}\t{kind}\n" for name, kind, s in rows))
        bare = self.write("bare.txt", "".join(f"a {name} {s}\n" for name, kind, s in rows))
        key = self.write("asv_key.txt", "".join(
            f"a {name} - - - {kind} notrim eval\n" for name, kind, s in reversed(rows)))
        sasv = self.write("sasv.tsv", "spk\tfilename\tsasv-score\tasv-label\n" + "".join(
            f"a\t{name}\t{s}\t{kind}\n" for name, kind, s in rows))

        want = self.figures("--asv-scores", plain)["metrics"]["min_tdcf_revised"]
        for asv in ([table], [only], [bare, "--asv-key", key]):
            self.assertEqual(self.figures("--asv-scores", *asv)["metrics"]["min_tdcf_revised"], want)
        refused = bonafide("metrics", self.scores, "--key", self.key, "--asv-scores", sasv)

        self.assertEqual(refused.returncode, 2)
        self.assertIn("no column asv-score", refused.stderr)

    def test_filters_trials(self):
        whole = self.figures("--by", "attack")
        one = self.figures("--where", "attack=A07")

        self.assertEqual(one["metrics"]["eer"], whole["by"]["attack"]["A07"]["eer"])
        self.assertEqual(one["metrics"]["bona_fide_trials"], 20)

    def figures(self, *options):
        result = bonafide("metrics", self.scores, "--key", self.key, *options, "--json",
                          self.folder / "out.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads((self.folder / "out.json").read_text())

    def test_names_a_filter_that_fits_nothing(self):
        for text, word in (("attack=A17", "A07"), ("atack=A07", "atack"), ("attack", "COLUMN")):
            result = bonafide("metrics", self.scores, "--key", self.key, "--where", text)

            self.assertEqual(result.returncode, 2)
            self.assertIn(word, result.stderr)

    def test_keeps_targets_and_spoofs_only(self):
        protocol = self.write("asv.txt", "".join(
            f"s u{i} {'bonafide target' if i < 15 else 'bonafide nontarget'}\n" if i < 20 else
            f"s u{i} A07 spoof\n" for i in range(50)))

        figures = self.figures("--target-only", protocol)

        self.assertEqual(figures["metrics"]["bona_fide_trials"], 15)
        self.assertEqual(figures["metrics"]["spoof_trials"], 30)

    def test_counts_decisions_at_a_threshold(self):
        figures = self.figures("--threshold", 0)["decisions"]

        bona_fide = sum(score(i) >= 0 for i in range(20))
        spoof = sum(score(i) >= 0 for i in range(20, 60))
        self.assertAlmostEqual(figures["accuracy"], (bona_fide + 40 - spoof) / 60)
        self.assertAlmostEqual(figures["spoof_accepted"], spoof / 40)

    def test_gives_spoofs_alone_their_acceptance_rate(self):
        spoofs = self.write("spoofs.csv", "id,score,label,attack\n" + "".join(
            f"u{i},{i},spoof,A{i % 2}\n" for i in range(10)))

        without = bonafide("metrics", spoofs)
        result = bonafide("metrics", spoofs, "--threshold", 7, "--by", "attack")

        self.assertEqual(without.returncode, 2)
        self.assertIn("--threshold", without.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"1-SRR % +30.0000")
        self.assertRegex(result.stdout, r"A1 +5 +40.0000")

    def test_tells_where_speech_is_spoofed(self):
        rttm = self.write("labels.rttm", "SPEAKER a 1 0 0.04 <NA> <NA> bonafide <NA> <NA>\n"
                          "SPEAKER a 1 0.04 0.04 <NA> <NA> spoof <NA> <NA>\n")
        frames = self.write("frames.txt", "a 0 3\na 1 1\na 2 2\na 3 0\n")

        result = bonafide("metrics", frames, "--rttm", rttm)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"point EER % +50.0000")
        self.assertRegex(result.stdout, r"range EER % +50.0000")

    def test_draws_both_speakers_of_verification_trials(self):
        trials = self.write("trials.csv", "claim,speaker,filename,sasv-score,asv-label\n" + "".join(
            f"p{i % 5},p{(i % 5 + i // 5 % 5) % 5},u{i},{(i * 37) % 29 - (0 if kind == 'target' else 9)},"
            f"{kind}\n" for i, kind in ((i, self.kind(i)) for i in range(150))))

        result = bonafide("metrics", trials, "--bootstrap", 50, "--resampling", "joint", "--report",
                          self.folder / "sasv.html")
        refused = bonafide("metrics", self.scores, "--key", self.key, "--bootstrap", 50,
                           "--resampling", "joint")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"SASV-EER % +[0-9.]+  \[")
        self.assertIn("SASV-EER", (self.folder / "sasv.html").read_text())
        self.assertEqual(refused.returncode, 2)
        self.assertIn("claimed", refused.stderr)

    @staticmethod
    def kind(i):
        return "nontarget" if i // 5 % 5 else "target" if i % 2 else "spoof"

    def verification(self, *kinds, score=lambda i: (i * 37) % 29):
        return self.write("sv.csv", "id,score,label,room\n" + "".join(
            f"u{i},{score(i) + 9 * (kinds[i % len(kinds)] == 'target')},{kinds[i % len(kinds)]},"
            f"r{'x' if i == 59 else i % 2}\n" for i in range(60)))

    def test_computes_verification_without_spoofs(self):
        trials = self.verification("target", "target", "imposter")

        result = bonafide("metrics", trials, "--by", "room", "--bootstrap", 50, "--json",
                          self.folder / "out.json", "--plots", self.folder / "plots", "--tables",
                          self.folder / "tables", "--report", self.folder / "out.html")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("40 target, 20 nontarget\n", result.stdout)
        self.assertRegex(result.stdout, r"SASV-EER % +-  no spoof trials")
        self.assertRegex(result.stdout, r"SV-EER % +[0-9.]+  \[")
        self.assertRegex(result.stdout, r"SV minDCF \(0.05\) +[0-9.]+ .*target prior 0.05, costs 1")
        self.assertIn("warning: room rx: no SV-EER %", result.stdout)
        self.assertNotIn("bona fide", result.stdout)
        figures = json.loads((self.folder / "out.json").read_text())
        self.assertIsNone(figures["metrics"]["sasv_eer"])
        self.assertEqual(figures["metrics"]["reasons"]["sasv_eer"], "no spoof trials")
        self.assertLess(figures["metrics"]["intervals"]["sv_eer"]["low"], figures["metrics"]["sv_eer"])
        self.assertEqual(figures["by"]["room"]["rx"]["reasons"]["sv_eer"], "no target trials")
        self.assertEqual({path.name for path in (self.folder / "plots").iterdir()},
                         {"det.svg", "histogram.svg", "by_room.svg"})
        for name in ("det.svg", "histogram.svg"):
            self.assertNotIn("bona fide", (self.folder / "plots" / name).read_text())
        self.assertIn("nontarget (20)", (self.folder / "plots" / "histogram.svg").read_text())
        self.assertIn("SV-EER", (self.folder / "out.html").read_text())

    def test_agrees_with_a_plain_detector_about_targets_and_nontargets(self):
        trials = self.verification("target", "nontarget")
        detector = self.write("detector.csv", trials.read_text().replace("nontarget", "spoof").replace(
            "target", "bonafide"))

        eers = []
        for path in (trials, detector):
            done = bonafide("metrics", path, "--eer", "vox", "--json", self.folder / "out.json")
            self.assertEqual(done.returncode, 0, done.stderr)
            eers.append(json.loads((self.folder / "out.json").read_text())["metrics"])

        self.assertEqual(eers[0]["sv_eer"], eers[1]["eer"]["value"])

    def test_computes_what_odd_trials_of_verification_allow(self):
        def metrics(*kinds, score=lambda i: i, arguments=()):
            done = bonafide("metrics", self.verification(*kinds, score=score), "--json",
                            self.folder / "out.json", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads((self.folder / "out.json").read_text())["metrics"], done.stdout

        spoofs, _ = metrics("target", "spoof")
        tied, _ = metrics("target", "nontarget", score=lambda i: 0 if i % 2 else -9)
        infinite, text = metrics("target", "nontarget",
                                 score=lambda i: float("inf") if i < 2 else i % 11)

        self.assertIsNotNone(spoofs["spf_eer"])
        self.assertEqual(spoofs["reasons"]["sv_eer"], "no nontarget trials")
        self.assertEqual(tied["sv_eer"], 0.5)
        self.assertEqual(tied["sv_min_dcf_p05"]["value"], 1)
        self.assertIn("infinity", infinite["reasons"]["sv_eer"])
        self.assertIsNotNone(infinite["sv_min_dcf_p01"]["value"])
        self.assertRegex(text, "SV-EER % +-  .*infinity")

    def test_names_the_one_class_of_verification_trials(self):
        for kind, wrong in (("target", "target_rejected"), ("nontarget", "nontarget_accepted")):
            trials = self.verification(kind, score=lambda i: i)

            refused = bonafide("metrics", trials)
            done = bonafide("metrics", trials, "--threshold", 30 if kind == "nontarget" else 39,
                            "--json", self.folder / "out.json", "--plots", self.folder / "plots")

            self.assertEqual(refused.returncode, 2)
            self.assertIn(f"of the {kind} trials", refused.stderr)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("bona fide", done.stdout)
            self.assertEqual(json.loads((self.folder / "out.json").read_text())["decisions"][wrong], 0.5)
            self.assertTrue((self.folder / "plots" / "histogram.svg").exists())

    def test_gives_the_rates_of_an_asv_system_without_spoofs(self):
        asv = self.write("asv.txt", "".join(
            f"- {'target' if i % 2 else 'nontarget'} {i % 7 - i % 2}\n" for i in range(40)))
        whole = self.write("whole.txt", asv.read_text() + "A01 spoof 3\nA02 spoof 0\n")
        want = self.figures("--asv-scores", whole)["metrics"]

        result = bonafide("metrics", self.scores, "--key", self.key, "--asv-scores", asv, "--compare",
                          self.scores, "--bootstrap", 20, "--json", self.folder / "out.json")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"min t-DCF \(2021\) +-  no ASV spoof trials")
        got = json.loads((self.folder / "out.json").read_text())["metrics"]
        for rate in ("eer", "threshold", "miss", "false_alarm"):
            self.assertEqual(got["asv"][rate], want["asv"][rate])
        self.assertIsNone(got["asv"]["spoof_miss"])
        self.assertIsNone(got["min_tdcf_legacy"])
        self.assertIn("no ASV spoof trials", got["reasons"]["min_tdcf_legacy"])
        self.assertIsNotNone(want["min_tdcf_legacy"]["value"])

    def test_gives_the_rates_of_an_asv_system_beside_scores_of_one_class(self):
        spoofs = self.write("spoofs.csv", "id,score,label\nu1,1,spoof\nu2,2,spoof\n")
        asv = self.write("asv.txt", "".join(
            f"- {'target' if i % 2 else 'nontarget'} {i % 7 - i % 2}\n" for i in range(40)))
        want = self.figures("--asv-scores", asv)["metrics"]["asv"]

        for threshold in ((), ("--threshold", 1.5)):
            result = bonafide("metrics", spoofs, "--asv-scores", asv, *threshold, "--json",
                              self.folder / "out.json")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(f"ASV EER %{100 * want['eer']:>21.4f}", result.stdout)
            self.assertEqual("1-SRR" in result.stdout, bool(threshold))
            self.assertEqual(json.loads((self.folder / "out.json").read_text())["asv"], want)

    def test_reads_scores_and_keys_through_pipes(self):
        done = subprocess.run(["bash", "-c", f"'{BONAFIDE}' metrics <(cat '{self.scores}') "
                               f"--key <(cat '{self.key}')"], capture_output=True, text=True)

        self.assertEqual(done.returncode, 0, done.stderr)
        plain = bonafide("metrics", self.scores, "--key", self.key)
        self.assertEqual(done.stdout.splitlines()[2:], plain.stdout.splitlines()[2:])

    def test_refuses_nontargets_and_spoofs_without_a_target(self):
        trials = self.write("trials.csv", "id,score,label\nu1,1,spoof\nu2,2,nontarget\n")

        result = bonafide("metrics", trials)

        self.assertEqual(result.returncode, 2)
        self.assertIn("no target trials", result.stderr)

    def test_refuses_asv_scores_whose_labels_say_bona_fide(self):
        asv = self.write("asv.csv", "id,score,label\na,1,bonafide\nb,0,nontarget\nc,1,spoof\n")

        result = bonafide("metrics", self.scores, "--key", self.key, "--asv-scores", asv)

        self.assertEqual(result.returncode, 2)
        self.assertIn("neither target nor nontarget", result.stderr)

    def test_says_why_a_group_of_a_factor_has_no_figures(self):
        key = self.write("rooms.csv", "id,label,room\n" + "".join(
            f"u{i},{'bonafide' if i < 20 else 'spoof'},r{9 if i == 59 else i % 2}\n" for i in range(60)))

        result = bonafide("metrics", self.scores, "--key", key, "--by", "room", "--json",
                          self.folder / "out.json")

        self.assertIn("warning: room r9: no bona fide trials", result.stdout)
        row = json.loads((self.folder / "out.json").read_text())["by"]["room"]["r9"]
        self.assertEqual((row["eer"], row["reason"]), (None, "no bona fide trials"))

    def test_refuses_an_unknown_form_with_the_known_ones(self):
        trials = self.write("pairs.txt", "same a.wav b.wav\nother a.wav c.wav\n")

        result = bonafide("metrics", trials)

        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertIn("known with 3 columns are: id label score;", result.stderr)

    def test_reads_the_trials_and_scores_of_speaker_verification_toolkits(self):
        pairs = [("id1/v/1.wav", f"id{i}/w/1.wav", target, score) for i, target, score in (
            (1, 1, 0.91), (2, 0, 0.25), (3, 1, 0.13), (4, 0, -0.5), (5, 1, 0.87), (6, 0, 0.3))]
        words = ("nontarget", "target")
        keys = {"trials": [f"{e} {t} {words[y]}" for e, t, y, _ in pairs],
                "veri_test.txt": [f"{y} {e} {t}" for e, t, y, _ in pairs]}
        scores = {"plda_scores": [f"{e} {t} {s}" for e, t, _, s in pairs],
                  "trials.score": [f"{e} {t} {s:.5f} {words[y]}" for e, t, y, s in pairs],
                  "scores.txt": [f"{e[:-4]} {t[:-4]} {y} {s:f}" for e, t, y, s in pairs],
                  "list.txt": [f"{s:.4f} {e} {t}" for e, t, _, s in pairs]}
        write = lambda name, lines: self.write(name, "".join(line + "\n" for line in lines))

        for key_name, key in keys.items():
            for name, lines in scores.items():
                with self.subTest(scores=name, key=key_name):
                    result = bonafide("metrics", write(name, reversed(lines)), "--key",
                                      write(key_name, key), "--json", self.folder / "out.json")

                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertRegex(result.stdout, r"SV-EER % +33\.3333")
                    self.assertIn("3 target, 3 nontarget", result.stdout)

        shorter = write("plda_scores", scores["plda_scores"][1:])
        missing = bonafide("metrics", shorter, "--key", self.folder / "trials")
        partial = bonafide("metrics", shorter, "--key", self.folder / "trials", "--partial")

        self.assertEqual(missing.returncode, 2)
        self.assertIn("have no score: id1/v/1.wav id1/w/1.wav (line 1)", missing.stderr)
        self.assertIn("2 target, 3 nontarget", partial.stdout)

    def test_refuses_what_has_no_meaning_for_the_trials(self):
        trials = self.write("sasv.txt", "s u1 2.5 target\ns u2 1.5 nontarget\ns u3 0.5 spoof\n")

        sasv = bonafide("metrics", trials, "--threshold", 1)
        official = bonafide("metrics", trials, "--corpus", "asvspoof5-track2", "--plots", "plots")

        asv = bonafide("metrics", trials, "--asv-scores", trials)
        spoofs = self.write("spoofs.csv", "id,score,label\nu1,1,spoof\nu2,2,spoof\n")
        one_class = bonafide("metrics", spoofs, "--threshold", 1, "--eer", "det")

        for result, option in ((sasv, "--threshold"), (official, "--plots"), (asv, "--asv-scores"),
                               (one_class, "--eer")):
            self.assertEqual(result.returncode, 2)
            self.assertIn(option, result.stderr)

    def test_compares_and_draws_verification_trials(self):
        def trials(name, weight):
            rows = (f"s{i % 4}\tu{i}\t{score(i % 60)}\t{(i * 17) % 23 - 6 * (i % 3 == 1)}\t"
                    f"{(i * 17) % 23 + weight * (i % 3 == 0)}\n" for i in range(120))
            return self.write(name, "spk\tfilename\tcm-score\tasv-score\tsasv-score\n" + "".join(rows))
        key = self.write("sasv.tsv", "spk\tfilename\tattack\tcm-label\tasv-label\n" + "".join(
            f"s{i % 4}\tu{i}\t" + ("-\tbonafide\ttarget", "-\tbonafide\tnontarget",
                                  f"A{i % 2}\tspoof\tspoof")[i % 3] + "\n" for i in range(120)))

        result = bonafide("metrics", trials("good.tsv", 9), "--key", key, "--compare",
                          trials("poor.tsv", 1), "--by", "attack", "--bootstrap", 50,
                          "--json", self.folder / "out.json", "--plots", self.folder / "plots",
                          "--tables", self.folder / "tables", "--report", self.folder / "out.html")

        self.assertEqual(result.returncode, 0, result.stderr)
        figures = json.loads((self.folder / "out.json").read_text())
        intervals = figures["metrics"]["intervals"]
        self.assertLess(intervals["t_eer"]["low"], intervals["t_eer"]["high"])
        self.assertIn("min_tdcf_revised", intervals)
        self.assertLess(figures["comparison"]["sasv_eer"]["difference"], 0)
        self.assertEqual({path.name for path in (self.folder / "plots").iterdir()},
                         {"det.svg", "histogram.svg", "by_attack.svg"})
        table = (self.folder / "tables" / "by_attack.csv").read_text().splitlines()
        self.assertEqual([line.split(",")[:4] for line in table[1:]],
                         [["A0", "40", "40", "20"], ["A1", "40", "40", "20"]])
        self.assertEqual((self.folder / "out.html").read_text().count("<svg"), 3)

    def test_takes_segments_as_frames(self):
        rttm = self.write("labels.rttm", "SPEAKER a 1 0 4 <NA> <NA> bonafide <NA> <NA>\n"
                          "SPEAKER a 1 4 3 <NA> <NA> spoof <NA> <NA>\n")
        segments = self.write("scores.jsonl", json.dumps({"file": "folder/a.wav", "segments": [
            {"start": 0, "end": 4, "score": 1.5}, {"start": 4, "end": 7, "score": -1}]}) + "\n")

        result = bonafide("metrics", segments, "--rttm", rttm)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"range EER % +0.0000")

    def test_names_the_first_of_two_broken_files(self):
        broken = self.write("broken.txt", "u1 1\nu2 nan\n")
        other = self.write("other.txt", "one two three\n")

        result = bonafide("metrics", broken, "--key", other)

        self.assertEqual(result.returncode, 2)
        self.assertIn("broken.txt", result.stderr)
        self.assertIn("u2 (line 2", result.stderr)

    def test_prints_an_official_report(self):
        cm = self.write("cm.txt", "".join(
            f"u{i} {'-' if i < 20 else 'A07'} {'bonafide' if i < 20 else 'spoof'} {score(i)}\n"
            for i in range(60)))
        asv = self.write("asv.txt", "- target 3\n- target 2\n- nontarget -1\nA07 spoof 1\n")

        result = bonafide("metrics", cm, "--corpus", "asvspoof2019-la", "--asv-scores", asv,
                          "--json", self.folder / "official.json")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith("\nCM SYSTEM\n\tEER\t\t= "))
        figures = json.loads((self.folder / "official.json").read_text())
        self.assertEqual(figures["corpus"], "asvspoof2019-la")
        self.assertIn(f"= {100 * figures['metrics']['eer']['value']:8.9f} % (Equal", result.stdout)

    def test_official_figures_are_those_of_the_text(self):
        key = self.write("cm_key.tsv", "filename\tcm-label\n" + "".join(
            f"u{i}\t{'bonafide' if i < 20 else 'spoof'}\n" for i in range(60)))

        result = bonafide("metrics", self.scores, "--key", key, "--corpus", "asvspoof5-track1",
                          "--json", self.folder / "official.json")

        self.assertEqual(result.returncode, 0, result.stderr)
        metrics = json.loads((self.folder / "official.json").read_text())["metrics"]
        found = {name: metric["value"] for name, metric in metrics.items()}
        for line in (f"-eval_mindcf: {found['min_dcf']:.5f}", f"-eval_eer (%): {100 * found['eer']:.3f}",
                     f"-eval_cllr (bits): {found['cllr_bits']:.5f}",
                     f"-eval_actDCF: {found['actual_dcf']:.5f}"):
            self.assertIn(line, result.stdout)

    def test_calibrates_scores(self):
        fit = bonafide("fuse", "fit", self.folder / "map.json", self.scores, "--key", self.key)
        applied = bonafide("fuse", "apply", self.folder / "map.json", self.scores)

        self.assertEqual((fit.returncode, applied.returncode), (0, 0), fit.stderr + applied.stderr)
        self.assertGreater(json.loads((self.folder / "map.json").read_text())["scale"], 0)
        self.assertEqual(applied.stdout.splitlines()[0], "file,score")
        self.assertEqual(len(applied.stdout.splitlines()), 61)

    def test_fuses_by_rules_that_nobody_fits(self):
        one = self.write("one.txt", "a 0.25\nb 0.5\n")
        other = self.write("other.txt", "b 0.5\na 1\n")
        for rule, of_a in {"mean": 0.625, "max": 1, "min": 0.25, "root": 0.75,
                           "geometric": 0.5}.items():
            result = bonafide("fuse", "apply", "--rule", rule, one, other)

            self.assertEqual(result.returncode, 0, result.stderr)
            rows = dict(line.split(",") for line in result.stdout.splitlines()[1:])
            self.assertAlmostEqual(float(rows["a"]), of_a, 12)

        negative = self.write("negative.txt", "a -1\nb 0.5\n")
        for arguments, word in ((["--rule", "median", one, other], "there are: mean, max"),
                                (["--rule", "root", one, negative], "-1 is negative")):
            result = bonafide("fuse", "apply", *arguments)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(word, result.stderr)

    def test_names_a_map_that_is_none(self):
        for text in ('{"kind": "x"}', "{", "[" * 100000):
            result = bonafide("fuse", "apply", self.write("map.json", text), self.scores)

            self.assertEqual(result.returncode, 2, text[:20])
            self.assertRegex(result.stderr, r"^bonafide: \S*map.json: ")

    def test_says_what_it_left_out_of_one_class_too(self):
        spoofs = self.write("spoofs.csv", "id,score,label\nu1,1,spoof\nu2,2,spoof\nu3,,spoof\n")

        result = bonafide("metrics", spoofs, "--threshold", 1, "--partial")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("warning: 1 trials that lack a score", result.stdout)

    def test_fuses_nothing_that_stands_twice_or_in_one_file_only(self):
        other = self.write("other.txt", "".join(f"u{i} {i * 7 % 13}\n" for i in range(60)))
        more = self.write("more.txt", "".join(f"u{i} {i * 7 % 13}\n" for i in range(61)))
        twice = self.write("twice.txt", "".join(f"u{i} {i * 7 % 13}\n" for i in [*range(60), 7]))
        both, one = self.folder / "both.json", self.folder / "one.json"
        for fit in ([both, self.scores, other], [one, self.scores]):
            self.assertEqual(bonafide("fuse", "fit", *fit, "--key", self.key).returncode, 0)

        for arguments, word in ((["apply", both, self.scores, more], "u60"),
                                (["apply", both, self.scores, twice], "u7 (line 61)"),
                                (["apply", both, twice, self.scores], "u7 (line 61)"),
                                (["apply", one, twice], "u7 (line 61)"),
                                (["fit", both, self.scores, more, "--key", self.key], "u60")):
            result = bonafide("fuse", *arguments)

            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn(word, result.stderr)

    def test_leaves_out_what_lacks_any_score_that_is_used(self):
        kinds = ("target", "nontarget", "spoof")
        rows = [f"a\tu{i}\t{kinds[i % 3]}\t{(9, 0, 1)[i % 3] + i / 100}" for i in range(15)]
        sasv = self.write("sasv.tsv", "spk\tfilename\tasv-label\tsasv-score\n" + "".join(
            row + "\n" for row in rows) + "a\tv\tnontarget\t\na\tw\tspoof\t\n")
        tandem = self.write("tandem.tsv", "spk\tfilename\tasv-label\tcm-score\tasv-score\n" + "".join(
            f"{row}\t{'-' if i == 4 else i % 3}\n" for i, row in enumerate(rows)))
        cm = self.write("cm.csv", "id,score,label\n" + "".join(
            f"u{i},{'' if i == 3 else i},{'spoof' if i < 6 else 'bonafide'}\n" for i in range(12)))

        for path, counts, left_out in ((sasv, "5 target, 5 nontarget, 5 spoof", 2),
                                       (tandem, "5 target, 4 nontarget, 5 spoof", 1),
                                       (cm, "6 bona fide, 5 spoof", 1)):
            result = bonafide("metrics", path, "--partial", "--eer", "det")

            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(counts, result.stdout)
            self.assertIn(f"warning: {left_out} trials that lack", result.stdout)

    def test_leaves_a_cell_empty_that_has_no_figure(self):
        kinds = ("bonafide\ttarget\t-", "bonafide\tnontarget\t-", "spoof\tspoof\tA1")
        rows = [(f"u{i}", kinds[i % 3], "c1" if i < 30 else "c2", (4, 2, 1)[i % 3] + i % 5)
                for i in range(33)]
        scores = self.write("scores.tsv", "spk\tfilename\tcm-score\tasv-score\tsasv-score\n" + "".join(
            f"a\t{u}\t{s if c == 'c1' else 'tarspf'.find(k[-2:]) // 9}\t{s}\t{s}\n" for u, k, c, s in rows))
        key = self.write("key.tsv", "spk\tfilename\tcm-label\tasv-label\tattack\tcodec\n" + "".join(
            f"a\t{u}\t{k}\t{c}\n" for u, k, c, _ in rows))
        few = self.write("few.csv", "id,score,label,codec\n" + "".join(
            f"u{i},{(i * 7) % 13},{'spoof' if i % 3 else 'bonafide'},c1\n" for i in range(30)) +
            "v,1,bonafide,c2\nw,0,spoof,c2\n")

        official = bonafide("metrics", scores, "--key", key, "--corpus", "asvspoof5-track2")
        by = bonafide("metrics", scores, "--key", key, "--by", "codec")
        wespeaker = bonafide("metrics", few, "--eer", "wespeaker", "--by", "codec")

        for result in (official, by, wespeaker):
            self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a-DCF", official.stdout)
        self.assertRegex(official.stderr, r"warning: pooled, c2: no min t-DCF: .*distinct CM scores")
        self.assertRegex(by.stdout, r"warning: codec c2: no min t-DCF: .*distinct CM scores")
        self.assertRegex(wespeaker.stdout, r"warning: codec c2: .*crossing")

    def test_lets_no_text_of_a_key_through_raw(self):
        key = self.folder / "raw.csv"
        key.write_bytes(b"id,label,attack,codec\n" + b"".join(
            b"u%d,%s\n" % (i, b"bonafide,-,c_\x1b[31m\xff" if i < 20 else b"spoof,A_7,c_\x1b[31m\xff")
            for i in range(60)))

        result = subprocess.run(
            [BONAFIDE, "metrics", self.scores, "--key", key, "--by", "attack,codec", "--tables",
             self.folder / "tables", "--json", self.folder / "out.json"], capture_output=True)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(b"\x1b", result.stdout)
        figures = json.loads((self.folder / "out.json").read_text())
        self.assertEqual(figures["cross"]["columns"], ["pooled", "c_\\x1b[31m\\xff"])
        latex = (self.folder / "tables" / "attack_by_codec.tex").read_text()
        self.assertIn("A\\_7", latex)
        self.assertNotRegex(latex, r"[^\\]_")

    def test_refuses_options_that_would_change_nothing(self):
        nothing = self.folder / "nothing"
        pairs = self.write("pairs.tsv", "spk\tfilename\tcm-score\tasv-score\tasv-label\n")
        plain = [self.scores, "--key", self.key]
        for arguments, option in (
                ([*plain, "--corpus", "asvspoof5-track1", "--subset", "nosuch"], "--subset"),
                ([*plain, "--corpus", "asvspoof5-track1", "--asv-key", nothing], "--asv-key"),
                ([*plain, "--corpus", "asvspoof5-track1", "--asv-scores", nothing], "--asv-scores"),
                ([self.scores, "--corpus", "asvspoof2019-la", "--key", nothing], "--key"),
                ([*plain, "--corpus", "asvspoof2021-la", "--seed", 0], "--seed"),
                ([*plain, "--corpus", "asvspoof2021-la", "--bonafide-label", 0], "--bonafide-label"),
                ([*plain, "--asv-key", nothing], "--asv-key"),
                ([*plain, "--frame", 5], "--frame"),
                ([*plain, "--score-column", 9], "--score-column"),
                ([*plain, "--seed", 4], "--seed"),
                ([*plain, "--resampling", "speaker"], "--resampling"),
                ([self.scores, "--rttm", nothing, "--seed", 4], "--seed")):
            result = bonafide("metrics", *arguments)

            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn(f"{option}: has no meaning", result.stderr)
        fused = bonafide("fuse", "fit", nothing, pairs, "--method", "asvspoof5", "--prior", 0.1)
        self.assertEqual(fused.returncode, 2)
        self.assertIn("--prior", fused.stderr)

    def test_says_how_trials_were_drawn_to_compare(self):
        figures = self.figures("--compare", self.scores, "--seed", 7, "--report",
                               self.folder / "out.html")

        self.assertEqual(figures["bootstrap"], {"resamples": 1000, "resampling": "plain", "seed": 7})
        self.assertIn("1000 plain bootstrap resamples, seed 7",
                      (self.folder / "out.html").read_text())

    def test_needs_sasv_scores_for_track_2(self):
        scores = self.write("pairs.tsv", "spk\tfilename\tcm-score\tasv-score\n" + "".join(
            f"a\tu{i}\t{i}\t{i % 4}\n" for i in range(9)))
        key = self.write("key.tsv", "spk\tfilename\tcm-label\tasv-label\tattack\tcodec\n" + "".join(
            f"a\tu{i}\t" + ("bonafide\ttarget\t-", "bonafide\tnontarget\t-",
                            "spoof\tspoof\tA1")[i % 3] + "\tc1\n" for i in range(9)))

        result = bonafide("metrics", scores, "--key", key, "--corpus", "asvspoof5-track2")

        self.assertEqual(result.returncode, 2)
        self.assertIn("no column sasv-score", result.stderr)

    def test_says_where_the_right_value_is_not_the_official_one(self):
        far = self.write("far.tsv", "filename\tcm-score\n" + "".join(
            f"u{i}\t{800 if i == 30 else score(i)}\n" for i in range(60)))
        key = self.write("cm_key.tsv", "filename\tcm-label\n" + "".join(
            f"u{i}\t{'bonafide' if i < 20 else 'spoof'}\n" for i in range(60)))
        track1 = [far, "--key", key, "--corpus", "asvspoof5-track1"]

        report, official = bonafide("metrics", *track1), bonafide("metrics", *track1, "--official")
        plain = bonafide("metrics", far, "--key", key)
        drawn = bonafide("metrics", far, "--key", key, "--official", "--bootstrap", 50)
        same = bonafide("metrics", self.scores, "--key", key, "--corpus", "asvspoof5-track1")

        self.assertRegex(report.stderr, "warning: not the package's values .*Cllr")
        self.assertIn("bits): inf", official.stdout)
        self.assertEqual((official.stderr, same.stderr), ("", ""))
        self.assertIn("warning: Cllr is the right one", plain.stdout)
        self.assertRegex(drawn.stdout, r"Cllr \(bits\) +inf\n")

    def test_says_when_the_tdcf_of_track_2_is_corrected(self):
        kinds = ("bonafide\ttarget\t-", "bonafide\tnontarget\t-", "spoof\tspoof\tA1")
        name = "spk\tfilename\t"
        key = self.write("key.tsv", name + "cm-label\tasv-label\tattack\tcodec\n" + "".join(
            f"a\tu{i}\t{kinds[i % 3]}\tc1\n" for i in range(60)))
        asv = [(9, 0, 6)[i % 3] + (i * 7) % 11 / 2 for i in range(60)]
        scores = self.write("track2.tsv", name + "cm-score\tasv-score\tsasv-score\n" + "".join(
            f"a\tu{i}\t{(2, 2, 0)[i % 3] + i * 5 % 7}\t{asv[i]}\t{asv[i]}\n" for i in range(60)))
        organiser = self.write("organiser.tsv", name + "asv-score\n" + "".join(
            f"a\tu{i}\t{asv[i]}\n" for i in range(60)))
        track2 = [scores, "--key", key, "--corpus", "asvspoof5-track2", "--asv-scores", organiser]

        right, official = bonafide("metrics", *track2), bonafide("metrics", *track2, "--official")

        self.assertEqual((right.returncode, official.returncode), (0, 0), right.stderr)
        self.assertNotEqual(right.stdout, official.stdout)
        self.assertRegex(right.stderr, "warning: not the package's values .*min tDCF")
        self.assertEqual(official.stderr, "")

    def test_marks_the_reported_eer_in_the_det_plot(self):
        tied = self.write("tied.txt", "".join(f"u{i} {round(score(i))}\n" for i in range(60)))

        result = bonafide("metrics", tied, "--key", self.key, "--eer", "arena", "--json",
                          self.folder / "out.json", "--plots", self.folder / "plots",
                          "--report", self.folder / "out.html")

        self.assertEqual(result.returncode, 0, result.stderr)
        eer = json.loads((self.folder / "out.json").read_text())["metrics"]["eer"]["value"]
        for path in (self.folder / "plots" / "det.svg", self.folder / "out.html"):
            self.assertIn(f"EER {100 * eer:.2f} %", path.read_text())


if __name__ == "__main__":
    unittest.main()
