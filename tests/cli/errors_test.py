"""What a user sees who makes a mistake: one line that names the thing, and the right exit status.

errors_test.py BONAFIDE
"""
import os
import resource
import subprocess
import sys
import tempfile

FAILURES = []


def check(what, program, arguments, status, *words, addresses=None):
    """`addresses`: so many bytes of them at most."""
    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (addresses, addresses))
    run = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120,
                         preexec_fn=limited if addresses else None)
    lines = run.stderr.splitlines()
    wrong = []
    if run.returncode != status:
        wrong.append(f"exit status {run.returncode} instead of {status}")
    if len(lines) != 1 or not lines[0].startswith("bonafide: "):
        wrong.append("not one line: " + repr(run.stderr))
    wrong += [f'"{word}" is missing in: {run.stderr.strip()}' for word in words if word not in run.stderr]
    FAILURES.extend(f"{what}: {text}" for text in wrong)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        manifest = write(folder, "broken.csv", "path,label\na.wav,bonafide\nb.wav,perhaps\n")
        recipe = write(folder, "typo.yaml", "train:\n  epoch: 3\n")
        checkpoint = write(folder, "junk.pth", "this is no checkpoint")
        out = os.path.join(folder, "run")
        check("unknown command", program, ["scoer"], 2, "scoer", '"score"')
        check("unknown option", program, ["score", "--modle", "x", "y.wav"], 2, "--modle")
        check("unknown recipe key", program, ["train", recipe, "--output", out], 2, "train.epoch",
              "train.epochs", "typo.yaml")
        check("unknown override", program, ["train", "aasist", "optimizer.rl=1", "--output", out], 2,
              "optimizer.rl", "lr")
        check("override of the wrong kind", program,
              ["train", "aasist", "train.epochs=many", "--output", out], 2, "train.epochs", "many")
        check("unknown option of a network", program,
              ["train", "aasist", "model.gat_dim=[1,2]", "data.corpus=manifest",
               "data.train=" + manifest, "--output", out], 2)
        check("missing data folder", program,
              ["train", "aasist", "data.root=/no/such/folder", "--output", out], 2, "/no/such/folder")
        check("broken manifest line", program,
              ["train", "aasist", "data.corpus=manifest", "data.train=" + manifest,
               "data.dev=" + manifest, "--output", out], 2, "broken.csv", "line 3", "perhaps")
        data = ["data.corpus=manifest", "data.train=" + manifest, "data.dev=" + manifest]
        for override in ("optimizer.lr=-1", "optimizer.lr=0", "optimizer.betas=[2,3]",
                         "input.samples=99999999999", "input.sample_rate=100",
                         "compute.loaders=-1"):
            check("a value out of range", program,
                  ["train", "aasist", *data, override, "--output", out], 2,
                  override.split("=")[0])
        check("a checkpoint of another system", program,
              ["evaluate", "aasist", *data, "--checkpoint", checkpoint, "--output", out], 1,
              "junk.pth")
        check("an output that is an input", program,
              ["score", "--output", checkpoint, checkpoint], 2, "junk.pth", "is an input")
        assert open(checkpoint).read() == "this is no checkpoint"
        check("no such recipe", program, ["train", "aassist", "--output", out], 2, "aassist")
        check("a checkpoint that is none", program,
              ["score", "--model", "aasist", "--checkpoint", checkpoint, "x.wav"], 1, "junk.pth")
        check("a model that is not there", program, ["score", "--model", "nothing.safetensors", "x.wav"],
              1, "nothing.safetensors")
        large = write(folder, "large.safetensors", "")
        os.truncate(large, 1 << 40)  # all of it a hole
        check("a model larger than the addresses there are", program,
              ["score", "--model", large, "x.wav"], 1, "large.safetensors", f"{1 << 40} bytes",
              addresses=1 << 39)
        check("missing score file", program, ["metrics", os.path.join(folder, "none.csv")], 1, "none.csv")
    for failure in FAILURES:
        print(failure)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
