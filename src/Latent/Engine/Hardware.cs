using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latent.Engine;

/// <summary>What the engine makes of the processor.</summary>
public static class Hardware
{
    private static int s_warned;

    /// <summary>
    /// Why the engine is some hundred times slower than it could be: one sentence with what to do, or null where nothing is wrong. Its sums are
    /// built on fused multiply-add. Where the program was compiled without it (NativeAOT's default for x64) each one is a call of a function.
    /// </summary>
    public static string? Warning { get; } = Find();

    /// <summary>Says the warning once in the life of the program, to the listeners of <see cref="Trace"/>.</summary>
    internal static void Warn()
    {
        if (Warning is not null && Interlocked.Exchange(ref s_warned, 1) == 0)
            Trace.TraceWarning(Warning);
    }

    private static string? Find()
    {
        if (
            RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.X86)
            || (Fma.IsSupported && Vector256.IsHardwareAccelerated)
        )
            return null;
        return RuntimeFeature.IsDynamicCodeSupported
            ? "Latent runs some hundred times slower than it could: this processor has no AVX2 and FMA, or they are switched off (DOTNET_EnableHWIntrinsic, DOTNET_EnableAVX2)."
            : "Latent runs some hundred times slower than it could: this program was compiled ahead of time without AVX2 and FMA. Publish it with the property <IlcInstructionSet>x86-64-v3</IlcInstructionSet>, or native for this machine's own processor.";
    }
}
