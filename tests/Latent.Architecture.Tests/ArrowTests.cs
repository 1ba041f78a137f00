using ArchUnitNET.Loader;

namespace Latent.Architecture.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Names => [.. Rooms.Arrows.Keys];

    private static readonly ArchUnitNET.Domain.Architecture Wrong = new ArchLoader()
        .LoadAssemblies(typeof(ArrowTests).Assembly, Rooms.LibraryAssembly)
        .Build();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_room_uses_only_the_rooms_below_it(string room)
    {
        var violations = Rooms.Violations(Rooms.Source, room);
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    [Fact]
    public void Every_type_is_in_a_room()
    {
        var rooms = Rooms.Source.Types.Select(Rooms.Of).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.Empty(rooms.Except(Rooms.Arrows.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void The_arrows_run_one_way()
    {
        foreach (var (room, below) in Rooms.Arrows)
        {
            foreach (string other in below)
                Assert.DoesNotContain(room, Rooms.Arrows[other], StringComparer.Ordinal);
        }
    }

    /// <summary>The rule can fail: the types of Wrong.cs break it, each in a way of its own.</summary>
    [Theory]
    [InlineData("Networks", "WrongField")]
    [InlineData("Networks", "WrongGenericArgument")]
    [InlineData("Data", "WrongCall")]
    [InlineData("Data", "WrongLambda")]
    [InlineData("Engine", "WrongStaticCall")]
    public void A_wrong_arrow_is_seen(string room, string type) =>
        Assert.Contains(Rooms.Violations(Wrong, room), v => v.StartsWith($"Latent.{room}.{type}", StringComparison.Ordinal));

    [Fact]
    public void A_right_arrow_is_not() => Assert.Empty(Rooms.Violations(Wrong, "Analysis"));

    /// <summary>A reference that shared code with what it judges would share its faults.</summary>
    [Theory]
    [InlineData("Latent.Engine.Kernels", "Latent.Engine.Plain")]
    [InlineData("Latent.Engine.Operations", "Latent.Engine.Plain")]
    [InlineData("Latent.Engine.Optimizers", "Latent.Engine.Plain")]
    [InlineData("Latent.Engine.Plain", "Latent.Engine.Kernels")]
    [InlineData("Latent.Engine.Plain", "Latent.Engine.Operations")]
    public void The_plain_engine_and_the_fast_one_share_nothing(string user, string used)
    {
        Assert.Contains(Rooms.Source.Types, type => type.Namespace?.FullName == user);
        var uses = Rooms.Uses(Rooms.Source, type => type.Namespace?.FullName == user, type => type.Namespace?.FullName == used);
        Assert.True(uses.Count == 0, string.Join('\n', uses));
    }
}
