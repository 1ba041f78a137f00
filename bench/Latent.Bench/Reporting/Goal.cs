namespace Latent.Bench.Reporting;

/// <summary>What a number should come to on the 2-core machine that it was set for.</summary>
/// <param name="What">The number.</param>
/// <param name="Bound">Its bound.</param>
/// <param name="AtLeast">Whether it should be at least the bound; else at most.</param>
/// <param name="Unit">Behind the number.</param>
internal sealed record Goal(string What, double Bound, bool AtLeast, string Unit)
{
    public static Goal TrainingAgainstPrototype { get; } = Speed("training, z = 10, batch 64: speed of the prototype's", 0.85);

    public static Goal TrainingAgainstTorch { get; } = Speed("training, z = 10, batch 64: speed of tuned TorchSharp's", 6.4);

    public static Goal ColourAgainstTorch { get; } = Speed("training, 64 × 64 × 3, batch 64: speed of tuned TorchSharp's", 2.2);

    public static Goal ColourInferenceAgainstTorch { get; } =
        Speed("reconstructing, 64 × 64 × 3, batch 64: speed of tuned TorchSharp's", 2.2);

    public static Goal ShareOfLimit { get; } = new("share of the measured FMA limit over the whole step", 70, true, " %");

    public static Goal TwoThreads { get; } = Speed("two threads: speed of one's", 1.8);

    public static Goal FlatBatches { get; } = new("batch 32 to 512: dearest image ÷ cheapest", 1.1, false, "");

    public static Goal MuonAgainstRmsprop { get; } = new("a Muon step ÷ an RMSprop step", 1.12, false, "");

    public static Goal InferenceAgainstPrototype { get; } = Speed("reconstructing, batch 640: speed of the prototype's", 0.85);

    public static Goal InferenceAgainstOnnx { get; } = Speed("reconstructing, batch 640: speed of ONNX Runtime's", 5);

    public static Goal LatencyAgainstPrototype { get; } = new("decoding one code ÷ the prototype's time", 1.3, false, "");

    public static Goal Help { get; } = new("`latent --help`", 0.15, false, " s");

    public static Goal Memory { get; } = new("peak memory of `latent train mnist`", 250, false, " MB");

    public static Goal CommandAgainstSteps { get; } = new("`latent train mnist` ÷ the bare time of its steps", 1.4, false, "");

    public static Goal StudioReady { get; } = new("the studio's map of 10,000 points, from opening to drawn", 1.5, false, " s");

    public static Goal StudioSlide { get; } = new("the studio, slider to picture, median", 15, false, " ms");

    public static Goal StudioSlideTail { get; } = new("the studio, slider to picture, 95th percentile", 60, false, " ms");

    public static Goal StudioFrames { get; } = new("the studio's map while zooming", 30, true, " frames a second");

    public static Goal PageSlide { get; } = new("the exported page, slider to picture, median", 30, false, " ms");

    public bool IsReached(double value) => AtLeast ? value >= Bound : value <= Bound;

    private static Goal Speed(string what, double bound) => new(what, bound, true, " ×");
}
