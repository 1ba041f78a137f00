using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Images.Tests.Folders;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly FolderReading s_small = new(new Shape(8, 8, 1));
    private static readonly string[] s_names =
    [
        "plain.png",
        "with space.png",
        "ä ö ß.png",
        "写真.png",
        "صورة.png",
        "🐈.png",
        "a'b\"c,d.png",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    private ImageFolderOptions Options => new() { Cache = _cache.Path };

    private string Make(string name, byte value = 0)
    {
        string path = _folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFiles.Save(path, Enumerable.Repeat(value, 64).ToArray(), new Shape(8, 8, 1));
        return path;
    }

    private Data.DataSet Open(FolderReading reading, ImageFolderOptions options) =>
        ImageFolder.Open(_folder.Path, reading, options, TestContext.Current.CancellationToken);

    private static HashSet<string> Names(Data.ImageSet images) => [.. images.Names.ToArray()];

    [Fact]
    public void Subfolders_are_labels_and_names_of_any_script_are_kept()
    {
        for (int i = 0; i < s_names.Length; i++)
        for (int n = 0; n < 6; n++)
            Make($"{(n % 2 == 0 ? "猫" : "dog")}/deep{n}/{s_names[i]}", (byte)(10 * i + n));
        var data = Open(s_small, Options);
        Assert.Equal(["dog", "猫"], data.Train.LabelNames);
        foreach (var part in (Data.ImageSet[])[data.Train, data.Validation!, data.Test])
            for (int i = 0; i < part.Count; i++)
            {
                string[] name = part.Names[i].Split('/');
                Assert.Equal(name[0], part.LabelNames[part.Labels[i]]);
                Assert.Equal(10 * Array.IndexOf(s_names, name[2]) + (name[1][^1] - '0'), part.Image(i)[0]);
            }
        Assert.Equal(42, data.Train.Count + data.Validation!.Count + data.Test.Count);
    }

    [Fact]
    public void A_files_part_follows_from_its_name_alone()
    {
        for (int i = 0; i < 300; i++)
            Make($"{i}.png");
        var before = Open(s_small, Options);
        Assert.InRange(before.Test.Count, 15, 45);
        Assert.InRange(before.Validation!.Count, 15, 45);
        Assert.Empty(Names(before.Test).Intersect(Names(before.Validation)).Concat(Names(before.Test).Intersect(Names(before.Train))));
        for (int i = 300; i < 400; i++)
            Make($"{i}.png");
        File.Delete(_folder["7.png"]);
        var after = Open(s_small, Options);
        Assert.Superset(Names(before.Test).Where(n => n != "7.png").ToHashSet(), Names(after.Test));
        Assert.Superset(Names(before.Validation).Where(n => n != "7.png").ToHashSet(), Names(after.Validation!));
        Assert.Superset(Names(before.Train).Where(n => n != "7.png").ToHashSet(), Names(after.Train));
        Assert.Equal(399, after.Train.Count + after.Validation!.Count + after.Test.Count);
    }

    [Fact]
    public void Folders_named_after_the_parts_are_the_parts()
    {
        for (int i = 0; i < 30; i++)
            Make($"train/good/{i}.png");
        for (int i = 0; i < 5; i++)
        {
            Make($"test/good/{i}.png");
            Make($"test/broken/{i}.png");
        }
        var data = Open(s_small, Options);
        Assert.All(data.Test.Names.ToArray(), name => Assert.StartsWith("test/", name, StringComparison.Ordinal));
        Assert.Equal(10, data.Test.Count);
        Assert.All(
            data.Train.Names.ToArray().Concat(data.Validation!.Names.ToArray()),
            name => Assert.StartsWith("train/", name, StringComparison.Ordinal)
        );
        Assert.Equal(30, data.Train.Count + data.Validation.Count);
        Assert.Equal(["broken", "good"], data.Train.LabelNames);
    }

    [Fact]
    public void What_cannot_be_read_is_told_and_left_out()
    {
        for (int i = 0; i < 20; i++)
            Make($"{i:D2}.png", (byte)i);
        File.WriteAllText(_folder["05.png"], "no image");
        File.WriteAllBytes(_folder["06.jpg"], []);
        File.WriteAllBytes(_folder["07.png"], RareFiles.Png(30_000, 30_000, 8, 2, []));
        File.WriteAllText(_folder["notes.txt"], "not even tried");
        for (int again = 0; again < 2; again++) // from the cache too
        {
            var skipped = new List<SkippedFile>();
            var data = Open(s_small, Options with { OnSkipped = skipped.Add });
            Assert.Equal(["05.png", "06.jpg", "07.png"], skipped.Select(file => file.Name).Order(StringComparer.Ordinal));
            Assert.Equal("05.png: 8 bytes of something else", skipped.Single(file => file.Name == "05.png").ToString());
            Assert.Equal("30,000 × 30,000", skipped.Single(file => file.Name == "07.png").Reason);
            Assert.Equal(18, data.Train.Count + data.Validation!.Count + data.Test.Count);
            for (int i = 0; i < data.Train.Count; i++)
                Assert.Equal(int.Parse(data.Train.Names[i][..2]), data.Train.Image(i)[0]);
        }
    }

    [Fact]
    public void What_is_no_regular_file_is_left_out_without_opening_it()
    {
        for (int i = 0; i < 10; i++)
            Make($"{i}.png");
        if (OperatingSystem.IsWindows())
            Assert.Skip("links to devices");
        File.CreateSymbolicLink(_folder["endless.png"], "/dev/zero");
        File.CreateSymbolicLink(_folder["nowhere.png"], _folder["missing.png"]);
        File.CreateSymbolicLink(_folder["linked.png"], _folder["3.png"]);
        var skipped = new List<SkippedFile>();
        var data = Open(s_small, Options with { OnSkipped = skipped.Add });
        Assert.Equal(11, data.Train.Count + data.Validation!.Count + data.Test.Count);
        Assert.Equal(["endless.png", "nowhere.png"], skipped.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Contains("a device", skipped.Single(file => file.Name == "endless.png").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_decoded_once_as_long_as_it_stays_the_same()
    {
        for (int i = 0; i < 20; i++)
            Make($"{i}.png", (byte)i);
        Assert.True(Decoded(out string first));
        Assert.False(Decoded(out string second));
        Assert.Equal(first, second);
        Make("3.png", 200);
        File.SetLastWriteTimeUtc(_folder["3.png"], new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.True(Decoded(out string changed));
        Assert.NotEqual(first, changed);
        Assert.Equal(2, Directory.GetFiles(_cache.Path, "*.pixels").Length);

        // pixels whose list was not written any more are none
        foreach (string list in Directory.GetFiles(_cache.Path, "*.skipped"))
            File.Delete(list);
        Assert.True(Decoded(out string whole));
        Assert.Equal(changed, whole);

        bool Decoded(out string checksum)
        {
            var progress = new Counter();
            checksum = Open(s_small, Options with { Progress = progress }).Checksum;
            return progress.Reports > 0;
        }
    }

    [Fact]
    public void Without_a_cache_that_can_be_written_pixels_are_in_memory()
    {
        for (int i = 0; i < 20; i++)
            Make($"{i}.png", (byte)i);
        string expected = Open(s_small, Options).Checksum;
        Assert.Equal(expected, Open(s_small, Options with { Cache = null }).Checksum);
        string file = _cache["file"];
        File.WriteAllText(file, "");
        string? warning = null;
        var data = Open(s_small, Options with { Cache = Path.Combine(file, "folder"), OnWarning = w => warning = w });
        Assert.Equal(expected, data.Checksum);
        Assert.Contains("decoded again each time", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_come_in_order_and_one_is_in_memory()
    {
        for (int i = 0; i < 1200; i++)
            Make($"{i / 400}/{i:D4}.png", (byte)i);
        File.WriteAllText(_folder["1/0500.png"], "no image");
        var skipped = new List<SkippedFile>();
        var names = new List<string>();
        int blocks = 0;
        foreach (
            var (images, files) in ImageFolder.Blocks(
                ImageFolder.Files(_folder.Path),
                new(8, 8, 1),
                skipped: skipped.Add,
                cancellation: TestContext.Current.CancellationToken
            )
        )
        {
            blocks++;
            for (int i = 0; i < images.Count; i++)
            {
                Assert.Equal((byte)int.Parse(files[i].Name[2..6]), images.Image(i)[0]);
                Assert.Equal(files[i].Label, files[i].Name[..1]);
            }
            names.AddRange(files.Select(file => file.Name));
        }
        Assert.Equal(3, blocks);
        Assert.Equal(1199, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal("1/0500.png", Assert.Single(skipped).Name);
    }

    [Fact]
    public void Too_little_to_hold_some_out()
    {
        var empty = Assert.Throws<LatentException>(() => Open(s_small, Options));
        Assert.Contains("an empty folder", empty.Message, StringComparison.Ordinal);
        Make("one.png");
        var one = Assert.Throws<LatentException>(() => Open(s_small, Options));
        Assert.Contains("at least 3", one.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["one.png"], "no image");
        File.WriteAllText(_folder["two.png"], "nor this one");
        var none = Assert.Throws<LatentException>(() => Open(s_small, Options));
        Assert.Contains("one.png: 8 bytes of something else", none.Message, StringComparison.Ordinal);
        File.Delete(_folder["one.png"]);
        File.Delete(_folder["two.png"]);
        foreach (string name in (string[])["a.png", "b.png", "c.png"])
            Make(name);
        var three = Open(s_small, Options);
        Assert.Equal((1, 1, 1), (three.Train.Count, three.Validation!.Count, three.Test.Count));
    }

    [Theory]
    [InlineData(-0.1, 0.1)]
    [InlineData(0.5, 0.5)]
    [InlineData(double.NaN, 0.1)]
    public void Shares_out_of_range(double validation, double test)
    {
        Make("a.png");
        Assert.Throws<LatentException>(() => Open(s_small with { Validation = validation, Test = test }, Options));
    }

    private sealed class Counter : IProgress<(int Done, int All)>
    {
        public int Reports { get; private set; }

        public void Report((int Done, int All) value) => Reports++;
    }
}
