namespace Latent.Analysis;

/// <summary>Even steps between two floats, both included. Only the four operations, in double precision: the same bits on any machine.</summary>
internal readonly record struct CodeScale(float Low, float High, int Bits)
{
    private int Last => (1 << Bits) - 1;

    /// <summary>The nearest step.</summary>
    public int Step(float number) =>
        High > Low ? Math.Clamp((int)(((double)number - Low) / ((double)High - Low) * Last + 0.5), 0, Last) : 0;

    /// <summary>The number at a step.</summary>
    public float Number(int step) => (float)(Low + ((double)High - Low) * step / Last);
}
