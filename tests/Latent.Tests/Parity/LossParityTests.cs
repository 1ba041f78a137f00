using System.Text.Json;
using Latent.Engine;
using Latent.Engine.Plain;
using Latent.Tests.Probes;
using Latent.Tests.Shared;

namespace Latent.Tests.Parity;

public sealed class LossParityTests
{
    private const double Tolerance = 1e-5;

    public static IEnumerable<TheoryDataRow<int, string>> Cases() =>
        GoldenFolder.Entries("losses.json").Select((e, i) => new TheoryDataRow<int, string>(i, e.GetProperty("loss").GetString()!));

    [GoldenTheory]
    [MemberData(nameof(Cases))]
    public void Loss_agrees_with_Keras(int index, string name)
    {
        var entry = GoldenFolder.Entries("losses.json")[index];
        float[] prediction = Floats(entry, "prediction"),
            target = Floats(entry, "target"),
            gradient = Floats(entry, "gradient");
        var loss = Loss.All.Single(loss => loss.Name == name);
        if (loss is Huber)
            loss = new Huber(DeltaOf(gradient));
        double value = entry.GetProperty("value").GetDouble();

        var plain = PlainLoss.Of(loss, prediction, target, new(1, 1, prediction.Length));
        Near.Relative([value], [plain.Value], Tolerance, "plain value");
        Near.Relative(gradient, plain.Gradient, Tolerance, "plain gradient");

        var fast = LossProbe.Run(loss, prediction, target);
        Near.Relative([value], [fast.Value], Tolerance, "value");
        Near.Relative(gradient, fast.Gradient, Tolerance, "gradient");
    }

    /// <summary>
    /// The file does not say Huber's delta, but no derivative is larger: it is the largest of them, or where none is cut off any number at
    /// least as large as that.
    /// </summary>
    private static float DeltaOf(float[] gradient) => gradient.Length * gradient.Max(MathF.Abs);

    private static float[] Floats(JsonElement entry, string name) =>
        Array.ConvertAll(GoldenFolder.Numbers(entry.GetProperty(name)), number => (float)number);
}
