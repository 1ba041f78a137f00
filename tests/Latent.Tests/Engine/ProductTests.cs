using Latent.Engine;
using Latent.Engine.Kernels;

namespace Latent.Tests.Engine;

/// <summary>The matrix kernel against a triple loop, to the bit, at the register width this process has; <see cref="WidthTests"/> has the others.</summary>
public sealed unsafe class ProductTests
{
    private delegate void Kernel(in Product product);

    [Theory]
    [InlineData("store")]
    [InlineData("add")]
    [InlineData("bias")]
    [InlineData("bias and relu")]
    public void Products_equal_the_triple_loop_to_the_bit(string epilogue)
    {
        var random = new RandomStream(1, $"products/{epilogue}");
        for (int i = 0; i < 150; i++)
            Check(epilogue, random);
    }

    private static void Check(string epilogue, RandomStream random)
    {
        int rows = 1 + random.Next(40),
            columns = 1 + random.Next(100),
            depth = 1 + random.Next(60),
            segments = 1 + random.Next(4),
            gap = random.Next(5);
        bool transposed = random.Next(2) == 0;
        FloatBuffer a = Random(segments * (rows + 5) * (depth + 5), random),
            b = Random(segments * (depth + 3) * (columns + gap), random),
            aux = Random(rows * (columns + gap), random),
            c = Random(rows * (columns + gap) + 32, random);
        var p = new Product
        {
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Segments = segments,
            A = a.Pointer,
            ARow = transposed ? 1 : depth + gap,
            ADepth = transposed ? rows + gap : 1,
            ASegment = (rows + 5) * (depth + 5),
            B = b.Pointer,
            BDepth = columns + gap,
            BSegment = (depth + 3) * (columns + gap),
            C = c.Pointer,
            CRow = columns + gap,
            Aux = aux.Pointer,
        };
        var expected = c.Span.ToArray();
        for (int r = 0; r < rows; r++)
        for (int k = 0; k < columns; k++)
        {
            float sum = 0;
            for (int s = 0; s < segments; s++)
            for (int d = 0; d < depth; d++)
                sum = MathF.FusedMultiplyAdd(p.A[r * p.ARow + s * p.ASegment + d * p.ADepth], p.B[s * p.BSegment + d * p.BDepth + k], sum);
            ref float to = ref expected[r * (int)p.CRow + k];
            float x = p.Aux[k];
            to = epilogue switch
            {
                "store" => sum,
                "add" => to + sum,
                "bias" => sum + x,
                "bias and relu" => sum + x < 0 ? 0 : sum + x,
                _ => x > 0 ? sum : 0,
            };
        }
        KernelOf(epilogue)(p);
        // all of C: what lies outside the result must stay as it was
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(c.Span[i]),
                $"{rows} × {columns} × {segments} · {depth}, {epilogue}: {c.Span[i]:R} at {i}, not {expected[i]:R}"
            );
        GC.KeepAlive((a, b, aux));
    }

    private static Kernel KernelOf(string epilogue) =>
        epilogue switch
        {
            "store" => Product.Run<Store>,
            "add" => Product.Run<AddTo>,
            "bias" => Product.Run<Bias>,
            _ => Product.Run<BiasRelu>,
        };

    private static FloatBuffer Random(int length, RandomStream random)
    {
        var buffer = new FloatBuffer(length);
        foreach (ref float x in buffer.Span)
            x = (float)(random.NextDouble() * 2 - 1);
        return buffer;
    }
}
