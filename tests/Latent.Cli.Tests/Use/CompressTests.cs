using System.Text.Json.Nodes;
using Latent.Cli.Tests.Faults;
using Latent.Data;
using Latent.Images;
using Latent.Networks;

namespace Latent.Cli.Tests.Use;

public sealed class CompressTests(Trained trained) : IClassFixture<Trained>
{
    private static readonly Shape s_shape = new(28, 28, 1);
    private static readonly string[] s_files = ["a.jpg", "a.png", "deep/er/b.png", "c.webp", "日本/ü é.png", "שלום/x.bmp"];
    private static readonly string[] s_unpacked = ["a.jpg.png", "a.png", "c.png", "deep/er/b.png", "שלום/x.png", "日本/ü é.png"];

    private string Folder()
    {
        string folder = trained[Guid.NewGuid().ToString("N")];
        var images = DataSets.Open(trained.Data).Test;
        for (int i = 0; i < s_files.Length; i++)
            ImageFiles.Save(Path.Combine(folder, s_files[i]), images.Image(i), s_shape);
        return folder;
    }

    private static string[] Files(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    private static byte[] Pixels(string file) => ImageFiles.Load([file], s_shape).Pixels.ToArray();

    [Fact]
    public void A_folder_comes_back_under_its_names()
    {
        string folder = Folder(),
            file = trained["all.codes"],
            again = trained["again"];
        string output = Program.Run("compress", trained.Run, folder, "--out", file).Ok();
        Assert.Contains("6 images in", output);
        Assert.Contains("PSNR", output);
        Program.Run("decompress", trained.Run, file, "--out", again).Ok();
        Assert.Equal(s_unpacked, Files(again));
        // into a folder that is there: what has the same name is replaced, the rest stays
        File.WriteAllText(Path.Combine(again, "a.png"), "old");
        File.WriteAllText(Path.Combine(again, "mine.txt"), "mine");
        Program.Run("decompress", trained.Run, file, "--out", again).Ok();
        Assert.Equal([.. s_unpacked.Append("mine.txt").Order(StringComparer.Ordinal)], Files(again));
        Assert.Equal(784, Pixels(Path.Combine(again, "a.png")).Length);
    }

    [Fact]
    public void With_32_bits_it_is_what_reconstruct_gives()
    {
        string folder = Folder(),
            file = trained["exact.codes"],
            again = trained["exact"],
            direct = trained["direct"];
        Program.Run("compress", trained.Run, folder, "--bits", "32", "--out", file).Ok();
        Program.Run("decompress", trained.Run, file, "--out", again).Ok();
        Program.Run("reconstruct", trained.Run, Path.Combine(folder, "deep"), "--out", direct + "/").Ok();
        string reconstructed = Directory.GetFiles(direct, "b.png", SearchOption.AllDirectories)[0];
        Assert.Equal(Pixels(reconstructed), Pixels(Path.Combine(again, "deep/er/b.png")));
    }

    [Fact]
    public void What_is_printed_is_what_comes_back()
    {
        string file = trained["data.codes"],
            again = trained["data"];
        var document = JsonNode.Parse(Program.Run("compress", trained.Run, trained.Data, "--bits", "4", "--out", file, "--json").Ok())!;
        Assert.Equal(70, (int)document["count"]!);
        Assert.Equal(new FileInfo(file).Length, (long)document["bytes"]!);
        Assert.Equal(70 * 784, (int)document["original_bytes"]!);
        var done = JsonNode.Parse(Program.Run("decompress", trained.Run, file, "--out", again, "--json").Ok())!;
        Assert.Equal(70, (int)done["count"]!);
        var test = DataSets.Open(trained.Data).Test;
        var unpacked = ImageFiles.Load(Directory.GetFiles(again).Order(StringComparer.Ordinal), s_shape);
        double squares = 0;
        for (int i = 0; i < unpacked.Pixels.Length; i++)
            squares += Math.Pow((test.Pixels[i] - unpacked.Pixels[i]) / 255.0, 2);
        Assert.Equal(squares / unpacked.Pixels.Length, (double)document["mse"]!, 1e-9);
        Assert.Equal(10 * Math.Log10(unpacked.Pixels.Length / squares), (double)document["psnr"]!, 1e-6);
    }

    [Fact]
    public async Task Every_register_width_unpacks_the_same_files()
    {
        string folder = Folder(),
            file = trained["width.codes"];
        Program.Run("compress", trained.Run, folder, "--out", file).Ok();
        string first = trained["width"];
        Program.Run("decompress", trained.Run, file, "--out", first).Ok();
        foreach (string setting in (string[])["DOTNET_EnableAVX512=0", "DOTNET_EnableAVX2=0", "DOTNET_EnableHWIntrinsic=0"])
        {
            string other = trained[$"width-{setting}"];
            using var child = Child.Shell($"export {setting}; exec latent decompress \"$1\" \"$2\" --out \"$3\"", trained.Run, file, other);
            (await child.End()).Ok();
            Assert.Equal(s_unpacked, Files(other));
            foreach (string name in s_unpacked)
                Assert.Equal(
                    await File.ReadAllBytesAsync(Path.Combine(first, name), Stop),
                    await File.ReadAllBytesAsync(Path.Combine(other, name), Stop)
                );
            // and what is packed there is the same file
            string packed = trained[$"width-{setting}.codes"];
            using var packing = Child.Shell(
                $"export {setting}; exec latent compress \"$1\" \"$2\" --out \"$3\"",
                trained.Run,
                folder,
                packed
            );
            (await packing.End()).Ok();
            Assert.Equal(await File.ReadAllBytesAsync(file, Stop), await File.ReadAllBytesAsync(packed, Stop));
        }
    }

    [Fact]
    public void Another_models_file_and_damaged_ones_write_nothing()
    {
        string file = trained["own.codes"],
            other = trained["other"],
            out_ = trained["nothing"];
        Program.Run("compress", trained.Run, trained.Data, "--out", file).Ok();
        Program.Run("train", trained.Data, "--latent", "2", "--steps", "1", "--seed", "9", "--out", other, "--no-figures").Ok();
        Assert.Contains("another model", Program.Run("decompress", other, file, "--out", out_).Failed());
        byte[] bytes = File.ReadAllBytes(file);
        string damaged = trained["damaged.codes"];
        File.WriteAllBytes(damaged, bytes[..^5]);
        Assert.Contains("damaged", Program.Run("decompress", trained.Run, damaged, "--out", out_).Failed());
        bytes[^40] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        Assert.Contains("damaged", Program.Run("decompress", trained.Run, damaged, "--out", out_).Failed());
        Assert.Contains(
            "no archive",
            Program.Run("decompress", trained.Run, Path.Combine(trained.Run, "run.json"), "--out", out_).Failed()
        );
        Assert.Contains("no file", Program.Run("decompress", trained.Run, trained["gone"], "--out", out_).Failed());
        Assert.Contains("is a file", Program.Run("decompress", trained.Run, file, "--out", file).Failed());
        Assert.False(Directory.Exists(out_));
    }

    [Fact]
    public void Two_images_of_one_name_are_refused()
    {
        string file = trained["twice.codes"];
        Assert.Contains(
            "Two images",
            Program.Run("compress", trained.Run, Path.Combine(Folder(), "a.png"), Path.Combine(Folder(), "a.png"), "--out", file).Failed()
        );
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_folder_without_images_is_refused()
    {
        string file = trained["empty.codes"],
            empty = Directory.CreateDirectory(trained["empty"]).FullName;
        Program.Run("compress", trained.Run, empty, "--out", file).Failed();
        Assert.False(File.Exists(file));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
