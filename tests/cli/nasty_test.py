"""Scores every hard input of ../shared/data/nasty with the real program, in one batch.

nasty_test.py BONAFIDE NASTY_FOLDER; exit status 77 when the folder is not there.
expected.csv beside the inputs says what each must give.
"""
import csv
import io
import math
import os
import subprocess
import sys
import tempfile
import urllib.parse

SKIPPED = 77
TOLERANCE = 1e-4


def problem_of(row, expected, scores):
    """What is wrong with an output row, or None."""
    score, detail = row["score"], row["detail"]
    if "\n" in detail:
        return "a reason of more than one line"
    if score == "":
        if not detail:
            return "neither score nor reason"
        return "no score: " + detail if expected["expect"] == "score" else None
    if expected["expect"] == "error":
        return "a score: " + score
    if not math.isfinite(float(score)):
        return "the score " + score
    same = expected["same_score_as"]
    if same and not same.startswith("lossy:") and same in scores:
        difference = abs(float(score) - scores[same])
        if difference > TOLERANCE * max(1, abs(scores[same])):
            return f"{score} instead of {scores[same]}"
    return None


def main(program, folder):
    if not os.path.isdir(folder):
        print(f"skipped: {folder} is not there")
        return SKIPPED
    with open(os.path.join(folder, "expected.csv"), newline="") as file:
        table = [row for row in csv.DictReader(file) if row["expect"] != "skip"]
    with tempfile.TemporaryDirectory() as scratch:
        laid_out = os.path.join(scratch, "nasty")
        subprocess.run([sys.executable, os.path.join(folder, "make.py"), laid_out], check=True)
        names = [urllib.parse.unquote_to_bytes(row["file_percent_encoded"]) for row in table]
        paths = [os.path.join(os.fsencode(laid_out), name) for name in names]
        run = subprocess.run([program, "score", "--", *paths], capture_output=True, timeout=600)
    if run.returncode != 3:
        print("exit status", run.returncode, "instead of 3:", run.stderr.decode(errors="replace"))
        return 1
    text = run.stdout.decode("utf-8", errors="surrogateescape")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    if len(rows) != len(table):
        print(f"{len(rows)} rows for {len(table)} inputs")
        return 1

    scores = {e["file_percent_encoded"]: float(r["score"]) for e, r in zip(table, rows) if r["score"]}
    failures = 0
    for expected, row in zip(table, rows):
        problem = problem_of(row, expected, scores)
        if problem:
            failures += 1
            print(f"{expected['file_percent_encoded']} ({expected['what']}): {problem}")
    print(f"{len(rows) - failures} of {len(rows)} hard inputs did what they should")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
