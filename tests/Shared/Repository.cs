namespace Latent.Tests.Shared;

/// <summary>Where the repository lies, found from where the tests run.</summary>
internal static class Repository
{
    /// <summary>The folder with global.json.</summary>
    public static string Root { get; } = Find();

    /// <summary>MNIST as it lies in the repository.</summary>
    public static string Mnist => Path.Combine(Root, "data", "mnist");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("global.json not found above the tests");
    }
}
