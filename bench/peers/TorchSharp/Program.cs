// A side of the bench: TorchSharp as a user writes it, or tuned ("user", "tuned"); see bench/README.md.
using Latent.Bench.Peers;
using Latent.Bench.Shared;

bool tuned = args is ["tuned"];
if (!tuned && args is not ["user"])
{
    Console.Error.WriteLine("usage: TorchSharpPeer user|tuned");
    return 1;
}
if (tuned)
    NativeTuning.Apply(); // before anything of libtorch is loaded
NativeLoading.Prepare();
SideLoop.Run(new TorchSide(tuned));
return 0;
