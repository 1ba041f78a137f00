using Latent.Networks;

namespace Latent.Tests.Networks;

/// <summary>What is wrong with a network is said in one message.</summary>
public sealed class NetworkTests
{
    [Fact]
    public void All_problems_come_at_once()
    {
        string message = Message(
            new Conv2D(0, 3, 0),
            new Dropout(1.5f),
            new Conv2D(8, (3, 0)),
            new Reshape(new Shape(4, 4, 2)),
            new Conv2D(8, 5),
            new BatchNormalization(float.NaN, 0)
        );
        Assert.StartsWith("The network 'n' cannot be built, for 5 reasons:\n- layer 1: Conv2D.Filters", message, StringComparison.Ordinal);
        string[] parts =
        [
            "layer 1: Conv2D.Filters must be at least 1; it is 0. Conv2D.Strides must be at least 1 in both directions; it is (0, 0).",
            "layer 2: Dropout.Rate must be at least 0 and below 1; it is 1.5.",
            "layer 3: Conv2D.Kernel must be at least 1 in both directions; it is (3, 0).",
            "layer 5: Conv2D's kernel is larger than its input. Expected: an input of at least (5, 5) Received: (4, 4, 2)",
            "layer 6: BatchNormalization.Momentum must lie from 0 to 1; it is NaN. BatchNormalization.Epsilon must be a number above 0; it is 0.",
        ];
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void One_problem_says_what_was_expected_what_came_and_how_to_mend_it()
    {
        string message = Message(new Conv2D(8, 3), new Conv2D(4, 9));
        Assert.Equal(
            "Layer 2 of 'n' does not fit: Conv2D's kernel is larger than its input.\nExpected: an input of at least (9, 9)\n"
                + "Received: (8, 8, 8)\nFix: use Padding.Same or a smaller kernel",
            message
        );
    }

    [Fact]
    public void What_no_program_could_run_is_refused()
    {
        Assert.Contains("too many weights", Message(new Flatten(), new Dense(20_000_000)), StringComparison.Ordinal);
        Assert.Contains("leaves nothing", Message(new Cropping2D(new Margins(int.MaxValue, int.MaxValue, 0, 0))), StringComparison.Ordinal);
        Assert.Contains("Fix: change what the layer is told", Message(new Conv2D(0, 3)), StringComparison.Ordinal);
        Assert.Contains("must be one of ActivationKind", Message(new ActivationLayer(new((ActivationKind)99))), StringComparison.Ordinal);
        Assert.Contains(
            "must have numbers",
            Message(new Conv2D(1, 3, Activation: Activation.LeakyRelu(float.NaN))),
            StringComparison.Ordinal
        );
        Assert.Contains("must be one of Valid, Same", Message(new MaxPooling2D(Padding: (Padding)7)), StringComparison.Ordinal);
        Assert.Contains("must be one of Valid, Same", Message(new Conv2D(1, 3, 1, (Padding)7)), StringComparison.Ordinal);
        Assert.Contains(
            "must be one of Nearest, Bilinear",
            Message(new UpSampling2D { Interpolation = (Interpolation)9 }),
            StringComparison.Ordinal
        );
        Assert.Contains("It is null", Message([null!]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conv2D", "conv2d")]
    [InlineData("Conv2DTranspose", "conv2d_transpose")]
    [InlineData("PReLU", "p_re_lu")]
    [InlineData("LeakyReLU", "leaky_re_lu")]
    [InlineData("ELU", "elu")]
    [InlineData("GlobalAveragePooling2D", "global_average_pooling2d")]
    [InlineData("UpSampling2D", "up_sampling2d")]
    [InlineData("BatchNormalization", "batch_normalization")]
    public void A_layer_without_a_name_gets_Kerass(string className, string name) =>
        Assert.Equal(
            name,
            NetworkJson.ReadLayer(className, System.Text.Json.JsonElement.Parse("""{"filters":1,"kernel_size":3,"units":1}"""))!.BaseName
        );

    private static string Message(params Layer[] layers) =>
        Assert.Throws<LatentException>(() => new Network("n", new Shape(10, 10, 1), [.. layers])).Message;
}
