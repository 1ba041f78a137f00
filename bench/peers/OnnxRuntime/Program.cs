// A side of the bench: ONNX Runtime, which runs networks forward; see bench/README.md.
using Latent.Bench.Peers;
using Latent.Bench.Shared;

using var side = new OnnxSide();
SideLoop.Run(side);
