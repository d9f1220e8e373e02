"""Published detectors on speech encoders, as small random files of the published structure:
detector_test.py PROGRAM"""
import json
import math
import os
import random
import struct
import sys
import tempfile
import unittest

from small_run import finished, write_wav

PROGRAM = os.path.abspath(sys.argv[1])
WIDTH, LAYERS, INNER, CHANNELS = 16, 2, 24, 8
KERNELS, STRIDES = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
ENCODER = (f"model.encoder={{conv_dim: {[CHANNELS] * 7}, hidden_size: {WIDTH}, "
           f"num_hidden_layers: {LAYERS}, num_attention_heads: 2, intermediate_size: {INNER}, "
           "num_conv_pos_embeddings: 4, num_conv_pos_embedding_groups: 2}")


def fairseq_encoder():
    """Names and shapes of an encoder of fairseq, with what is left of its pre-training."""
    shapes = {}
    for i, kernel in enumerate(KERNELS):
        name = f"feature_extractor.conv_layers.{i}"
        shapes[f"{name}.0.weight"] = (CHANNELS, CHANNELS if i else 1, kernel)
        for tensor in (f"{name}.0.bias", f"{name}.2.1.weight", f"{name}.2.1.bias"):
            shapes[tensor] = (CHANNELS,)

    def linear(name, rows, columns):
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (rows, columns), (rows,)

    def norm(name, width):
        shapes[f"{name}.weight"] = shapes[f"{name}.bias"] = (width,)

    norm("layer_norm", CHANNELS)
    linear("post_extract_proj", WIDTH, CHANNELS)
    shapes["encoder.pos_conv.0.weight_v"] = (WIDTH, WIDTH // 2, 4)
    shapes["encoder.pos_conv.0.weight_g"] = (1, 1, 4)
    shapes["encoder.pos_conv.0.bias"] = (WIDTH,)
    norm("encoder.layer_norm", WIDTH)
    for n in range(LAYERS):
        layer = f"encoder.layers.{n}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            linear(f"{layer}.self_attn.{part}", WIDTH, WIDTH)
        norm(f"{layer}.self_attn_layer_norm", WIDTH)
        linear(f"{layer}.fc1", INNER, WIDTH)
        linear(f"{layer}.fc2", WIDTH, INNER)
        norm(f"{layer}.final_layer_norm", WIDTH)
    shapes["mask_emb"] = (WIDTH,)
    linear("final_proj", 5, WIDTH)
    return shapes


def write_safetensors(path, shapes):
    """Random values; a variance is 1."""
    draws, header, values, end = random.Random(7), {}, [], 0
    for name, shape in shapes.items():
        count = math.prod(shape)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [end, end + 4 * count]}
        end += 4 * count
        values += [1.0] * count if name.endswith("running_var") else [
            draws.uniform(-0.3, 0.3) for _ in range(count)]
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + struct.pack(f"<{len(values)}f", *values))


class Detector(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.recording = self.path("u.wav")
        write_wav(self.recording, True, 3, 20000)

    def path(self, name):
        return os.path.join(self.folder, name)

    def converted(self, recipe, prefix, head, *overrides):
        """A model made of a file of fairseq's encoder behind `prefix`, and the head's tensors."""
        published, model = self.path("published.safetensors"), self.path("model.safetensors")
        shapes = {prefix + name: shape for name, shape in fairseq_encoder().items()}
        write_safetensors(published, {**shapes, **head})
        finished([PROGRAM, "convert", published, model, "--system", recipe, ENCODER, *overrides])
        return model

    def score(self, model, *recordings):
        lines, _ = finished([PROGRAM, "score", "--model", model, "--format", "jsonl",
                             *(recordings or (self.recording,))])
        return [json.loads(line) for line in lines.splitlines()]

    def test_antideepfake_scores_by_its_probability_and_tells_the_margin(self):
        head = {"proj_fc.weight": (2, WIDTH), "proj_fc.bias": (2,)}
        row, = self.score(self.converted("detector/antideepfake", "m_ssl.model.", head))
        self.assertAlmostEqual(row["score"], 1 / (1 + math.exp(-row["parts"]["margin"])), 6)

    def test_the_waveform_is_normalised_where_the_model_says_so(self):
        head = {"proj_fc.weight": (2, WIDTH), "proj_fc.bias": (2,)}
        margins = [self.score(self.converted("detector/antideepfake", "m_ssl.model.", head,
                                             f"model.waveform_normalization={how}"))[0]["parts"]
                   for how in ("utterance", "none")]
        self.assertNotEqual(*margins)

    def test_sls_takes_the_names_of_its_published_file(self):
        head = {"module.first_bn.weight": (1,), "module.first_bn.bias": (1,),
                "module.first_bn.running_mean": (1,), "module.first_bn.running_var": (1,),
                "module.fc0.weight": (1, WIDTH), "module.fc0.bias": (1,),
                "module.fc1.weight": (6, 67 * (WIDTH // 3)), "module.fc1.bias": (6,),
                "module.fc3.weight": (2, 6), "module.fc3.bias": (2,)}
        model = self.converted("detector/xlsr-sls", "module.ssl_model.model.", head,
                               "model.head.hidden_dim=6")
        row, = self.score(model)
        self.assertAlmostEqual(row["score"], -math.log1p(math.exp(-row["parts"]["margin"])), 6)

    def test_what_is_missing_is_named(self):
        published = self.path("published.safetensors")
        write_safetensors(published, {"m_ssl.model." + name: shape
                                      for name, shape in fairseq_encoder().items()})
        _, said = finished([PROGRAM, "convert", published, self.path("model.safetensors"),
                            "--system", "detector/antideepfake", ENCODER], status=1)
        self.assertIn("proj_fc", said)

    def test_it_learns(self):
        lines = ["path,label"]
        for i in range(8):
            write_wav(self.path(f"{i}.wav"), i % 2 == 1, i, 6000)
            lines.append(f"{i}.wav,{'spoof' if i % 2 == 1 else 'bonafide'}")
        table = self.path("all.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        run = self.path("run")
        finished([PROGRAM, "train", "detector/antideepfake", ENCODER, "data.corpus=manifest",
                  f"data.train={table}", f"data.dev={table}", "train.epochs=30", "train.batch_size=4",
                  "optimizer.lr=0.003", "compute.threads=1", "--output", run])
        rows = self.score(os.path.join(run, "best.safetensors"),
                          *(self.path(f"{i}.wav") for i in range(8)))
        margins = [row["parts"]["margin"] for row in rows]
        self.assertGreater(min(margins[0::2]), max(margins[1::2]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
