namespace Latent.Tests.Shared;

/// <summary>The largest error of each case against Keras, for the tables of errors: LATENT_ERRORS names a file to add lines to.</summary>
internal static class Errors
{
    private static readonly string? s_file = Environment.GetEnvironmentVariable("LATENT_ERRORS");
    private static readonly Lock s_lock = new();

    public static void Note(string part, string name, double error)
    {
        if (string.IsNullOrEmpty(s_file))
            return;
        lock (s_lock)
            File.AppendAllText(s_file, $"{part}\t{name}\t{error:g3}\n");
    }
}
