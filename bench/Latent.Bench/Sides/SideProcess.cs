using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Latent.Bench.Shared;

namespace Latent.Bench.Sides;

/// <summary>A side that runs, on the other end of a pipe. Between two requests it sleeps.</summary>
internal sealed class SideProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Starts it and gives it a case.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="folder">The case.</param>
    /// <param name="images">How many of the case's images it loads.</param>
    /// <exception cref="SideFailure">It does not start, or cannot make the network.</exception>
    public SideProcess(SideProgram program, string folder, int images)
    {
        Program = program;
        var start = new ProcessStartInfo(program.File, program.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SideFailure($"'{program.File}' does not start: {e.Message}");
        }
        _process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data))
                return;
            _complaints.Enqueue(line.Data.Trim());
            if (_complaints.Count > 3)
                _complaints.TryDequeue(out string? _);
        };
        _process.BeginErrorReadLine();
        try
        {
            Version = Ask($"open images={images} case={folder}").GetProperty("version").GetString() ?? "";
        }
        catch (SideFailure)
        {
            Dispose();
            throw;
        }
    }

    public SideProgram Program { get; }

    /// <summary>What it says that it is.</summary>
    public string Version { get; }

    /// <summary>The most memory it ever held, in bytes; null where the system does not tell.</summary>
    public long? Peak => PeakMemory.Of(_process.Id);

    /// <summary>The losses of the first steps.</summary>
    public double[] Losses(string training, int steps) => Numbers(Ask($"losses steps={steps} {training}"), "losses");

    /// <summary>Times in microseconds, of a request that takes so many calls.</summary>
    public double[] Times(string request, int calls) => Numbers(Ask($"{request} calls={calls}"), "times");

    /// <summary>The outputs for the first inputs.</summary>
    public float[] Outputs(Part part, int count)
    {
        string file = Path.GetTempFileName();
        try
        {
            Ask($"outputs part={part.ToString().ToLower(CultureInfo.InvariantCulture)} count={count} file={file}");
            var bytes = File.ReadAllBytes(file);
            var numbers = new float[bytes.Length / sizeof(float)];
            Buffer.BlockCopy(bytes, 0, numbers, 0, bytes.Length);
            return numbers;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="SideFailure">It refused, ended, or did not answer in time.</exception>
    public JsonElement Ask(string request, TimeSpan? patience = null)
    {
        string? line;
        try
        {
            _process.StandardInput.WriteLine(request);
            _process.StandardInput.Flush();
            line = _process.StandardOutput.ReadLineAsync().WaitAsync(patience ?? s_patience).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new SideFailure($"no answer to '{request}' within {(patience ?? s_patience).TotalSeconds:F0} s");
        }
        catch (IOException)
        {
            line = null;
        }
        if (line is null)
            throw new SideFailure($"it ended at '{request}'{Complaints()}");
        JsonElement answer;
        try
        {
            answer = JsonSerializer.Deserialize<JsonElement>(line);
        }
        catch (JsonException)
        {
            throw new SideFailure($"'{line}' is no answer to '{request}'");
        }
        return answer.TryGetProperty("error", out var error)
            ? throw new SideFailure(error.GetString() ?? "an error without words")
            : answer;
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended already
        }
        if (!_process.WaitForExit(5000))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static double[] Numbers(JsonElement answer, string name) =>
        [
            .. answer
                .GetProperty(name)
                .EnumerateArray()
                .Select(number => number.ValueKind == JsonValueKind.Number ? number.GetDouble() : double.NaN),
        ];

    private string Complaints()
    {
        _process.WaitForExit(1000); // its last words may still be on their way
        return _complaints.IsEmpty ? "" : ": " + string.Join(" / ", _complaints);
    }
}
