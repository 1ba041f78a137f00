using System.Runtime.InteropServices;
using System.Text.Json;
using Latent.Engine;
using Latent.Networks;
using Latent.Tests.Shared;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Latent.Tests.Browser.Chromium))]

namespace Latent.Explorer.Tests.Net;

/// <summary>A page with net.js and nothing else, for the tests of a class.</summary>
public sealed class NetPage(Chromium chromium) : IAsyncDisposable
{
    private const string Script = """
        const floats = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
        const text = floats => btoa(Array.from(new Uint8Array(floats.buffer), byte => String.fromCharCode(byte)).join(''));
        const open = ({ description, weights }) => new Net(JSON.parse(description), floats(weights));
        window.run = ask => text(open(ask).run(floats(ask.input), ask.count));
        window.median = ask => {
          const [net, input] = [open(ask), floats(ask.input)];
          const times = Array.from({ length: ask.count }, () => {
            const start = performance.now();
            net.run(input);
            return performance.now() - start;
          });
          return times.sort((a, b) => a - b)[ask.count >> 1];
        };
        """;

    private IPage? _page;

    /// <summary>The outputs of a network in the browser, for all its inputs.</summary>
    public async Task<float[]> RunAsync(Network network, WeightStore weights, float[] inputs)
    {
        var page = await PageAsync();
        string outputs = await page.EvaluateAsync<string>(
            "ask => run(ask)",
            Ask(network, weights, inputs, inputs.Length / network.Input.Size)
        );
        return MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(outputs)).ToArray();
    }

    /// <summary>Milliseconds that one input takes: the median of many runs.</summary>
    public async Task<double> MedianAsync(Network network, WeightStore weights, float[] input, int runs) =>
        await (await PageAsync()).EvaluateAsync<double>("ask => median(ask)", Ask(network, weights, input, runs));

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
            await _page.Context.DisposeAsync();
    }

    private async Task<IPage> PageAsync()
    {
        if (_page is null)
        {
            _page = await chromium.PageAsync();
            await _page.AddScriptTagAsync(new() { Content = JoinedScript.Of("net.js", Script, ExplorerAssets.Text) });
        }
        return _page;
    }

    private static object Ask(Network network, WeightStore weights, float[] inputs, int count)
    {
        int part = weights.Layout.Networks.IndexOf(network);
        int first = weights.Layout.Networks.Take(part).Sum(before => before.Layers.Length);
        float[] numbers =
        [
            .. weights
                .Layout.Parameters.Where(p => p.Layer >= first && p.Layer < first + network.Layers.Length)
                .SelectMany(p => weights[p].ToArray()),
        ];
        return new
        {
            description = NetworkJson.Write(network).ToJsonString(new JsonSerializerOptions()),
            weights = Convert.ToBase64String(MemoryMarshal.AsBytes<float>(numbers)),
            input = Convert.ToBase64String(MemoryMarshal.AsBytes<float>(inputs)),
            count,
        };
    }
}
