using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A chain of networks compiled: which operation each layer becomes, what is fused, which borders a consumer needs from its producer, where
/// everything lies in a thread's arena. It depends on the description alone, never on the machine, so that the results do not either.
/// </summary>
internal sealed class Plan
{
    private const int MostImages = 16;
    private const long MostFloats = 4 << 20; // of a thread's arena, beside one image: activations should stay in its cache
    private const long MostBesideWeights = 1 << 29; // for one image: 2 GB, which a small file can claim with a large factor or window

    private Plan(List<Operation> operations, bool training)
    {
        (Operations, Training) = ([.. operations], training);
        Meetings = [.. Enumerable.Range(0, Operations.Length).Where(i => Operations[i] is WholeBatchOperation)];
    }

    /// <summary>The operations, in order.</summary>
    public Operation[] Operations { get; }

    /// <summary>Where the chunks of a batch meet: the places of the operations that need the whole batch, in order.</summary>
    public int[] Meetings { get; }

    /// <summary>Whether some operation does something else in training than in use.</summary>
    public bool DiffersInUse => Operations.Any(o => o is WholeBatchOperation or NoiseOperation);

    /// <summary>Whether the way back is planned too.</summary>
    public bool Training { get; }

    /// <summary>The images that a thread takes through the operations at a time.</summary>
    public int Group { get; private set; }

    public Tensor Input { get; private set; } = null!;

    public Tensor Output { get; private set; } = null!;

    /// <summary>The gradient of the input, where it was asked for.</summary>
    public Tensor? InputGradient { get; private set; }

    public Tensor? OutputGradient { get; private set; }

    public int ArenaLength { get; private set; }

    public int ScratchLength { get; private set; }

    public int PackedLength { get; private set; }

    /// <summary>The length of what the operations keep from group to group of a chunk.</summary>
    public int ExtraLength { get; private set; }

    /// <summary>Compiles some of a layout's networks.</summary>
    /// <param name="layout">Where the weights lie.</param>
    /// <param name="first">The first network to run.</param>
    /// <param name="count">How many.</param>
    /// <param name="training">Whether the way back is planned too.</param>
    /// <param name="inputGradient">Whether the gradient of the input is wanted.</param>
    /// <param name="chunk">
    /// The images of a chunk, which all lie in a thread's memory at once; null for as many as suit its caches. Needed where chunks meet.
    /// </param>
    /// <param name="drawn">Whether layers that act in training only do; null for where the way back is planned.</param>
    /// <param name="penalties">Whether penalties on what passes are taken; null for where the way back is planned.</param>
    /// <exception cref="LatentException">It would need more memory than any network that can be trained.</exception>
    public static Plan Compile(
        ParameterLayout layout,
        int first,
        int count,
        bool training,
        bool inputGradient = false,
        int? chunk = null,
        bool? drawn = null,
        bool? penalties = null
    )
    {
        long length = long.MaxValue;
        try
        {
            var plan = new Plan(Lowering.Lower(layout, first, count, drawn ?? training, penalties ?? training), training);
            plan.Place(inputGradient, chunk);
            length = (long)plan.ArenaLength + plan.ScratchLength + plan.PackedLength + plan.ExtraLength;
            if (length <= MostBesideWeights + 4L * layout.Length)
                return plan;
        }
        catch (OverflowException) { }
        throw new LatentException(
            "The network needs too much memory.",
            $"at most {MostBesideWeights:N0} numbers beside its weights for one {(chunk is null ? "image" : "chunk of a batch")} and thread",
            length == long.MaxValue ? "more than can be counted" : $"{length:N0} numbers with its weights",
            "use smaller images, factors, windows or fewer channels"
        );
    }

    private void Place(bool inputGradient, int? chunk)
    {
        Group = chunk ?? 1;
        Lay(inputGradient);
        if (chunk is null && ArenaLength <= MostFloats)
        {
            Group = MostImages;
            Lay(inputGradient);
            if (ArenaLength > MostFloats)
            {
                Group = (int)Math.Clamp(MostFloats / (ArenaLength / Group), 1, MostImages);
                Lay(inputGradient);
            }
        }
        foreach (var operation in Operations)
        {
            ScratchLength = Math.Max(ScratchLength, operation.ScratchLength(Group));
            operation.PackedStart = PackedLength;
            PackedLength = checked(PackedLength + (operation.PackedLength(Training) + 31) / 16 * 16);
            operation.ExtraStart = ExtraLength;
            if (Training)
                ExtraLength = checked(ExtraLength + (operation.ExtraLength + 31) / 16 * 16);
        }
    }

    private void Lay(bool inputGradient)
    {
        int arena = 0,
            last = Operations.Length - 1;
        for (int i = 0; i <= last; i++)
        {
            var operation = Operations[i];
            operation.Input =
                i == 0 ? Tensor.Allocate(operation.InputShape, operation.InputBorders, Group, ref arena) : Operations[i - 1].Output;
            var borders = i == last ? default : Operations[i + 1].InputBorders;
            operation.Output =
                operation is CopyOperation && borders.IsNone && operation.Input.Borders.IsNone
                    ? operation.Input.View(operation.OutputShape)
                    : Tensor.Allocate(operation.OutputShape, borders, Group, ref arena);
        }
        if (Training)
            for (int i = 0; i <= last; i++)
            {
                var operation = Operations[i];
                if (i > 0)
                    operation.InputGradient = Operations[i - 1].OutputGradient;
                else if (inputGradient)
                    operation.InputGradient = Tensor.Allocate(operation.InputShape, default, Group, ref arena);
                operation.OutputGradient =
                    operation is CopyOperation && operation.InputGradient is { Borders.IsNone: true } shared
                        ? shared.View(operation.OutputShape)
                        : Tensor.Allocate(operation.OutputShape, operation.OutputGradientBorders, Group, ref arena);
            }
        foreach (var operation in Operations)
        {
            operation.KeptStart = (arena + 15) / 16 * 16;
            arena = checked(operation.KeptStart + operation.KeptLength(Group) + 16);
        }
        (Input, Output) = (Operations[0].Input, Operations[last].Output);
        (InputGradient, OutputGradient) = (Operations[0].InputGradient, Operations[last].OutputGradient);
        ArenaLength = arena;
    }
}
