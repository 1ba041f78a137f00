using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Latent.Tests.Shared;
using Latent.Training;

namespace Latent.Tests.Training;

public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scalars_histograms_and_images_can_be_read_again()
    {
        var test = SmallMnist.Test(40);
        var model = SmallMnist.Model(2);
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 32,
            Callbacks =
            [
                new LambdaCallback { EpochEnd = c => c.Logs["val_psnr"] = 20 + c.Epoch },
                new TensorBoard(_folder["logs"])
                {
                    HistogramFrequency = 2,
                    UpdateFrequency = 3,
                    Images = 5,
                },
            ],
        };
        var result = model.Fit(SmallMnist.Train(100), test, options, cancellation: TestContext.Current.CancellationToken);
        var train = EventFile.Read(_folder["logs/train/events.out.tfevents.latent"]);
        var validation = EventFile.Read(_folder["logs/validation/events.out.tfevents.latent"]);

        Assert.Equal(result.History.Select((e, i) => ((long)i, (double)(float)e.Loss)), Scalars(train, "epoch_loss"));
        Assert.Equal([(0, 0.001f), (1, 0.001f), (2, 0.001f)], Scalars(train, "epoch_learning_rate"));
        Assert.Equal([3, 6, 9, 12], Scalars(train, "batch_loss").Select(s => s.Step)); // 12 steps
        Assert.Equal(result.History.Select((e, i) => ((long)i, (double)(float)e.ValLoss!)), Scalars(validation, "epoch_loss"));
        Assert.Equal([4, 8, 12], Scalars(validation, "evaluation_loss_vs_iterations").Select(s => s.Step));
        Assert.Equal([(0, 20), (1, 21), (2, 22)], Scalars(validation, "epoch_psnr"));

        var parameter = model.Weights.Layout.Parameters[0];
        var histograms = train.Where(v => v.Tag == $"{parameter.Name}/histogram").ToList();
        Assert.Equal([0, 2], histograms.Select(h => h.Step));
        float[] weights = model.Weights[parameter].ToArray(); // those of the last epoch
        double[] numbers = histograms[1].Histogram![0];
        Assert.Equal([weights.Min(), weights.Max(), weights.Length], numbers[..3]);
        Assert.Equal(weights.Sum(w => (double)w), numbers[3], 1e-9);
        Assert.Equal(weights.Sum(w => (double)w * w), numbers[4], 1e-9);
        Assert.Equal(weights.Length, histograms[1].Histogram![2].Sum());
        Assert.Equal(weights.Max(), histograms[1].Histogram![1][^1]);

        var images = validation.Where(v => v.Tag == "reconstructions").ToList();
        Assert.Equal([0, 1, 2], images.Select(i => i.Step));
        Assert.Equal((5 * 28, 2 * 28, 1), images[2].Size);
        byte[] pixels = Pixels(images[2].Png!);
        float[] made = model.Reconstruct(test.Take(5));
        for (int n = 0; n < 5; n++)
        for (int y = 0; y < 28; y++)
        for (int x = 0; x < 28; x++)
        {
            Assert.Equal(test.Image(n)[y * 28 + x], pixels[y * 140 + n * 28 + x]);
            Assert.Equal(made[n * 784 + y * 28 + x] * 255, pixels[(28 + y) * 140 + n * 28 + x], 0.51);
        }
    }

    [Fact]
    public void A_resumed_training_goes_on_in_shorter_files_with_a_warning()
    {
        var run = RunFolder.Create(_folder["run"]);
        TrainingOptions Options(int epochs) =>
            new() { Epochs = epochs, Callbacks = [new TensorBoard(_folder["logs"]), new RunRecorder(run)] };
        var (train, test) = (SmallMnist.Train(64), SmallMnist.Test(10));
        SmallMnist.Model(2).Fit(train, test, Options(1), cancellation: TestContext.Current.CancellationToken);
        Directory.Delete(_folder["logs"], recursive: true);
        var (_, result) = Trainer.Resume(run.Path, train, test, Options(2), cancellation: TestContext.Current.CancellationToken);
        Assert.Contains("event files", Assert.Single(result.Warnings));
        Assert.Equal([1], Scalars(EventFile.Read(_folder["logs/train/events.out.tfevents.latent"]), "epoch_loss").Select(s => s.Step));
    }

    private static IEnumerable<(long Step, double Value)> Scalars(List<EventValue> values, string tag) =>
        values.Where(v => v.Tag == tag).Select(v => (v.Step, v.Scalar!.Value));

    /// <summary>The pixels of a grey PNG without filters; its checksums must be right.</summary>
    private static byte[] Pixels(byte[] png)
    {
        var data = new MemoryStream();
        int width = 0,
            height = 0;
        for (int at = 8; at < png.Length; )
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var content = png.AsSpan(at + 8, length);
            Assert.Equal(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            switch (Encoding.ASCII.GetString(png.AsSpan(at + 4, 4)))
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
                    Assert.Equal([8, 0, 0, 0, 0], content[8..].ToArray());
                    break;
                case "IDAT":
                    data.Write(content);
                    break;
                default:
                    Assert.Equal(png.Length - 12, at); // IEND is the last
                    break;
            }
            at += 12 + length;
        }
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        var pixels = new byte[width * height];
        for (int row = 0; row < height; row++)
        {
            Assert.Equal(0, zlib.ReadByte());
            zlib.ReadExactly(pixels, row * width, width);
        }
        Assert.Equal(-1, zlib.ReadByte());
        return pixels;

        static uint Crc(ReadOnlySpan<byte> bytes)
        {
            uint crc = uint.MaxValue;
            foreach (byte b in bytes)
            {
                crc ^= b;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
            }
            return ~crc;
        }
    }
}
