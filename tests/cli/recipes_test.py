"""Recipes from files that build on others and from references' configurations, with the real program.

recipes_test.py BONAFIDE
"""
import json
import os
import sys
import tempfile

from small_run import SMALL, finished, write_data

CONF = {
    "database_path": "./LA/", "track": "LA", "batch_size": 4, "num_epochs": 1, "loss": "CCE",
    "asv_score_path": "scores.txt", "cudnn_deterministic_toggle": "True",
    "model_config": {"architecture": "AASIST", "nb_samp": 64600, "first_conv": 128,
                     "filts": [70, [1, 4], [4, 4], [4, 4], [4, 4]], "gat_dims": [4, 4],
                     "pool_ratios": [0.5, 0.7, 0.5, 0.5], "temperatures": [2.0, 2.0, 100.0, 100.0]},
    "optim_config": {"optimizer": "adam", "amsgrad": "False", "base_lr": 0.0001, "lr_min": 0.000005,
                     "betas": [0.9, 0.999], "weight_decay": 0.0001, "scheduler": "cosine"},
}


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def check_that_a_recipe_builds_on_another(program, folder):
    write(folder, "low.yaml", "base: aasist\ntrain:\n  epochs: 3\n")
    top = write(folder, "top.yaml", "base: low.yaml\nname: top\n")
    shown, errors = finished([program, "recipe", "show", top, "trainer.device=auto"])
    assert errors == "", errors
    assert "base:" not in shown and "name: top" in shown and "epochs: 3" in shown, shown
    assert "architecture: AASIST" in shown and "device: auto" in shown, shown
    again = write(folder, "again.yaml", shown)
    assert finished([program, "recipe", "show", again])[0] == shown

    write(folder, "low.yaml", "base: top.yaml\n")
    _, errors = finished([program, "recipe", "show", top], status=2)
    assert errors.count("\n") == 1 and errors.count("top.yaml") == 2, errors


def check_that_a_conf_trains(program, folder, data):
    conf = write(folder, "Small.conf", json.dumps(CONF))
    shown, errors = finished([program, "recipe", "show", conf])
    assert "name: Small" in shown and "gat_dims: [4, 4]" in shown, shown
    assert errors.count("\n") == 1 and "asv_score_path" in errors, errors

    out = os.path.join(folder, "run")
    rest = [word for word in SMALL if not word.startswith(("train.", "model."))]
    finished([program, "train", conf, *rest, *data, "--output", out])
    finished([program, "score", "--model", os.path.join(out, "last.safetensors"),
              os.path.join(folder, "u0.wav")])


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        check_that_a_recipe_builds_on_another(program, folder)
        check_that_a_conf_trains(program, folder, write_data(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
