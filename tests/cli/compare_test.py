"""script/split-manifest and script/compare-systems on a corpus of a few recordings and networks of a
few weights: compare_test.py BONAFIDE
"""

import csv
import json
import math
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "script"
SMALL = ["model.filts=[70,[1,4],[4,4],[4,4],[4,4]]", "model.gat_dims=[4,4]", "input.samples=6000"]


def write_corpus(folder):
    """Half seconds of noise of six speakers; a spoof has a tone in it."""
    lines = ["path,label,speaker,system"]
    draws = random.Random(1)
    for i in range(24):
        tone = 8000 if i % 2 else 0
        samples = [int(tone * math.sin(0.3 * n) + draws.uniform(-2000, 2000)) for n in range(8000)]
        with wave.open(str(folder / f"{i}.wav"), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(struct.pack("<8000h", *samples))
        lines.append(f"{i}.wav,{'spoof' if i % 2 else 'bonafide'},{i // 4},{'tone' if i % 2 else '-'}")
    (folder / "table.csv").write_text("\n".join(lines) + "\n")


def split_corpus(folder):
    for name in ("all.csv", "again.csv"):
        run([sys.executable, "-B", str(SCRIPTS / "split-manifest"), str(folder / "table.csv"),
             str(folder / name), "--attack", "system"])
    assert (folder / "all.csv").read_bytes() == (folder / "again.csv").read_bytes()
    with open(folder / "all.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = {part: [row for row in rows if row["partition"] == part]
             for part in ("train", "dev", "eval")}
    assert {part: len(of) for part, of in parts.items()} == {"train": 10, "dev": 10, "eval": 4}
    speakers = {part: {row["speaker"] for row in of} for part, of in parts.items()}
    assert not speakers["eval"] & (speakers["train"] | speakers["dev"]), speakers
    assert {row["attack"] for row in rows if row["label"] == "spoof"} == {"tone"}, rows


def refuse_tables(folder):
    def refused(table, *more):
        (folder / "wrong.csv").write_text(table)
        done = run([sys.executable, "-B", str(SCRIPTS / "split-manifest"), str(folder / "wrong.csv"),
                    str(folder / "no.csv"), *more], status=2)
        assert not (folder / "no.csv").exists()
        return done.stderr

    table = "path,label,speaker\na.wav,bonafide,1\nb.wav,spoof,2\n"
    assert "no part trian" in refused(table, "--take", "trian=4")
    assert "not PART=COUNT" in refused(table, "--take", "train=-4")
    assert "no column mood" in refused(table, "--without", "mood", "bad")
    assert "neither bonafide nor spoof" in refused(table.replace("spoof", "fake"))
    stretches = "path,label,speaker,Start Time\na.wav,bonafide,1,\nb.wav,spoof,2,4.0\n"
    assert "column Start Time are stretches" in refused(stretches)
    assert "none called partition" in refused(table.replace("speaker", "split"))
    assert "the same in all rows" in refused(table.replace("2", "1"))
    assert "two columns label" in refused(table.replace("speaker", "label"))
    assert "no path" in refused(table.replace("a.wav", ""))
    assert "the header has 3" in refused(table + "c.wav\n")
    assert "no column path" in refused("")


def read_a_list_of_members(folder):
    """With a byte order mark; members of shards stay what they are."""
    (folder / "other.csv").write_bytes(
        b"\xef\xbb\xbfpath,label,partition,member\nx.tar,bonafide,train,a\nx.tar,spoof,train,b\n")
    run([sys.executable, "-B", str(SCRIPTS / "split-manifest"), str(folder / "other.csv"),
         str(folder / "taken.csv"), "--take", "train=2"])
    with open(folder / "taken.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["label"], row["partition"], row["member"]) for row in rows] == [
        ("bonafide", "train", "a"), ("spoof", "train", "b")], rows


def hold_out_some(folder):
    run([sys.executable, "-B", str(SCRIPTS / "split-manifest"), str(folder / "all.csv"),
         str(folder / "held.csv"), "--hold-out", "known"])
    with open(folder / "held.csv", newline="") as file:
        held = list(csv.DictReader(file))
    with open(folder / "all.csv", newline="") as file:
        everything = list(csv.DictReader(file))
    moved = {(then["label"], then["partition"], now["partition"])
             for then, now in zip(everything, held) if then != now}
    assert moved == {(label, "train", "known") for label in ("bonafide", "spoof")}, moved
    for label in ("bonafide", "spoof"):
        left = [row for row in held if (row["label"], row["partition"]) == (label, "train")]
        assert left, "something is left to learn from"


def take_some(folder):
    run([sys.executable, "-B", str(SCRIPTS / "split-manifest"), str(folder / "all.csv"),
         str(folder / "some.csv"), "--take", "train=4", "dev=2"])
    with open(folder / "some.csv", newline="") as file:
        some = [tuple(row.items()) for row in csv.DictReader(file)]
    with open(folder / "all.csv", newline="") as file:
        everything = [tuple(row.items()) for row in csv.DictReader(file)]
    assert set(some) <= set(everything)
    cells = [(dict(row)["partition"], dict(row)["label"]) for row in some]
    assert {cell: cells.count(cell) for cell in cells} == {
        (part, label): count for part, count in (("train", 2), ("dev", 1))
        for label in ("bonafide", "spoof")}, cells


def command(program, folder, output, *more):
    return [str(part) for part in (
        sys.executable, "-B", SCRIPTS / "compare-systems", "manifest", folder / "all.csv", *SMALL,
        "--systems", "aasist", "aasist-l", "--seeds", 1, 2, "--every-seed", "--epochs", 2, "aasist-l=3",
        "--batch", 4, "aasist-l=5", "--program", program, "--output", output, *more)]


def run(arguments, status=0):
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.stdout, done.stderr)
    return done


def rows_of(output):
    with open(output / "comparison.csv", newline="") as file:
        return {row["system"]: row for row in csv.DictReader(file)}


def check_the_table(output):
    rows = rows_of(output)
    assert list(rows) == ["aasist", "aasist-l"], rows
    assert [row["batch"] for row in rows.values()] == ["4", "5"], rows
    assert [row["epochs"] for row in rows.values()] == ["2", "3"], rows
    for system, row in rows.items():
        recipe = (output / f"{system}-2/recipe.yaml").read_text()
        assert f"batch_size: {row['batch']}\n" in recipe, recipe
        assert row["seeds"] == "2", row
        losses = [run["losses"] for run in records(output) if run["system"] == system]
        first, last = (sum(run[epoch] for run in losses) / 2 for epoch in (0, -1))
        assert row["loss"] == f"{first:.3f} → {last:.3f}", (row, losses)
        mean, deviation = map(float, row["dev EER %"].split(" ± "))
        assert 0 <= mean <= 100 and deviation >= 0, row
    results = [run for run in records(output) if run["system"] == "aasist"]
    assert sorted(run["seed"] for run in results) == [1, 2], results
    mean = sum(result["eval_eer"] for result in results) / 2
    assert rows["aasist"]["eval EER %"].startswith(f"{mean:.1f} "), (rows["aasist"], results)
    assert rows["aasist"]["parameters"] == "297,866", rows["aasist"]
    for name in ("comparison.md", "comparison.html"):
        text = (output / name).read_text()
        assert "aasist-l" in text and "10 for train" in text and "4 for eval" in text, text


def weights(output):
    return {path.parent.name: path.read_bytes() for path in output.glob("*/best.safetensors")}


def records(output):
    return [json.loads(line) for line in (output / "results.jsonl").read_text().splitlines()]


def write_records(output, runs):
    (output / "results.jsonl").write_text("".join(json.dumps(run) + "\n" for run in runs))


def change_results(output, changes, of=lambda run: True):
    write_records(output, [{**run, **changes} if of(run) else run for run in records(output)])


def of_one(run):
    return (run["system"], run["seed"]) == ("aasist-l", 2)


def table(program, results, *more, status=0):
    return run([sys.executable, "-B", str(SCRIPTS / "comparison-table"), str(results), "--program",
                str(program), *more], status)


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder)
        split_corpus(folder)
        refuse_tables(folder)
        read_a_list_of_members(folder)
        take_some(folder)
        hold_out_some(folder)
        whole = folder / "whole"
        run(command(program, folder, whole))
        check_the_table(whole)

        # Interrupted once a run has begun, and taken up.
        broken = folder / "broken"
        process = subprocess.Popen(command(program, folder, broken), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        while not list(broken.glob("*/recipe.yaml")):
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert "interrupted" in process.communicate(timeout=120)[1]
        assert process.returncode == 1
        run(command(program, folder, broken))
        check_the_table(broken)
        assert weights(whole) == weights(broken), "an interruption changed the weights"

        # What is done is not done again.
        before = {path: os.stat(path).st_mtime_ns for path in whole.glob("*/best.safetensors")}
        run(command(program, folder, whole))
        assert before == {path: os.stat(path).st_mtime_ns for path in before}

        # Of 10 recordings the better of two coins has an EER of 14.0 % once in 44 times.
        learnt = {"losses": [0.7, 0.5], "dev_eer": 13.9}
        change_results(whole, learnt)
        run(command(program, folder, whole, "--check"))
        for trouble in ({"losses": [0.7, 0.7]}, {"losses": [0.7, math.nan]}, {"dev_eer": 14.1}):
            change_results(whole, {**learnt, **trouble}, of_one)
            complaint = run(command(program, folder, whole, "--check"), status=1).stderr
            assert "not learnt" in complaint and complaint.count("dev EER") == 1, complaint

        # Runs of other machines join when they learnt from the same recordings.
        runs = records(whole)
        write_records(whole, [run for run in runs if not of_one(run)])
        assert "| aasist-l | 85,306 | 6.60 | 1 |" in table(program, whole / "results.jsonl").stdout
        for change, complaint in (
                ({"data": {"train": {"recordings": 1, "fingerprint": "00"}}}, "other recordings"),
                ({"eval_fingerprint": "00"}, "evaluated on other recordings"),
                ({"settings": runs[0]["settings"][:-1]}, "other settings"),
                ({"settings": ["train.epochs=9", *(each for each in runs[0]["settings"]
                                                   if not each.startswith("train.epochs="))]},
                 "different settings"),
                ({"system": "nosuch"}, "is not one of"),
                ({"seed": 1}, "stands there twice")):
            write_records(whole, runs)
            change_results(whole, change, of_one)
            told = table(program, whole / "results.jsonl", status=1).stderr
            assert "aasist-l" in told and complaint in told, told
        # What is of other recordings is not put on record beside them.
        for change, complaint in (({"data": {}}, "its runs learnt from other recordings"),
                                  ({"eval_fingerprint": "00"}, "were evaluated on other recordings")):
            write_records(whole, [{**run, **change} for run in runs if not of_one(run)])
            before = (whole / "results.jsonl").read_text()
            told = run(command(program, folder, whole), status=1).stderr
            assert complaint in told, told
            assert (whole / "results.jsonl").read_text() == before
        (whole / "results.jsonl").write_text("{")
        told = table(program, whole / "results.jsonl", status=1).stderr
        assert "line 1: not JSON" in told, told
        told = run(command(program, folder, whole), status=1).stderr
        assert "not what this program puts on record" in told, told
        (whole / "results.jsonl").write_text("{}\n")
        told = table(program, whole / "results.jsonl", status=1).stderr
        assert "line 1: not a run" in told, told
        # Somebody's editor may have left the last line without its end.
        write_records(whole, [run for run in runs if not of_one(run)])
        (whole / "results.jsonl").write_text((whole / "results.jsonl").read_text().rstrip("\n"))
        run(command(program, folder, whole))
        assert len(records(whole)) == len(runs)
        run(command(program, folder, whole, "--seeds", 1, 1, "--systems", "aasist", "aasist"))
        told = run(command(program, folder, whole, "optimizer.lr=1"), status=1).stderr
        assert "its runs have other settings" in told, told
        told = run(command(program, folder, whole, "--results", folder / "no/x"), status=2).stderr
        assert "its folder is not there" in told, told
        write_records(whole, runs)

        # A system whose settings change is trained again, once its runs are out of the way.
        other = ["--batch", 4, "aasist-l=2"]
        refused = run(command(program, folder, whole, *other), status=1)
        assert "aasist-l, seed 1, is on record with other settings" in refused.stderr, refused.stderr
        write_records(whole, [])
        refused = run(command(program, folder, whole, *other), status=1)
        assert "aasist-l-1: trained with other settings" in refused.stderr, refused.stderr
        for path in whole.glob("aasist-l-*"):
            shutil.rmtree(path)
        settings = whole / "aasist-1/settings.json"
        settings.rename(folder / "settings.json")
        refused = run(command(program, folder, whole, *other), status=1)
        assert "aasist-1: trained with other settings" in refused.stderr, refused.stderr
        (folder / "settings.json").rename(settings)
        run(command(program, folder, whole, *other))
        assert [row["batch"] for row in rows_of(whole).values()] == ["4", "2"], rows_of(whole)
        assert weights(whole)["aasist-1"] == weights(broken)["aasist-1"]

        for option in ("--batch", "--epochs"):
            for number in ("aasist=", "aasist=0", "few"):
                refused = run(command(program, folder, whole, option, number), status=2)
                assert f"{option} {number}: neither a number" in refused.stderr, refused.stderr
        refused = run(command(program, folder, folder / "other", "--batch", "aasist-xl=2"), status=1)
        assert "aasist-xl: not one of" in refused.stderr, refused.stderr


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
