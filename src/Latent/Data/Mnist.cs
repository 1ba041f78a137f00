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
    /// The folder with the four IDX files. Null looks where <see cref="DataSets.Open(string)"/> does: in the user's own folder (LATENT_DATA), in
    /// data/mnist beside the program, then in latent/mnist in the user's cache ($XDG_CACHE_HOME, else ~/.cache).
    /// </param>
    /// <exception cref="LatentException">The files are not there or not as they should be.</exception>
    public static (ImageSet Train, ImageSet Test) Load(string? folder = null)
    {
        var data = folder is null ? DataSets.Open(Name) : Idx.ReadFolder(folder, Name);
        return (data.Train, data.Test);
    }

    internal static LatentException NotHere(DataSetPlaces places)
    {
        string beside = Path.Combine(places.Program, Name),
            cache = Path.Combine(places.Cache, Name);
        return new(
            "MNIST is not on this machine.",
            $"the files {string.Join(", ", Idx.ClassicNames.Select(name => name + ".gz"))} in '{beside}' or '{cache}'",
            "neither folder exists",
            $"copy the folder data/mnist of Latent's repository to '{cache}', or name the folder that has them: Mnist.Load(\"folder\")"
        );
    }
}
