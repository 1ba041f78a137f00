using Latent.Bench.Measuring;
using Latent.Bench.Sides;

namespace Latent.Bench.Tests;

public sealed class PrototypeTests
{
    private const string Training =
        "VL=16 DG=4 NL=4 threads 2 batch 64: min 1.534 ms  median 1.602 ms  min cpu/thread 1.500 ms  (23.9 us/img)  avg phases us: compute 1400.0 wait 2.0";

    private const string Inference = """
        VL=16 infer threads 1 batch 16: 0.300 ms  53333 img/s
        VL=16 infer threads 1 batch 640: 11.100 ms  57657 img/s
        VL=16 infer threads 2 batch 640: 5.527 ms  115800 img/s
        decode one z: warm min 17.9 us median 18.2 us p99 25.5; after flushing caches (64 MB sweep) 50.1 us; max|diff| to batch path 6.0e-08
        """;

    [Fact]
    public void The_line_of_a_training_is_read_in_microseconds() =>
        Assert.Equal(new Round(1534, 1602, null), Prototype.ParseTraining(Training));

    [Theory]
    [InlineData(1, 11100)]
    [InlineData(2, 5527)]
    [InlineData(8, 5527)]
    public void Inference_is_read_for_as_many_threads_as_there_are(int threads, double best)
    {
        var found = Prototype.ParseInference(Inference, threads);
        Assert.Equal(new Round(best, null, null), found.Batch);
        Assert.Equal(new Round(17.9, 18.2, 25.5), found.One);
    }

    [Fact]
    public void Another_line_is_no_number()
    {
        Assert.Throws<SideFailure>(() => Prototype.ParseTraining("min cpu/thread 1.5 ms"));
        Assert.Throws<SideFailure>(() => Prototype.ParseInference(Training, 2));
    }
}
