using Latent.Bench.Peers;

namespace Latent.Bench.Tests;

/// <summary>The bytes of Protocol Buffers' own documentation, and of its rules for numbers.</summary>
public sealed class ProtoWriterTests
{
    [Fact]
    public void A_number_of_two_bytes() => Assert.Equal([0x08, 0x96, 0x01], new ProtoWriter().Whole(1, 150).ToArray());

    [Fact]
    public void A_text() =>
        Assert.Equal([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67], new ProtoWriter().Text(2, "testing").ToArray());

    [Fact]
    public void A_message_in_a_message() =>
        Assert.Equal([0x1a, 0x03, 0x08, 0x96, 0x01], new ProtoWriter().Message(3, new ProtoWriter().Whole(1, 150)).ToArray());

    [Fact]
    public void A_negative_number_has_ten_bytes() =>
        Assert.Equal([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], new ProtoWriter().Whole(1, -1).ToArray());

    [Fact]
    public void A_field_above_15_has_two_bytes() => Assert.Equal([0xa0, 0x01, 0x02], new ProtoWriter().Whole(20, 2).ToArray());
}
