"""A side of the bench: PyTorch as a user writes it, or tuned ("user", "tuned"); see bench/README.md.

Reads a request a line, writes an answer a line as JSON, and sleeps in between.
"""

import json
import os
import sys
import time

TUNED = sys.argv[1:] == ["tuned"]
if not TUNED and sys.argv[1:] != ["user"]:
    sys.exit("usage: peer.py user|tuned")
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 32), "MALLOC_TOP_PAD_": str(256 << 20)}
if TUNED and "MALLOC_MMAP_THRESHOLD_" not in os.environ:
    # glibc reads them when a process starts: large blocks are kept, and not given back to the system after each operation
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | MALLOC | {"GOMP_SPINCOUNT": "1000"})

import numpy as np
import torch
from torch import nn

# What a library prints on its own must not be taken for an answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def parse(line):
    """'word a=1 b=2': the word and its options. The last value may have spaces."""
    word, _, rest = line.strip().partition(" ")
    options = {}
    while rest:
        name, _, value = rest.partition("=")
        equals = value.find("=")
        end = value.rfind(" ", 0, equals) if equals >= 0 else -1
        options[name] = value if end < 0 else value[:end]
        rest = "" if end < 0 else value[end + 1 :]
    return word, options


def sizes(text):
    return [int(side) for side in text.split("x")]


def to_torch(images):
    """(n, height, width, channels) to torch's (n, channels, height, width), turned by half a turn.

    Keras pads an even image before a stride of 2 at the bottom and the right alone, torch on all sides. Turned, images and kernels alike, the
    two are the same network, and torch does no more work than by its own habits.
    """
    return images.flip(1, 2).permute(0, 3, 1, 2)


def from_torch(images):
    return images.permute(0, 2, 3, 1).flip(1, 2)


class Case:
    """The network, its weights, images and codes, as the bench wrote them."""

    def __init__(self, folder, images):
        self.networks = {}
        self.weights = np.fromfile(os.path.join(folder, "weights.f32"), dtype="<f4")
        with open(os.path.join(folder, "network.txt"), encoding="utf-8") as lines:
            for line in lines:
                word, options = parse(line)
                if word in ("encoder", "decoder"):
                    layers = self.networks[word] = []
                elif word != "network":
                    layers.append((word, options))
        shape = sizes(self.networks["encoder"][0][1]["in"])
        count = images * int(np.prod(shape))
        self.pixels = torch.from_numpy(np.fromfile(os.path.join(folder, "images.u8"), dtype=np.uint8, count=count).reshape(-1, *shape))
        turned = to_torch(self.pixels.float() / 255)
        # channels-last images are a view of the numbers as they come; otherwise they are laid out as torch has them
        self.images = turned.contiguous(memory_format=torch.channels_last if TUNED else torch.contiguous_format)
        code = int(self.networks["encoder"][-1][1]["out"])
        self.codes = torch.from_numpy(np.fromfile(os.path.join(folder, "codes.f32"), dtype="<f4").reshape(-1, code))

    def models(self):
        """New modules with the case's weights: encoder, decoder."""
        self.position = 0
        return self.model("encoder"), self.model("decoder")

    def take(self, *shape):
        count = int(np.prod(shape))
        self.position += count
        return torch.from_numpy(self.weights[self.position - count : self.position].reshape(shape).copy())

    def model(self, network):
        layers = self.networks[network]
        modules = []
        for i, (kind, options) in enumerate(layers):
            before = layers[i - 1] if i > 0 else (None, None)
            after = layers[i + 1] if i + 1 < len(layers) else (None, None)
            inputs, outputs = sizes(options["in"]), sizes(options["out"])
            if kind == "conv2d":
                modules.append(self.convolution(options, inputs, outputs))
            elif kind == "dense":
                modules.append(self.dense(inputs[0], outputs[0], before, after))
            elif kind == "flatten":
                modules.append(nn.Flatten())
            elif kind == "reshape":
                modules.append(nn.Unflatten(1, (outputs[2], outputs[0], outputs[1])))
            elif kind == "upsample":
                modules.append(nn.Upsample(scale_factor=int(options["factor"]), mode="nearest"))
            else:
                raise NotImplementedError(f"has no layer '{kind}'")
            activation = options.get("activation", "linear")
            if activation != "linear":
                modules.append({"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]())
        model = nn.Sequential(*modules)
        return model.to(memory_format=torch.channels_last) if TUNED else model

    def convolution(self, options, inputs, outputs):
        k = int(options["kernel"])
        module = nn.Conv2d(inputs[2], outputs[2], k, stride=int(options["stride"]), padding=k // 2)
        with torch.no_grad():
            module.weight.copy_(self.take(k, k, inputs[2], outputs[2]).flip(0, 1).permute(3, 2, 0, 1))
            module.bias.copy_(self.take(outputs[2]))
        return module

    def dense(self, inputs, units, before, after):
        module = nn.Linear(inputs, units)
        weights, bias = self.take(inputs, units), self.take(units)
        if before[0] == "flatten":
            weights = to_torch(weights.t().reshape(units, *sizes(before[1]["in"]))).reshape(units, inputs).t()
        if after[0] == "reshape":
            shape = sizes(after[1]["out"])
            weights = to_torch(weights.reshape(inputs, *shape)).reshape(inputs, units)
            bias = to_torch(bias.reshape(1, *shape)).reshape(units)
        with torch.no_grad():
            module.weight.copy_(weights.t())
            module.bias.copy_(bias)
        return module


class Trained:
    """A training in progress."""

    def __init__(self, case, options):
        if options["optimizer"] != "rmsprop":
            raise NotImplementedError(f"has no optimizer '{options['optimizer']}' here")
        self.images, self.batch, self.next = case.images, int(options["batch"]), 0
        self.model = nn.Sequential(*case.models())
        self.optimizer = torch.optim.RMSprop(self.model.parameters(), lr=float(options["rate"]), alpha=0.9, eps=float(options["epsilon"]))

    def step(self):
        if self.next + self.batch > len(self.images):
            self.next = 0
        x = self.images[self.next : self.next + self.batch]
        self.next += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.mse_loss(self.model(x), x)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def times(calls, call):
    """Microseconds of each call."""
    found = []
    for _ in range(calls):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1e6)
    return found


class Side:
    def __init__(self):
        self.trainings = {}
        self.order, self.position = None, 0
        torch.set_num_threads(os.cpu_count())

    def open(self, options):
        self.case = Case(options["case"], int(options["images"]))
        self.encoder, self.decoder = self.case.models()
        return {"version": f"PyTorch {torch.__version__}, Python {sys.version.split()[0]}"}

    def losses(self, options):
        trained = Trained(self.case, options)
        return {"losses": [trained.step() for _ in range(int(options["steps"]))]}

    def train(self, options):
        threads = int(options["threads"])
        if threads > 0 and torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        key = tuple(sorted(item for item in options.items() if item[0] != "calls"))
        if key not in self.trainings:
            self.trainings[key] = Trained(self.case, options)
        return {"times": times(int(options["calls"]), self.trainings[key].step)}

    def outputs(self, options):
        with torch.inference_mode():
            out = self.part(options["part"], int(options["count"]))()
            out = out if options["part"] == "encode" else from_torch(out)
            out.contiguous().numpy().astype("<f4").tofile(options["file"])
            return {"count": out.numel()}

    def run(self, options):
        with torch.inference_mode():
            return {"times": times(int(options["calls"]), self.part(options["part"], int(options["batch"])))}

    def load(self, options):
        batch = int(options["batch"])

        def call():
            if self.order is None or self.position + batch > len(self.case.pixels):
                self.order, self.position = torch.randperm(len(self.case.pixels)), 0
            self.case.pixels.index_select(0, self.order[self.position : self.position + batch]).float().div_(255)
            self.position += batch

        return {"times": times(int(options["calls"]), call)}

    def part(self, part, count):
        x = (self.case.codes if part == "decode" else self.case.images)[:count]
        return {
            "encode": lambda: self.encoder(x),
            "decode": lambda: self.decoder(x),
            "reconstruct": lambda: self.decoder(self.encoder(x)),
        }[part]


side = Side()
KNOWN = {word: getattr(side, word) for word in ("open", "losses", "train", "outputs", "run", "load")}
for line in sys.stdin:
    word, options = parse(line)
    try:
        answer = KNOWN[word](options) if word in KNOWN else {"error": f"does not know '{word}'"}
    except Exception as e:  # whatever a library raises is the answer
        answer = {"error": f"{type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}"}
    print(json.dumps(answer), file=answers, flush=True)
