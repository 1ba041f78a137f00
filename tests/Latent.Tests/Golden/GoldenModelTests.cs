using Latent.Data;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Models;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Golden;

/// <summary>The article's network against real Keras; the tolerances are those of tests/golden/README.md.</summary>
public sealed class GoldenModelTests
{
    private const double Outputs = 1e-5,
        Gradients = 2e-5;

    public static IEnumerable<TheoryDataRow<string>> Starts(string kind) =>
        GoldenModel
            .Stems(kind)
            .Where(stem => stem.EndsWith("_init", StringComparison.Ordinal))
            .Select(stem => new TheoryDataRow<string>(stem));

    public static IEnumerable<TheoryDataRow<string>> Ends() =>
        GoldenModel
            .Stems("_io")
            .Intersect(GoldenModel.Stems("_grads"), StringComparer.Ordinal)
            .Where(stem => !stem.EndsWith("_init", StringComparison.Ordinal))
            .Select(stem => new TheoryDataRow<string>(stem));

    /// <summary>The weights that have a trajectory beside them.</summary>
    public static IEnumerable<TheoryDataRow<string>> Trajectories() =>
        GoldenModel
            .Stems("")
            .Where(stem => stem.EndsWith("_init", StringComparison.Ordinal))
            .Where(stem => File.Exists(GoldenFolder.PathOf("golden", stem.Replace("_init", "_trajectory.json", StringComparison.Ordinal))))
            .Select(stem => new TheoryDataRow<string>(stem));

    [GoldenTheory]
    [MemberData(nameof(Starts), "_io")]
    public void Outputs_at_the_start(string stem) => HoldOutputs(new(stem));

    [GoldenTheory]
    [MemberData(nameof(Starts), "_grads")]
    public void Gradients_at_the_start(string stem) => HoldGradients(new(stem));

    [GoldenTheory]
    [MemberData(nameof(Ends))]
    public void Outputs_and_gradients_after_the_steps(string stem)
    {
        HoldOutputs(new(stem));
        HoldGradients(new(stem));
    }

    [GoldenTheory]
    [MemberData(nameof(Trajectories))]
    public void Trajectory(string stem)
    {
        var golden = new GoldenModel(stem);
        var trajectory = golden.Trajectory;
        var model = Autoencoder.Open(golden.Weights);
        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop(trajectory.LearningRate));
        // A plane has room for few digits: where they go is decided by rounding sooner than with more dimensions.
        bool plane = golden.Latent < 3;
        for (int step = 0; step < trajectory.Losses.Length; step++)
        {
            double loss = program.Step(GoldenModel.Train, trajectory.Rows(step));
            double tolerance = step switch
            {
                < 5 => 1e-6,
                < 30 => plane ? 2e-4 : 5e-5,
                _ => plane ? 1e-2 : 2e-4,
            };
            Near.Relative([trajectory.Losses[step]], [loss], tolerance, $"loss of step {step + 1}");
        }
        double valLoss = program.Evaluate(GoldenModel.Test.Take(GoldenTrajectory.ValidationImages));
        Near.Relative([trajectory.ValLoss], [valLoss], plane ? 2e-2 : 5e-4, "val_loss");

        string end = GoldenFolder.PathOf("golden", $"z{golden.Latent}_step{trajectory.Losses.Length}.safetensors");
        if (!File.Exists(end))
            return;
        var expected = new GoldenTensors(end);
        foreach (var parameter in model.Weights.Layout.Parameters)
            Near.Absolute(expected.Floats(parameter.Name), model.Weights[parameter], plane ? 6e-2 : 3e-3, parameter.Name);
    }

    private static void HoldOutputs(GoldenModel golden)
    {
        var model = Autoencoder.Open(golden.Weights);
        var io = golden.Io;
        float[] codes = io.Floats("z"),
            reconstructions = io.Floats("y");
        int count = io.Shape("x")[0];
        var shape = model.ImageShape;
        Assert.Equal(golden.Latent, model.LatentSize);

        double[] x = [.. io.Bytes("x").ToArray().Select(pixel => pixel / 255.0)];
        var encoder = new ParameterLayout(model.Encoder); // the chain's weights begin with the encoder's
        var plainCodes = new PlainNetwork<double>(encoder, model.Weights.Values[..encoder.Length]).Forward(x);
        Near.Absolute(Near.Doubles(codes), plainCodes, Outputs, "plain codes");
        Near.Absolute(Near.Doubles(reconstructions), new PlainNetwork<double>(model.Weights).Forward(x), Outputs, "plain reconstructions");

        var images = ImageSet.FromPixels(io.Bytes("x"), count, shape.Height, shape.Width, shape.Channels);
        Near.Absolute(codes, model.Encode(images), Outputs, "codes");
        Near.Absolute(reconstructions, model.Reconstruct(images), Outputs, "reconstructions");
        Near.Absolute(reconstructions, model.Decode(codes), Outputs, "reconstructions of Keras's codes");
    }

    private static void HoldGradients(GoldenModel golden)
    {
        var model = Autoencoder.Open(golden.Weights);
        var expected = golden.Gradients;
        float[] x = golden.FirstBatch();
        double[] exact = Near.Doubles(x);

        var plain = new PlainNetwork<double>(model.Weights).LossAndGradient(exact, exact, new MeanSquaredError());
        Hold("plain", Array.ConvertAll(plain.Gradients, g => (float)g));

        using var program = new TrainingProgram(model.Weights, new MeanSquaredError(), new RMSprop());
        var fast = new float[model.Weights.Layout.Length];
        double loss = program.Gradient(x, x, fast);
        Hold("fast", fast);
        Near.Relative([plain.Loss], [loss], 1e-6, "loss");

        void Hold(string engine, float[] gradients)
        {
            foreach (var parameter in model.Weights.Layout.Parameters)
                Near.Norm(
                    expected.Floats(parameter.Name),
                    gradients.AsSpan(parameter.Offset, parameter.Count),
                    Gradients,
                    $"{engine} gradient of {parameter.Name}"
                );
        }
    }
}
