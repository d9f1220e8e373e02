"""LightCNN's training step in PyTorch: the other side of train_step.py.

Written from the paper (Lavrentyeva et al., Interspeech 2019, table 1) and the sizes of
recipes/lcnn.yaml, in the plainest way: chunk and maximum, batch norm, cosines with a margin.
"""

import torch
from torch import nn
from torch.nn import functional as F

BINS, FRAMES = 863, 600


def larger_half(x):
    return torch.maximum(*x.chunk(2, dim=1))


class LightCnn(nn.Module):
    # (channels in, out before the larger half, kernel, batch norm, pooling)
    LAYERS = [(1, 64, 5, False, True), (32, 64, 1, True, False), (32, 96, 3, True, True),
              (48, 96, 1, True, False), (48, 128, 3, False, True), (64, 128, 1, True, False),
              (64, 64, 3, True, False), (32, 64, 1, True, False), (32, 64, 3, False, True)]

    def __init__(self):
        super().__init__()
        self.convolutions, self.norms = nn.ModuleList(), nn.ModuleList()
        for inputs, outputs, kernel, normed, _ in self.LAYERS:
            self.convolutions.append(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2))
            self.norms.append(nn.BatchNorm2d(outputs // 2) if normed else nn.Identity())
        self.hidden = nn.Linear(32 * (BINS // 16) * (FRAMES // 16), 160)
        self.hidden_norm = nn.BatchNorm1d(80)
        self.dropout = nn.Dropout(0.75)
        self.directions = nn.Parameter(nn.init.xavier_uniform_(torch.empty(80, 2)))

    def forward(self, spectrograms):
        x = spectrograms.unsqueeze(1)
        for (*_, pooled), convolution, norm in zip(self.LAYERS, self.convolutions, self.norms):
            x = larger_half(convolution(x))
            if pooled:
                x = F.max_pool2d(x, 2)
            x = norm(x)
        x = self.dropout(self.hidden_norm(larger_half(self.hidden(x.flatten(1)))))
        return F.normalize(x, dim=1) @ F.normalize(self.directions, dim=0)


def loss(cosines, labels, margin=4):
    column = labels.view(-1, 1)
    angle = torch.acos(cosines.gather(1, column).clamp(-1 + 1e-7, 1 - 1e-7))
    return F.cross_entropy(cosines.scatter(1, column, torch.cos(margin * angle)), labels)
