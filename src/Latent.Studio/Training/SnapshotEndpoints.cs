using System.Text.Json.Serialization;
using Latent.Analysis;
using Latent.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latent.Studio.Training;

/// <summary>The snapshots of runs for the pages' JavaScript.</summary>
public static class SnapshotEndpoints
{
    private const string FinalName = "final";

    /// <summary>
    /// Adds GET /api/runs/{run}/snapshots (which epochs there are), …/snapshots/{epoch} (the safetensors file as it is) and
    /// …/snapshots/{epoch}/meta (what a map needs beside the codes); an epoch is a number or "final".
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="find">The folder of a run by its name; null where there is none.</param>
    public static void MapSnapshots(this IEndpointRouteBuilder endpoints, Func<string, RunFolder?> find)
    {
        var group = endpoints.MapGroup("/api/runs/{run}/snapshots");
        group.MapGet(
            "",
            (string run, HttpContext http) =>
                Answer(http, find(run), folder => Results.Json(new SnapshotList(folder.Epochs(), folder.HasFinal)))
        );
        group.MapGet("/{epoch}", (string run, string epoch, HttpContext http) => Answer(http, find(run), folder => Bytes(folder, epoch)));
        group.MapGet(
            "/{epoch}/meta",
            (string run, string epoch, HttpContext http) => Answer(http, find(run), folder => Meta(folder, epoch))
        );
    }

    private static IResult Answer(HttpContext http, RunFolder? run, Func<SnapshotFolder, IResult> answer)
    {
        http.Response.Headers.CacheControl = "no-store"; // a run that is trained again has others of the same names
        if (run is null)
            return Results.NotFound();
        try
        {
            return answer(new(run));
        }
        catch (Exception e) when (e is LatentException or IOException or UnauthorizedAccessException)
        {
            return Results.NotFound(); // deleted meanwhile, or damaged: the page goes on without it
        }
    }

    private static IResult Bytes(SnapshotFolder folder, string epoch) =>
        PathOf(folder, epoch) is { } path && File.Exists(path)
            ? Results.Bytes(File.ReadAllBytes(path), "application/octet-stream")
            : Results.NotFound();

    private static IResult Meta(SnapshotFolder folder, string epoch)
    {
        if (PathOf(folder, epoch) is null)
            return Results.NotFound();
        var snapshot = epoch == FinalName ? folder.ReadFinal() : folder.Read(int.Parse(epoch));
        return Results.Json(SnapshotMeta.Of(snapshot));
    }

    /// <summary>A number or "final", and nothing else, becomes a path.</summary>
    private static string? PathOf(SnapshotFolder folder, string epoch) =>
        epoch == FinalName ? folder.FinalPath
        : int.TryParse(epoch, System.Globalization.NumberStyles.None, null, out int number) ? folder.PathOf(number)
        : null;
}

/// <summary>Which snapshots there are.</summary>
/// <param name="Epochs">The epochs, ascending.</param>
/// <param name="Final">Whether there is one of the final model.</param>
public sealed record SnapshotList(
    [property: JsonPropertyName("epochs")] IReadOnlyList<int> Epochs,
    [property: JsonPropertyName("final")] bool Final
);

/// <summary>What a map needs beside the codes, by the names that the explorer's JavaScript has for it.</summary>
public sealed record SnapshotMeta
{
    /// <summary>The most dimensions of which principal components are computed for each look.</summary>
    private const int MostForComponents = 256;

    public required int Epoch { get; init; }
    public required bool Final { get; init; }
    public required double? Loss { get; init; }
    public required double? ValLoss { get; init; }
    public required string Title { get; init; }
    public required int Latent { get; init; }
    public required int[] Shape { get; init; }
    public required IReadOnlyList<string> LabelNames { get; init; }
    public required int Count { get; init; }
    public required double[][] Ranges { get; init; }
    public required double[] Mean { get; init; }
    public required double[][] Components { get; init; }
    public bool CanEncode => false;
    public bool HasImages => false;

    /// <summary>What is said of a snapshot.</summary>
    public static SnapshotMeta Of(Snapshot snapshot)
    {
        var codes = snapshot.Codes.Span;
        int latent = snapshot.LatentSize;
        var pca = latent is > 2 and <= MostForComponents ? Pca.Fit(codes, latent, latent, threads: 1) : null;
        return new()
        {
            Epoch = snapshot.Epoch,
            Final = snapshot.IsFinal,
            Loss = snapshot.Loss,
            ValLoss = snapshot.ValLoss,
            Title = "",
            Latent = latent,
            Shape = [snapshot.ImageShape.Height, snapshot.ImageShape.Width, snapshot.ImageShape.Channels],
            LabelNames = snapshot.LabelNames,
            Count = snapshot.Indices.Count,
            Ranges = [.. Enumerable.Range(0, latent).Select(j => Range(snapshot, j))],
            Mean = pca?.Mean.ToArray() ?? [],
            Components = pca is null ? [] : [.. Enumerable.Range(0, pca.Components).Select(i => pca.Component(i).ToArray())],
        };
    }

    /// <summary>The 1st and the 99th percentile of one number of the codes.</summary>
    private static double[] Range(Snapshot snapshot, int number)
    {
        var codes = snapshot.Codes.Span;
        var column = new float[snapshot.Indices.Count];
        for (int i = 0; i < column.Length; i++)
            column[i] = codes[i * snapshot.LatentSize + number];
        Array.Sort(column);
        return [Quantile(column, 0.01), Quantile(column, 0.99)];
    }

    private static double Quantile(float[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double next = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (place - below) * (next - sorted[below]);
    }
}
