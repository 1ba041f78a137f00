// Deliberately wrong arrows, in the namespaces of real rooms but in this assembly only: the proof that the rule of ArrowTests can fail.
// None of this is ever called.
#pragma warning disable CA1812, CA1822, CA1823, CS0169, CS0649, IDE0051, IDE0044

namespace Latent.Networks
{
    internal sealed class WrongField
    {
        private readonly Engine.RandomStream? _random;
    }

    internal sealed class WrongGenericArgument
    {
        public List<Engine.RandomStream> Streams { get; } = [];
    }
}

namespace Latent.Data
{
    internal static class WrongCall
    {
        public static bool Call() => Engine.Optimized();

        private static class Engine
        {
            public static bool Optimized() => new Latent.Engine.RandomStream(1, "wrong").NextDouble() > 0.5;
        }
    }

    internal static class WrongLambda
    {
        public static Func<object> Make() => () => new Latent.Engine.MeanSquaredError();
    }
}

namespace Latent.Engine
{
    internal static class WrongStaticCall
    {
        public static object Call() => Latent.Models.WrongTarget.Value;
    }
}

namespace Latent.Models
{
    internal static class WrongTarget
    {
        public static object Value => new();
    }
}

namespace Latent.Analysis
{
    internal static class Fine
    {
        public static object Call() => Latent.Models.WrongTarget.Value;
    }
}
