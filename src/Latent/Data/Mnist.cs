namespace Latent.Data;

/// <summary>
/// The MNIST database of handwritten digits: 60,000 training and 10,000 test images of 28 × 28 grey pixels with the labels 0 to 9
/// (LeCun, Cortes and Burges, 1998).
/// </summary>
public static class Mnist
{
    internal const string Name = "mnist";

    /// <summary>Loads both parts. No network is used.</summary>
    /// <param name="folder">
    /// The folder with the four IDX files. Null looks in data/mnist beside the program, then in latent/mnist in the user's cache
    /// ($XDG_CACHE_HOME, else ~/.cache).
    /// </param>
    /// <exception cref="LatentException">The files are not there or not as they should be.</exception>
    public static (ImageSet Train, ImageSet Test) Load(string? folder = null)
    {
        var data = Idx.ReadFolder(folder ?? Find(AppContext.BaseDirectory, CacheFolder), Name);
        return (data.Train, data.Test);
    }

    private static string CacheFolder
    {
        get
        {
            string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache))
                cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "latent", Name);
        }
    }

    /// <summary>The first of the two usual folders that is there.</summary>
    internal static string Find(string programFolder, string cacheFolder)
    {
        string beside = Path.Combine(programFolder, "data", Name);
        if (Directory.Exists(beside))
            return beside;
        if (Directory.Exists(cacheFolder))
            return cacheFolder;
        throw new LatentException(
            "MNIST is not on this machine.",
            $"the files {string.Join(", ", Idx.ClassicNames.Select(name => name + ".gz"))} in '{beside}' or '{cacheFolder}'",
            "neither folder exists",
            $"copy the folder data/mnist of Latent's repository to '{cacheFolder}', or name the folder that has them: Mnist.Load(\"folder\")"
        );
    }
}
