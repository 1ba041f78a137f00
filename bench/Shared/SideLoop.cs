using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latent.Bench.Shared;

/// <summary>
/// A side as a process: reads a request a line, writes an answer a line, JSON, until its input ends. Between two requests it does nothing, so
/// that other sides can be measured. Answers: {"times": […]}, {"losses": […]}, {"count": n}, {"version": "…"}, or {"error": "…"}.
/// </summary>
internal static class SideLoop
{
    // A loss that is no number is an answer too: "NaN".
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Run(ISide side)
    {
        // What a library prints on its own must not be taken for an answer.
        using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(Console.Error);
        while (Console.ReadLine() is { } line)
        {
            string answer;
            try
            {
                answer = JsonSerializer.Serialize(Answer(side, Request.Parse(line)), s_json);
            }
#pragma warning disable CA1031 // whatever a library throws is the answer
            catch (Exception e)
#pragma warning restore CA1031
            {
                string kind = e is NotSupportedException ? "" : e.GetType().Name + ": ";
                answer = JsonSerializer.Serialize(new { error = kind + e.Message.Split('\n')[0] });
            }
            answers.WriteLine(answer);
        }
    }

    /// <summary>Times of calls, in microseconds.</summary>
    public static double[] Times(int calls, Action call)
    {
        var times = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        return times;
    }

    private static object Answer(ISide side, Request request)
    {
        switch (request.Word)
        {
            case "open":
                side.Open(Case.Read(request.Text("case"), request.Whole("images")));
                return new { version = side.Version };
            case "losses":
                return new { losses = side.Losses(TrainingSetup.Of(request), request.Whole("steps")) };
            case "train":
                return new { times = side.Train(TrainingSetup.Of(request), request.Whole("calls")) };
            case "outputs":
                float[] outputs = side.Outputs(PartOf(request), request.Whole("count"));
                File.WriteAllBytes(request.Text("file"), MemoryMarshal.AsBytes(outputs.AsSpan()).ToArray());
                return new { count = outputs.Length };
            case "run":
                return new { times = side.Run(PartOf(request), request.Whole("batch"), request.Whole("calls")) };
            case "load":
                return new { times = side.Load(request.Whole("batch"), request.Whole("calls")) };
            default:
                return side.Other(request);
        }
    }

    private static Part PartOf(Request request) => Enum.Parse<Part>(request.Text("part"), ignoreCase: true);
}
