#:project ../src/Latent/Latent.csproj
#:property IlcInstructionSet=native
#:property TakesMnist=false

// A decoder as one native file, compiled ahead of time (a C compiler must be installed):
//   dotnet publish samples/decode.cs -o out && out/decode runs/mnist-z10
//   dotnet run -c Release samples/decode.cs runs/mnist-z10      the same with the JIT
// IlcInstructionSet gives the program the vectors and the fused multiply-add of the machine that compiles it; without it a picture takes some
// hundred times as long. For other machines name a level that all of them have, as a rule x86-64-v3.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Engine;
using Latent.Models;

if (Hardware.Warning is { } warning)
    Console.Error.WriteLine($"warning: {warning}");
using var codec = Codec.Open(args[0]);
int count = 1000;
var random = new RandomStream(seed: 1, "codes");
var codes = new float[count * codec.CodeShape.Size];
foreach (ref float number in codes.AsSpan())
    number = (float)(random.NextDouble() * 4 - 2);
float[] images = codec.Decode(codes);
Console.WriteLine($"{count} images, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(images.AsSpan())))}");

var image = new float[codec.OutputShape.Size];
var times = new List<double>();
for (var all = Stopwatch.StartNew(); all.Elapsed.TotalSeconds < 1; )
{
    long start = Stopwatch.GetTimestamp();
    codec.Decode(codes.AsSpan(0, codec.CodeShape.Size), image);
    times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
}
times.Sort();
Console.WriteLine($"one image: {times[times.Count / 2]:F0} µs (median of {times.Count})");
