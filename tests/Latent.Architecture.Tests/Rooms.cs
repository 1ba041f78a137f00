using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using SystemAssembly = System.Reflection.Assembly;

namespace Latent.Architecture.Tests;

/// <summary>
/// The rooms of the house and the arrows between them, as docs/design.md draws them. A room is the part of a namespace after "Latent.";
/// the types right in "Latent" (the exception, file helpers) are the ground that every room may use.
/// </summary>
internal static class Rooms
{
    public const string Ground = "";
    private static readonly string[] Library = [Ground, "Data", "Networks", "Engine", "Models", "Training", "Analysis"];

    /// <summary>What each room may use beside itself.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } =
        new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            [Ground] = [],
            ["Networks"] = [Ground],
            ["Data"] = [Ground, "Networks"], // for one type: the shape of an image
            ["Engine"] = [Ground, "Networks", "Data"],
            ["Models"] = [Ground, "Networks", "Data", "Engine"],
            ["Analysis"] = [Ground, "Networks", "Data", "Engine", "Models"],
            ["Training"] = [Ground, "Networks", "Data", "Engine", "Models", "Analysis"], // for metrics beside the loss
            ["Formats"] = Library,
            ["Explorer"] = Library,
            ["Hosting"] = Library,
            ["Images"] = [.. Library, "Explorer"],
            ["Embeddings"] = [.. Library, "Images"],
            ["Studio"] = [.. Library, "Formats", "Explorer", "Images"],
            ["Cli"] = [.. Library, "Formats", "Explorer", "Images", "Studio"],
        };

    public static SystemAssembly LibraryAssembly => typeof(Networks.Network).Assembly;

    public static SystemAssembly FormatsAssembly => SystemAssembly.Load("Latent.Formats");

    public static SystemAssembly ExplorerAssembly => SystemAssembly.Load("Latent.Explorer");

    public static SystemAssembly HostingAssembly => SystemAssembly.Load("Latent.Hosting");

    public static SystemAssembly ImagesAssembly => SystemAssembly.Load("Latent.Images");

    public static SystemAssembly EmbeddingsAssembly => SystemAssembly.Load("Latent.Embeddings");

    public static SystemAssembly StudioAssembly => SystemAssembly.Load("Latent.Studio");

    public static SystemAssembly CliAssembly => SystemAssembly.Load("Latent.Cli");

    /// <summary>The program's own assemblies, read once.</summary>
    public static ArchUnitNET.Domain.Architecture Source { get; } =
        new ArchLoader()
            .LoadAssemblies(
                LibraryAssembly,
                FormatsAssembly,
                ExplorerAssembly,
                HostingAssembly,
                ImagesAssembly,
                EmbeddingsAssembly,
                StudioAssembly,
                CliAssembly
            )
            .Build();

    /// <summary>The room of a type; null for types that are not ours. The program's entry point, which has no namespace, is Cli.</summary>
    public static string? Of(IType type)
    {
        var parts = (type.Namespace?.FullName ?? "").Split('.'); // a type parameter has no namespace
        if (parts[0] == "Latent")
            return parts.Length > 1 ? parts[1] : Ground;
        return type.FullName == "Program" ? "Cli" : null;
    }

    /// <summary>Each use of a room that a room may not use: "Latent.Data.X uses Latent.Engine.Y".</summary>
    public static IReadOnlyList<string> Violations(ArchUnitNET.Domain.Architecture architecture, string room) =>
        Uses(
            architecture,
            type => Of(type) == room,
            type => Of(type) is { } used && used != room && !Arrows[room].Contains(used, StringComparer.Ordinal)
        );

    /// <summary>Each use of some types by others.</summary>
    public static IReadOnlyList<string> Uses(
        ArchUnitNET.Domain.Architecture architecture,
        Func<IType, bool> user,
        Func<IType, bool> used
    ) =>
        [
            .. architecture
                .Types.Where(user)
                .SelectMany(type => type.Dependencies.Where(d => used(d.Target)).Select(d => $"{type.FullName} uses {d.Target.FullName}"))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}
