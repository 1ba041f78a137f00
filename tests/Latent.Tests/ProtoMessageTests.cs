namespace Latent.Tests;

/// <summary>The bytes of Protocol Buffers' own documentation, and of its rules for numbers.</summary>
public sealed class ProtoMessageTests
{
    private static void Holds(byte[] expected, ProtoMessage message) => Assert.Equal(expected, message.Content.ToArray());

    [Fact]
    public void A_number_of_two_bytes() => Holds([0x08, 0x96, 0x01], new ProtoMessage().Add(1, 150));

    [Fact]
    public void A_text() => Holds([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67], new ProtoMessage().Add(2, "testing"));

    [Fact]
    public void A_message_in_a_message() =>
        Holds([0x1a, 0x03, 0x08, 0x96, 0x01], new ProtoMessage().Add(3, new ProtoMessage().Add(1, 150)));

    [Fact]
    public void A_negative_number_has_ten_bytes() =>
        Holds([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], new ProtoMessage().Add(1, -1));

    [Fact]
    public void A_field_above_15_has_two_bytes() => Holds([0xa0, 0x01, 0x02], new ProtoMessage().Add(20, 2));

    [Fact]
    public void A_float_has_four_bytes() => Holds([0x15, 0x00, 0x00, 0xc0, 0x3f], new ProtoMessage().Add(2, 1.5f));
}
