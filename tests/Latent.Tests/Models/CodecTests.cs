using System.Diagnostics;
using System.Diagnostics.Metrics;
using Latent.Data;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Models;

public sealed class CodecTests : IDisposable
{
    private const int Count = 50;
    private static readonly ImageSet s_images = Mnist.Load(Repository.Mnist).Test.Take(Count);
    private readonly TemporaryFolder _folder = new();
    private readonly Autoencoder _model = new(Article.Encoder(4), Article.Decoder(4), seed: 1);

    public void Dispose() => _folder.Dispose();

    private static float[] Floats(ReadOnlySpan<byte> pixels, float divisor = 255)
    {
        var floats = new float[pixels.Length];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = pixels[i] / divisor;
        return floats;
    }

    [Fact]
    public void It_gives_the_models_own_bits()
    {
        _model.Save(_folder["run/model.safetensors"]);
        foreach (string path in (string[])[_folder["run"], _folder["run/model.safetensors"]])
        {
            using var codec = Codec.Open(path);
            float[] codes = _model.Encode(s_images),
                outputs = _model.Reconstruct(s_images),
                floats = Floats(s_images.Pixels);
            Assert.Equal(codes, codec.Encode(s_images.Pixels));
            Assert.Equal(codes, codec.Encode(floats));
            Assert.Equal(_model.Decode(codes), codec.Decode(codes));
            Assert.Equal(outputs, codec.Reconstruct(floats));
            byte[] bytes = codec.Reconstruct(s_images.Pixels);
            for (int i = 0; i < bytes.Length; i++)
                Assert.Equal((byte)(outputs[i] * 255 + 0.5f), bytes[i]);
            var decoded = new byte[bytes.Length];
            codec.Decode(codes, decoded);
            Assert.Equal(bytes, decoded);

            var scores = new double[Count];
            codec.Score(s_images.Pixels, scores);
            Assert.Equal(_model.Losses(s_images), scores);
            codec.Score(floats, scores);
            Assert.Equal(_model.Losses(s_images), scores);
            Assert.Equal(scores[3], codec.Score(s_images.Image(3)));
            Assert.Equal(scores[3], codec.Score(Floats(s_images.Image(3))));
        }
    }

    [Fact]
    public void It_says_its_sizes()
    {
        using var codec = new Codec(_model, new() { Name = "digits" });
        Assert.Equal("digits", codec.Name);
        Assert.Equal(new(28, 28, 1), codec.ImageShape);
        Assert.Equal(Shape.Vector(4), codec.CodeShape);
        Assert.Equal(new(28, 28, 1), codec.OutputShape);
        _model.Save(_folder["run-7/model.safetensors"]);
        using var opened = Codec.Open(_folder["run-7/"]);
        Assert.Equal("run-7", opened.Name);
    }

    [Fact]
    public void Many_threads_may_use_it_at_once()
    {
        using var codec = new Codec(_model);
        float[] codes = codec.Encode(s_images.Pixels);
        Parallel.For(
            0,
            400,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                int image = i % Count;
                float[] code = codec.Encode(s_images.Image(image));
                Assert.True(codes.AsSpan(image * 4, 4).SequenceEqual(code));
                _ = codec.Reconstruct(s_images.Image(image));
                _ = codec.Score(s_images.Image(image));
            }
        );
    }

    [Theory]
    [InlineData(1 / 255f, 0f)]
    [InlineData(2 / 255f, -1f)]
    public void A_call_allocates_nothing_beside_its_results(float scale, float offset)
    {
        _model.Info = new() { Codec = new() { Scaling = new(scale, offset) } };
        using var codec = new Codec(_model);
        byte[] image = s_images.Image(0).ToArray(),
            output = new byte[784];
        float[] floats = Floats(image),
            code = new float[4],
            outputs = new float[784];
        var scores = new double[1];
        Use(20); // compiles, and makes what is used again
        // a collection that other tests bring about may empty the pool of arrays that calls use again: one round of several is free of that
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Use(100);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        void Use(int times)
        {
            for (int i = 0; i < times; i++)
            {
                codec.Encode(image, code);
                codec.Encode(floats, code);
                codec.Decode(code, outputs);
                codec.Decode(code, output);
                codec.Reconstruct(image, output);
                codec.Reconstruct(floats, outputs);
                codec.Score(image);
                codec.Score(floats);
                codec.Score(image, scores);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_are_named()
    {
        using var codec = new Codec(_model, new() { Name = "digits" });
        string[] messages =
        [
            Message(() => codec.Encode(new byte[783])),
            Message(() => codec.Encode(ReadOnlySpan<byte>.Empty)),
            Message(() => codec.Decode(new float[5])),
            Message(() => codec.Encode(new byte[784], new float[3])),
            Message(() => codec.Reconstruct(new byte[784], new byte[785])),
            Message(() => codec.Score(new byte[2 * 784])),
        ];
        Assert.Contains("'digits'", messages[0], StringComparison.Ordinal);
        Assert.Contains("a multiple of 784 bytes, (28, 28, 1) each", messages[0], StringComparison.Ordinal);
        Assert.Contains("783", messages[0], StringComparison.Ordinal);
        Assert.Contains("a multiple of 4 numbers", messages[2], StringComparison.Ordinal);
        Assert.Contains("1 × 4", messages[3], StringComparison.Ordinal);
        Assert.Contains("one for each image", messages[5], StringComparison.Ordinal);
        codec.Dispose();
        Assert.Throws<ObjectDisposedException>(() => codec.Encode(new byte[784]));

        static string Message(Action use) => Assert.Throws<LatentException>(use).Message;
    }

    [Fact]
    public void A_model_of_other_outputs_has_no_scores()
    {
        var encoder = new Network("encoder", new(4, 4, 1), new Flatten(), new Dense(2));
        using var codec = new Codec(new(encoder, new("decoder", Shape.Vector(2), new Dense(3))));
        Assert.Equal(3, codec.Decode([1, 2]).Length);
        Assert.Contains(
            "something else than its images",
            Assert.Throws<LatentException>(() => codec.Score(new byte[16])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Scaling_fitting_and_threshold_are_in_the_file()
    {
        var settings = new CodecSettings
        {
            Fit = ImageFit.Stretch,
            Scaling = PixelScaling.Symmetric,
            Threshold = 0.25,
        };
        _model.Info = new() { Codec = settings };
        _model.Save(_folder["model.safetensors"]);
        using var codec = Codec.Open(_folder["model.safetensors"]);
        Assert.Equal(settings, codec.Settings);
        Assert.True(codec.IsUnusual(0.3));
        Assert.False(codec.IsUnusual(0.25));

        var image = s_images.Image(0);
        float[] scaled = [.. image.ToArray().Select(p => p * (2 / 255f) - 1)];
        Assert.Equal(codec.Encode(scaled), codec.Encode(image));
        Assert.Equal(codec.Score(scaled), codec.Score(image));
        byte[] output = codec.Reconstruct(image);
        float[] numbers = codec.Reconstruct(scaled);
        Assert.Equal((byte)Math.Clamp((numbers[400] + 1) * 127.5f + 0.5f, 0, 255), output[400]);
    }

    [Fact]
    public void A_file_without_them_has_the_defaults()
    {
        _model.Save(_folder["model.safetensors"]);
        using var codec = Codec.Open(_folder["model.safetensors"]);
        Assert.Equal(new CodecSettings(), codec.Settings);
        Assert.Null(codec.IsUnusual(1));
    }

    [Theory]
    [InlineData("""{"codec":{"version":3}}""", "newer version of Latent")]
    [InlineData("""{"codec":{"version":1,"fit":"squeeze"}}""", "refuse, stretch, crop, pad")]
    [InlineData("""{"codec":{"version":1,"scaling":{"scale":0,"offset":0}}}""", "a scale other than 0")]
    [InlineData("""{"codec":{}}""", "version")]
    [InlineData("""{"codec":7}""", "an object")]
    public void A_file_that_says_them_wrong_is_refused(string info, string because)
    {
        _model.Save(_folder["model.safetensors"]);
        var file = SafeTensors.Read(_folder["model.safetensors"]);
        var metadata = file.Metadata.ToDictionary(StringComparer.Ordinal);
        metadata["latent.info"] = info;
        SafeTensors.Write(_folder["model.safetensors"], file.Tensors, metadata);
        Assert.Contains(
            because,
            Assert.Throws<LatentException>(() => Codec.Open(_folder["model.safetensors"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused()
    {
        _model.Info = new() { Codec = new() { Scaling = default } };
        Assert.Contains("scale other than 0", Assert.Throws<LatentException>(() => new Codec(_model)).Message, StringComparison.Ordinal);
        Assert.Throws<LatentException>(() => _model.Save(_folder["x.safetensors"]));
        _model.Info = new() { Codec = new() { Threshold = double.NaN } };
        Assert.Throws<LatentException>(() => new Codec(_model));
    }

    [Fact]
    public void A_threshold_comes_from_usual_images()
    {
        double threshold = Codec.ThresholdOf(_model, s_images, 0.9);
        double[] scores = _model.Losses(s_images);
        Assert.Equal(5, scores.Count(score => score > threshold));
        Assert.Throws<LatentException>(() => Codec.ThresholdOf(_model, s_images, 1.1));
    }

    [Fact]
    public void A_new_training_forgets_the_threshold_and_keeps_the_rest()
    {
        _model.Info = new()
        {
            Codec = new() { Threshold = 1, Fit = ImageFit.Stretch },
        };
        Latent.Training.Trainer.Fit(_model, s_images, s_images, new() { Steps = 1 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(new CodecSettings { Fit = ImageFit.Stretch }, _model.Info.Codec);
    }

    [Fact]
    public void Calls_are_counted_timed_and_traced()
    {
        string name = $"counted-{Guid.NewGuid()}"; // other tests use codecs at the same time
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var seconds = new List<double>();
        var activities = new List<Activity>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Latent")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
            {
                if (instrument.Name == "latent.codec.images" && Tag(tags, "latent.codec") == name)
                    counts[Tag(tags, "latent.operation")!] = counts.GetValueOrDefault(Tag(tags, "latent.operation")!) + value;
            }
        );
        meters.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) =>
            {
                if (instrument.Name == "latent.codec.duration" && Tag(tags, "latent.codec") == name)
                    seconds.Add(value);
            }
        );
        meters.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Latent",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if ((string?)activity.GetTagItem("latent.codec") == name)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var codec = new Codec(_model, new() { Name = name });
        codec.Encode(s_images.Pixels);
        codec.Decode(new float[8]);
        codec.Score(s_images.Image(0));

        Assert.Equal(Count, counts["encode"]);
        Assert.Equal(2, counts["decode"]);
        Assert.Equal(1, counts["score"]);
        Assert.Equal(3, seconds.Count);
        Assert.All(seconds, s => Assert.InRange(s, 1e-7, 60));
        Assert.Equal(["encode", "decode", "score"], activities.Select(a => a.OperationName));
        Assert.Equal(Count, activities[0].GetTagItem("latent.images"));

        static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
        {
            foreach (var tag in tags)
                if (tag.Key == key)
                    return (string?)tag.Value;
            return null;
        }
    }

    [Fact]
    public void The_host_hears_what_was_opened()
    {
        var heard = new List<CodecMessage>();
        using var codec = new Codec(_model, new() { Name = "digits", OnMessage = heard.Add });
        Assert.Contains("'digits' is open: images of (28, 28, 1)", heard[0].Text, StringComparison.Ordinal);
        Assert.Equal(TraceLevel.Info, heard[0].Level);
        Assert.Equal(Latent.Engine.Hardware.Warning is null ? 1 : 2, heard.Count);
    }
}
