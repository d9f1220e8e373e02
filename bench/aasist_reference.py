#!/usr/bin/python3
"""AASIST and AASIST-L in PyTorch: the other side of the benchmarks, and an independent oracle.

Written from the paper (Jung et al., ICASSP 2022) and from the parameter names of the published
weights, which it loads as they are. As an oracle:

    aasist_reference.py WEIGHTS.pth RECORDING.flac...

prints path,score. Needs python3-torch and python3-soundfile.
"""

import math
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SAMPLES = 64600
SAMPLE_RATE = 16000


def sinc_bank(filters=70, taps=129):
    """Band-pass filters between edges equally spaced in mel, [filters, 1, taps]."""
    top_mel = 2595 * math.log10(1 + SAMPLE_RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top_mel, filters + 1) / 2595) - 1)
    n = np.arange(taps) - (taps - 1) / 2
    low_passes = [2 * e / SAMPLE_RATE * np.sinc(2 * e * n / SAMPLE_RATE) for e in edges]
    bank = np.diff(np.stack(low_passes), axis=0) * np.hamming(taps)
    return torch.from_numpy(bank).float().unsqueeze(1)


class Block(nn.Module):
    """Residual block; the reference computes bn1 and uses its result nowhere."""

    def __init__(self, inputs, outputs, first):
        super().__init__()
        if not first:
            self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, (2, 3), padding=(1, 1))
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, (2, 3), padding=(0, 1))
        if inputs != outputs:
            self.conv_downsample = nn.Conv2d(inputs, outputs, (1, 3), padding=(0, 1))

    def forward(self, x):
        if self.training and hasattr(self, "bn1"):
            self.bn1(x)  # only for its running statistics
        y = self.conv2(F.selu(self.bn2(self.conv1(x))))
        y = y + (self.conv_downsample(x) if hasattr(self, "conv_downsample") else x)
        return F.max_pool2d(y, (1, 3))


def pair_products(x):
    return x.unsqueeze(2) * x.unsqueeze(1)


def batch_norm_rows(norm, x):
    return norm(x.flatten(0, 1)).view_as(x)


class GraphAttention(nn.Module):
    def __init__(self, inputs, outputs, temperature):
        super().__init__()
        self.att_weight = nn.Parameter(torch.empty(outputs, 1))
        nn.init.xavier_normal_(self.att_weight)
        self.att_proj = nn.Linear(inputs, outputs)
        self.proj_with_att = nn.Linear(inputs, outputs)
        self.proj_without_att = nn.Linear(inputs, outputs)
        self.bn = nn.BatchNorm1d(outputs)
        self.temperature = temperature

    def forward(self, x):
        x = F.dropout(x, 0.2, self.training)
        logits = torch.tanh(self.att_proj(pair_products(x))) @ self.att_weight
        weights = F.softmax(logits.squeeze(-1) / self.temperature, dim=-1)
        y = self.proj_with_att(weights @ x) + self.proj_without_att(x)
        return F.selu(batch_norm_rows(self.bn, y))


class HeterogeneousAttention(nn.Module):
    def __init__(self, inputs, outputs, temperature):
        super().__init__()
        for name in ("11", "22", "12", "M"):
            weight = nn.Parameter(torch.empty(outputs, 1))
            nn.init.xavier_normal_(weight)
            self.register_parameter("att_weight" + name, weight)
        self.proj_type1 = nn.Linear(inputs, inputs)
        self.proj_type2 = nn.Linear(inputs, inputs)
        self.att_proj = nn.Linear(inputs, outputs)
        self.att_projM = nn.Linear(inputs, outputs)
        self.proj_with_att = nn.Linear(inputs, outputs)
        self.proj_without_att = nn.Linear(inputs, outputs)
        self.proj_with_attM = nn.Linear(inputs, outputs)
        self.proj_without_attM = nn.Linear(inputs, outputs)
        self.bn = nn.BatchNorm1d(outputs)
        self.temperature = temperature

    def forward(self, time, band, master):
        n = time.size(1)
        x = torch.cat([self.proj_type1(time), self.proj_type2(band)], dim=1)
        x = F.dropout(x, 0.2, self.training)
        pairs = torch.tanh(self.att_proj(pair_products(x)))
        mixed = pairs @ self.att_weight12
        top = torch.cat([pairs[:, :n, :n] @ self.att_weight11, mixed[:, :n, n:]], dim=2)
        bottom = torch.cat([mixed[:, n:, :n], pairs[:, n:, n:] @ self.att_weight22], dim=2)
        logits = torch.cat([top, bottom], dim=1).squeeze(-1)
        weights = F.softmax(logits / self.temperature, dim=-1)

        to_master = torch.tanh(self.att_projM(x * master)) @ self.att_weightM
        shares = F.softmax(to_master / self.temperature, dim=1).transpose(1, 2)
        master = self.proj_with_attM(shares @ x) + self.proj_without_attM(master)

        y = self.proj_with_att(weights @ x) + self.proj_without_att(x)
        y = F.selu(batch_norm_rows(self.bn, y))
        return y[:, :n], y[:, n:], master


class GraphPool(nn.Module):
    def __init__(self, width, ratio):
        super().__init__()
        self.proj = nn.Linear(width, 1)
        self.ratio = ratio

    def forward(self, x):
        scores = torch.sigmoid(self.proj(F.dropout(x, 0.3, self.training)))
        keep = max(int(x.size(1) * self.ratio), 1)
        index = scores.topk(keep, dim=1).indices.expand(-1, -1, x.size(2))
        return (x * scores).gather(1, index)


class Aasist(nn.Module):
    def __init__(self, width=64, ratios=(0.5, 0.7, 0.5)):
        super().__init__()
        graph = 32
        self.pos_S = nn.Parameter(torch.randn(1, 23, width))
        self.master1 = nn.Parameter(torch.randn(1, 1, width))
        self.master2 = nn.Parameter(torch.randn(1, 1, width))
        self.register_buffer("bank", sinc_bank(), persistent=False)
        self.first_bn = nn.BatchNorm2d(1)
        channels = [1, 32, 32, width, width, width, width]
        self.encoder = nn.Sequential(
            *[nn.Sequential(Block(a, b, a == 1)) for a, b in zip(channels, channels[1:])]
        )
        self.GAT_layer_S = GraphAttention(width, width, 2.0)
        self.GAT_layer_T = GraphAttention(width, width, 2.0)
        self.HtrgGAT_layer_ST11 = HeterogeneousAttention(width, graph, 100.0)
        self.HtrgGAT_layer_ST12 = HeterogeneousAttention(graph, graph, 100.0)
        self.HtrgGAT_layer_ST21 = HeterogeneousAttention(width, graph, 100.0)
        self.HtrgGAT_layer_ST22 = HeterogeneousAttention(graph, graph, 100.0)
        self.pool_S = GraphPool(width, ratios[0])
        self.pool_T = GraphPool(width, ratios[1])
        self.pool_hS1 = GraphPool(graph, ratios[2])
        self.pool_hT1 = GraphPool(graph, ratios[2])
        self.pool_hS2 = GraphPool(graph, ratios[2])
        self.pool_hT2 = GraphPool(graph, ratios[2])
        self.out_layer = nn.Linear(5 * graph, 2)

    def branch(self, time, band, master, first, second, pool_time, pool_band):
        time, band, master = first(time, band, master)
        band = pool_band(band)
        time = pool_time(time)
        more_time, more_band, more_master = second(time, band, master)
        return time + more_time, band + more_band, master + more_master

    def forward(self, wave):
        bands = F.conv1d(wave.unsqueeze(1), self.bank).unsqueeze(1).abs()
        x = F.selu(self.first_bn(F.max_pool2d(bands, 3)))
        x = self.encoder(x).abs()
        band = self.pool_S(self.GAT_layer_S(x.amax(3).transpose(1, 2) + self.pos_S))
        time = self.pool_T(self.GAT_layer_T(x.amax(2).transpose(1, 2)))

        branches = [
            self.branch(time, band, self.master1, self.HtrgGAT_layer_ST11,
                        self.HtrgGAT_layer_ST12, self.pool_hT1, self.pool_hS1),
            self.branch(time, band, self.master2, self.HtrgGAT_layer_ST21,
                        self.HtrgGAT_layer_ST22, self.pool_hT2, self.pool_hS2),
        ]
        time, band, master = (
            torch.maximum(*[F.dropout(part, 0.2, self.training) for part in parts])
            for parts in zip(*branches)
        )
        hidden = torch.cat(
            [time.abs().amax(1), time.mean(1), band.abs().amax(1), band.mean(1), master.squeeze(1)],
            dim=1,
        )
        return self.out_layer(F.dropout(hidden, 0.5, self.training))


def load(weights):
    """A network in evaluation mode with published weights; their shapes say which variant."""
    state = torch.load(weights, map_location="cpu")
    width = state["pos_S"].size(2)
    network = Aasist(width, (0.5, 0.7, 0.5) if width == 64 else (0.4, 0.5, 0.7))
    network.load_state_dict(state)
    return network.eval()


def read(path):
    """The first 4 seconds of a 16-kHz recording, a shorter one repeated, [SAMPLES]."""
    import soundfile

    wave, rate = soundfile.read(path, dtype="float32")
    if rate != SAMPLE_RATE or wave.ndim != 1:
        raise ValueError(f"{path}: not 16 kHz mono")
    return torch.from_numpy(np.resize(wave, SAMPLES))


def main():
    network = load(sys.argv[1])
    print("path,score")
    with torch.no_grad():
        for path in sys.argv[2:]:
            print(f"{path},{network(read(path).unsqueeze(0))[0, 1].item():.9g}", flush=True)


if __name__ == "__main__":
    main()
