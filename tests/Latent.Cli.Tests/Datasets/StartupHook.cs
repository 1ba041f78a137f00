using Latent.Data;
using Latent.Tests.Data.Downloads;

/// <summary>
/// Runs in a child process before the program (DOTNET_STARTUP_HOOKS) and puts a made-up data set in the place of KMNIST, without public
/// mirrors: what the tests download is small, and comes from a server of their own only.
/// </summary>
#pragma warning disable CA1050, MA0047 // the runtime looks for this name, outside all namespaces
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public static MadeUp Kmnist { get; } = new("kmnist", Train: 400, Test: 80);

    public static void Initialize() =>
        DataSets.Known = [.. DataSets.Known.Select(info => info.Name == Kmnist.Name ? Kmnist.Info("http://127.0.0.1:1/") : info)];
}
