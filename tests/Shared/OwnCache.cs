using System.Runtime.CompilerServices;

namespace Latent.Tests.Shared;

/// <summary>The user's cache of a test process that decodes folders: a folder of its own, gone when the process ends.</summary>
internal static class OwnCache
{
    /// <summary>The variable that says of a child of a test that its cache is chosen.</summary>
    public const string Given = "LATENT_TEST_CACHE_GIVEN";

#pragma warning disable CA2255 // before the first test
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Make()
    {
        if (Environment.GetEnvironmentVariable(Given) is not null)
            return;
        // a browser's home lies in the user's cache too
        string name = typeof(OwnCache).Assembly.GetName().Name!;
        if (name is not ("Latent.Cli.Tests" or "Latent.Images.Tests" or "Latent.Docs.Tests"))
            return;
        string folder = Directory.CreateTempSubdirectory("latent-test-cache-").FullName;
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
