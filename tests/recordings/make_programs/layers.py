"""Programs of ordinary layers: parameters, buffers, decompositions, literals."""

import torch
import torch.nn.functional as F
from torch.export import Dim, export


class Attention(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = torch.nn.Linear(16, 48)
        self.out = torch.nn.Linear(16, 16, bias=False)

    def forward(self, x, mask):
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, 4, 4).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=0.0, scale=0.25)
        return self.out(y.transpose(1, 2).reshape(batch, length, 16))


def attention():
    batch, length = Dim("batch", max=32), Dim("length", max=2048)
    x, mask = torch.rand(2, 5, 16), torch.rand(2, 1, 5, 5)
    shapes = ({0: batch, 1: length}, {0: batch, 2: length, 3: length})
    return export(Attention(), (x, mask), dynamic_shapes=shapes, strict=False)


class ConvNorm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, stride=(2, 1), padding=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.pool = torch.nn.MaxPool2d(2, return_indices=True)

    def forward(self, x):
        values, indices = self.pool(F.relu(self.norm(self.conv(x))))
        return values, indices


def conv_norm(training):
    model = ConvNorm().train(training)
    batch = Dim("batch", min=2, max=64)
    return export(model, (torch.rand(4, 3, 8, 8),), dynamic_shapes=({0: batch},), strict=False)


class Embedding(torch.nn.Module):
    """An embedding whose table is tied to the head."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(30, 8, padding_idx=0)
        self.norm = torch.nn.LayerNorm(8, eps=1e-12)
        self.head = torch.nn.Linear(8, 30, bias=False)
        self.head.weight = self.table.weight

    def forward(self, tokens):
        return self.head(self.norm(self.table(tokens))).log_softmax(-1)


def embedding_tied():
    dims = ({0: Dim.DYNAMIC, 1: Dim.DYNAMIC},)
    return export(Embedding(), (torch.randint(0, 30, (2, 7)),), dynamic_shapes=dims, strict=False)


class Buffers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("steps", torch.zeros(2, dtype=torch.int64))
        self.register_buffer("scale", torch.tensor(0.5), persistent=False)
        self.plain = torch.arange(4.0)

    def forward(self, x):
        self.steps.add_(1)
        self.scale.copy_(x.mean())
        return x * self.scale + self.plain + torch.tensor([1.0, 2.0, 3.0, 4.0]), self.steps * 2


def buffers_mutated():
    model, args = Buffers(), (torch.rand(3, 4),)
    return export(model, args, dynamic_shapes=({0: Dim("rows", max=9)},), strict=False)


class UserInputMutated(torch.nn.Module):
    def forward(self, x, y):
        x.add_(y)
        y[0].fill_(-1.5)
        return x - y, x.shape[0]


def user_input_mutated():
    dims = ({0: Dim.AUTO}, {0: Dim.AUTO})
    args = (torch.rand(3, 4), torch.rand(3, 4))
    return export(UserInputMutated(), args, dynamic_shapes=dims, strict=False).run_decompositions(
        {}
    )


class Literals(torch.nn.Module):
    """Every literal that a print can hold: infinities, exponents, complex, booleans, strings."""

    def forward(self, x, half, tiny):
        a = torch.clamp(x, min=float("-inf"), max=1e-08)
        b = x.masked_fill(x > -2, float("inf")) * 1e20 + 0.1 - 123456789.0
        c = torch.full((2, 3), complex(1.5, -2.0))
        d = torch.nan_to_num(x, nan=float("nan"), posinf=3.4028234663852886e38)
        e = half.to(torch.bfloat16) + tiny.to(torch.float16)
        f = F.gelu(x, approximate="tanh") + torch.div(x, -3, rounding_mode="floor")
        g = torch.zeros_like(x, dtype=torch.bool, memory_format=torch.contiguous_format)
        h = torch.arange(-1, 10, 2, dtype=torch.int8, device="cpu").sum(dtype=torch.int32)
        i = x.to(memory_format=torch.channels_last, copy=True)
        j = torch.bucketize(x, torch.tensor([0.1, 0.5]), right=True)
        return (
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            i,
            j,
            torch.full((1,), 9223372036854775807),
            torch.ones(1) * (1 / 3),
        )


def literals():
    args = (torch.rand(2, 2, 3, 3), torch.rand(2).half(), torch.ones(2, dtype=torch.int8))
    return export(Literals(), args, strict=False)


class Indexing(torch.nn.Module):
    """Operands that are lists with None in them, slices, einsum."""

    def forward(self, x, rows, columns, values):
        a = x[:, rows, :, columns]
        b = x.clone()
        b[:, rows, 1] = values
        c = torch.einsum("bij,bjk->bik", x[0], x[1])
        d = x[..., 1::2, -1]
        return (
            a,
            b,
            c,
            d.amax((0, 1), keepdim=True),
            torch.tensordot(x[0], x[1], dims=([1, 2], [2, 1])),
        )


def indexing():
    x, rows, columns = torch.rand(3, 3, 3, 3), torch.tensor([0, 2]), torch.tensor([1, 0])
    return export(Indexing(), (x, rows, columns, torch.rand(3, 2, 3)), strict=False)


class Upsample(torch.nn.Module):
    def forward(self, x):
        a = F.interpolate(x, scale_factor=2.0, mode="nearest")
        b = F.interpolate(x, scale_factor=(1.5, 0.5), mode="bilinear", align_corners=False)
        c = F.pad(x, (1, 0, 2, -1), value=-0.25)
        return a, b, c, F.adaptive_avg_pool2d(x, (2, None))


def upsample():
    shapes = ({2: Dim.AUTO, 3: Dim.AUTO},)
    return export(Upsample(), (torch.rand(1, 2, 8, 6),), dynamic_shapes=shapes, strict=False)


class Random(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = torch.nn.Dropout(0.3)

    def forward(self, x):
        noise = torch.rand(x.shape[0], 4) + torch.randn_like(x) * torch.randint(-3, 5, (4,))
        return self.drop(x) + noise, torch.bernoulli(x, 0.25), torch.randperm(6)


def random():
    return export(Random(), (torch.rand(3, 4),), dynamic_shapes=({0: Dim("rows")},), strict=False)


class Lstm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(4, 3, num_layers=2, batch_first=True, bidirectional=True)

    def forward(self, x):
        y, (h, c) = self.lstm(x)
        return {"y": y, "state": (h, c)}


def lstm():
    return export(Lstm(), (torch.rand(2, 5, 4),), strict=False)


class LowPrecision(torch.nn.Module):
    def forward(self, x, w, index):
        a = torch.mm(x, w).to(torch.float64)
        b = (index.to(torch.int16) << 2) & 7
        c = x.to(torch.float8_e4m3fn).to(torch.float32)
        return (
            a,
            b.to(torch.uint8),
            c,
            torch.view_as_complex(a.reshape(-1, 2)).abs(),
            index.bool().any(),
        )


def low_precision():
    args = (
        torch.rand(4, 4).bfloat16(),
        torch.rand(4, 4).bfloat16(),
        torch.arange(4, dtype=torch.int32),
    )
    return export(LowPrecision(), args, strict=False)


PROGRAMS = {
    "attention": attention,
    "attention_decomposed": lambda: attention().run_decompositions(),
    "conv_norm_eval": lambda: conv_norm(False),
    "conv_norm_training": lambda: conv_norm(True),
    "conv_norm_training_decomposed": lambda: conv_norm(True).run_decompositions({}),
    "embedding_tied": embedding_tied,
    "embedding_tied_decomposed": lambda: embedding_tied().run_decompositions(),
    "buffers_mutated": buffers_mutated,
    "buffers_mutated_functional": lambda: buffers_mutated().run_decompositions({}),
    "user_input_mutated": user_input_mutated,
    "literals": literals,
    "indexing": indexing,
    "upsample": upsample,
    "random": random,
    "lstm": lstm,
    "low_precision": low_precision,
}
