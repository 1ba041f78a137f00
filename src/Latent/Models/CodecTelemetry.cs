using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Latent.Models;

/// <summary>
/// What a <see cref="Codec"/> tells through System.Diagnostics. The meter and the activity source are both called "Latent"; nothing is measured
/// while nobody listens.
/// </summary>
internal static class CodecTelemetry
{
    private const string Name = "Latent",
        OperationTag = "latent.operation",
        CodecTag = "latent.codec";

    private static readonly string? s_version = typeof(CodecTelemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter s_meter = new(Name, s_version);
    private static readonly ActivitySource s_activities = new(Name, s_version);
    private static readonly Counter<long> s_images = s_meter.CreateCounter<long>(
        "latent.codec.images",
        "{image}",
        "Images or codes that went through a codec"
    );
    private static readonly Histogram<double> s_durations = s_meter.CreateHistogram<double>(
        "latent.codec.duration",
        "s",
        "How long a call of a codec took"
    );

    /// <summary>The start of a call; its end is told when what this returns is disposed.</summary>
    public static Call Begin(string operation, string codec, int images) => new(operation, codec, images);

    /// <summary>A call in hand.</summary>
    public readonly ref struct Call : IDisposable
    {
        private readonly string _operation,
            _codec;
        private readonly int _images;
        private readonly long _start;
        private readonly Activity? _activity;

        public Call(string operation, string codec, int images)
        {
            (_operation, _codec, _images) = (operation, codec, images);
            _activity = s_activities.HasListeners() ? s_activities.StartActivity(operation) : null;
            _activity?.SetTag(CodecTag, codec).SetTag("latent.images", images);
            _start = Stopwatch.GetTimestamp();
        }

        public void Dispose()
        {
            if (s_images.Enabled || s_durations.Enabled)
            {
                var tags = new TagList { { OperationTag, _operation }, { CodecTag, _codec } };
                s_images.Add(_images, tags);
                s_durations.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
            }
            _activity?.Dispose();
        }
    }
}
