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
    [InlineData("masked")]
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
            blocks = 1 + random.Next(3),
            runs = 1 + random.Next(4),
            gap = random.Next(5);
        bool transposed = random.Next(2) == 0,
            ownAux = epilogue == "masked" || random.Next(2) == 0;
        int side = (rows + 5) * (depth + 5),
            panel = (depth + 3) * (columns + gap),
            run = rows * (columns + gap) + random.Next(9);
        FloatBuffer a = Random((runs + blocks * segments) * side, random),
            b = Random(blocks * segments * panel, random),
            aux = Random(runs * run, random),
            c = Random(runs * run + 32, random);
        var p = new Product
        {
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Runs = runs,
            Segments = segments,
            Blocks = blocks,
            A = a.Pointer,
            ARow = transposed ? 1 : depth + gap,
            ADepth = transposed ? rows + gap : 1,
            ARun = side,
            ASegment = side,
            ABlock = segments * side,
            B = b.Pointer,
            BDepth = columns + gap,
            BSegment = panel,
            BBlock = segments * panel,
            C = c.Pointer,
            CRow = columns + gap,
            CRun = run,
            Aux = aux.Pointer,
            AuxRow = ownAux ? columns + gap : 0,
            AuxRun = ownAux ? run : 0,
        };
        var expected = c.Span.ToArray();
        for (int i = 0; i < runs; i++)
        for (int r = 0; r < rows; r++)
        for (int k = 0; k < columns; k++)
        {
            float sum = 0;
            for (int block = 0; block < blocks; block++)
            for (int s = 0; s < segments; s++)
            for (int d = 0; d < depth; d++)
                sum = MathF.FusedMultiplyAdd(
                    p.A[i * p.ARun + r * p.ARow + block * p.ABlock + s * p.ASegment + d * p.ADepth],
                    p.B[block * p.BBlock + s * p.BSegment + d * p.BDepth + k],
                    sum
                );
            ref float to = ref expected[i * (int)p.CRun + r * (int)p.CRow + k];
            float x = p.Aux[i * p.AuxRun + r * p.AuxRow + k];
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
                $"{runs} · {rows} × {columns} × {blocks} · {segments} · {depth}, {epilogue}: {c.Span[i]:R} at {i}, not {expected[i]:R}"
            );
        GC.KeepAlive((a, b, aux));
    }

    private static Kernel KernelOf(string epilogue) =>
        epilogue switch
        {
            "store" => Product.Run<Store>,
            "add" => Product.Run<AddTo>,
            "bias" => Product.Run<Bias>,
            "bias and relu" => Product.Run<BiasRelu>,
            _ => Product.Run<Masked>,
        };

    private static FloatBuffer Random(int length, RandomStream random)
    {
        var buffer = new FloatBuffer(length);
        foreach (ref float x in buffer.Span)
            x = (float)(random.NextDouble() * 2 - 1);
        return buffer;
    }
}
