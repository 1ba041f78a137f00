using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latent.Models;
using Latent.Networks;

namespace Latent.Training;

/// <summary>
/// A snapshot as a safetensors file that needs no other: "codes" (F32), "indices" and "image_indices" (I32), "labels", "images" and
/// "reconstructions" (U8), and the numbers and names in the metadata.
/// </summary>
internal static class SnapshotFile
{
    /// <summary>The version written, and the newest one read.</summary>
    public const int Version = 1;

    private const string Prefix = "snapshot.",
        VersionKey = Prefix + "version",
        Epoch = Prefix + "epoch",
        Final = Prefix + "final",
        Calibrated = Prefix + "calibrated",
        Loss = Prefix + "loss",
        ValLoss = Prefix + "val_loss",
        LabelNames = Prefix + "label_names",
        Codes = "codes",
        Indices = "indices",
        Labels = "labels",
        ImageIndices = "image_indices",
        Images = "images",
        Reconstructions = "reconstructions";

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="LatentException">It cannot be written.</exception>
    public static void Write(string path, Snapshot snapshot)
    {
        var (shape, shown) = (snapshot.ImageShape, snapshot.ImageIndices.Count);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            [Codes] = Tensor.FromFloats(snapshot.Codes.Span, snapshot.Indices.Count, snapshot.LatentSize),
            [Indices] = Whole(snapshot.Indices),
            [ImageIndices] = Whole(snapshot.ImageIndices),
            [Images] = Tensor.FromBytes(snapshot.Images.Span, shown, shape.Height, shape.Width, shape.Channels),
            [Reconstructions] = Tensor.FromBytes(snapshot.Reconstructions.Span, shown, shape.Height, shape.Width, shape.Channels),
        };
        if (!snapshot.Labels.IsEmpty)
            tensors[Labels] = Tensor.FromBytes(snapshot.Labels.Span, snapshot.Labels.Length);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [VersionKey] = $"{Version}",
            [Epoch] = snapshot.Epoch.ToString(CultureInfo.InvariantCulture),
            [Final] = snapshot.IsFinal ? "true" : "false",
            [Calibrated] = snapshot.Calibrated ? "true" : "false",
            [LabelNames] = new JsonArray([.. snapshot.LabelNames.Select(name => JsonValue.Create(name))]).ToJsonString(),
        };
        if (snapshot.Loss is double loss)
            texts[Loss] = loss.ToString("R", CultureInfo.InvariantCulture);
        if (snapshot.ValLoss is double valLoss)
            texts[ValLoss] = valLoss.ToString("R", CultureInfo.InvariantCulture);
        SafeTensors.Write(path, tensors, texts);
    }

    /// <summary>Reads the file. Nothing in it is trusted: what is returned fits together.</summary>
    /// <exception cref="LatentException">It is missing, damaged, or of a newer version.</exception>
    public static Snapshot Read(string path)
    {
        var file = SafeTensors.Read(path);
        if (!file.Metadata.TryGetValue(VersionKey, out string? version))
            throw Damaged(path, "it is no snapshot of a training");
        if (version != $"{Version}")
            throw new LatentException(
                $"'{path}' was written by another version of Latent.",
                $"a snapshot of version {Version}",
                Shown.Of(version),
                "update Latent, or delete the file: a training does not need it"
            );
        try
        {
            var snapshot = Parse(file);
            return Fits(snapshot) ? snapshot : throw Damaged(path, "its parts do not fit each other");
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or KeyNotFoundException or JsonException or InvalidOperationException)
        {
            throw Damaged(path, Shown.Problem(e), e);
        }
    }

    private static Snapshot Parse(SafeTensorsFile file)
    {
        var (codes, images) = (Of(file, Codes, "F32", 2), Of(file, Images, "U8", 4));
        return new()
        {
            Epoch = int.Parse(file.Metadata[Epoch], NumberStyles.None, CultureInfo.InvariantCulture),
            IsFinal = bool.Parse(file.Metadata[Final]),
            Calibrated = bool.Parse(file.Metadata[Calibrated]),
            Loss = Number(file, Loss),
            ValLoss = Number(file, ValLoss),
            LatentSize = codes.Shape[1],
            Codes = codes.ToFloats(),
            Indices = Whole(Of(file, Indices, "I32", 1)),
            Labels = file.Tensors.ContainsKey(Labels) ? Of(file, Labels, "U8", 1).Data : default,
            LabelNames = [.. JsonElement.Parse(file.Metadata[LabelNames]).EnumerateArray().Select(name => name.GetString() ?? "")],
            ImageShape = new(images.Shape[1], images.Shape[2], images.Shape[3]),
            ImageIndices = Whole(Of(file, ImageIndices, "I32", 1)),
            Images = images.Data,
            Reconstructions = Of(file, Reconstructions, "U8", 4).Data,
        };
    }

    private static bool Fits(Snapshot snapshot)
    {
        foreach (float code in snapshot.Codes.Span)
            if (!float.IsFinite(code))
                return false;
        foreach (byte label in snapshot.Labels.Span)
            if (label >= snapshot.LabelNames.Count)
                return false;
        return snapshot.LatentSize > 0
            && snapshot.Indices.Count > 0
            && snapshot.Codes.Length == (long)snapshot.Indices.Count * snapshot.LatentSize
            && (snapshot.Labels.IsEmpty || snapshot.Labels.Length == snapshot.Indices.Count)
            && snapshot.Images.Length == (long)snapshot.ImageIndices.Count * snapshot.ImageShape.Size
            && snapshot.Reconstructions.Length == snapshot.Images.Length;
    }

    private static Tensor Of(SafeTensorsFile file, string name, string type, int sides) =>
        file.Tensors[name] is { } tensor && tensor.DType == type && tensor.Shape.Length == sides
            ? tensor
            : throw new FormatException($"its tensor '{name}' is of another kind");

    private static double? Number(SafeTensorsFile file, string name) =>
        file.Metadata.TryGetValue(name, out string? text) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    private static Tensor Whole(IReadOnlyList<int> numbers) =>
        new("I32", [numbers.Count], MemoryMarshal.AsBytes<int>([.. numbers]).ToArray());

    private static int[] Whole(Tensor tensor) => MemoryMarshal.Cast<byte, int>(tensor.Data.Span).ToArray();

    private static LatentException Damaged(string path, string why, Exception? inner = null) =>
        new(
            $"'{path}' cannot be read: {why}.",
            "a snapshot, as a training writes it",
            fix: "delete the file: a training does not need it",
            inner: inner
        );
}
