using Latent.Engine;
using Latent.Networks;

namespace Latent.Tests.Engine;

public sealed class AugmentationTests
{
    private static readonly Shape s_shape = new(5, 7, 3);

    [Fact]
    public void Images_are_mirrored_every_other_time_in_each_direction()
    {
        float[] image = Image();
        var seen = new int[4];
        for (int step = 0; step < 400; step++)
        {
            float[] changed = Changed(new() { Flip = Flip.Both }, step);
            int which = Enumerable.Range(0, 4).Single(k => changed.AsSpan().SequenceEqual(Moved(image, 0, 0, (k & 1) != 0, (k & 2) != 0)));
            seen[which]++;
        }
        Assert.All(seen, count => Assert.InRange(count, 60, 140));
        Assert.Equal(2, Kinds(Flip.Horizontal));
        Assert.Equal(2, Kinds(Flip.Vertical));

        int Kinds(Flip flip) =>
            Enumerable.Range(0, 40).Select(step => string.Join(' ', Changed(new() { Flip = flip }, step))).Distinct().Count();
    }

    [Theory]
    [InlineData(2f, 2, 2)]
    [InlineData(0.4f, 2, 3)] // of 5 rows and 7 columns
    public void Shifts_reach_so_far_in_every_direction_and_repeat_the_border(float shift, int rows, int columns)
    {
        float[] image = Image();
        var seen = new HashSet<(int, int)>();
        for (int step = 0; step < 600; step++)
        {
            float[] changed = Changed(new() { Shift = shift }, step);
            var at = (
                from y in Enumerable.Range(-rows, 2 * rows + 1)
                from x in Enumerable.Range(-columns, 2 * columns + 1)
                where changed.AsSpan().SequenceEqual(Moved(image, y, x, false, false))
                select (y, x)
            ).Single();
            seen.Add(at);
        }
        Assert.Equal((2 * rows + 1) * (2 * columns + 1), seen.Count);
    }

    [Fact]
    public void Brightness_is_added_to_all_pixels_of_an_image_and_cut_off()
    {
        float[] image = Image();
        var added = new List<float>();
        for (int step = 0; step < 300; step++)
        {
            float[] changed = Changed(new() { Brightness = 0.3f }, step);
            int middle = Array.FindIndex(image, x => x is > 0.45f and < 0.55f);
            float by = changed[middle] - image[middle];
            added.Add(by);
            for (int i = 0; i < image.Length; i++)
                Assert.Equal(Math.Clamp(image[i] + by, 0, 1), changed[i], 1e-6f);
        }
        Assert.InRange(added.Min(), -0.3, -0.25);
        Assert.InRange(added.Max(), 0.25, 0.3);
        Assert.Equal(0, added.Average(), 0.05);
    }

    [Fact]
    public void The_target_is_changed_alike_and_another_target_is_only_moved()
    {
        var augmentation = new Augmentation
        {
            Flip = Flip.Both,
            Shift = 2,
            Brightness = 0.3f,
            Noise = 0.1f,
        };
        float[] changed = Changed(augmentation, 5);
        Assert.Equal(changed, Changed(augmentation, 5));
        Assert.NotEqual(changed, Changed(augmentation, 6));
        Assert.NotEqual(changed, Changed(augmentation, 5, row: 8));
        Assert.Equal(Changed(augmentation with { Brightness = 0, Noise = 0 }, 5), Changed(augmentation, 5, onlyMoves: true));
    }

    /// <summary>A network that gives its input back has no loss where the target is changed as the input is.</summary>
    [Fact]
    public void A_step_compares_the_changed_image_with_itself()
    {
        var shape = new Shape(8, 8, 1);
        Network Same(string name) => new(name, shape, [new Conv2D(1, 1)]);
        var weights = new WeightStore(new ParameterLayout(Same("encoder"), Same("decoder")));
        foreach (var parameter in weights.Layout.Parameters.Where(p => p.Weight.Name == "kernel"))
            weights[parameter].Fill(1);
        weights.Touch();
        var images = Training.SmallMnist.Tiny(Training.SmallMnist.Train(50));
        int[] rows = [.. Enumerable.Range(0, 50)];
        var augmentation = new Augmentation
        {
            Flip = Flip.Both,
            Shift = 2,
            Brightness = 0.3f,
            Noise = 0.1f,
        };
        using var program = new TrainingProgram(weights, new MeanSquaredError(), new SGD(1e-30f), 2) { Augmentation = augmentation };
        Assert.Equal(0, program.Step(images, rows));
        Assert.Equal(0, program.Evaluate(images));
        using var noisy = new TrainingProgram(weights, new MeanSquaredError(), new SGD(1e-30f), 2)
        {
            Augmentation = augmentation,
            Noise = new GaussianInputNoise(0.2f),
        };
        Assert.InRange(noisy.Step(images, rows), 0.01, 0.04);
    }

    private static float[] Image()
    {
        var random = new RandomStream(1, "image");
        return [.. Enumerable.Range(0, s_shape.Size).Select(_ => (float)random.NextDouble())];
    }

    private static unsafe float[] Changed(Augmentation augmentation, long step, int row = 3, bool onlyMoves = false)
    {
        float[] image = Image(),
            room = new float[image.Length];
        fixed (float* pixels = image)
        fixed (float* free = room)
            augmentation.Apply(pixels, free, s_shape, 1, step, row, onlyMoves);
        return image;
    }

    private static float[] Moved(float[] image, int down, int right, bool mirroredAcross, bool mirroredDown)
    {
        var moved = new float[image.Length];
        for (int y = 0; y < 5; y++)
        for (int x = 0; x < 7; x++)
        for (int c = 0; c < 3; c++)
        {
            int row = Math.Clamp(y - down, 0, 4),
                column = Math.Clamp(x - right, 0, 6);
            if (mirroredDown)
                row = 4 - row;
            if (mirroredAcross)
                column = 6 - column;
            moved[(y * 7 + x) * 3 + c] = image[(row * 7 + column) * 3 + c];
        }
        return moved;
    }
}
