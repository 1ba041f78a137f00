using System.Reflection;
using System.Text;
using Latent.Engine;
using Latent.Networks;
using Latent.Training;
using Snapshot = Latent.Tests.Shared.Snapshot;

namespace Latent.Docs.Tests;

/// <summary>docs/parts.md: all parts in tables that are made of the code, so that they cannot drift from it.</summary>
public sealed class PartsTests
{
    private const string Page = "docs/parts.md";

    [Fact]
    public void The_tables_are_those_of_the_code()
    {
        string[] common =
        [
            .. typeof(Optimizer).GetProperties().Select(p => p.Name).Where(name => name is not ("LearningRate" or "WeightDecay")),
        ];
        var page = new StringBuilder(
            """
            # Parts

            Made from the code by a test; `UPDATE_SNAPSHOTS=1 ./check` writes it anew. Names and options are Keras's where Keras has them.


            """
        );
        Section(
            "Layers",
            "Each also has a `Name`, which stands in the names of its weights. A layer of one's own derives from `CustomLayer`.",
            PartTables.Of(typeof(Layer), "Name")
        );
        Section(
            "Activations",
            "For the activation of a layer or as an `ActivationLayer`. `new Activation(kind, ...)` has the numbers that these leave out.",
            PartTables.Of("function", PartTables.Activations)
        );
        Section(
            "Losses",
            $"Their short names, in the order of `Loss.All`: {string.Join(", ", Loss.All.Select(loss => $"`{loss.Name}`"))}. A loss of one's own derives from `CustomLoss`.",
            PartTables.Of(typeof(Loss))
        );
        Section("Penalties", "", PartTables.Of([typeof(Regularizer)]));
        Section(
            "Optimizers",
            $"Every optimizer also has these options:\n\n{PartTables.Shared(typeof(Optimizer))}",
            PartTables.Of(typeof(Optimizer), [.. common, "WeightDecay"])
        );
        Section("Schedules of the learning rate", "", PartTables.Of(typeof(Schedule)));
        Section("Callbacks", "", PartTables.Of(typeof(Callback)));
        Section(
            "Metrics",
            $"Beside the loss an epoch's log has those that the options name: {string.Join(", ", ValidationMetrics.Names.Select(name => $"`{name}`"))}.",
            PartTables.Of("function", PartTables.Metrics)
        );
        Snapshot.Verify(page.ToString(), Page);

        void Section(string title, string text, string table)
        {
            page.Append($"## {title}\n\n");
            if (text.Length > 0)
                page.Append(text.TrimEnd()).Append("\n\n");
            page.Append(table).Append('\n');
        }
    }

    [Fact]
    public void Every_kind_of_activation_is_in_the_table()
    {
        var kinds = PartTables
            .Activations.Select(member =>
                member is PropertyInfo property
                    ? property.GetValue(null)
                    : ((MethodInfo)member).Invoke(null, [.. ((MethodInfo)member).GetParameters().Select(p => p.DefaultValue)])
            )
            .Cast<Activation>()
            .Select(activation => activation.Kind);
        Assert.Empty(Enum.GetValues<ActivationKind>().Except(kinds));
    }
}
