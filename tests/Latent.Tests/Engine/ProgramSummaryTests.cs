using Latent.Engine;
using Latent.Networks;
using Latent.Tests.Shared;

namespace Latent.Tests.Engine;

public sealed class ProgramSummaryTests
{
    [Fact]
    public void The_articles_program_is_the_one_written_down() =>
        Snapshot.Verify(
            ProgramSummary.Of(new ParameterLayout(Article.Encoder(10), Article.Decoder(10))),
            "tests/Latent.Tests/Engine/article-program.txt"
        );
}
