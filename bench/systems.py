#!/usr/bin/python3
"""Utterances a second of each system: bonafide against the reference's own model in Debian's PyTorch.

    bench/systems.py REFERENCES [--systems lcnn ...] [--rounds 3] [--threads 1 2]

REFERENCES is a folder with clones (of those present): aasist (clovaai/aasist), S2pecNet
(ph-w2000/S2pecNet) and LightCNN_ASVspoof2019 (Melodiz/LightCNN_ASVspoof2019).

bonafide is timed as it is used: `score` as a whole process, from start to the last row, and a
training epoch by its journal; both decode files and make features. PyTorch gets its waveforms from
memory, is timed without import and start, and makes the features itself only where its reference
does so in Python (LightCNN's spectrogram; S2pecNet's coefficients are given to it). Its losses are
the references'. Contestants take turns, pinned to the same cores.
"""

import argparse
import csv
import json
import tempfile
from pathlib import Path

import common

# system: (folder of its repository, configuration file)
REFERENCES = {
    "aasist": ("aasist", "AASIST.conf"),
    "aasist-l": ("aasist", "AASIST-L.conf"),
    "rawnet2": ("aasist", "RawNet2_baseline.conf"),
    "rawgat-st": ("aasist", "RawGATST_baseline.conf"),
    "s2pecnet": ("S2pecNet", "S2pecNet.conf"),
    "lcnn": ("LightCNN_ASVspoof2019", None),
}

SAMPLES = 64600

# Runs in the reference's folder: mode, threads, batch, batches, model options as JSON.
TORCH_LOOP = """
import json, random, sys, time, torch
from torch.nn import functional as F
sys.path.insert(0, '.')
mode, (threads, batch, batches) = sys.argv[1], map(int, sys.argv[2:5])
config = json.loads(sys.argv[5])
torch.set_num_threads(threads)
torch.manual_seed(1)
waves = torch.randn(batch, 64600) * 0.1
labels = torch.arange(batch) % 2

if config is None:
    from src.model import LightCNNOriginal
    network = LightCNNOriginal([1, 863, 600], 2, 0.75)
    window = torch.blackman_window(1724)

    def spectrograms():
        maps = [torch.log(torch.stft(wave, 1724, 130, 1724, window, return_complex=True).abs() ** 2
                          + 1e-6) for wave in waves]
        return torch.stack([map.repeat(1, 2)[:, :600] for map in maps])

    def score():
        return network(spectrograms())[:, 1]

    def loss():
        return F.cross_entropy(network(spectrograms(), labels), labels)
else:
    import importlib
    name = config['architecture']
    network = importlib.import_module('models.' + name).Model(config)
    weight = torch.tensor([0.1, 0.9])
    features = torch.randn(batch, 60, 750)

    if name == 'S2pecNet':
        def score():
            return network(waves, features)[1][:, 1]

        def loss():
            _, logits, wave, lfcc = network(waves, features)
            return (F.cross_entropy(logits, labels, weight) + 0.1 * F.mse_loss(wave, waves)
                    + 0.1 * F.mse_loss(lfcc.squeeze(), features))
    else:
        def score():
            return network(waves)[1][:, 1]

        def loss():
            return F.cross_entropy(network(waves)[1], labels, weight)

if mode == 'score':
    network.eval()

    def work():
        with torch.no_grad():
            score()
else:
    network.train()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, weight_decay=1e-4)

    def work():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

work()
began = time.monotonic()
for _ in range(batches):
    work()
print(batch * batches / (time.monotonic() - began))
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("references", type=Path)
    parser.add_argument("--program", type=Path, default=common.ROOT / "build/bonafide")
    parser.add_argument("--systems", nargs="+", choices=REFERENCES, default=list(REFERENCES))
    parser.add_argument("--modes", nargs="+", choices=["score", "train"], default=["score", "train"])
    parser.add_argument("--files", type=int, default=12, help="utterances of a measurement")
    parser.add_argument("--batch", type=int, default=4, help="of training; one by one in scoring")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    return parser.parse_args()


def model_options(folder, configuration):
    if configuration is None:
        return None
    return json.loads((folder / "config" / configuration).read_text())["model_config"]


def torch_run(options, system, mode, threads, environment):
    repository, configuration = REFERENCES[system]
    folder = (options.references / repository).resolve()
    config = json.dumps(model_options(folder, configuration))
    batch = 1 if mode == "score" else options.batch
    command = [common.PYTHON, "-B", "-c", TORCH_LOOP, mode, threads, batch, options.files // batch,
               config]
    return float(common.run(command, threads, environment, folder))


def train(options, system, data, threads, epochs, run):
    common.run([options.program, "train", system, "data.corpus=manifest",
                f"data.root={data}/manifest.csv", f"train.batch_size={options.batch}",
                f"train.epochs={epochs}", "train.average=false", f"compute.threads={threads}",
                "--output", run], threads)


def our_training(options, system, data, threads):
    """Two epochs; the second is timed, as PyTorch's first step is not."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        train(options, system, data, threads, 2, run)
        with open(run / "log.csv", newline="") as file:
            return float(list(csv.DictReader(file))[-1]["utt_per_s"])


def our_scoring(options, model, files, threads):
    seconds = common.wall_seconds(lambda: common.run(
        [options.program, "score", "--model", model, "--threads", threads, *files], threads))
    return len(files) / seconds


def compare(options, system, mode, ours, threads):
    rates = common.interleaved(
        {
            "bonafide": ours,
            "PyTorch, stock allocator": lambda: torch_run(options, system, mode, threads, {}),
            "PyTorch, tuned allocator":
                lambda: torch_run(options, system, mode, threads, common.TUNED),
        },
        options.rounds,
    )
    print(f"\n{system}, {mode}, {threads} thread(s); cores free: "
          f"{common.free_cores(threads):.2f}; utterances/s:")
    common.print_rates(rates, "bonafide")


def main():
    options = arguments()
    systems = [system for system in options.systems
               if (options.references / REFERENCES[system][0]).is_dir()]
    for system in sorted(set(options.systems) - set(systems)):
        print(f"{system}: left out, {options.references / REFERENCES[system][0]} is not there")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = common.write_recordings(folder, options.files, SAMPLES)
        for system in systems:
            for threads in options.threads:
                if "score" in options.modes:
                    run = folder / f"{system}-{threads}"
                    train(options, system, folder, threads, 1, run)
                    compare(options, system, "score",
                            lambda: our_scoring(options, run / "last.safetensors", files, threads),
                            threads)
                if "train" in options.modes:
                    compare(options, system, "train",
                            lambda: our_training(options, system, folder, threads), threads)


if __name__ == "__main__":
    main()
