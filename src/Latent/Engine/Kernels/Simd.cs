using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Float16 = System.Runtime.Intrinsics.Vector512<float>;
using Float4 = System.Runtime.Intrinsics.Vector128<float>;
using Float8 = System.Runtime.Intrinsics.Vector256<float>;

namespace Latent.Engine.Kernels;

/// <summary>
/// Arithmetic on a vector <typeparamref name="V"/> of some width, the same for every width: each operation acts on the lanes one by one, with the
/// rounding of IEEE 754, so that a lane never shows how many neighbours it has. Kernels are generic over V and over the type that
/// implements this for it.
/// </summary>
internal unsafe interface ISimd<V>
{
    static abstract V Broadcast(float x);
    static abstract V MultiplyAdd(V a, V b, V sum); // a · b + sum, rounded once
    static abstract V Add(V a, V b);
    static abstract V Subtract(V a, V b);
    static abstract V Multiply(V a, V b);
    static abstract V Divide(V a, V b);
    static abstract V SquareRoot(V x);
    static abstract V Relu(V x); // 0 where x is below 0; a NaN stays one, so that it is seen
    static abstract V WhereNegative(V test, V yes, V no); // test < 0 ? yes : no; a NaN takes no
    static abstract V WherePositive(V test, V yes, V no); // test > 0 ? yes : no; a NaN takes no
    static abstract V WhereEqual(V a, V b, V yes, V no); // a == b ? yes : no
    static abstract V Round(V x); // to the nearest whole number, ties to even
    static abstract V PowerOfTwo(V n); // 2ⁿ for whole n in -126 … 127
    static abstract V Exponent(V x); // floor(log₂ x) for normal x > 0
    static abstract V Mantissa(V x); // x / 2^Exponent(x), in [1, 2)
    static abstract V FromBytes(byte* source);
}

internal unsafe struct Simd512 : ISimd<Float16>
{
    public static Float16 Broadcast(float x) => Vector512.Create(x);

    public static Float16 MultiplyAdd(Float16 a, Float16 b, Float16 sum) => Vector512.FusedMultiplyAdd(a, b, sum);

    public static Float16 Add(Float16 a, Float16 b) => a + b;

    public static Float16 Subtract(Float16 a, Float16 b) => a - b;

    public static Float16 Multiply(Float16 a, Float16 b) => a * b;

    public static Float16 Divide(Float16 a, Float16 b) => a / b;

    public static Float16 SquareRoot(Float16 x) => Vector512.Sqrt(x);

    public static Float16 Relu(Float16 x) => WhereNegative(x, Float16.Zero, x);

    public static Float16 WhereNegative(Float16 test, Float16 yes, Float16 no) =>
        Vector512.ConditionalSelect(Vector512.LessThan(test, Float16.Zero), yes, no);

    public static Float16 WherePositive(Float16 test, Float16 yes, Float16 no) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(test, Float16.Zero), yes, no);

    public static Float16 WhereEqual(Float16 a, Float16 b, Float16 yes, Float16 no) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, b), yes, no);

    public static Float16 Round(Float16 x) => Vector512.Round(x);

    public static Float16 PowerOfTwo(Float16 n) => Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();

    public static Float16 Exponent(Float16 x) =>
        Vector512.ConvertToSingle(Vector512.ShiftRightLogical(x.AsInt32(), 23) - Vector512.Create(127));

    public static Float16 Mantissa(Float16 x) => ((x.AsInt32() & Vector512.Create(0x007fffff)) | Vector512.Create(0x3f800000)).AsSingle();

    public static Float16 FromBytes(byte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));
}

internal unsafe struct Simd256 : ISimd<Float8>
{
    public static Float8 Broadcast(float x) => Vector256.Create(x);

    public static Float8 MultiplyAdd(Float8 a, Float8 b, Float8 sum) => Vector256.FusedMultiplyAdd(a, b, sum);

    public static Float8 Add(Float8 a, Float8 b) => a + b;

    public static Float8 Subtract(Float8 a, Float8 b) => a - b;

    public static Float8 Multiply(Float8 a, Float8 b) => a * b;

    public static Float8 Divide(Float8 a, Float8 b) => a / b;

    public static Float8 SquareRoot(Float8 x) => Vector256.Sqrt(x);

    public static Float8 Relu(Float8 x) => WhereNegative(x, Float8.Zero, x);

    public static Float8 WhereNegative(Float8 test, Float8 yes, Float8 no) =>
        Vector256.ConditionalSelect(Vector256.LessThan(test, Float8.Zero), yes, no);

    public static Float8 WherePositive(Float8 test, Float8 yes, Float8 no) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(test, Float8.Zero), yes, no);

    public static Float8 WhereEqual(Float8 a, Float8 b, Float8 yes, Float8 no) =>
        Vector256.ConditionalSelect(Vector256.Equals(a, b), yes, no);

    public static Float8 Round(Float8 x) => Vector256.Round(x);

    public static Float8 PowerOfTwo(Float8 n) => Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23).AsSingle();

    public static Float8 Exponent(Float8 x) =>
        Vector256.ConvertToSingle(Vector256.ShiftRightLogical(x.AsInt32(), 23) - Vector256.Create(127));

    public static Float8 Mantissa(Float8 x) => ((x.AsInt32() & Vector256.Create(0x007fffff)) | Vector256.Create(0x3f800000)).AsSingle();

    public static Float8 FromBytes(byte* source) =>
        Avx2.IsSupported
            ? Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source))
            : Vector256.Create(Simd128.FromBytes(source), Simd128.FromBytes(source + 4));
}

internal unsafe struct Simd128 : ISimd<Float4>
{
    public static Float4 Broadcast(float x) => Vector128.Create(x);

    public static Float4 MultiplyAdd(Float4 a, Float4 b, Float4 sum) => Vector128.FusedMultiplyAdd(a, b, sum);

    public static Float4 Add(Float4 a, Float4 b) => a + b;

    public static Float4 Subtract(Float4 a, Float4 b) => a - b;

    public static Float4 Multiply(Float4 a, Float4 b) => a * b;

    public static Float4 Divide(Float4 a, Float4 b) => a / b;

    public static Float4 SquareRoot(Float4 x) => Vector128.Sqrt(x);

    public static Float4 Relu(Float4 x) => WhereNegative(x, Float4.Zero, x);

    public static Float4 WhereNegative(Float4 test, Float4 yes, Float4 no) =>
        Vector128.ConditionalSelect(Vector128.LessThan(test, Float4.Zero), yes, no);

    public static Float4 WherePositive(Float4 test, Float4 yes, Float4 no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(test, Float4.Zero), yes, no);

    public static Float4 WhereEqual(Float4 a, Float4 b, Float4 yes, Float4 no) =>
        Vector128.ConditionalSelect(Vector128.Equals(a, b), yes, no);

    public static Float4 Round(Float4 x) => Vector128.Round(x);

    public static Float4 PowerOfTwo(Float4 n) => Vector128.ShiftLeft(Vector128.ConvertToInt32(n) + Vector128.Create(127), 23).AsSingle();

    public static Float4 Exponent(Float4 x) =>
        Vector128.ConvertToSingle(Vector128.ShiftRightLogical(x.AsInt32(), 23) - Vector128.Create(127));

    public static Float4 Mantissa(Float4 x) => ((x.AsInt32() & Vector128.Create(0x007fffff)) | Vector128.Create(0x3f800000)).AsSingle();

    public static Float4 FromBytes(byte* source) => Vector128.ConvertToSingle(Vector128.Create(source[0], source[1], source[2], source[3]));
}

internal unsafe struct Scalar : ISimd<float>
{
    public static float Broadcast(float x) => x;

    public static float MultiplyAdd(float a, float b, float sum) => MathF.FusedMultiplyAdd(a, b, sum);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float SquareRoot(float x) => MathF.Sqrt(x);

    public static float Relu(float x) => WhereNegative(x, 0, x);

    public static float WhereNegative(float test, float yes, float no) => test < 0 ? yes : no;

    public static float WherePositive(float test, float yes, float no) => test > 0 ? yes : no;

    public static float WhereEqual(float a, float b, float yes, float no) => a == b ? yes : no;

    public static float Round(float x) => MathF.Round(x);

    public static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle(((int)n + 127) << 23);

    public static float Exponent(float x) => (BitConverter.SingleToInt32Bits(x) >>> 23) - 127;

    public static float Mantissa(float x) => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(x) & 0x007fffff) | 0x3f800000);

    public static float FromBytes(byte* source) => *source;
}

/// <summary>A number that is part of a type, so that code generic over it is compiled for this number alone.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal struct N1 : INumber
{
    public static int Value => 1;
}

internal struct N2 : INumber
{
    public static int Value => 2;
}

internal struct N3 : INumber
{
    public static int Value => 3;
}

internal struct N4 : INumber
{
    public static int Value => 4;
}

internal struct N5 : INumber
{
    public static int Value => 5;
}

internal struct N6 : INumber
{
    public static int Value => 6;
}

internal struct N7 : INumber
{
    public static int Value => 7;
}

internal struct N8 : INumber
{
    public static int Value => 8;
}

internal struct N9 : INumber
{
    public static int Value => 9;
}

internal struct N10 : INumber
{
    public static int Value => 10;
}

internal struct N11 : INumber
{
    public static int Value => 11;
}

internal struct N12 : INumber
{
    public static int Value => 12;
}

internal struct N13 : INumber
{
    public static int Value => 13;
}

internal struct N14 : INumber
{
    public static int Value => 14;
}
