namespace Latent.Bench.Sections;

/// <summary>A part of a run, with a heading and tables of its own.</summary>
/// <param name="Name">What --only calls it.</param>
/// <param name="Heading">What the page calls it.</param>
/// <param name="Run">Measures, and writes to the report.</param>
/// <param name="IsLong">Whether it runs only when --only asks for it.</param>
internal sealed record Section(string Name, string Heading, Action<BenchRun> Run, bool IsLong = false)
{
    public static IReadOnlyList<Section> All { get; } =
    [
        new("training", "Training", TrainingSection.Run),
        new("scaling", "Threads, batches, optimizers", ScalingSection.Run),
        new("inference", "Inference", InferenceSection.Run),
        new("latency", "Latency of decoding one code", LatencySection.Run),
        new("data", "Data pipeline", DataSection.Run),
        new("start-up", "Start-up", StartUpSection.Run),
        new("command", "The whole command", CommandSection.Run),
        new("limit", "The machine's limit", LimitSection.Run),
        new("studio", "The studio in a browser", StudioSection.Run, IsLong: true),
        new("time-to-loss", "Time to Keras's final val_loss", TimeToLossSection.Run, IsLong: true),
    ];
}
