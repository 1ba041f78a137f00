using Latent.Engine.Kernels;
using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// The same numbers as another shape, or with other borders. Nothing happens where both sides can share memory; else it copies, each way by
/// itself.
/// </summary>
internal sealed unsafe class CopyOperation(Shape input, Shape output) : Operation(input, output)
{
    public override string Describe() => $"{InputShape} as {OutputShape}: {(Output.Start == Input.Start ? "a view" : "a copy")}";

    public override void Forward(in Frame f)
    {
        if (Output.Start != Input.Start)
            Copy(f, Input, Output);
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is { } to && to.Start != OutputGradient!.Start)
            Copy(f, OutputGradient, to);
    }

    // One side has no borders (the one that flattens), so runs of the other's length suit both.
    private static void Copy(in Frame f, Tensor from, Tensor to)
    {
        int runs = Math.Max(from.Runs, to.Runs),
            length = from.Shape.Size / runs;
        for (int n = 0; n < f.Images; n++)
        for (int run = 0; run < runs; run++)
            Arrays.Copy(
                f.Of(from, n) + (nint)run * (from.Runs == 1 ? length : from.RowStride),
                f.Of(to, n) + (nint)run * (to.Runs == 1 ? length : to.RowStride),
                length
            );
    }
}

/// <summary>An activation function by itself, where no operation before it could take it.</summary>
internal sealed unsafe class ActivationOperation(Shape shape) : Operation(shape, shape)
{
    public override string Describe() => $"{Activation}";

    public override void Forward(in Frame f) => CopyRows(f, Input, Output);

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } to)
            return;
        CopyRows(f, OutputGradient!, to);
        if (!Activation.HasDerivativeOfOutput)
            for (int n = 0; n < f.Images; n++)
            for (int row = 0; row < InputShape.Height; row++)
                Activations.Backward(Activation, RunOf(f, Input, n, row), RunOf(f, to, n, row), InputShape.Width * InputShape.Channels);
    }

    private void CopyRows(in Frame f, Tensor from, Tensor to)
    {
        for (int n = 0; n < f.Images; n++)
        for (int row = 0; row < InputShape.Height; row++)
            Arrays.Copy(RunOf(f, from, n, row), RunOf(f, to, n, row), InputShape.Width * InputShape.Channels);
    }
}

/// <summary>Each pixel repeated; its gradient is the sum over the repetitions.</summary>
internal sealed unsafe class UpSamplingOperation(Shape input, Shape output, Size2 factor) : Operation(input, output)
{
    public override string Describe() => $"upsampling {factor}: a copy";

    public override void Forward(in Frame f)
    {
        int channels = InputShape.Channels;
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < OutputShape.Height; y++)
        {
            float* to = RunOf(f, Output, n, y);
            if (y % factor.Height != 0)
            {
                Arrays.Copy(to - Output.RowStride, to, OutputShape.Width * channels);
                continue;
            }
            float* from = RunOf(f, Input, n, y / factor.Height);
            for (int x = 0; x < InputShape.Width; x++, from += channels)
            for (int i = 0; i < factor.Width; i++, to += channels)
                Arrays.Copy(from, to, channels);
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } to)
            return;
        int channels = InputShape.Channels;
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < InputShape.Height; y++)
        {
            float* c = RunOf(f, to, n, y);
            Arrays.Clear(c, InputShape.Width * channels);
            for (int i = 0; i < factor.Height; i++)
            {
                float* from = RunOf(f, OutputGradient!, n, y * factor.Height + i);
                for (int x = 0; x < OutputShape.Width; x++, from += channels)
                    Arrays.Add(from, c + x / factor.Width * channels, channels);
            }
        }
    }
}

/// <summary>The largest number of each window. Its gradient goes to the first of the largest, row by row, as in TensorFlow.</summary>
internal sealed unsafe class MaxPoolingOperation(Shape input, Shape output, Patches patches) : Operation(input, output)
{
    public override string Describe() => $"max pooling {patches.Height}×{patches.Width}/{patches.StrideY}×{patches.StrideX}";

    public override void Forward(in Frame f)
    {
        for (int n = 0; n < f.Images; n++)
        for (int y = 0; y < OutputShape.Height; y++)
        for (int x = 0; x < OutputShape.Width; x++)
        {
            var window = At(f, Input, n, y, x);
            Map.Run(new LargestMap { Window = window, To = RunOf(f, Output, n, y) + x * OutputShape.Channels }, OutputShape.Channels);
        }
    }

    public override void Backward(in Frame f)
    {
        if (InputGradient is not { } to)
            return;
        for (int n = 0; n < f.Images; n++)
        {
            for (int run = 0; run < to.Runs; run++)
                Arrays.Clear(RunOf(f, to, n, run), to.RunLength);
            for (int y = 0; y < OutputShape.Height; y++)
            for (int x = 0; x < OutputShape.Width; x++)
                Map.Run(
                    new GradientMap
                    {
                        Window = At(f, Input, n, y, x),
                        To = At(f, to, n, y, x),
                        Largest = RunOf(f, Output, n, y) + x * OutputShape.Channels,
                        Gradient = RunOf(f, OutputGradient!, n, y) + x * OutputShape.Channels,
                    },
                    OutputShape.Channels
                );
        }
    }

    // The part of the window at a place of the output that lies inside the image.
    private WindowAt At(in Frame f, Tensor tensor, int image, int y, int x)
    {
        int top = y * patches.StrideY - patches.Top,
            left = x * patches.StrideX - patches.Left,
            firstRow = Math.Max(0, top),
            firstColumn = Math.Max(0, left);
        return new()
        {
            Start = RunOf(f, tensor, image, firstRow) + firstColumn * InputShape.Channels,
            Rows = Math.Min(top + patches.Height, InputShape.Height) - firstRow,
            Columns = Math.Min(left + patches.Width, InputShape.Width) - firstColumn,
            RowStride = tensor.RowStride,
            Channels = InputShape.Channels,
        };
    }

    private struct WindowAt
    {
        public float* Start;
        public int Rows,
            Columns,
            Channels;
        public nint RowStride;
    }

    private struct LargestMap : IMap
    {
        public WindowAt Window;
        public float* To;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V largest = *(V*)(Window.Start + index);
            for (int row = 0; row < Window.Rows; row++)
            for (int column = 0; column < Window.Columns; column++)
            {
                V x = *(V*)(Window.Start + row * Window.RowStride + column * Window.Channels + index);
                largest = T.WherePositive(T.Subtract(x, largest), x, largest);
            }
            *(V*)(To + index) = largest;
        }
    }

    private struct GradientMap : IMap
    {
        public WindowAt Window,
            To;
        public float* Largest,
            Gradient;

        public readonly void Apply<T, V>(int index)
            where T : ISimd<V>
            where V : unmanaged
        {
            V zero = T.Broadcast(0),
                largest = *(V*)(Largest + index),
                left = *(V*)(Gradient + index);
            for (int row = 0; row < Window.Rows; row++)
            for (int column = 0; column < Window.Columns; column++)
            {
                V x = *(V*)(Window.Start + row * Window.RowStride + column * Window.Channels + index);
                var to = (V*)(To.Start + row * To.RowStride + column * To.Channels + index);
                *to = T.WhereEqual(x, largest, T.Add(*to, left), *to);
                left = T.WhereEqual(x, largest, zero, left); // who took it leaves nothing for the next
            }
        }
    }
}
