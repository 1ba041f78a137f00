using System.Text;
using System.Text.Json.Nodes;
using Latent.Models;

namespace Latent.Cli.Tests.Faults;

/// <summary>What a run folder holds, apart from the time that the training took.</summary>
internal static class RunFiles
{
    public const string State = "state.safetensors",
        Model = "model.safetensors";

    private const string LongText = "text/";

    /// <summary>Fails where two runs differ in one bit of anything but the time, the place and the number of threads.</summary>
    /// <param name="expected">A run folder.</param>
    /// <param name="actual">A run folder.</param>
    /// <param name="besides">What of the state's texts may differ as well.</param>
    public static void AssertSame(string expected, string actual, string? besides = null)
    {
        string[] names = [.. Names(expected).Where(name => !IsSnapshot(name))],
            others = Names(actual);
        Assert.Equal(names, others.Where(name => !IsSnapshot(name))); // so no temporary file and no lock is left
        // a run whose folder was deleted, or that had no room, has not all of them; what it has are those of the other one
        foreach (string name in (IEnumerable<string>)[.. names, .. others.Where(IsSnapshot)])
        {
            string[] files = [Path.Combine(expected, name), Path.Combine(actual, name)];
            if (name == State)
                Assert.Equal(StateOf(files[0], besides), StateOf(files[1], besides));
            else if (name == "history.csv")
                Assert.Equal(WithoutSeconds(File.ReadAllText(files[0])), WithoutSeconds(File.ReadAllText(files[1])));
            else if (name == "run.json")
                Assert.Equal(Info(files[0]), Info(files[1]));
            else if (name != "report.html") // has the time in it
                Assert.True(File.ReadAllBytes(files[0]).AsSpan().SequenceEqual(File.ReadAllBytes(files[1])), $"{files[1]} is another");
        }
    }

    /// <summary>Whether a folder has something to go on from.</summary>
    public static bool HasState(string run) => File.Exists(Path.Combine(run, State));

    /// <summary>The seed of the training that the state is of.</summary>
    public static long Seed(string run) =>
        (long)JsonNode.Parse(Texts(SafeTensors.Read(Path.Combine(run, State)))["training.options"])!["seed"]!;

    /// <summary>Files that a process was writing when it was killed.</summary>
    public static IEnumerable<string> Temporary(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories) : [];

    /// <summary>Steps that the state has done.</summary>
    public static long Steps(string run) => long.Parse(Texts(SafeTensors.Read(Path.Combine(run, State)))["training.step"]);

    /// <summary>Copies a run, or one file of it, without its pictures.</summary>
    public static void Copy(string from, string to, string only = "*")
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, only))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static bool IsSnapshot(string name) => name.StartsWith("snapshots/", StringComparison.Ordinal);

    private static string[] Names(string folder) =>
        [
            .. Directory
                .EnumerateFiles(
                    folder,
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
                )
                .Select(file => Path.GetRelativePath(folder, file))
                .Order(StringComparer.Ordinal),
        ];

    private static string StateOf(string file, string? besides)
    {
        var content = SafeTensors.Read(file);
        return string.Join(
            '\n',
            [
                .. Texts(content)
                    .Where(text => text.Key != besides)
                    .Select(Text)
                    .Where(line => line.Length > 0)
                    .Order(StringComparer.Ordinal),
                .. content
                    .Tensors.Where(t => !t.Key.StartsWith(LongText, StringComparison.Ordinal))
                    .OrderBy(t => t.Key, StringComparer.Ordinal)
                    .Select(t => $"{t.Key} {Convert.ToHexString(t.Value.Data.Span)}"),
            ]
        );

        static string Text(KeyValuePair<string, string> text) =>
            text.Key switch
            {
                "training.seconds" or "training.sha256" => "",
                "training.history" => History(JsonNode.Parse(text.Value)!.AsArray()),
                "training.options" => $"options {WithoutThreads(JsonNode.Parse(text.Value)!)}",
                _ => $"{text.Key} {text.Value}",
            };
    }

    /// <summary>The texts of a state, of which the long ones are tensors.</summary>
    private static Dictionary<string, string> Texts(SafeTensorsFile content) =>
        content
            .Tensors.Where(t => t.Key.StartsWith(LongText, StringComparison.Ordinal))
            .Select(t => KeyValuePair.Create(t.Key[LongText.Length..], Encoding.UTF8.GetString(t.Value.Data.Span)))
            .Concat(content.Metadata)
            .ToDictionary();

    private static string History(JsonArray history)
    {
        foreach (var epoch in history)
            epoch!["seconds"] = null;
        return history.ToJsonString();
    }

    private static string Info(string file)
    {
        var info = JsonNode.Parse(File.ReadAllText(file))!;
        info["seconds"] = null;
        info["threads"] = null;
        info["options"] = WithoutThreads(info["options"]!);
        return info.ToJsonString();
    }

    private static JsonNode WithoutThreads(JsonNode options)
    {
        options = options.DeepClone();
        options["threads"] = null;
        return options;
    }

    private static string WithoutSeconds(string history) =>
        string.Join('\n', history.Split('\n').Select(line => line[..Math.Max(0, line.LastIndexOf(','))]));
}
