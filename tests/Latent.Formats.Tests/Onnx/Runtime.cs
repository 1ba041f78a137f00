using Latent.Networks;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Formats.Tests.Onnx;

/// <summary>ONNX Runtime: runs the models that Latent writes.</summary>
internal static class Runtime
{
    /// <summary>The output of a model with one input and one output.</summary>
    /// <param name="model">The bytes of the file.</param>
    /// <param name="input">count inputs, in Latent's order of numbers.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">The shape of one input.</param>
    /// <param name="to">The shape of one output.</param>
    /// <param name="layout">The model's own order; numbers are put into it and back.</param>
    /// <returns>count outputs, in Latent's order.</returns>
    public static float[] Run<T>(byte[] model, T[] input, int count, Shape from, Shape to, ImageLayout layout)
        where T : unmanaged
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        bool first = layout == ImageLayout.ChannelsFirst;
        var turned = first ? Turned(input, from, last: false) : input;
        long[] sides =
            from.IsVector ? [count, from.Size]
            : first ? [count, from.Channels, from.Height, from.Width]
            : [count, from.Height, from.Width, from.Channels];
        using var value = OrtValue.CreateTensorValueFromMemory(turned, sides);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [value], session.OutputNames);
        var numbers = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        long[] expected =
            to.IsVector ? [count, to.Size]
            : first ? [count, to.Channels, to.Height, to.Width]
            : [count, to.Height, to.Width, to.Channels];
        Assert.Equal(expected, outputs[0].GetTensorTypeAndShape().Shape);
        return first ? Turned(numbers, to, last: true) : numbers;
    }

    /// <summary>Images with their channels in front or behind the pixels.</summary>
    private static T[] Turned<T>(T[] numbers, Shape shape, bool last)
    {
        if (shape.IsVector)
            return numbers;
        var (pixels, channels) = (shape.Height * shape.Width, shape.Channels);
        var turned = new T[numbers.Length];
        for (int image = 0; image < numbers.Length; image += shape.Size)
        for (int pixel = 0; pixel < pixels; pixel++)
        for (int channel = 0; channel < channels; channel++)
        {
            int with = image + pixel * channels + channel,
                apart = image + channel * pixels + pixel;
            turned[last ? with : apart] = numbers[last ? apart : with];
        }
        return turned;
    }
}
