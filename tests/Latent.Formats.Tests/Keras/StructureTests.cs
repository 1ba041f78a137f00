using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Latent.Formats.Archives;
using Latent.Formats.Hdf5;
using Latent.Tests.Shared;

namespace Latent.Formats.Tests.Keras;

/// <summary>Files written here have the structure of those that Keras writes: group by group, attribute by attribute, key by key.</summary>
public sealed partial class StructureTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// What Keras's newest versions write and those before them do not know: left out here, so that they read our files too, and the same is meant.
    /// </summary>
    private static readonly HashSet<string> s_newest = new(StringComparer.Ordinal)
    {
        "shared_object_id",
        "optional",
        "ragged",
        "input_axes",
        "output_axes",
        "quantization_config",
        "renorm",
        "renorm_clipping",
        "renorm_momentum",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("keras3_seed_z2_decoder.h5")]
    [InlineData("keras3_seed_z2_decoder.keras")]
    [InlineData("keras3_transpose.h5")]
    [InlineData("keras3_transpose.keras")]
    [InlineData("keras3_colour.h5")]
    [InlineData("keras3_colour.keras")]
    public void A_model_written_again_is_built_as_Keras_built_it(string name)
    {
        string again = _folder["again" + Path.GetExtension(name)];
        KerasModel.Open(KerasFiles.Of(name)).Save(again);
        Compare(KerasFiles.Of(name), again);
    }

    [Theory]
    [InlineData("z10_init", ".h5")]
    [InlineData("z10_init", ".keras")]
    [InlineData("z10_step100", ".h5")]
    [InlineData("z10_step100", ".keras")]
    public void The_articles_autoencoder_is_built_as_Keras_built_it(string stem, string ending)
    {
        string theirs = Path.Combine(Repository.Root, "tests", "golden", "golden", stem + ending),
            ours = _folder["ours" + ending];
        var keras = KerasModel.Open(theirs);
        Assert.NotNull(keras.OptimizerState);
        KerasModel.Save(ours, keras.ToAutoencoder(), optimizer: keras.OptimizerState, loss: keras.Loss);
        Compare(theirs, ours);
    }

    /// <summary>The same by h5py, which reads with the HDF Group's own library.</summary>
    [Theory]
    [InlineData("keras3_transpose.h5")]
    [InlineData("keras3_seed_z2_decoder.h5")]
    [InlineData("z10_step100.h5")]
    public void H5py_sees_the_same(string name)
    {
        if (!HasH5py())
            Assert.Skip($"{Python} has no h5py (Debian: apt-get install python3-h5py): what it sees in our files is not compared");
        string theirs = File.Exists(KerasFiles.Of(name))
                ? KerasFiles.Of(name)
                : Path.Combine(Repository.Root, "tests", "golden", "golden", name),
            ours = _folder["ours.h5"];
        var keras = KerasModel.Open(theirs);
        if (keras.OptimizerState is null)
            keras.Save(ours);
        else
            KerasModel.Save(ours, keras.ToAutoencoder(), optimizer: keras.OptimizerState, loss: keras.Loss);
        string[] expected = H5py(theirs),
            actual = H5py(ours);
        Assert.True(expected.Length > 20);
        Assert.Equal(expected, actual);
    }

    /// <summary>Many names in a group: trees of several nodes and levels, as the HDF Group's library reads them.</summary>
    [Fact]
    public void H5py_reads_a_group_of_many_names()
    {
        if (!HasH5py())
            Assert.Skip($"{Python} has no h5py (Debian: apt-get install python3-h5py): it does not read a group of many names");
        var root = new NewGroup();
        for (int i = 0; i < 700; i++)
        {
            float[] values = [i, i / 2f];
            root.Group("many")
                .Add($"name{i}", new(NewType.Float32, [2], () => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));
        }
        using (var file = File.Create(_folder["many.h5"]))
            Hdf5Writer.Write(file, root);
        string text = Run(
            "import h5py,sys\nwith h5py.File(sys.argv[1]) as f:\n print(len(f['many']), all(f['many/name%d' % i][0] == i and f['many/name%d' % i][1] == i / 2 for i in range(700)))",
            _folder["many.h5"]
        );
        Assert.Equal("700 True", text.Trim());
        using var again = File.OpenRead(_folder["many.h5"]);
        var many = new Hdf5File(ByteSource.Of(again)).Root.Find("many")!;
        Assert.Equal(700, many.Names.Count);
        Assert.Equal([699, 349.5f], many.Find("name699")!.ToDataSet().ReadFloats());
    }

    private static void Compare(string theirs, string ours)
    {
        if (Path.GetExtension(theirs) == ".h5")
        {
            var (expected, actual) = (Root(File.ReadAllBytes(theirs)), Root(File.ReadAllBytes(ours)));
            Assert.Equal(Lines(expected), Lines(actual));
            foreach (string config in (string[])["model_config", "training_config"])
                Assert.Equal(Normal(expected.Text(config)), Normal(actual.Text(config)));
            return;
        }
        var (their, our) = (Zip(theirs), Zip(ours));
        Assert.Equal(their.Names, our.Names);
        Assert.Equal(Lines(Root(Entry(their, "model.weights.h5"))), Lines(Root(Entry(our, "model.weights.h5"))));
        Assert.Equal(Normal(Text(their, "config.json")), Normal(Text(our, "config.json")));
        Assert.Equal(
            JsonNode.Parse(Text(their, "metadata.json"))!.AsObject().Select(member => member.Key),
            JsonNode.Parse(Text(our, "metadata.json"))!.AsObject().Select(member => member.Key)
        );
    }

    private static Hdf5Object Root(byte[] file) => new Hdf5File(ByteSource.Of(file)).Root;

    private static ZipArchiveReader Zip(string path) => new(ByteSource.Of(File.ReadAllBytes(path)));

    private static byte[] Entry(ZipArchiveReader zip, string name)
    {
        var entry = zip.Open(name, int.MaxValue)!;
        return entry.Read(0, entry.Length);
    }

    private static string Text(ZipArchiveReader zip, string name) => System.Text.Encoding.UTF8.GetString(Entry(zip, name));

    /// <summary>Each object with its type and shape, and each attribute with its type, shape and text.</summary>
    private static List<string> Lines(Hdf5Object root)
    {
        var lines = new List<string>();
        Add(root);
        return lines;

        void Add(Hdf5Object one)
        {
            string data = one.IsGroup ? "group" : $"{one.ToDataSet().Type.Name} {Show.Sides(one.ToDataSet().Space.Sides)} {Sum(one)}";
            lines.Add(InputName(one.Path) + ": " + data);
            foreach (string name in one.AttributeNames.Order(StringComparer.Ordinal))
            {
                var attribute = one.Attribute(name)!;
                string text =
                    name.EndsWith("_config", StringComparison.Ordinal) ? "…"
                    : attribute.Type.Kind == DataKind.Float ? ""
                    : string.Join(", ", one.TextList(name)!);
                lines.Add(
                    $"{InputName(one.Path)} @{name}: {attribute.Type.Kind} {attribute.Type.Size} utf8 {attribute.Type.Utf8} {Show.Sides(attribute.Space.Sides)} {InputName(text)}"
                );
            }
            foreach (string name in one.Names.Order(StringComparer.Ordinal))
                Add(one.Find(name)!);
        }
    }

    private static double Sum(Hdf5Object data) =>
        data.ToDataSet().Type.Kind == DataKind.Float ? data.ToDataSet().ReadFloats().Sum(number => (double)number) : 0;

    /// <summary>A model's input layer has a number that counts all models of a program.</summary>
    private static string InputName(string text) => InputLayer().Replace(text, "input_layer");

    /// <summary>JSON without what may differ: keys of the newest versions, the way a type is written, the counter of input layers, an optimizer that Keras lost.</summary>
    private static string? Normal(string? json)
    {
        if (json is null)
            return null;
        var root = JsonNode.Parse(json)!;
        if (root["compile_config"] is JsonObject compiled)
            compiled.Remove("optimizer"); // Keras takes it away where it has saved a .h5 file before
        return InputName(Clean(root)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private static JsonNode? Clean(JsonNode? node) =>
        node switch
        {
            JsonObject { Count: > 0 } policy when policy["class_name"]?.ToString() == "DTypePolicy" => policy["config"]![
                "name"
            ]!.DeepClone(),
            JsonObject json => new JsonObject(
                json.Where(member => !s_newest.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, Clean(member.Value)))
            ),
            JsonArray array => new JsonArray([.. array.Select(Clean)]),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(Math.Round(value.GetValue<double>(), 7)),
            _ => node?.DeepClone(),
        };

    private static string[] H5py(string file) =>
        Run(
                """
                import h5py, re, sys
                def shown(x):
                    return re.sub(r'input_layer(_\d+)?', 'input_layer', str(x))
                with h5py.File(sys.argv[1]) as f:
                    def see(name, o):
                        for key in sorted(o.attrs):
                            a = o.attrs.get_id(key)
                            t = a.get_type()
                            text = '' if key.endswith('_config') else shown(o.attrs[key])
                            cset = t.get_cset() if isinstance(t, h5py.h5t.TypeStringID) else ''
                            print(shown(name), '@', key, a.dtype, a.shape, type(t).__name__, cset, text)
                        if isinstance(o, h5py.Dataset):
                            p = o.id.get_create_plist()
                            print(shown(name), o.shape, o.dtype, o.maxshape, p.get_layout(), p.get_nfilters(), float(o[()].sum()))
                        else:
                            print(shown(name))
                    see('/', f)
                    f.visititems(see)
                """,
                file
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static bool HasH5py()
    {
        try
        {
            return File.Exists(Python) && Run("import h5py; print('yes')").Trim() == "yes";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Run(string script, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", script, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException(error.Result);
    }

    [GeneratedRegex(@"input_layer(_\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InputLayer();
}
