using System.Globalization;
using Latent.Analysis;
using Latent.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latent.Studio.Training;

/// <summary>The snapshots of runs for the pages' JavaScript.</summary>
internal static class SnapshotEndpoints
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
            return Gone();
        try
        {
            return answer(new(run));
        }
        catch (Exception e) when (e is LatentException or IOException or UnauthorizedAccessException)
        {
            return Gone(); // deleted meanwhile, or damaged
        }
    }

    /// <summary>
    /// A run keeps some of its epochs, and a page may ask for one that has just gone: no fault, so not one of the answers that browsers write
    /// into their console.
    /// </summary>
    private static IResult Gone() => Results.NoContent();

    private static IResult Bytes(SnapshotFolder folder, string epoch) =>
        PathOf(folder, epoch) is { } path && File.Exists(path)
            ? Results.Bytes(File.ReadAllBytes(path), "application/octet-stream")
            : Gone();

    private static IResult Meta(SnapshotFolder folder, string epoch)
    {
        if (PathOf(folder, epoch) is null)
            return Gone();
        var snapshot = epoch == FinalName ? folder.ReadFinal() : folder.Read(int.Parse(epoch, CultureInfo.InvariantCulture));
        return Results.Json(SnapshotMeta.Of(snapshot));
    }

    /// <summary>A number or "final", and nothing else, becomes a path.</summary>
    private static string? PathOf(SnapshotFolder folder, string epoch) =>
        epoch == FinalName ? folder.FinalPath
        : int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? folder.PathOf(number)
        : null;
}

/// <summary>Which snapshots there are.</summary>
/// <param name="Epochs">The epochs, ascending.</param>
/// <param name="Final">Whether there is one of the final model.</param>
internal sealed record SnapshotList(IReadOnlyList<int> Epochs, bool Final);

/// <summary>What a page needs to draw a snapshot, beside its tensors.</summary>
/// <param name="Epoch">The epoch that the weights are of.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="ValLoss">Its validation loss.</param>
/// <param name="Latent">How many numbers a code has.</param>
/// <param name="Shape">Height, width and channels of an image.</param>
/// <param name="LabelNames">The labels' names.</param>
/// <param name="Ranges">The 1st and the 99th percentile of each number of the codes.</param>
/// <param name="Mean">The mean of the codes; empty for codes of two numbers, which are drawn as they are.</param>
/// <param name="Components">Their first two principal components; as empty.</param>
internal sealed record SnapshotMeta(
    int Epoch,
    double? Loss,
    double? ValLoss,
    int Latent,
    int[] Shape,
    IReadOnlyList<string> LabelNames,
    double[][] Ranges,
    double[] Mean,
    double[][] Components
)
{
    /// <summary>What is said of a snapshot.</summary>
    public static SnapshotMeta Of(Snapshot snapshot)
    {
        var codes = snapshot.Codes.Span;
        var (latent, shape) = (snapshot.LatentSize, snapshot.ImageShape);
        var plane = latent is > 2 and <= Pca.MaxDimension ? Pca.Fit(codes, latent, 2, threads: 1) : null; // the others are training's
        return new(
            snapshot.Epoch,
            Finite(snapshot.Loss),
            Finite(snapshot.ValLoss),
            latent,
            [shape.Height, shape.Width, shape.Channels],
            snapshot.LabelNames,
            [.. CodeStatistics.Ranges(codes, latent).Select(range => (double[])[range.Low, range.High])],
            plane?.Mean.ToArray() ?? [],
            plane is null ? [] : [plane.Component(0).ToArray(), plane.Component(1).ToArray()]
        );
    }

    private static double? Finite(double? number) => number is double value && double.IsFinite(value) ? value : null;
}
