using System.Text;
using Latent.Engine.Operations;
using Latent.Networks;

namespace Latent.Engine;

/// <summary>How the engine runs a chain of networks, in words: which algorithm each layer became, and what is fused.</summary>
public static class ProgramSummary
{
    /// <summary>A line for each operation of a training program, in order, with its output's shape; then what a thread keeps in memory.</summary>
    /// <param name="layout">The networks.</param>
    /// <exception cref="LatentException">The engine does not know a layer.</exception>
    public static string Of(ParameterLayout layout)
    {
        var plan = Plan.Compile(layout, 0, layout.Networks.Length, training: true);
        var text = new StringBuilder();
        int width = plan.Operations.Max(o => o.OutputShape.ToString().Length);
        foreach (var operation in plan.Operations)
        {
            text.Append(operation.OutputShape.ToString().PadRight(width)).Append("  ").Append(operation.Describe());
            if (operation.Activation.Kind != ActivationKind.Linear && operation is not ActivationOperation)
                text.Append($", {operation.Activation}");
            text.Append('\n');
        }
        double megabytes = ((double)plan.ArenaLength + plan.ScratchLength + plan.ExtraLength) * sizeof(float) / 1e6;
        text.Append($"{plan.Group} images at a time");
        if (plan.Part < plan.Group)
            text.Append($", {plan.Part} in the last {plan.Operations.Length - plan.Tail} operations");
        return text.Append($"; {megabytes:F1} MB a thread").ToString();
    }
}
