using System.Text;
using Latent.Engine;
using Latent.Training;

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
            "Optimizers",
            $"Every optimizer also has these options:\n\n{PartTables.Shared(typeof(Optimizer))}",
            PartTables.Of(typeof(Optimizer), [.. common, "WeightDecay"])
        );
        Section("Schedules of the learning rate", "", PartTables.Of(typeof(Schedule)));
        Section("Callbacks", "", PartTables.Of(typeof(Callback)));
        Snapshot.Verify(page.ToString(), Page);

        void Section(string title, string text, string table)
        {
            page.Append($"## {title}\n\n");
            if (text.Length > 0)
                page.Append(text).Append('\n');
            page.Append(table).Append('\n');
        }
    }
}
