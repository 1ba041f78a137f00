using Latent.Networks;

namespace Latent.Engine.Operations;

/// <summary>
/// A chain of networks compiled: which operation each layer becomes, what is fused, which borders a consumer needs from its producer, where
/// everything lies in a thread's arena. It depends on the description alone, never on the machine, so that the results do not either.
/// </summary>
internal sealed class Plan
{
    private const int MostImages = 16;
    private const long MostFloats = 8 << 20; // of a thread's arena, beside one image: activations should stay in its cache
    private const int MostPartFloats = 1 << 15; // of what the tail's operations pass to each other: in the nearest large cache
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

    /// <summary>
    /// The first operation of the tail: from there on a thread takes a part of the group at a time forward, and at once back. What is behind
    /// the last operation that wants many images needs them no longer, and so stays near: it is often the largest there is.
    /// </summary>
    public int Tail { get; private set; }

    /// <summary>The images of such a part.</summary>
    public int Part { get; private set; }

    public Tensor Input { get; private set; } = null!;

    public Tensor Output { get; private set; } = null!;

    /// <summary>The gradient of the input, where it was asked for.</summary>
    public Tensor? InputGradient { get; private set; }

    public Tensor? OutputGradient { get; private set; }

    /// <summary>The numbers of the gradient that operations start themselves, in order.</summary>
    public (int Start, int Count)[] Starts { get; private set; } = [];

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
        Hardware.Warn();
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

    /// <summary>Forward to the tail.</summary>
    public void RunHead(in Frame frame)
    {
        for (int i = 0; i < Tail; i++)
            Operations[i].Run(frame);
    }

    /// <summary>Forward through the tail, with a part of the group: see <see cref="Frame.Parts"/>.</summary>
    public void RunTail(in Frame part)
    {
        for (int i = Tail; i < Operations.Length; i++)
            Operations[i].Run(part);
    }

    /// <summary>Back through the tail.</summary>
    public void RunTailBack(in Frame part)
    {
        for (int i = Operations.Length - 1; i >= Tail; i--)
            Operations[i].RunBackward(part);
    }

    /// <summary>Back from the tail.</summary>
    public void RunHeadBack(in Frame frame)
    {
        for (int i = Tail - 1; i >= 0; i--)
            Operations[i].RunBackward(frame);
    }

    private void Place(bool inputGradient, int? chunk)
    {
        LinkGates();
        Starts = [.. Operations.Select(o => o.Starts).Where(s => s.Count > 0).OrderBy(s => s.Start)];
        Tail = Meetings.Length > 0 ? Operations.Length : 1 + Array.FindLastIndex(Operations, o => o.WantsManyImages);
        (Group, Part) = (chunk ?? 1, 1);
        Lay(inputGradient);
        if (chunk is null && ArenaLength <= MostFloats)
        {
            int one = ArenaLength;
            Part = 2;
            Lay(inputGradient);
            int ofPart = ArenaLength - one; // what the tail's operations pass to each other, for one image
            Group = MostImages;
            Part = Math.Clamp(MostPartFloats / Math.Max(1, ofPart), 1, Group);
            Lay(inputGradient);
            if (ArenaLength > MostFloats)
            {
                Group = (int)Math.Clamp(MostFloats / (ArenaLength / Group), 1, MostImages);
                Part = Math.Min(Part, Group);
                Lay(inputGradient);
            }
        }
        if (Tail == Operations.Length)
            Part = Group;
        for (int i = 0; i < Operations.Length; i++)
        {
            var operation = Operations[i];
            ScratchLength = Math.Max(ScratchLength, operation.ScratchLength(i < Tail ? Group : Part));
            operation.PackedStart = PackedLength;
            PackedLength = checked(PackedLength + (operation.PackedLength(Training) + 31) / 16 * 16);
            operation.ExtraStart = ExtraLength;
            if (Training)
                ExtraLength = checked(ExtraLength + (operation.ExtraLength + 31) / 16 * 16);
        }
    }

    // The gradient through a ReLU is taken by the operation behind it, where that can. Between the two there may be views of the same numbers.
    private void LinkGates()
    {
        for (int i = 1; Training && i < Operations.Length; i++)
        {
            int from = i - 1;
            while (from > 0 && Operations[from] is CopyOperation && Operations[from].Activation.Kind == ActivationKind.Linear)
                from--;
            var before = Operations[from];
            if (!Operations[i].CanGate || before.Activation.Kind != ActivationKind.Relu || before is WholeBatchOperation)
                continue;
            Operations[i].Gates = true;
            before.IsGated = true;
        }
    }

    private Borders BordersBehind(int i) => i == Operations.Length - 1 ? default : Operations[i + 1].InputBorders;

    // Where a reshape follows and then one that wants rows of zeros above and below, the numbers are written between those at once, and the
    // whole is the reshape's output.
    private Tensor AllocateOutput(int i, Networks.Shape shape, Borders borders, ref int arena, out Tensor? whole)
    {
        (int images, bool isOfPart) = (i < Tail ? Group : Part, i >= Tail);
        if (i + 1 < Operations.Length && Operations[i + 1] is CopyOperation next && borders.IsNone)
        {
            var behind = BordersBehind(i + 1);
            int start = arena;
            whole = Tensor.Allocate(next.OutputShape, behind, images, isOfPart, ref arena);
            if (!behind.IsNone && whole.Inside(shape) is { } inside)
                return inside;
            arena = start;
        }
        whole = null;
        return Tensor.Allocate(shape, borders, images, isOfPart, ref arena);
    }

    private void Lay(bool inputGradient)
    {
        int arena = 0,
            last = Operations.Length - 1;
        Tensor? whole = null;
        for (int i = 0; i <= last; i++)
        {
            var operation = Operations[i];
            operation.Input =
                i == 0 ? Tensor.Allocate(operation.InputShape, operation.InputBorders, Group, false, ref arena) : Operations[i - 1].Output;
            if (whole is not null)
            {
                (operation.Output, whole) = (whole, null);
                continue;
            }
            var borders = BordersBehind(i);
            operation.Output =
                operation is CopyOperation && borders.IsNone && operation.Input.Borders.IsNone
                    ? operation.Input.View(operation.OutputShape)
                    : AllocateOutput(i, operation.OutputShape, borders, ref arena, out whole);
        }
        if (Training)
            for (int i = 0; i <= last; i++)
            {
                var operation = Operations[i];
                if (i > 0)
                    operation.InputGradient = Operations[i - 1].OutputGradient;
                else if (inputGradient)
                    operation.InputGradient = Tensor.Allocate(operation.InputShape, default, Group, false, ref arena);
                operation.OutputGradient =
                    operation is CopyOperation && operation.InputGradient is { Borders.IsNone: true } shared
                        ? shared.View(operation.OutputShape)
                        : Tensor.Allocate(
                            operation.OutputShape,
                            operation.OutputGradientBorders,
                            i < Tail ? Group : Part,
                            i >= Tail,
                            ref arena
                        );
            }
        for (int i = 0; i <= last; i++)
        {
            Operations[i].KeptStart = (arena + 15) / 16 * 16;
            arena = checked(Operations[i].KeptStart + Operations[i].KeptLength(i < Tail ? Group : Part) + 16);
        }
        (Input, Output) = (Operations[0].Input, Operations[last].Output);
        (InputGradient, OutputGradient) = (Operations[0].InputGradient, Operations[last].OutputGradient);
        ArenaLength = arena;
    }
}
